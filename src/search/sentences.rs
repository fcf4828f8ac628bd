//! Sentences that many hits have in common: reviewers' boilerplate tells little of an item.
//!
//! How common a sentence is shows among the hits that are looked at closely: those that match by it are all
//! there.

use super::top::column;
use crate::index::Snapshot;
use crate::index::parts::SENTENCE;
use std::collections::{BTreeMap, HashMap};
use tantivy::columnar::Column;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, SegmentReader, Term};

/// A sentence in so many letters counts in full.
const FEW: usize = 2;

/// In how many letters sentences stand, by their hash.
pub(super) struct Common(HashMap<u64, usize>);

impl Common {
    /// Among some items.
    pub(super) fn among(
        snapshot: &Snapshot,
        items: impl Iterator<Item = DocAddress>,
    ) -> tantivy::Result<Self> {
        let schema = snapshot.searcher.schema();
        let mut by_segment: BTreeMap<u32, Vec<DocId>> = BTreeMap::new();
        for item in items {
            by_segment.entry(item.segment_ord).or_default().push(item.doc_id);
        }
        let mut held: Vec<(u64, u64)> = Vec::new();
        for (segment, docs) in by_segment {
            let reader = snapshot.searcher.segment_reader(segment);
            let hashes = column(reader, schema.get_field_name(snapshot.fields.sentences))?;
            let keys = column(reader, schema.get_field_name(snapshot.fields.letter_key))?;
            for doc in docs {
                let letter = keys.first(doc).unwrap_or(0);
                held.extend(hashes.values_for_doc(doc).map(|hash| (hash, letter)));
            }
        }
        held.sort_unstable();
        held.dedup();
        let counts = held.chunk_by(|a, b| a.0 == b.0).map(|same| (same[0].0, same.len()));
        Ok(Self(counts.filter(|(_, letters)| *letters > FEW).collect()))
    }

    /// How much a word counts in a sentence.
    fn weight(&self, hash: u64) -> f32 {
        self.0.get(&hash).map_or(1.0, |letters| (FEW as f32 / *letters as f32).sqrt())
    }
}

/// The sentences of one segment's documents.
pub(super) struct Sentences<'a> {
    common: &'a Common,
    hashes: Column<u64>,
    starts: Option<SegmentPostings>,
}

impl<'a> Sentences<'a> {
    pub(super) fn open(
        snapshot: &Snapshot,
        common: &'a Common,
        reader: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let fields = &snapshot.fields;
        let name = snapshot.searcher.schema().get_field_name(fields.sentences);
        let term = Term::from_field_text(fields.words, SENTENCE);
        let index = reader.inverted_index(fields.words)?;
        let starts = index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?;
        Ok(Self { common, hashes: column(reader, name)?, starts })
    }

    /// Where a document's sentences start and how much words count in each, if any is common; documents
    /// must be asked for in ascending order.
    pub(super) fn of(&mut self, doc: DocId) -> Vec<(u32, f32)> {
        let weights = self.hashes.values_for_doc(doc).map(|hash| self.common.weight(hash));
        let weights: Vec<f32> = weights.collect();
        let Some(postings) = &mut self.starts else { return Vec::new() };
        if weights.iter().all(|weight| *weight >= 1.0) {
            return Vec::new();
        }
        if postings.doc() < doc {
            postings.seek(doc);
        }
        let mut starts = Vec::new();
        if postings.doc() == doc {
            postings.positions(&mut starts);
        }
        starts.into_iter().zip(weights).collect()
    }
}
