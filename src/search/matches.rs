//! Which items match: all at once, as sets of documents, so that hits, totals, facets and folded hits are
//! counted on the same.
//!
//! Words are told apart from their filters, because the values chosen of a facet do not shrink its counts.

use super::bits::Bits;
use super::conditions::{condition, every_item};
use super::cover::{Cover, Shares};
use super::placed::{PlacedQuery, PlacedWeight};
use super::plan::Plan;
use super::request::Match;
use super::response::Matched;
use super::segments::each;
use crate::index::Snapshot;
use tantivy::query::{BooleanQuery, EnableScoring, Query, Weight};
use tantivy::{SegmentReader, TantivyError};

/// The share of the words' weight that is most of them.
const MOST: f32 = 0.25;

/// The share of words that being about what they name stands for.
const ABOUT: f32 = 0.5;

/// The share of a phrase that its words stand for where they stand apart.
const APART: f32 = 0.5;

/// Parts of this weight count one. Weights are whole numbers, so that sums are exact.
const UNIT: f32 = 1.0 / 4_096.0;

/// The items that match.
pub(super) struct Matches {
    pub(super) segments: Vec<SegmentMatches>,
    shares: Shares,
    /// Weight of all parts.
    whole: u32,
}

/// The items of one segment that match.
pub(super) struct SegmentMatches {
    /// Items that hold all parts, filters aside.
    full: Bits,
    /// Items that hold most parts by their weight, but not all, filters aside.
    partial: Bits,
    /// What its documents hold of the parts; `None` where nothing is partial.
    cover: Option<Cover>,
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
        let searcher = &snapshot.searcher;
        let segments = each(searcher, |segment| weights.segment(searcher.segment_reader(segment)))?;
        Ok(Self { segments, whole: weights.whole(), shares: weights.shares })
    }

    /// How many items a list has.
    pub(super) fn count(&self, list: Matched) -> u64 {
        self.segments.iter().map(|segment| segment.listed(list).count()).sum()
    }

    /// How many items of a list fail one filter and no other.
    pub(super) fn failing_only(&self, list: Matched, failed: usize) -> u64 {
        self.segments.iter().map(|segment| segment.failing_only(list, failed).count()).sum()
    }

    /// The share of the weight of all parts that a document holds which is no full match.
    pub(super) fn covered(&self, segment: u32, doc: u32) -> f32 {
        match &self.segments[segment as usize].cover {
            Some(cover) if self.whole > 0 => {
                let held = self.shares.held(cover, doc).min(self.whole - 1);
                held as f32 / self.whole as f32
            }
            _ => 1.0,
        }
    }
}

/// A request's queries made ready for the segments.
struct Weights {
    /// Where there are no parts one by one: full matches hold any of these, all parts as one or each part, as
    /// the request wants it; without those that are all needed and found by places.
    full: Vec<Box<dyn Weight>>,
    /// These.
    placed: Vec<PlacedWeight>,
    /// The parts one by one; empty where items with most of them are not wanted.
    parts: Vec<PartWeight>,
    /// Whether no item can hold all parts.
    lacking: bool,
    /// What the words name, with the weight that being about it stands for.
    topics: Vec<(Box<dyn Weight>, u32)>,
    shares: Shares,
    needed: Vec<Box<dyn Weight>>,
    excluded: Vec<Box<dyn Weight>>,
    filters: Vec<Box<dyn Weight>>,
}

/// Parts to be found in one, and those to be looked for in what these leave.
type Required = (Vec<Box<dyn Query>>, Vec<PlacedWeight>);

/// A part made ready for the segments.
struct PartWeight {
    docs: Box<dyn Weight>,
    /// What stands in for a share of it.
    loosely: Option<Box<dyn Weight>>,
    weight: u32,
}

impl Weights {
    fn new(snapshot: &Snapshot, plan: &Plan) -> tantivy::Result<Self> {
        let scoring = EnableScoring::disabled_from_searcher(&snapshot.searcher);
        let compiled = &plan.compiled;
        let ready = |queries: &[Box<dyn Query>]| -> tantivy::Result<Vec<Box<dyn Weight>>> {
            queries.iter().map(|query| query.weight(scoring)).collect()
        };
        let filters: Vec<_> =
            plan.conditions.iter().map(|filter| condition(snapshot, filter)).collect();
        let (parts, lacking) = Self::parts(plan, scoring)?;
        let whole = parts.is_empty().then(|| Self::required(plan, scoring)).transpose()?;
        let (required, placed) = whole.unwrap_or_default();
        let full: Vec<Box<dyn Query>> = match (compiled.required.is_empty(), plan.matching) {
            (true, _) => vec![every_item(snapshot)],
            (_, Match::Any) => required,
            _ => vec![Box::new(BooleanQuery::intersection(required))],
        };
        let topics = compiled.topics.iter().map(|topic| {
            let weight = units(topic.weight * ABOUT);
            Ok::<_, TantivyError>((topic.query.weight(scoring)?, weight))
        });
        let topics: Vec<_> = topics.collect::<Result<_, _>>()?;
        Ok(Self {
            shares: shares(&parts, &topics),
            topics,
            full: ready(&full)?,
            placed,
            parts,
            lacking,
            needed: ready(&compiled.conditions)?,
            excluded: ready(&compiled.excluded)?,
            filters: ready(&filters)?,
        })
    }

