//! Which items match: all at once, as sets of documents, so that hits, totals, facets and folded hits are
//! counted on the same.
//!
//! Words are told apart from their filters, because a facet's own filter does not shrink its counts.

use super::bits::Bits;
use super::conditions::{condition, every_item};
use super::plan::Plan;
use super::request::Match;
use super::response::Matched;
use crate::index::Snapshot;
use tantivy::query::{BooleanQuery, EnableScoring, Query, Weight};
use tantivy::{SegmentReader, TantivyError};

/// The share of the words' weight that is most of them.
const MOST: f32 = 0.3;

/// Parts of this weight count one. Weights are whole numbers, so that sums are exact.
const UNIT: f32 = 1.0 / 4_096.0;

/// The items that match.
pub(super) struct Matches {
    pub(super) segments: Vec<SegmentMatches>,
    /// Weight of all parts.
    whole: u32,
}

/// The items of one segment that match.
pub(super) struct SegmentMatches {
    /// Items that hold all parts, filters aside.
    full: Bits,
    /// Items that hold most parts by their weight, but not all, filters aside.
    partial: Bits,
    /// Of each document, the weight of the parts that it holds; empty where nothing is partial.
    cover: Vec<u32>,
    /// The items that meet each filter.
    filters: Vec<Bits>,
}

impl SegmentMatches {
    /// The items of a list that meet all filters.
    pub(super) fn listed(&self, list: Matched) -> Bits {
        let mut items = self.base(list).clone();
        self.filters.iter().for_each(|filter| items.and(filter));
        items
    }

    /// The items of a list that fail one filter and no other.
    pub(super) fn failing_only(&self, list: Matched, failed: usize) -> Bits {
        let mut items = self.base(list).clone();
        for (at, filter) in self.filters.iter().enumerate() {
            if at == failed { items.and_not(filter) } else { items.and(filter) }
        }
        items
    }

    fn base(&self, list: Matched) -> &Bits {
        if list == Matched::Full { &self.full } else { &self.partial }
    }
}

impl Matches {
    /// Finds the items that match.
    pub(super) fn new(snapshot: &Snapshot, plan: &Plan) -> tantivy::Result<Self> {
        let weights = Weights::new(snapshot, plan)?;
        let readers = snapshot.searcher.segment_readers().iter();
        let segments: tantivy::Result<_> = readers.map(|reader| weights.segment(reader)).collect();
        Ok(Self { segments: segments?, whole: weights.whole() })
    }

    /// How many items a list has.
    pub(super) fn count(&self, list: Matched) -> u64 {
        self.segments.iter().map(|segment| segment.listed(list).count()).sum()
    }

    /// The share of the weight of all parts that a document holds.
    pub(super) fn covered(&self, segment: u32, doc: u32) -> f32 {
        let cover = &self.segments[segment as usize].cover;
        match cover.get(doc as usize) {
            Some(cover) if self.whole > 0 => *cover as f32 / self.whole as f32,
            _ => 1.0,
        }
    }
}

/// A request's queries made ready for the segments.
struct Weights {
    /// All parts in one, or any of them, as the request wants it.
    full: Box<dyn Weight>,
    /// The parts one by one with their weights; empty where items with most of them are not wanted.
    parts: Vec<(Box<dyn Weight>, u32)>,
    /// Whether no item can hold all parts.
    lacking: bool,
    needed: Vec<Box<dyn Weight>>,
    excluded: Vec<Box<dyn Weight>>,
    filters: Vec<Box<dyn Weight>>,
}

