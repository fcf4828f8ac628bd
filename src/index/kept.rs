//! What is kept of a letter: the text as read and its record, of which the texts are pieces of that one.

use super::packing::{Packer, Unpacker};
use super::pieces::{Piece, pieces, restored, spaced};
use crate::record::LetterRecord;
use serde::{Deserialize, Serialize};

/// What is kept of a source file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// The letter's text as read.
    pub(super) text: String,
    /// The letter, where the file is not a copy of another.
    pub(super) letter: Option<LetterRecord>,
}

/// The form in which it is packed.
#[derive(Serialize, Deserialize)]
struct Plain<'a> {
    text: &'a str,
    /// The letter as JSON, without the texts.
    letter: Option<&'a str>,
    /// The texts, in the order of [`texts`].
    #[serde(borrow)]
    texts: Vec<Vec<Piece<'a>>>,
}

/// A text and the letter read from it, if it is kept too, in the form that is packed. The letter stays as it is;
/// its texts are moved rather than copied meanwhile.
pub(super) fn plain(text: &str, letter: Option<&mut LetterRecord>) -> Vec<u8> {
    let Some(letter) = letter else {
        return bytes(&Plain { text, letter: None, texts: Vec::new() });
    };
    let taken: Vec<String> = texts(letter).into_iter().map(std::mem::take).collect();
    let json = serde_json::to_string(letter).unwrap_or_default();
    let spaced = spaced(text);
    let mut from = 0;
    let told = taken.iter().map(|text| pieces(text, &spaced, &mut from)).collect();
    let plain = bytes(&Plain { text, letter: Some(&json), texts: told });
    for (text, taken) in texts(letter).into_iter().zip(taken) {
        *text = taken;
    }
    plain
}

/// Plain data, which cannot fail.
fn bytes(plain: &Plain<'_>) -> Vec<u8> {
    postcard::to_allocvec(plain).unwrap_or_default()
}

/// The texts of a letter that stand in the file's.
fn texts(letter: &mut LetterRecord) -> Vec<&mut String> {
    let mut all: Vec<&mut String> = letter.summary.iter_mut().collect();
    for item in &mut letter.items {
        let guidelines = &mut item.guidelines;
        all.extend([&mut item.title, &mut item.disputed]);
        all.extend(&mut guidelines.claims_administrator_printed);
        all.extend(&mut guidelines.reviewer_printed);
        all.extend(&mut item.rationale);
    }
    all
}

impl Kept {
    /// Packs a text and the letter read from it.
    pub(super) fn pack(packer: &Packer, text: &str, letter: Option<&mut LetterRecord>) -> Vec<u8> {
        packer.pack(&plain(text, letter))
    }

    /// Unpacks.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn unpack(unpacker: &Unpacker, packed: &[u8]) -> Result<Self, String> {
        let bytes = unpacker.unpack(packed)?;
        let plain: Plain<'_> = postcard::from_bytes(&bytes).map_err(|error| error.to_string())?;
        let letter = plain.letter.map(|json| -> Result<LetterRecord, String> {
            let mut letter = serde_json::from_str(json).map_err(|error| error.to_string())?;
            let spaced = spaced(plain.text);
            for (text, pieces) in texts(&mut letter).into_iter().zip(&plain.texts) {
                *text = restored(pieces, &spaced).ok_or("its texts are not those of its letter")?;
            }
            Ok(letter)
        });
        Ok(Self { text: plain.text.to_owned(), letter: letter.transpose()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Pipeline;
    use crate::vocabulary::Vocabularies;

    #[test]
    fn letters_are_kept_as_they_are() {
        let vocabularies = Vocabularies::load(None);
        let Some(Ok(pipeline)) = vocabularies.ok().map(|known| Pipeline::new(&known)) else {
            panic!("the built-in vocabularies are sound");
        };
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/letters");
        let (mut whole, mut packed, mut letters) = (0, 0, 0);
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(read) = pipeline.read(&entry.path(), "file") else { continue };
            let mut record = read.record.clone();
            let bytes = Kept::pack(&Packer::default(), &read.text, Some(&mut record));
            assert_eq!(record, read.record);
            let kept = Kept::unpack(&Unpacker::default(), &bytes);
            let both = Kept { text: read.text.clone(), letter: Some(record) };
            assert_eq!(kept.as_ref(), Ok(&both));
            let json = serde_json::to_vec(&read.record).unwrap_or_default();
            letters += 1;
            packed += plain(&read.text, both.letter.clone().as_mut()).len();
            whole += read.text.len() + json.len();
        }
        assert!(letters > 50, "{letters}");
        assert!(packed * 10 < whole * 8, "{packed} of {whole}");
    }

    #[test]
    fn a_text_alone_and_damage() {
        let bytes = Kept::pack(&Packer::default(), "no letter", None);
        let kept = Kept { text: "no letter".to_owned(), letter: None };
        assert_eq!(Kept::unpack(&Unpacker::default(), &bytes), Ok(kept));
        let strange = Packer::default().pack(b"\xff\xff\xff");
        assert!(Kept::unpack(&Unpacker::default(), &strange).is_err());
    }
}