    fn required(plan: &Plan, scoring: EnableScoring<'_>) -> tantivy::Result<Required> {
        let (mut required, mut placed) = (Vec::new(), Vec::new());
        for part in &plan.compiled.required {
            match part.query.downcast_ref::<PlacedQuery>() {
                Some(query) if plan.matching != Match::Any => placed.push(query.ready(scoring)?),
                _ => required.push(part.query.box_clone()),
            }
        }
        if required.is_empty() && !placed.is_empty() {
            required.push(plan.compiled.required[0].query.box_clone());
            placed.remove(0);
        }
        Ok((required, placed))
    }

    /// The parts, and whether one of them is held by no item.
    fn parts(plan: &Plan, scoring: EnableScoring<'_>) -> tantivy::Result<(Vec<PartWeight>, bool)> {
        let required = &plan.compiled.required;
        let lacking = required.iter().any(|part| part.weight == 0.0);
        let known = required.iter().filter_map(|part| match &part.guess {
            Some(guess) => Some((&guess.query, None, guess.weight)),
            None => {
                (part.weight > 0.0).then_some((&part.query, part.loosely.as_ref(), part.weight))
            }
        });
        let known: Vec<_> = known.collect();
        let loosely = known.iter().any(|(_, loosely, _)| loosely.is_some());
        let several = known.len() > 1 || lacking || loosely;
        if plan.matching != Match::Most || !several && plan.compiled.topics.is_empty() {
            return Ok((Vec::new(), false));
        }
        let parts = known.into_iter().map(|(query, loosely, weight)| {
            let loosely = loosely.map(|loosely| loosely.weight(scoring)).transpose()?;
            Ok::<_, TantivyError>(PartWeight {
                docs: query.weight(scoring)?,
                loosely,
                weight: units(weight),
            })
        });
        Ok((parts.collect::<Result<_, _>>()?, lacking))
    }

    fn whole(&self) -> u32 {
        self.parts.iter().map(|part| part.weight).sum()
    }

    fn segment(&self, reader: &SegmentReader) -> tantivy::Result<SegmentMatches> {
        let documents = reader.max_doc();
        let all = |weights: &[Box<dyn Weight>]| -> tantivy::Result<Vec<Bits>> {
            weights.iter().map(|weight| docs(&**weight, reader)).collect()
        };
        let alive = reader.alive_bitset();
        let alive = alive.map(|alive| Bits::of(documents, |doc| alive.is_alive(doc)));
        let (needed, excluded) = (all(&self.needed)?, all(&self.excluded)?);
        let allowed = |items: &mut Bits| {
            needed.iter().chain(&alive).for_each(|needed| items.and(needed));
            for excluded in &excluded {
                items.and_not(excluded);
            }
        };
        let filters = all(&self.filters)?;
        if self.parts.is_empty() {
            let mut full = Bits::none(documents);
            for any in &self.full {
                full.or_all([&docs(&**any, reader)?].into_iter());
            }
            allowed(&mut full);
            for placed in &self.placed {
                placed.keep(reader, &mut full)?;
            }
            return Ok(SegmentMatches {
                full,
                partial: Bits::none(documents),
                cover: None,
                filters,
            });
        }
        let (mut full, cover) = self.cover(reader)?;
        let mut partial = self.shares.enough(&cover, documents);
        partial.and_not(&full);
        allowed(&mut full);
        allowed(&mut partial);
        Ok(SegmentMatches { full, partial, cover: Some(cover), filters })
    }

    /// The documents that hold all parts, and what each holds of their weight: being about what words name
    /// stands for a share of these words, and a phrase's words for a share of it where they stand apart.
    fn cover(&self, reader: &SegmentReader) -> tantivy::Result<(Bits, Cover)> {
        let mut cover = self.shares.none(reader.max_doc());
        let mut full: Option<Bits> = self.lacking.then(|| Bits::none(reader.max_doc()));
        for part in &self.parts {
            let held = docs(&*part.docs, reader)?;
            if let Some(loosely) = &part.loosely {
                let mut apart = docs(&**loosely, reader)?;
                apart.and_not(&held);
                self.shares.add(&mut cover, apart);
            }
            match &mut full {
                Some(full) => full.and(&held),
                None => full = Some(held.clone()),
            }
            self.shares.add(&mut cover, held);
        }
        for (topic, _) in &self.topics {
            self.shares.add(&mut cover, docs(&**topic, reader)?);
        }
        Ok((full.unwrap_or_else(|| Bits::none(reader.max_doc())), cover))
    }
}

/// The shares of the parts' weight in the order in which [`Weights::cover`] adds them.
fn shares(parts: &[PartWeight], topics: &[(Box<dyn Weight>, u32)]) -> Shares {
    let whole: u32 = parts.iter().map(|part| part.weight).sum();
    let of_part = |part: &PartWeight| {
        let apart = part.loosely.is_some().then_some((part.weight as f32 * APART) as u32);
        apart.into_iter().chain([part.weight])
    };
    let topics = topics.iter().map(|(_, weight)| *weight);
    let weights = parts.iter().flat_map(of_part).chain(topics).collect();
    Shares::new(weights, (whole as f32 * MOST).ceil() as u32)
}

/// A weight as a whole number.
fn units(weight: f32) -> u32 {
    ((weight / UNIT) as u32).max(1)
}

/// The documents of a segment that match, deleted ones among them.
pub(super) fn docs(weight: &dyn Weight, reader: &SegmentReader) -> tantivy::Result<Bits> {
    let mut bits = Bits::none(reader.max_doc());
    weight.for_each_no_score(reader, &mut |docs| bits.insert_all(docs))?;
    Ok(bits)
}
