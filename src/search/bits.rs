//! Sets of documents of one segment, one bit a document.

use tantivy::DocId;

/// A set of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// No document of so many.
    pub(super) fn none(documents: u32) -> Self {
        Self { words: vec![0; (documents as usize).div_ceil(64)] }
    }

    /// The documents, of so many, for which a condition holds.
    pub(super) fn of(documents: u32, holds: impl Fn(DocId) -> bool) -> Self {
        let word = |first: u32| {
            let end = documents.min(first + 64);
            (first..end).fold(0, |word, doc| word | u64::from(holds(doc)) << (doc - first))
        };
        Self { words: (0..documents).step_by(64).map(word).collect() }
    }

    /// The documents whose number fits; the first is document 0.
    pub(super) fn fitting(numbers: &[u32], fits: impl Fn(u32) -> bool) -> Self {
        let word = |numbers: &[u32]| {
            let bits = numbers.iter().enumerate();
            bits.fold(0, |word, (at, number)| word | u64::from(fits(*number)) << at)
        };
        Self { words: numbers.chunks(64).map(word).collect() }
    }

    pub(super) fn insert(&mut self, doc: DocId) {
        self.words[doc as usize / 64] |= 1 << (doc % 64);
    }

    /// Adds documents in ascending order.
    pub(super) fn insert_all(&mut self, docs: &[DocId]) {
        // A slice at hand is not looked up anew for each document.
        let words = self.words.as_mut_slice();
        let (Some(first), Some(last)) = (docs.first(), docs.last()) else { return };
        if (last - first) as usize > docs.len() * 16 {
            for doc in docs {
                words[*doc as usize / 64] |= 1 << (doc % 64);
            }
            return;
        }
        // Where many fall into one word, that is written once.
        let (mut at, mut word) = (*first as usize / 64, 0);
        for doc in docs {
            let next = *doc as usize / 64;
            if next != at {
                words[at] |= word;
                (at, word) = (next, 0);
            }
            word |= 1 << (doc % 64);
        }
        words[at] |= word;
    }

    /// How many of some documents are in it.
    pub(super) fn held(&self, docs: &[DocId]) -> u64 {
        docs.iter().map(|doc| self.words[*doc as usize / 64] >> (doc % 64) & 1).sum()
    }

    pub(super) fn contains(&self, doc: DocId) -> bool {
        self.words[doc as usize / 64] & (1 << (doc % 64)) != 0
    }

    /// Leaves what the other set holds too.
    pub(super) fn and(&mut self, other: &Bits) {
        self.combine(other, |a, b| a & b);
    }

    /// What both hold.
    pub(super) fn anded(&self, other: &Bits) -> Bits {
        let mut both = self.clone();
        both.and(other);
        both
    }

    /// Leaves what the other set does not hold.
    pub(super) fn and_not(&mut self, other: &Bits) {
        self.combine(other, |a, b| a & !b);
    }

    /// Adds what all of some sets hold.
    pub(super) fn or_all<'b>(&mut self, mut sets: impl Iterator<Item = &'b Bits>) {
        let Some(first) = sets.next() else { return };
        match sets.next() {
            None => self.combine(first, |a, b| a | b),
            Some(second) => {
                let mut all = first.anded(second);
                sets.for_each(|set| all.and(set));
                self.combine(&all, |a, b| a | b);
            }
        }
    }

    fn combine(&mut self, other: &Bits, with: impl Fn(u64, u64) -> u64) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word = with(*word, *other);
        }
    }

    /// How many documents it holds.
    pub(super) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Its documents in ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros();
                rest &= rest.wrapping_sub(1);
                (bit < 64).then(|| at as u32 * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        let of = |docs: &[u32]| {
            let mut bits = Bits::none(130);
            bits.insert_all(docs);
            bits
        };
        let docs = |bits: &Bits| bits.iter().collect::<Vec<_>>();
        let (a, b) = (of(&[0, 63, 64, 129]), of(&[63, 100, 129]));
        let with = |combine: fn(&mut Bits, &Bits)| {
            let mut both = a.clone();
            combine(&mut both, &b);
            docs(&both)
        };
        assert_eq!(with(Bits::and), [63, 129]);
        assert_eq!(with(Bits::and_not), [0, 64]);
        let mut some = of(&[1]);
        some.or_all([&a, &b, &a].into_iter());
        some.or_all([].into_iter());
        assert_eq!(docs(&some), [1, 63, 129]);
        some.or_all([&b].into_iter());
        assert_eq!(docs(&some), [1, 63, 100, 129]);
        // Many side by side are added another way.
        let (dense, mut single) = (of(&[1, 62, 63, 64, 65, 127, 128]), Bits::none(130));
        for doc in [1, 62, 63, 64, 65, 127, 128] {
            single.insert(doc);
        }
        assert_eq!(dense, single);
        assert_eq!(of(&(0..130).collect::<Vec<_>>()).count(), 130);
        assert_eq!((a.count(), a.contains(64), a.contains(65)), (4, true, false));
        assert_eq!(docs(&Bits::fitting(&[5, 1, 5], |number| number == 5)), [0, 2]);
        assert_eq!(Bits::of(130, |doc| a.contains(doc)), a);
    }
}
