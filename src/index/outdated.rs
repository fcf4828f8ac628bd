//! Deletes what is replaced. The library applies a delete to segments that are added after it too, where it does not know
//! in which order their documents came; so each delete knows itself which segments came later.

use super::manifest::Key;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tantivy::index::SegmentId;
use tantivy::query::{
    EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermSetQuery, Weight,
};
use tantivy::schema::Field;
use tantivy::{DocId, IndexWriter, Score, SegmentReader, Term};

/// The segments that a writer added, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Added(Arc<Mutex<Vec<SegmentId>>>);

impl Added {
    fn segments(&self) -> MutexGuard<'_, Vec<SegmentId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that a segment is about to be added.
    pub(super) fn push(&self, segment: SegmentId) {
        self.segments().push(segment);
    }

    /// Deletes the documents of sources from the segments that are there by now, with the next commit.
    pub(super) fn delete_before(
        &self,
        index_writer: &IndexWriter,
        source: Field,
        keys: &[Key],
    ) -> tantivy::Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let term = |key: &Key| Term::from_field_text(source, &key.to_string());
        let documents = TermSetQuery::new(keys.iter().map(term));
        let before = self.segments().len();
        let outdated = Outdated { documents, added: self.clone(), before };
        index_writer.delete_query(Box::new(outdated)).map(|_| ())
    }
}

/// Documents in segments but those that were added later: all but so many of the first.
#[derive(Debug, Clone)]
struct Outdated {
    documents: TermSetQuery,
    added: Added,
    before: usize,
}

impl Query for Outdated {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let documents = self.documents.weight(scoring)?;
        Ok(Box::new(OutdatedWeight { documents, added: self.added.clone(), before: self.before }))
    }
}

struct OutdatedWeight {
    documents: Box<dyn Weight>,
    added: Added,
    before: usize,
}

impl Weight for OutdatedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if self.added.segments()[self.before..].contains(&reader.segment_id()) {
            return Ok(Box::new(EmptyScorer));
        }
        self.documents.scorer(reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.documents.explain(reader, doc)
    }
}