impl Weights {
    fn new(snapshot: &Snapshot, plan: &Plan) -> tantivy::Result<Self> {
        let scoring = EnableScoring::disabled_from_searcher(&snapshot.searcher);
        let compiled = &plan.compiled;
        let ready = |queries: &[Box<dyn Query>]| -> tantivy::Result<Vec<Box<dyn Weight>>> {
            queries.iter().map(|query| query.weight(scoring)).collect()
        };
        let required: Vec<Box<dyn Query>> =
            compiled.required.iter().map(|part| part.query.box_clone()).collect();
        let full: Box<dyn Query> = match (required.is_empty(), plan.matching) {
            (true, _) => every_item(snapshot),
            (_, Match::Any) => Box::new(BooleanQuery::union(required)),
            _ => Box::new(BooleanQuery::intersection(required)),
        };
        let filters: Vec<_> =
            plan.conditions.iter().map(|filter| condition(snapshot, filter)).collect();
        let (parts, lacking) = Self::parts(plan, scoring)?;
        Ok(Self {
            full: full.weight(scoring)?,
            parts,
            lacking,
            needed: ready(&compiled.conditions)?,
            excluded: ready(&compiled.excluded)?,
            filters: ready(&filters)?,
        })
    }

    /// The parts with their weights, and whether one of them is held by no item.
    #[expect(clippy::type_complexity, reason = "named in the struct that takes it")]
    fn parts(
        plan: &Plan,
        scoring: EnableScoring<'_>,
    ) -> tantivy::Result<(Vec<(Box<dyn Weight>, u32)>, bool)> {
        let required = &plan.compiled.required;
        let lacking = required.iter().any(|part| part.weight == 0.0);
        let known = required.iter().filter_map(|part| match &part.guess {
            Some(guess) => Some((&guess.query, guess.weight)),
            None => (part.weight > 0.0).then_some((&part.query, part.weight)),
        });
        let known: Vec<_> = known.collect();
        if plan.matching != Match::Most || known.len() < 2 && !lacking {
            return Ok((Vec::new(), false));
        }
        let parts = known.into_iter().map(|(query, weight)| {
            Ok::<_, TantivyError>((query.weight(scoring)?, ((weight / UNIT) as u32).max(1)))
        });
        Ok((parts.collect::<Result<_, _>>()?, lacking))
    }

    fn whole(&self) -> u32 {
        self.parts.iter().map(|(_, weight)| weight).sum()
    }

    fn segment(&self, reader: &SegmentReader) -> tantivy::Result<SegmentMatches> {
        let documents = reader.max_doc();
        let all = |weights: &[Box<dyn Weight>]| -> tantivy::Result<Vec<Bits>> {
            weights.iter().map(|weight| docs(&**weight, reader)).collect()
        };
        let cover = if self.parts.is_empty() { Vec::new() } else { self.cover(reader)? };
        let (mut full, mut partial) = if self.parts.is_empty() {
            (docs(&*self.full, reader)?, Bits::none(documents))
        } else {
            let (whole, needed) = (self.whole(), (self.whole() as f32 * MOST).ceil() as u32);
            let complete = if self.lacking { u32::MAX } else { whole };
            let full = Bits::fitting(&cover, |cover| cover == complete);
            (full, Bits::fitting(&cover, |cover| (needed..complete).contains(&cover)))
        };
        let alive = reader.alive_bitset();
        let alive = alive.map(|alive| Bits::of(documents, |doc| alive.is_alive(doc)));
        let needed = all(&self.needed)?;
        let excluded = all(&self.excluded)?;
        for items in [&mut full, &mut partial] {
            needed.iter().chain(&alive).for_each(|needed| items.and(needed));
            for excluded in &excluded {
                items.and_not(excluded);
            }
        }
        Ok(SegmentMatches { full, partial, cover, filters: all(&self.filters)? })
    }

    /// Of each document, the weight of the parts that it holds.
    fn cover(&self, reader: &SegmentReader) -> tantivy::Result<Vec<u32>> {
        let mut cover = vec![0; reader.max_doc() as usize];
        for (part, weight) in &self.parts {
            part.for_each_no_score(reader, &mut |docs| {
                for doc in docs {
                    cover[*doc as usize] += weight;
                }
            })?;
        }
        Ok(cover)
    }
}

/// The documents of a segment that match, deleted ones among them.
pub(super) fn docs(weight: &dyn Weight, reader: &SegmentReader) -> tantivy::Result<Bits> {
    let mut bits = Bits::none(reader.max_doc());
    weight.for_each_no_score(reader, &mut |docs| {
        for doc in docs {
            bits.insert(*doc);
        }
    })?;
    Ok(bits)
}
