//! Letters and items as the index keeps them, found by identity or by address.

use super::document::{ItemDocument, LETTER_PLACE};
use super::error::StoreError;
use super::kept::Kept;
use super::manifest::Key;
use super::packing::Unpacker;
use super::prepared::{ENOUGH, ENOUGH_BYTES, FEW};
use super::read::term;
use super::schema::Fields;
use super::store::Snapshot;
use crate::record::LetterRecord;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tantivy::collector::DocSetCollector;
use tantivy::columnar::Column;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, DocId, SegmentReader};

/// How many blocks of what is kept of letters a segment has at hand: enough for a page of hits.
const BLOCKS_KEPT: usize = 16;

/// What a snapshot keeps open to read letters.
#[derive(Clone)]
pub(super) struct Keeper(Arc<Open>);

struct Open {
    unpacker: OnceLock<Unpacker>,
    segments: Vec<OnceLock<Segment>>,
    /// The letter whose items were asked for last: the next item is often of the same.
    last: Mutex<Option<(DocAddress, Arc<LetterRecord>)>>,
}

struct Segment {
    store: StoreReader,
    /// How many documents before each its source's stands.
    places: Column<u64>,
}

impl Keeper {
    /// Of so many segments.
    pub(super) fn new(segments: usize) -> Self {
        let segments = (0..segments).map(|_| OnceLock::new()).collect();
        Self(Arc::new(Open { unpacker: OnceLock::new(), segments, last: Mutex::default() }))
    }
}

impl Segment {
    fn open(reader: &SegmentReader, fields: &Fields) -> tantivy::Result<Self> {
        let name = reader.schema().get_field_name(fields.place);
        let store = reader.get_store_reader(BLOCKS_KEPT)?;
        Ok(Self { store, places: reader.fast_fields().u64(name)? })
    }
}

/// What is made once; another thread may make it at the same time.
fn once<T, E>(kept: &OnceLock<T>, make: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
    match kept.get() {
        Some(known) => Ok(known),
        None => make().map(|new| kept.get_or_init(|| new)),
    }
}

impl Snapshot {
    /// The kept text of a source.
    pub(super) fn text_of(&self, key: Key) -> Result<Option<String>, StoreError> {
        let fields = &self.fields;
        let found = self.both((fields.kind, "source"), (fields.source, &key.to_string()))?;
        let Some(address) = found.first() else { return Ok(None) };
        let kept = self.kept(*address)?;
        kept.map(|kept| kept.text()).transpose().map_err(|error| unreadable(&error))
    }

