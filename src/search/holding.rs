//! Counts in how many rationales of a population phrases stand, exactly, from the places of their words.
//!
//! Words are those that `index::printed_once` gives: unstemmed, one at each position.

use super::engine::{Engine, SearchError};
use super::opened::Marks;
use super::population::Population;
use crate::index::parts::{PARTS, Part, part_at};
use crate::index::schema::Fields;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

/// Threads that count.
const THREADS: usize = 2;

impl Engine<'_> {
    /// How many items of each of two populations hold each phrase in their rationale.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn holding(
        &self,
        phrases: &[Vec<String>],
        sides: [&Population<'_>; 2],
    ) -> Result<Vec<[u64; 2]>, SearchError> {
        let mut counts = vec![[0; 2]; phrases.len()];
        for (segment, reader) in self.snapshot.searcher.segment_readers().iter().enumerate() {
            let max = reader.max_doc() as usize;
            let masks = sides.map(|side| mask(side.docs(segment as u32), max));
            let fields = &self.snapshot.fields;
            let part = |thread: usize| -> tantivy::Result<Vec<(usize, [u64; 2])>> {
                let own = phrases.iter().enumerate().skip(thread).step_by(THREADS);
                own.map(|(at, phrase)| Ok((at, count(reader, fields, phrase, &masks)?))).collect()
            };
            let parts = std::thread::scope(|scope| {
                let running: Vec<_> =
                    (0..THREADS).map(|thread| scope.spawn(move || part(thread))).collect();
                running
                    .into_iter()
                    .map(|thread| thread.join().unwrap_or_else(|_| Ok(Vec::new())))
                    .collect::<Vec<_>>()
            });
            for part in parts {
                for (at, found) in part? {
                    counts[at][0] += found[0];
                    counts[at][1] += found[1];
                }
            }
        }
        Ok(counts)
    }
}

/// Documents as bits.
fn mask(docs: &[u32], max: usize) -> Vec<u64> {
    let mut bits = vec![0; max / 64 + 1];
    for doc in docs {
        bits[*doc as usize / 64] |= 1 << (doc % 64);
    }
    bits
}

fn count(
    reader: &SegmentReader,
    fields: &Fields,
    phrase: &[String],
    masks: &[Vec<u64>; 2],
) -> tantivy::Result<[u64; 2]> {
    let mut counts = [0; 2];
    let index = reader.inverted_index(fields.words)?;
    let mut words: Vec<SegmentPostings> = Vec::with_capacity(phrase.len());
    for word in phrase {
        let term = Term::from_field_text(fields.words, word);
        match index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)? {
            Some(postings) => words.push(postings),
            None => return Ok(counts),
        }
    }
    let mut parting = Marks::open(fields, reader)?;
    let mut places = Places::default();
    // The rarest word leads.
    let lead = (0..words.len()).min_by_key(|at| words[*at].size_hint()).unwrap_or(0);
    let mut doc = words[lead].doc();
    while doc != TERMINATED {
        let bit = |mask: &Vec<u64>| mask[doc as usize / 64] >> (doc % 64) & 1;
        let inside = [bit(&masks[0]), bit(&masks[1])];
        if inside != [0, 0] && all_at(&mut words, doc) && places.follow(&mut words) {
            let parted_at = parting.of(doc);
            let is_reason = |start: &u32| PARTS[part_at(*start, parted_at)] == Part::Rationale;
            if places.starts.iter().any(is_reason) {
                counts[0] += inside[0];
                counts[1] += inside[1];
            }
        }
        doc = words[lead].advance();
    }
    Ok(counts)
}

/// Whether all words stand in a document.
fn all_at(words: &mut [SegmentPostings], doc: u32) -> bool {
    words.iter_mut().all(|word| word.doc() == doc || word.doc() < doc && word.seek(doc) == doc)
}

/// Places of words, kept to spare allocations.
#[derive(Default)]
struct Places {
    /// Where the words stand one after the other.
    starts: Vec<u32>,
    next: Vec<u32>,
}

impl Places {
    /// Whether the words stand one after the other in the document that all are at.
    fn follow(&mut self, words: &mut [SegmentPostings]) -> bool {
        let Some((first, rest)) = words.split_first_mut() else { return false };
        first.positions(&mut self.starts);
        for (at, word) in rest.iter_mut().enumerate() {
            word.positions(&mut self.next);
            let (next, ahead) = (&self.next, at as u32 + 1);
            self.starts.retain(|start| next.binary_search(&(start + ahead)).is_ok());
            if self.starts.is_empty() {
                return false;
            }
        }
        true
    }
}
