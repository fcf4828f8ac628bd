//! Items that hold most of the weight of a few terms: what is like an item.
//!
//! A flat list of alternatives, so that the library passes over documents that cannot reach the first
//! places. Like `population.rs` it takes and gives plain values only.

use super::best::{Best, Ranked};
use super::bits::Bits;
use super::engine::{Engine, SearchError};
use super::population::{Place, Population};
use super::top::column;
use crate::index::read::term;
use crate::index::schema::facet_term;
use tantivy::collector::DocSetCollector;
use tantivy::columnar::Column;
use tantivy::fastfield::AliveBitSet;
use tantivy::query::{BooleanQuery, BoostQuery, EnableScoring, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, SegmentOrdinal, SegmentReader, Term};

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
    /// How many items have a trait; of a word as printed, how many items' own texts and case summaries have it. Those
    /// since replaced count until they are merged away.
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
        let found = self.snapshot.searcher.search(&*query, &DocSetCollector)?;
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
        let searcher = &self.snapshot.searcher;
        let scoring = EnableScoring::enabled_from_searcher(searcher);
        let weight = BooleanQuery::union(query.collect()).weight(scoring)?;
        let (mut best, mut alike) = (Best::new(limit), Vec::new());
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            let candidates = self.candidates(segment, reader, within, left_out)?;
            let orders = self.column(reader, self.snapshot.fields.order)?;
            let mut threshold = best.threshold();
            weight.for_each_pruning(threshold, reader, &mut |doc, score| {
                if candidates.counts(doc) {
                    let order = orders.first(doc).unwrap_or(u64::MAX);
                    // Items with one rationale are told apart later: each counts.
                    best.add(Ranked::new(score, order, None, DocAddress::new(segment, doc)));
                    threshold = best.threshold();
                }
                threshold
            })?;
            alike.push(self.column(reader, self.snapshot.fields.alike)?);
        }
        let near = best.sorted().into_iter().map(|hit| {
            let DocAddress { segment_ord: segment, doc_id: doc } = hit.address;
            let place = Place { segment, doc };
            Near { place, score: hit.score, alike: alike[segment as usize].first(doc) }
        });
        Ok(near.collect())
    }

    fn column(&self, reader: &SegmentReader, field: Field) -> tantivy::Result<Column<u64>> {
        column(reader, self.snapshot.searcher.schema().get_field_name(field))
    }

    /// The documents of a segment that may be near.
    fn candidates<'s>(
        &self,
        segment: SegmentOrdinal,
        reader: &'s SegmentReader,
        within: Option<&Population<'_>>,
        left_out: LeftOut,
    ) -> tantivy::Result<Candidates<'s>> {
        let within = within.map(|population| {
            let mut items = Bits::none(reader.max_doc());
            items.insert_all(population.docs(segment));
            items
        });
        let letters = self.column(reader, self.snapshot.fields.letter_key)?;
        Ok(Candidates { segment, alive: reader.alive_bitset(), within, left_out, letters })
    }
}

/// The documents of a segment that may be near.
struct Candidates<'s> {
    segment: SegmentOrdinal,
    alive: Option<&'s AliveBitSet>,
    /// The documents that count, if not all do.
    within: Option<Bits>,
    left_out: LeftOut,
    letters: Column<u64>,
}

impl Candidates<'_> {
    fn counts(&self, doc: DocId) -> bool {
        let place = Place { segment: self.segment, doc };
        self.alive.is_none_or(|alive| alive.is_alive(doc))
            && self.within.as_ref().is_none_or(|within| within.contains(doc))
            && self.left_out.item != Some(place)
            && (self.left_out.letter.is_none() || self.left_out.letter != self.letters.first(doc))
    }
}
