//! Packs what is kept of letters, each by itself, so that one is read without its neighbours.
//!
//! What letters have in common, form sentences above all, stands in a dictionary that is trained on some of them
//! and kept in the index itself (Zstandard, RFC 8878, section 5).

use std::cell::RefCell;
use std::collections::HashMap;
use zstd::zstd_safe::{self, CCtx, CDict, DCtx, DDict};

/// Level of compression: higher ones cost more time than what they save is worth.
const LEVEL: i32 = 3;
/// Size of a dictionary in bytes, as the format's own tools have it.
const DICTIONARY: usize = 110 << 10;
/// What takes more is not packed: texts of more than 16 MiB are not read, but a record could be out of proportion.
const MOST_PACKED: usize = 128 << 20;
/// What says that it takes more is not unpacked: an identity may have been added to.
const MOST: u64 = 256 << 20;

/// Trains a dictionary; `None` where samples are too few to be of use.
pub(super) fn train(samples: &[Vec<u8>]) -> Option<Vec<u8>> {
    zstd::dict::from_samples(samples, DICTIONARY).ok().filter(|dictionary| !dictionary.is_empty())
}

/// Packs.
#[derive(Default)]
pub(super) struct Packer(Option<CDict<'static>>);

impl Packer {
    /// With a dictionary.
    pub(super) fn new(dictionary: &[u8]) -> Self {
        Self(CDict::try_create(dictionary, LEVEL))
    }

    /// The packed form.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn pack(&self, bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
        thread_local! {
            static CONTEXT: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
        }
        if bytes.len() > MOST_PACKED {
            return Err("what was read of it is larger than any letter");
        }
        let mut packed = Vec::with_capacity(zstd_safe::compress_bound(bytes.len()));
        let written = CONTEXT.with_borrow_mut(|context| match &self.0 {
            Some(dictionary) => context.compress_using_cdict(&mut packed, bytes, dictionary),
            None => context.compress(&mut packed, bytes, LEVEL),
        });
        written.map_err(zstd_safe::get_error_name)?;
        packed.shrink_to_fit();
        Ok(packed)
    }
}

/// Unpacks, with the dictionaries of an index by their number.
#[derive(Default)]
pub(super) struct Unpacker(HashMap<u32, DDict<'static>>);

impl Unpacker {
    /// With some dictionaries.
    pub(super) fn new<'d>(dictionaries: impl Iterator<Item = &'d [u8]>) -> Self {
        let known = dictionaries.filter_map(|bytes| {
            let dictionary = DDict::try_create(bytes)?;
            Some((dictionary.get_dict_id()?.get(), dictionary))
        });
        Self(known.collect())
    }

    /// What was packed.
    ///
    /// # Errors
    /// What is wrong with it, where it is damaged or its dictionary is not there.
    pub(super) fn unpack(&self, packed: &[u8]) -> Result<Vec<u8>, &'static str> {
        thread_local! {
            static CONTEXT: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
        }
        let size = zstd_safe::get_frame_content_size(packed).ok().flatten();
        let size = size.filter(|size| *size <= MOST).ok_or("it does not say its size")?;
        let dictionary = match zstd_safe::get_dict_id_from_frame(packed) {
            Some(id) => Some(self.0.get(&id.get()).ok_or("its dictionary is not there")?),
            None => None,
        };
        let mut bytes = Vec::with_capacity(size as usize);
        let unpacked = CONTEXT.with_borrow_mut(|context| match dictionary {
            Some(dictionary) => context.decompress_using_ddict(&mut bytes, packed, dictionary),
            None => context.decompress(&mut bytes, packed),
        });
        unpacked.map_err(zstd_safe::get_error_name)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters() -> Vec<Vec<u8>> {
        let letter = |number: u32| {
            let words = (0..200).map(|word| format!("w{} ", (word * number) % 97));
            format!("a form sentence that all of them have {number} {}", words.collect::<String>())
        };
        (1..300).map(|number| letter(number).into_bytes()).collect()
    }

    #[test]
    fn what_is_packed_is_unpacked_with_its_dictionary() {
        let letters = letters();
        let dictionary = train(&letters[1..]).unwrap_or_default();
        let unpacker = Unpacker::new([dictionary.as_slice()].into_iter());
        let small = Packer::new(&dictionary).pack(&letters[0]).unwrap_or_default();
        let large = Packer::default().pack(&letters[0]).unwrap_or_default();
        assert!(small.len() < large.len(), "{} {}", small.len(), large.len());
        for packed in [&small, &large] {
            assert_eq!(unpacker.unpack(packed).as_ref(), Ok(&letters[0]));
        }
        assert!(Unpacker::default().unpack(&small).is_err());
        assert!(unpacker.unpack(&small[..small.len() - 3]).is_err());
        assert!(unpacker.unpack(b"no frame").is_err());
    }

    #[test]
    fn too_few_samples_give_none() {
        assert_eq!(train(&[]), None);
        assert_eq!(train(&[b"one".to_vec()]), None);
    }
}
