//! Items that hold most of the weight of a few terms: what is like an item.
//!
//! A flat list of alternatives, so that the library passes over documents that cannot reach the first
//! places. Like `population.rs` it takes and gives plain values only.

use super::engine::{Engine, SearchError};
use super::population::{Place, Population};
use super::top::column;
use crate::index::read::term;
use crate::index::schema::facet_term;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, BoostQuery, Query, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, Term};

/// Something that items like it may have.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Trait {
    /// A stem of the request sought.
    Title(String),
    /// A stem of the reasons sought.
    Rationale(String),
    /// A word as printed, in lower case.
    Printed(String),
    /// A value of a facet: its name and path.
    Value(String, String),
}

/// An item among the nearest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Where it stands.
    pub place: Place,
    /// How near: comparable within one answer only.
    pub score: f32,
    /// What items with one rationale have in common.
    pub alike: Option<u64>,
}

/// What is not among the nearest.
#[derive(Debug, Clone, Copy, Default)]
pub struct LeftOut {
    /// An item.
    pub item: Option<Place>,
    /// All items of a letter.
    pub letter: Option<u64>,
}

impl Engine<'_> {
    /// How many items have a trait; those of items since replaced count until they are merged away.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn holders(&self, what: &Trait) -> Result<u64, SearchError> {
        Ok(self.snapshot.searcher.doc_freq(&self.term(what))?)
    }

    /// How many items there are, counted in the same way.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn items(&self) -> Result<u64, SearchError> {
        let kind = Term::from_field_text(self.snapshot.fields.kind, "item");
        Ok(self.snapshot.searcher.doc_freq(&kind)?)
    }

    fn term(&self, what: &Trait) -> Term {
        let fields = &self.snapshot.fields;
        match what {
            // The field that ranks holds the parts' weights itself.
            Trait::Title(stem) | Trait::Rationale(stem) => {
                Term::from_field_text(fields.ranked, stem)
            }
            Trait::Printed(word) => Term::from_field_text(fields.words, word),
            Trait::Value(facet, path) => {
                Term::from_field_text(fields.facet, &facet_term(facet, path))
            }
        }
    }

    /// The item of an identity, if there is one.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn place_of(&self, id: &str) -> Result<Option<Place>, SearchError> {
        let query = term(self.snapshot.fields.item, id);
        let found = self.snapshot.searcher.search(&*query, &tantivy::collector::DocSetCollector)?;
        Ok(found.into_iter().min().map(|at| Place { segment: at.segment_ord, doc: at.doc_id }))
    }

    /// The items that have most of the traits by weight and rarity, best first; of a population only,
    /// if one is given.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn nearest(
        &self,
        traits: &[(Trait, f32)],
        within: Option<&Population<'_>>,
        left_out: LeftOut,
        limit: usize,
    ) -> Result<Vec<Near>, SearchError> {
        if traits.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let query = traits.iter().map(|(what, weight)| -> Box<dyn Query> {
            let term = TermQuery::new(self.term(what), IndexRecordOption::WithFreqs);
            Box::new(BoostQuery::new(Box::new(term), *weight))
        });
        let schema = self.snapshot.searcher.schema();
        let fields = &self.snapshot.fields;
        let collector = Nearest {
            limit,
            within,
            left_out,
            order: schema.get_field_name(fields.order),
            alike: schema.get_field_name(fields.alike),
            letter: schema.get_field_name(fields.letter_key),
        };
        Ok(self.snapshot.searcher.search(&BooleanQuery::union(query.collect()), &collector)?)
    }
}

/// A candidate: better ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ranked {
    /// Scores are not negative, so their bits sort as they do.
    score: u32,
    /// Smaller comes first.
    order: Reverse<u64>,
    place: Reverse<Place>,
}

#[derive(Clone, Copy)]
struct Nearest<'a> {
    limit: usize,
    within: Option<&'a Population<'a>>,
    left_out: LeftOut,
    order: &'a str,
    alike: &'a str,
    letter: &'a str,
}

struct NearestSegment {
    limit: usize,
    segment: u32,
    /// The documents that count, if not all do.
    within: Option<Vec<u64>>,
    left_out: LeftOut,
    order: Column<u64>,
    alike: Column<u64>,
    letter: Column<u64>,
    best: BinaryHeap<Reverse<Ranked>>,
}

impl Collector for Nearest<'_> {
    type Fruit = Vec<Near>;
    type Child = NearestSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<NearestSegment> {
        let within = self.within.map(|population| {
            let mut bits = vec![0_u64; reader.max_doc() as usize / 64 + 1];
            for doc in population.docs(segment) {
                bits[*doc as usize / 64] |= 1 << (doc % 64);
            }
            bits
        });
        Ok(NearestSegment {
            limit: self.limit,
            segment,
            within,
            left_out: self.left_out,
            order: column(reader, self.order)?,
            alike: column(reader, self.alike)?,
            letter: column(reader, self.letter)?,
            best: BinaryHeap::with_capacity(self.limit + 1),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Vec<(Ranked, Near)>>) -> tantivy::Result<Vec<Near>> {
        let mut all: Vec<(Ranked, Near)> = segments.into_iter().flatten().collect();
        all.sort_unstable_by_key(|(ranked, _)| Reverse(*ranked));
        all.truncate(self.limit);
        Ok(all.into_iter().map(|(_, near)| near).collect())
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<Vec<(Ranked, Near)>> {
        let mut child = self.for_segment(segment, reader)?;
        let alive = reader.alive_bitset();
        weight.for_each_pruning(Score::MIN, reader, &mut |doc, score| {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                child.collect(doc, score);
            }
            child.threshold()
        })?;
        Ok(child.harvest())
    }
}

impl NearestSegment {
    /// Just below the score of the last one kept, so that its equals are still looked at.
    fn threshold(&self) -> Score {
        if self.best.len() < self.limit {
            return Score::MIN;
        }
        self.best.peek().map_or(Score::MIN, |worst| f32::from_bits(worst.0.score).next_down())
    }

    fn counts(&self, doc: DocId) -> bool {
        let is_within = |bits: &Vec<u64>| bits[doc as usize / 64] >> (doc % 64) & 1 == 1;
        let place = Place { segment: self.segment, doc };
        self.within.as_ref().is_none_or(is_within)
            && self.left_out.item != Some(place)
            && (self.left_out.letter.is_none() || self.left_out.letter != self.letter.first(doc))
    }
}

impl SegmentCollector for NearestSegment {
    type Fruit = Vec<(Ranked, Near)>;

    fn collect(&mut self, doc: DocId, score: Score) {
        if !self.counts(doc) {
            return;
        }
        let ranked = Ranked {
            score: score.max(0.0).to_bits(),
            order: Reverse(self.order.first(doc).unwrap_or(u64::MAX)),
            place: Reverse(Place { segment: self.segment, doc }),
        };
        if self.best.len() < self.limit {
            self.best.push(Reverse(ranked));
        } else if let Some(mut worst) = self.best.peek_mut()
            && ranked > worst.0
        {
            worst.0 = ranked;
        }
    }

    fn harvest(self) -> Vec<(Ranked, Near)> {
        let alike = self.alike;
        let near = |Reverse(ranked): Reverse<Ranked>| {
            let place = ranked.place.0;
            let near =
                Near { place, score: f32::from_bits(ranked.score), alike: alike.first(place.doc) };
            (ranked, near)
        };
        self.best.into_iter().map(near).collect()
    }
}
