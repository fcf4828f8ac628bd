//! Collects the best hits, with ties in the fixed order of identities, so that pages neither
//! repeat nor lose a hit.

use super::request::Sort;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

/// A hit in its place: better ones are greater.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ranked {
    /// Greater is better.
    key: u64,
    /// Smaller comes first.
    order: u64,
    pub(super) score: Score,
    pub(super) address: DocAddress,
}

impl Ranked {
    /// Adds to the score of a hit ranked by relevance.
    pub(super) fn add(&mut self, score: Score) {
        self.score += score;
        self.key = relevance(self.score);
    }
}

/// Scores are not negative, so their bits sort as they do.
fn relevance(score: Score) -> u64 {
    u64::from(score.max(0.0).to_bits())
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |hit: &Self| (hit.key, Reverse(hit.order), Reverse(hit.address));
        rank(self).cmp(&rank(other))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

/// A column of numbers; an empty one where no document of the segment has a number.
pub(super) fn column(reader: &SegmentReader, name: &str) -> tantivy::Result<Column<u64>> {
    let column = reader.fast_fields().column_opt(name)?;
    Ok(column.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())))
}

/// Collects the first `limit` hits of an order.
#[derive(Clone, Copy)]
pub(super) struct Top<'a> {
    pub(super) limit: usize,
    pub(super) sort: Sort,
    /// Name of the column of dates.
    pub(super) dates: &'a str,
    /// Name of the column of identities.
    pub(super) order: &'a str,
}

/// Keeps the best hits of one segment.
pub(super) struct TopSegment {
    limit: usize,
    sort: Sort,
    segment: SegmentOrdinal,
    dates: Column<u64>,
    order: Column<u64>,
    best: BinaryHeap<Reverse<Ranked>>,
}

impl Collector for Top<'_> {
    type Fruit = Vec<Ranked>;
    type Child = TopSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<TopSegment> {
        Ok(TopSegment {
            limit: self.limit,
            sort: self.sort,
            segment,
            dates: column(reader, self.dates)?,
            order: column(reader, self.order)?,
            best: BinaryHeap::with_capacity(self.limit.min(1_000) + 1),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Vec<Ranked>>) -> tantivy::Result<Vec<Ranked>> {
        let mut all: Vec<Ranked> = segments.into_iter().flatten().collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        all.truncate(self.limit);
        Ok(all)
    }

    /// By relevance, documents that cannot reach the page are passed over unscored.
    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<Vec<Ranked>> {
        let mut child = self.for_segment(segment, reader)?;
        let alive = reader.alive_bitset();
        let is_alive = |doc| alive.is_none_or(|alive| alive.is_alive(doc));
        if self.limit == 0 {
            return Ok(Vec::new());
        }
        if self.sort == Sort::Relevance {
            weight.for_each_pruning(Score::MIN, reader, &mut |doc, score| {
                if is_alive(doc) {
                    child.collect(doc, score);
                }
                child.threshold()
            })?;
        } else {
            weight.for_each(reader, &mut |doc, score| {
                if is_alive(doc) {
                    child.collect(doc, score);
                }
            })?;
        }
        Ok(child.harvest())
    }
}

impl TopSegment {
    /// Just below the score of the last hit kept, so that its equals are still looked at.
    fn threshold(&self) -> Score {
        if self.best.len() < self.limit {
            return Score::MIN;
        }
        self.best.peek().map_or(Score::MIN, |worst| worst.0.score.next_down())
    }

    fn key(&self, doc: DocId, score: Score) -> u64 {
        match self.sort {
            Sort::Relevance => relevance(score),
            Sort::Newest => self.dates.first(doc).unwrap_or(0),
            Sort::Oldest => self.dates.first(doc).map_or(0, |date| u64::MAX - date),
        }
    }
}

impl SegmentCollector for TopSegment {
    type Fruit = Vec<Ranked>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let ranked = Ranked {
            key: self.key(doc, score),
            order: self.order.first(doc).unwrap_or(u64::MAX),
            score,
            address: DocAddress::new(self.segment, doc),
        };
        if self.best.len() < self.limit {
            self.best.push(Reverse(ranked));
        } else if let Some(mut worst) = self.best.peek_mut()
            && ranked > worst.0
        {
            worst.0 = ranked;
        }
    }

    fn harvest(self) -> Vec<Ranked> {
        self.best.into_iter().map(|hit| hit.0).collect()
    }
}
