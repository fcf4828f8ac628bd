//! What is kept of a letter: the text as read and its record, of which the texts are pieces of that one.

use super::packing::Unpacker;
use super::pieces::{Piece, pieces, restored, spaced};
use crate::record::LetterRecord;
use serde::{Deserialize, Serialize};

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

/// A text in the form that is packed.
pub(super) fn plain_text(text: &str) -> Vec<u8> {
    bytes(&Plain { text, letter: None, texts: Vec::new() })
}

/// A text, given with single spaces too, and the letter read from it in the form that is packed. The letter stays
/// as it is; its texts are moved rather than copied meanwhile.
pub(super) fn plain(text: &str, spaced: &str, letter: &mut LetterRecord) -> Vec<u8> {
    let taken: Vec<String> = texts(letter).into_iter().map(std::mem::take).collect();
    let json = serde_json::to_string(letter).unwrap_or_default();
    let mut from = 0;
    let told = taken.iter().map(|text| pieces(text, spaced, &mut from)).collect();
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
    let mut all: Vec<&mut String> = Vec::with_capacity(1 + 5 * letter.items.len());
    all.extend(&mut letter.summary);
    for item in &mut letter.items {
        let guidelines = &mut item.guidelines;
        all.extend([&mut item.title, &mut item.disputed]);
        all.extend(&mut guidelines.claims_administrator_printed);
        all.extend(&mut guidelines.reviewer_printed);
        all.extend(&mut item.rationale);
    }
    all
}

/// What is kept of a source file, unpacked.
pub(super) struct Kept(Vec<u8>);

impl Kept {
    /// Unpacks.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn unpack(unpacker: &Unpacker, packed: &[u8]) -> Result<Self, String> {
        Ok(Self(unpacker.unpack(packed)?))
    }

    fn plain(&self) -> Result<Plain<'_>, String> {
        postcard::from_bytes(&self.0).map_err(|error| error.to_string())
    }

    /// The letter's text as read.
    ///
    /// # Errors
    /// What is wrong with it, here and below.
    pub(super) fn text(&self) -> Result<String, String> {
        Ok(self.plain()?.text.to_owned())
    }

    /// The letter, where the file is not a copy of another.
    pub(super) fn letter(&self) -> Result<Option<LetterRecord>, String> {
        let plain = self.plain()?;
        let Some(json) = plain.letter else { return Ok(None) };
        let mut letter = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let spaced = spaced(plain.text);
        for (text, pieces) in texts(&mut letter).into_iter().zip(&plain.texts) {
            *text = restored(pieces, &spaced).ok_or("its texts are not those of its letter")?;
        }
        Ok(Some(letter))
    }

    /// As unpacked: what a dictionary is made of.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Pipeline;
    use crate::index::packing::Packer;
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
            let bytes = plain(&read.text, &spaced(&read.text), &mut record);
            packed += bytes.len();
            let bytes = Packer::default().pack(&bytes).unwrap_or_default();
            assert_eq!(record, read.record);
            let Ok(kept) = Kept::unpack(&Unpacker::default(), &bytes) else {
                panic!("{} is unpacked", read.record.id);
            };
            assert_eq!(kept.text().as_ref(), Ok(&read.text));
            assert_eq!(kept.letter(), Ok(Some(record.clone())));
            let json = serde_json::to_vec(&record).unwrap_or_default();
            letters += 1;
            whole += read.text.len() + json.len();
        }
        assert!(letters > 50, "{letters}");
        assert!(packed * 10 < whole * 8, "{packed} of {whole}");
    }

    #[test]
    fn a_text_alone_and_damage() {
        let bytes = Packer::default().pack(&plain_text("no letter")).unwrap_or_default();
        let kept = Kept::unpack(&Unpacker::default(), &bytes);
        let kept = kept.and_then(|kept| Ok((kept.text()?, kept.letter()?)));
        assert_eq!(kept, Ok(("no letter".to_owned(), None)));
        assert!(Kept::unpack(&Unpacker::default(), b"\xff\xff\xff").is_err());
        assert!(Kept(b"\xff\xff\xff".to_vec()).letter().is_err());
    }
}
