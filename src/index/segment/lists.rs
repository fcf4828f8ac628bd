//! Many lists of bytes that grow side by side, in one piece of memory: a list is a chain of blocks, each twice as large as the
//! one before.

const SMALLEST: u32 = 16;
const LARGEST: u32 = 1 << 15;
/// The bytes at a block's end that say where the next one is.
const LINK: u32 = 4;

/// The most that lists may hold, in bytes: places are 32 bits wide.
pub(super) const MOST: usize = 3 << 30;

/// The memory of lists.
#[derive(Debug, Default)]
pub(super) struct Lists {
    bytes: Vec<u8>,
}

/// A list: nothing but where it is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct List {
    first: u32,
    /// Where the next byte goes, and the link of the block that it goes to; 0 where there is no block.
    at: u32,
    link: u32,
    /// The size of that block.
    size: u32,
}

impl Lists {
    /// Adds a byte at a list's end.
    pub(super) fn push(&mut self, list: &mut List, byte: u8) {
        if list.at == list.link {
            self.grow(list);
        }
        self.bytes[list.at as usize] = byte;
        list.at += 1;
    }

    /// Adds a number, seven bits a byte, the low ones first; all bytes but the last have their high bit set.
    pub(super) fn push_number(&mut self, list: &mut List, mut number: u32) {
        while number >= 0x80 {
            self.push(list, number as u8 | 0x80);
            number >>= 7;
        }
        self.push(list, number as u8);
    }

    fn grow(&mut self, list: &mut List) {
        let size = if list.size == 0 { SMALLEST } else { (list.size * 2).min(LARGEST) };
        let start = self.bytes.len() as u32;
        self.bytes.resize(self.bytes.len() + size as usize, 0);
        if list.size == 0 {
            list.first = start;
        } else {
            let link = list.link as usize;
            self.bytes[link..][..LINK as usize].copy_from_slice(&start.to_le_bytes());
        }
        *list = List { first: list.first, at: start, link: start + size - LINK, size };
    }

    /// Copies the bytes of a list.
    pub(super) fn copy(&self, list: &List, into: &mut Vec<u8>) {
        into.clear();
        let (mut start, mut size) = (list.first, SMALLEST);
        if list.size == 0 {
            return;
        }
        loop {
            let link = start + size - LINK;
            let end = if link == list.link { list.at } else { link };
            let bytes = |from: u32, to: u32| &self.bytes[from as usize..to as usize];
            into.extend_from_slice(bytes(start, end));
            if link == list.link {
                break;
            }
            let next = bytes(link, link + LINK);
            start = next.iter().rev().fold(0, |all, byte| all << 8 | u32::from(*byte));
            size = (size * 2).min(LARGEST);
        }
    }

    /// How many bytes are taken: room that is not written to yet takes no memory.
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Begins anew: all lists are void.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The numbers of bytes that a list's were copied to.
pub(super) struct Numbers<'b>(std::slice::Iter<'b, u8>);

impl<'b> Numbers<'b> {
    pub(super) fn of(bytes: &'b [u8]) -> Self {
        Self(bytes.iter())
    }
}

impl Iterator for Numbers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let mut byte = *self.0.next()?;
        let (mut number, mut shift) = (u32::from(byte & 0x7f), 7);
        while byte >= 0x80 {
            byte = *self.0.next()?;
            number |= u32::from(byte & 0x7f) << shift;
            shift += 7;
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_grow_side_by_side_hold_what_was_added() {
        let mut lists = Lists::default();
        let mut all = [List::default(); 5];
        let wanted: Vec<Vec<u32>> = (0..5_u32)
            .map(|which| {
                let numbers = 0..which * which * 40_000;
                numbers.map(|at| at.wrapping_mul(2_654_435_761) >> (at % 32)).collect()
            })
            .collect();
        for at in 0..wanted[4].len() {
            for (list, numbers) in all.iter_mut().zip(&wanted) {
                if let Some(number) = numbers.get(at) {
                    lists.push_number(list, *number);
                }
            }
        }
        let mut bytes = vec![1];
        for (list, numbers) in all.iter().zip(&wanted) {
            lists.copy(list, &mut bytes);
            assert!(Numbers::of(&bytes).eq(numbers.iter().copied()));
        }
    }
}
