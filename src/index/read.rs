//! Reads what the index knows of itself: its manifest, values, folders, how its documents lie.

use super::error::StoreError;
use super::manifest::{SourceRecord, Sources};
use super::parallel::in_order;
use super::path_text::from_text;
use super::schema::facet_term;
use super::store::Snapshot;
use super::term_docs::TermDocs;
use std::collections::BTreeSet;
use std::path::PathBuf;
use tantivy::collector::DocSetCollector;
use tantivy::query::{BooleanQuery, Query};
use tantivy::schema::Field;
use tantivy::{DocAddress, SegmentReader, Term};

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
    pub(super) fn both(
        &self,
        a: (Field, &str),
        b: (Field, &str),
    ) -> Result<Vec<DocAddress>, StoreError> {
        let query = BooleanQuery::intersection(vec![term(a.0, a.1), term(b.0, b.1)]);
        let mut found: Vec<DocAddress> =
            self.searcher.search(&query, &DocSetCollector)?.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    }
}

/// Documents that hold a term.
pub(crate) fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermDocs::new(Term::from_field_text(field, text)))
}

fn io(error: std::io::Error) -> StoreError {
    tantivy::TantivyError::from(error).into()
}
