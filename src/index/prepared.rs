//! Letters made ready for the index: from a file, from a text that is kept, or from what is kept of another file.

use super::document::{letter_documents, source_document};
use super::error::StoreError;
use super::holders::copy_message;
use super::kept::{plain, plain_text};
use super::manifest::{Failure, Identity, Key, SourceRecord, Status, text_hash};
use super::packing::{Packer, train};
use super::parallel::in_order;
use super::path_text::{from_text, shown};
use super::pieces::spaced;
use super::pipeline::{Pipeline, ReadLetter};
use super::report::Progress;
use super::schema::Fields;
use super::segment::Document;
use super::store::Snapshot;
use super::writer::Writer;
use crate::record::LetterRecord;
use crate::source::{self, ReadError};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Fewer letters share too little to learn it from them, and so many, or so many bytes of text, are enough.
pub(super) const FEW: usize = 200;
pub(super) const ENOUGH: usize = 256;
pub(super) const ENOUGH_BYTES: usize = 16 << 20;

/// A file as read and made ready, or why not.
pub(super) type Outcome = Result<Prepared, ReadError>;

/// A letter made ready for the index, under the identity that it gives itself.
pub(super) struct Prepared {
    pub(super) letter: ReadLetter,
    pub(super) text_hash: u128,
    documents: Vec<Document>,
    kept: Vec<u8>,
}

/// Makes letters ready.
#[derive(Clone)]
pub(super) struct Preparer {
    pub(super) fields: Fields,
    pub(super) packer: Arc<Packer>,
}

impl Preparer {
    /// Makes a letter ready.
    ///
    /// # Errors
    /// `too-large` where its record is out of all proportion.
    pub(super) fn prepare(&self, key: Key, mut letter: ReadLetter) -> Outcome {
        let spaced = spaced(&letter.text);
        let made = self.documents(key, &letter.text, &spaced, &mut letter.record);
        let (documents, kept) = made.map_err(|reason| ReadError {
            content_hash: letter.content_hash,
            ..ReadError::new("too-large", reason)
        })?;
        Ok(Prepared { text_hash: text_hash(&spaced), documents, kept, letter })
    }

    /// The documents of a letter and its items, and what is kept of it; or why it cannot be kept.
    fn documents(
        &self,
        key: Key,
        text: &str,
        spaced: &str,
        letter: &mut LetterRecord,
    ) -> Result<(Vec<Document>, Vec<u8>), &'static str> {
        let kept = self.packer.pack(&plain(text, spaced, letter))?;
        Ok((letter_documents(&self.fields, key, letter), kept))
    }
}

/// Files that were read before their turn.
#[derive(Default)]
pub(super) struct Sampled<'p>(Mutex<HashMap<&'p Path, Result<ReadLetter, ReadError>>>);

impl Sampled<'_> {
    /// What became of a file, if it was read; only once.
    pub(super) fn take(&self, path: &Path) -> Option<Result<ReadLetter, ReadError>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(path)
    }
}

/// Reads some of the files, of all parts of their order, and makes a dictionary of what their letters share. Ends
/// early where that is asked for, or where texts are large.
pub(super) fn sample<'p>(
    pipeline: &Pipeline,
    progress: &dyn Progress,
    jobs: usize,
    paths: &[&'p Path],
) -> (Sampled<'p>, Option<Vec<u8>>) {
    if paths.len() < FEW {
        return (Sampled::default(), None);
    }
    let some: Vec<&Path> = paths.iter().step_by(paths.len().div_ceil(ENOUGH)).copied().collect();
    let (mut read_before, mut samples, mut bytes) = (HashMap::new(), Vec::new(), 0);
    let read = |path: &&Path| {
        let wanted = !progress.is_stopped();
        wanted.then(|| pipeline.read(path, &path.to_string_lossy()))
    };
    // It ends early without an error.
    let _early: Result<(), ()> = in_order(jobs, &some, read, |path, read| {
        let mut outcome = read.ok_or(())?;
        progress.advance(1);
        if let Ok(letter) = &mut outcome {
            bytes += letter.text.len();
            let spaced = spaced(&letter.text);
            samples.push(plain(&letter.text, &spaced, &mut letter.record));
        }
        read_before.insert(*path, outcome);
        (bytes < ENOUGH_BYTES).then_some(()).ok_or(())
    });
    (Sampled(Mutex::new(read_before)), train(&samples))
}

/// Reads the text kept under a key as that of a source.
pub(super) fn read_text(
    pipeline: &Pipeline,
    snapshot: &Snapshot,
    key: Key,
    record: &SourceRecord,
) -> Result<Result<ReadLetter, ReadError>, StoreError> {
    let text = snapshot.text_of(key)?.unwrap_or_default();
    let stem = source::stem(&from_text(&record.path));
    let content_hash = record.hash;
    Ok(match pipeline.letter(&text, &stem, &shown(&record.path)) {
        Ok(letter) => Ok(ReadLetter { record: letter, text, content_hash }),
        Err(error) => Err(ReadError { content_hash, ..error }),
    })
}

/// What is kept of a letter, as one of another file: parsed again only where the file's name may have
/// given it its identity, or another version of the program read it.
pub(super) fn kept_letter(
    pipeline: &Pipeline,
    before: &Snapshot,
    old: &SourceRecord,
    new: &SourceRecord,
) -> Result<Result<ReadLetter, ReadError>, StoreError> {
    let stem = |record: &SourceRecord| source::stem(&from_text(&record.path));
    let indexed = old.status == Status::Indexed && old.pipeline == new.pipeline;
    let letter = if indexed { before.letter(old.id())? } else { None };
    let same = letter.filter(|letter| letter.case_number.is_some() || stem(old) == stem(new));
    let (Some(mut letter), Some(text)) = (same, before.text_of(old.key)?) else {
        return read_text(pipeline, before, old.key, new);
    };
    letter.rename(&old.base_id);
    letter.source = shown(&new.path);
    Ok(Ok(ReadLetter { record: letter, text, content_hash: old.hash }))
}

/// A letter that could be kept once cannot be now: the system lacks memory.
fn not_kept(reason: &str) -> StoreError {
    StoreError::io(Path::new("index"), std::io::Error::other(reason))
}

/// Puts a letter into the index under its identity, or notes that it is a copy.
pub(super) fn store_letter(
    writer: &mut Writer,
    record: &mut SourceRecord,
    prepared: Prepared,
    identity: &Identity,
) -> Result<(), StoreError> {
    let maker = writer.preparer();
    let Prepared { letter, mut documents, mut kept, .. } = prepared;
    let ReadLetter { record: mut letter, text, .. } = letter;
    record.items = letter.items.len() as u32;
    record.warnings = letter.warnings.len() as u32;
    match identity {
        Identity::Letter(id) => {
            if **id != *letter.id {
                letter.rename(id);
                let made = maker.documents(record.key, &text, &spaced(&text), &mut letter);
                (documents, kept) = made.map_err(not_kept)?;
            }
            record.other_id = (*id != record.base_id).then(|| id.clone());
            record.status = Status::Indexed;
            record.failure = None;
        }
        Identity::CopyOf(path) => {
            documents.clear();
            kept = maker.packer.pack(&plain_text(&text)).map_err(not_kept)?;
            record.other_id = None;
            record.status = Status::Duplicate;
            let message = copy_message(path);
            record.failure = Some(Box::new(Failure { code: "duplicate".to_owned(), message }));
        }
    }
    documents.insert(0, source_document(&maker.fields, record, Some(&kept)));
    writer.replace(record.key, documents)
}
