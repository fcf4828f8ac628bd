//! Reads what the index keeps: its manifest, letters, texts.

use super::document::ItemDocument;
use super::error::StoreError;
use super::kept::Kept;
use super::manifest::{Key, SourceRecord, Sources};
use super::packing::Unpacker;
use super::parallel::in_order;
use super::path_text::from_text;
use super::schema::facet_term;
use super::store::Snapshot;
use crate::record::LetterRecord;
use std::collections::BTreeSet;
use std::path::PathBuf;
use tantivy::collector::DocSetCollector;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocAddress, SegmentReader, TantivyDocument, Term};

/// So few documents are looked through by one thread.
const MANY: usize = 20_000;

impl Snapshot {
    /// The manifest.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn sources(&self) -> Result<Sources, StoreError> {
        let mut records = Sources::default();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = cores.min(1 + self.searcher.num_docs() as usize / MANY);
        in_order(
            threads,
            self.searcher.segment_readers(),
            |segment| self.sources_of(segment),
            |_, of_segment| {
                let of_segment = of_segment?;
                records.reserve(of_segment.len());
                records.extend(of_segment.into_iter().map(|record| (record.key, record)));
                Ok::<_, StoreError>(())
            },
        )?;
        Ok(records)
    }

    /// The records of a segment that can be read.
    fn sources_of(&self, segment: &SegmentReader) -> Result<Vec<SourceRecord>, StoreError> {
        let name = self.searcher.schema().get_field_name(self.fields.manifest);
        let Some(column) = segment.fast_fields().bytes(name)? else { return Ok(Vec::new()) };
        let mut alive = vec![false; column.num_terms()];
        for doc in segment.doc_ids_alive() {
            column.term_ords(doc).for_each(|ord| alive[ord as usize] = true);
        }
        let mut records = Vec::with_capacity(alive.len());
        // In order, each block of terms is unpacked once.
        let mut terms = column.dictionary().stream().map_err(tantivy::TantivyError::from)?;
        while terms.advance() {
            if alive[terms.term_ord() as usize] {
                records.extend(SourceRecord::from_bytes(terms.key()));
            }
        }
        Ok(records)
    }

    /// The values that items have of a facet, parents included.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn facet_values(&self, facet: &str) -> Result<BTreeSet<String>, StoreError> {
        let prefix = facet_term(facet, "");
        let mut values = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.facet)?;
            let mut terms =
                index.terms().range().ge(prefix.as_bytes()).into_stream().map_err(io)?;
            while terms.advance() {
                let Some(value) = terms.key().strip_prefix(prefix.as_bytes()) else { break };
                values.insert(String::from_utf8_lossy(value).into_owned());
            }
        }
        Ok(values)
    }

    /// The kept text of a source.
    pub(super) fn text_of(&self, key: Key) -> Result<Option<String>, StoreError> {
        let fields = &self.fields;
        let found = self.both((fields.kind, "source"), (fields.source, &key.to_string()))?;
        let Some(address) = found.first() else { return Ok(None) };
        Ok(self.kept(*address)?.map(|kept| kept.text))
    }

    /// A letter with its items.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn letter(&self, id: &str) -> Result<Option<LetterRecord>, StoreError> {
        Ok(self.kept_of_letter(id)?.and_then(|kept| kept.letter))
    }

    /// The kept text of a letter.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn letter_text(&self, id: &str) -> Result<Option<String>, StoreError> {
        Ok(self.kept_of_letter(id)?.map(|kept| kept.text))
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
        let mut letter = self.kept(source)?.and_then(|kept| kept.letter).unwrap_or_default();
        // The letter's own document comes between.
        let at = (place as usize).checked_sub(2).filter(|at| *at < letter.items.len());
        let at = at.ok_or_else(|| unreadable(&"an item is not where its letter has it"))?;
        let item = letter.items.swap_remove(at);
        Ok((ItemDocument::new(&letter, item), letter.summary))
    }

    /// Where the source of a letter or an item stands, and how many documents before it.
    fn source_of(&self, address: DocAddress) -> Result<(DocAddress, u32), StoreError> {
        let name = self.searcher.schema().get_field_name(self.fields.place);
        let segment = self.searcher.segment_reader(address.segment_ord);
        let place = segment.fast_fields().u64(name)?.first(address.doc_id).unwrap_or(0) as u32;
        let source = address.doc_id.checked_sub(place);
        let source = source.ok_or_else(|| unreadable(&"a document is without its source"))?;
        Ok((DocAddress::new(address.segment_ord, source), place))
    }

    /// What is kept of a source; `None` where nothing is.
    fn kept(&self, source: DocAddress) -> Result<Option<Kept>, StoreError> {
        let document: TantivyDocument = self.searcher.doc(source)?;
        let packed = document.get_first(self.fields.kept).and_then(|value| value.as_bytes());
        let Some(packed) = packed else { return Ok(None) };
        let kept = Kept::unpack(self.unpacker()?, packed);
        kept.map(Some).map_err(|error| unreadable(&error))
    }

    fn unpacker(&self) -> Result<&Unpacker, StoreError> {
        if self.unpacker.get().is_none() {
            let dictionaries = self.dictionaries()?;
            let unpacker = Unpacker::new(dictionaries.iter().map(Vec::as_slice));
            // Another thread may have been faster.
            drop(self.unpacker.set(unpacker));
        }
        self.unpacker.get().ok_or_else(|| unreadable(&"its dictionaries are not there"))
    }

    /// The dictionaries that letters are packed with.
    pub(super) fn dictionaries(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let query = term(self.fields.kind, "dictionary");
        let found = self.searcher.search(&query, &DocSetCollector)?;
        let mut dictionaries = Vec::new();
        for address in found {
            let document: TantivyDocument = self.searcher.doc(address)?;
            let bytes = document.get_first(self.fields.kept).and_then(|value| value.as_bytes());
            dictionaries.extend(bytes.map(<[u8]>::to_vec));
        }
        Ok(dictionaries)
    }

    /// Number of segments, and of documents deleted and not yet merged away.
    pub fn segments(&self) -> (usize, u64) {
        let segments = self.searcher.segment_readers();
        let deleted = segments.iter().map(|segment| u64::from(segment.num_deleted_docs())).sum();
        (segments.len(), deleted)
    }

    /// The share of documents that are deleted and not yet merged away, 0 to 1.
    pub fn deleted_share(&self) -> f64 {
        let segments = self.searcher.segment_readers();
        let all: u64 = segments.iter().map(|segment| u64::from(segment.max_doc())).sum();
        if all == 0 { 0.0 } else { self.segments().1 as f64 / all as f64 }
    }

    /// The folders that the index was brought up to date with.
    pub fn folders(&self) -> Vec<PathBuf> {
        self.meta.roots.iter().map(|root| from_text(root)).collect()
    }

    /// The documents that hold both terms, in the order in which they were added.
    fn both(&self, a: (Field, &str), b: (Field, &str)) -> Result<Vec<DocAddress>, StoreError> {
        let query = BooleanQuery::intersection(vec![term(a.0, a.1), term(b.0, b.1)]);
        let mut found: Vec<DocAddress> =
            self.searcher.search(&query, &DocSetCollector)?.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    }
}

/// Documents that hold a term.
pub(crate) fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

fn io(error: std::io::Error) -> StoreError {
    tantivy::TantivyError::from(error).into()
}

fn unreadable(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Damaged {
        path: std::path::PathBuf::from("index"),
        reason: format!("a document cannot be read: {error}"),
    }
}