    /// A letter with its items.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn letter(&self, id: &str) -> Result<Option<LetterRecord>, StoreError> {
        let Some(kept) = self.kept_of_letter(id)? else { return Ok(None) };
        kept.letter().map_err(|error| unreadable(&error))
    }

    /// The kept text of a letter.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn letter_text(&self, id: &str) -> Result<Option<String>, StoreError> {
        let kept = self.kept_of_letter(id)?;
        kept.map(|kept| kept.text()).transpose().map_err(|error| unreadable(&error))
    }

    fn kept_of_letter(&self, id: &str) -> Result<Option<Kept>, StoreError> {
        let fields = &self.fields;
        let found = self.both((fields.kind, "letter"), (fields.letter, id))?;
        let Some(address) = found.first() else { return Ok(None) };
        self.kept(self.source_of(*address)?.0)
    }

    /// The item at an address.
    pub(crate) fn item(&self, address: DocAddress) -> Result<ItemDocument, StoreError> {
        Ok(self.item_and_summary(address)?.0)
    }

    /// The item at an address, and its letter's case summary.
    pub(crate) fn item_and_summary(
        &self,
        address: DocAddress,
    ) -> Result<(ItemDocument, Option<String>), StoreError> {
        let (source, place) = self.source_of(address)?;
        let letter = self.letter_at(source)?;
        let first = LETTER_PLACE as usize + 1;
        let item = (place as usize).checked_sub(first).and_then(|at| letter.items.get(at));
        let item = item.ok_or_else(|| unreadable(&"an item is not where its letter has it"))?;
        Ok((ItemDocument::new(&letter, item.clone()), letter.summary.clone()))
    }

    fn letter_at(&self, source: DocAddress) -> Result<Arc<LetterRecord>, StoreError> {
        let last = || self.keeper.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        let known =
            last().as_ref().filter(|(at, _)| *at == source).map(|(_, letter)| letter.clone());
        if let Some(letter) = known {
            return Ok(letter);
        }
        let kept = self.kept(source)?;
        let letter = kept.map(|kept| kept.letter()).transpose();
        let letter = letter.map_err(|error| unreadable(&error))?.flatten();
        let letter = Arc::new(letter.unwrap_or_default());
        *last() = Some((source, letter.clone()));
        Ok(letter)
    }

    /// Where the source of a letter or an item stands, and how many documents before it.
    fn source_of(&self, address: DocAddress) -> Result<(DocAddress, DocId), StoreError> {
        let segment = self.kept_segment(address.segment_ord)?;
        let place = segment.places.first(address.doc_id).unwrap_or(0) as DocId;
        let source = address.doc_id.checked_sub(place);
        let source = source.ok_or_else(|| unreadable(&"a document is without its source"))?;
        Ok((DocAddress::new(address.segment_ord, source), place))
    }

    fn kept_segment(&self, segment: u32) -> tantivy::Result<&Segment> {
        let reader = self.searcher.segment_reader(segment);
        once(&self.keeper.0.segments[segment as usize], || Segment::open(reader, &self.fields))
    }

    /// What is kept of a source; `None` where nothing is.
    fn kept(&self, source: DocAddress) -> Result<Option<Kept>, StoreError> {
        let document =
            self.kept_segment(source.segment_ord)?.store.get_document_bytes(source.doc_id)?;
        let Some(packed) = only_value(&document) else { return Ok(None) };
        let kept = Kept::unpack(self.unpacker()?, packed);
        kept.map(Some).map_err(|error| unreadable(&error))
    }

    fn unpacker(&self) -> Result<&Unpacker, StoreError> {
        once(&self.keeper.0.unpacker, || {
            let dictionaries = self.dictionaries()?;
            Ok(Unpacker::new(dictionaries.iter().map(Vec::as_slice)))
        })
    }

    /// The dictionaries that letters are packed with.
    pub(super) fn dictionaries(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut dictionaries = Vec::new();
        for address in self.of_kind("dictionary")? {
            let segment = self.kept_segment(address.segment_ord)?;
            let document = segment.store.get_document_bytes(address.doc_id)?;
            dictionaries.extend(only_value(&document).map(<[u8]>::to_vec));
        }
        Ok(dictionaries)
    }

    /// The documents of a kind, in their order.
    fn of_kind(&self, kind: &str) -> Result<Vec<DocAddress>, StoreError> {
        let found = self.searcher.search(&*term(self.fields.kind, kind), &DocSetCollector)?;
        let mut found: Vec<DocAddress> = found.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    }

    /// Some of what is kept and can be read, of all parts of the index, to make a dictionary of; nothing where that is
    /// too little.
    pub(super) fn samples(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let sources = self.of_kind("source")?;
        let (mut samples, mut bytes) = (Vec::new(), 0);
        if sources.len() < FEW {
            return Ok(samples);
        }
        for source in sources.iter().step_by(sources.len().div_ceil(ENOUGH)) {
            let Ok(Some(kept)) = self.kept(*source) else { continue };
            samples.push(kept.into_bytes());
            bytes += samples.last().map_or(0, Vec::len);
            if bytes > ENOUGH_BYTES {
                break;
            }
        }
        Ok(samples)
    }
}

/// The bytes that a document stores where it stores nothing else: the library's own reading takes them one by one,
/// which costs more than to unpack them.
///
/// A stored document is the number of its values, and of each the field (four bytes), the type (one) and, of bytes, their number.
fn only_value(document: &[u8]) -> Option<&[u8]> {
    let (values, rest) = variable(document)?;
    let (length, value) = variable(rest.get(5..)?)?;
    (values == 1 && length == value.len() as u64).then_some(value)
}

/// A number of which each byte holds seven bits, the lowest first; the last one is marked.
fn variable(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let last = bytes.iter().take(9).position(|byte| byte & 0x80 != 0)?;
    let number =
        bytes[..=last].iter().rev().fold(0, |number, byte| number << 7 | u64::from(byte & 0x7f));
    Some((number, &bytes[last + 1..]))
}

fn unreadable(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Damaged {
        path: PathBuf::from("index"),
        reason: format!("a document cannot be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::schema;
    use crate::index::segment::{Document, index_of};

    #[test]
    fn the_only_value_of_a_document_is_what_the_library_wrote() -> tantivy::Result<()> {
        let (_, fields) = schema::build();
        let values = [0, 1, 127, 128, 20_000].map(|length| vec![0x85_u8; length]);
        let with = |value: &Vec<u8>| {
            let mut document = Document::default();
            document.kept.add_u64(fields.place, 0);
            document.kept.add_bytes(fields.kept, value);
            document
        };
        let documents: Vec<Document> =
            values.iter().map(with).chain([Document::default()]).collect();
        let searcher = index_of(&documents)?.reader()?.searcher();
        let store = searcher.segment_reader(0).get_store_reader(1)?;
        for (doc, value) in (0..).zip(&values) {
            assert_eq!(only_value(&store.get_document_bytes(doc)?), Some(value.as_slice()));
        }
        assert_eq!(only_value(&store.get_document_bytes(values.len() as u32)?), None);
        assert_eq!(only_value(&[0x81, 0, 0]), None);
        assert_eq!(only_value(&[]), None);
        Ok(())
    }
}
