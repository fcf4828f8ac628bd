//! The first hits of a list, with ties in the fixed order of identities, so that pages neither repeat nor
//! lose a hit.

use super::bits::Bits;
use super::compile::FirstSight;
use super::request::Sort;
use crate::index::Snapshot;
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashSet};
use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Query, Scorer, Weight};
use tantivy::{DocAddress, DocSet, Score, SegmentReader};

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
    fn new(score: Score, orders: &Column<u64>, address: DocAddress) -> Self {
        let order = orders.first(address.doc_id).unwrap_or(u64::MAX);
        Self { key: relevance(score), order, score, address }
    }

    /// Gives a hit ranked by relevance its score.
    pub(super) fn set_score(&mut self, score: Score) {
        self.score = score;
        self.key = relevance(score);
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

/// The best hits so far.
struct Best {
    limit: usize,
    heap: BinaryHeap<Reverse<Ranked>>,
}

impl Best {
    fn new(limit: usize) -> Self {
        Self { limit, heap: BinaryHeap::with_capacity(limit.min(1_000) + 1) }
    }

    fn add(&mut self, hit: Ranked) {
        if self.heap.len() < self.limit {
            self.heap.push(Reverse(hit));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && hit > worst.0
        {
            worst.0 = hit;
        }
    }

    /// Just below the score of the last hit kept, so that its equals are still looked at.
    fn threshold(&self) -> Score {
        match self.heap.peek() {
            Some(worst) if self.heap.len() >= self.limit => worst.0.score.next_down(),
            _ => Score::MIN,
        }
    }

    fn sorted(self) -> Vec<Ranked> {
        let mut hits: Vec<Ranked> = self.heap.into_iter().map(|hit| hit.0).collect();
        hits.sort_unstable_by(|a, b| b.cmp(a));
        hits
    }
}

/// The first hits by date.
pub(super) fn by_date(
    snapshot: &Snapshot,
    sets: &[Bits],
    sort: Sort,
    limit: usize,
) -> tantivy::Result<Vec<Ranked>> {
    let schema = snapshot.searcher.schema();
    let mut best = Best::new(limit);
    for (segment, (set, reader)) in sets.iter().zip(readers(snapshot)).enumerate() {
        let dates = column(reader, schema.get_field_name(snapshot.fields.decided))?;
        let orders = orders(snapshot, reader)?;
        for doc in set.iter() {
            let date = dates.first(doc);
            let key = match sort {
                Sort::Oldest => date.map_or(0, |date| u64::MAX - date),
                Sort::Newest | Sort::Relevance => date.unwrap_or(0),
            };
            let address = DocAddress::new(segment as u32, doc);
            best.add(Ranked { key, ..Ranked::new(0.0, &orders, address) });
        }
    }
    Ok(best.sorted())
}

/// Where fewer than one in so many of the documents of the words are hits, hits are looked up one by one.
const FEW: u64 = 8;

/// The first hits of sets by what they score at first sight, `factor` times each.
pub(super) fn by_score(
    snapshot: &Snapshot,
    sight: Option<&FirstSight>,
    sets: &[Bits],
    factor: &dyn Fn(DocAddress) -> Score,
    limit: usize,
) -> tantivy::Result<Vec<Ranked>> {
    let mut best = Best::new(limit);
    if let Some(sight) = sight {
        let hits: u64 = sets.iter().map(Bits::count).sum();
        if sight.sure || hits * FEW > sight.documents(&snapshot.searcher) {
            prune(snapshot, sight, sets, factor, &mut best)?;
        } else {
            look_up(snapshot, sight, sets, factor, &mut best)?;
        }
    }
    complete(snapshot, sets, &mut best)?;
    Ok(best.sorted())
}

/// Scores hits in the order of documents; those that cannot reach the page are passed over.
fn prune(
    snapshot: &Snapshot,
    sight: &FirstSight,
    sets: &[Bits],
    factor: &dyn Fn(DocAddress) -> Score,
    best: &mut Best,
) -> tantivy::Result<()> {
    let scoring = EnableScoring::enabled_from_searcher(&snapshot.searcher);
    let weight = sight.query().weight(scoring)?;
    for (segment, (set, reader)) in sets.iter().zip(readers(snapshot)).enumerate() {
        let orders = orders(snapshot, reader)?;
        let mut threshold = best.threshold();
        weight.for_each_pruning(threshold, reader, &mut |doc, score| {
            if set.contains(doc) {
                let address = DocAddress::new(segment as u32, doc);
                best.add(Ranked::new(score * factor(address), &orders, address));
                threshold = best.threshold();
            }
            threshold
        })?;
    }
    Ok(())
}

/// Scores hits one by one.
fn look_up(
    snapshot: &Snapshot,
    sight: &FirstSight,
    sets: &[Bits],
    factor: &dyn Fn(DocAddress) -> Score,
    best: &mut Best,
) -> tantivy::Result<()> {
    let scoring = EnableScoring::enabled_from_searcher(&snapshot.searcher);
    let words: Vec<Box<dyn Weight>> =
        sight.each().iter().map(|word| word.weight(scoring)).collect::<tantivy::Result<_>>()?;
    for (segment, (set, reader)) in sets.iter().zip(readers(snapshot)).enumerate() {
        let orders = orders(snapshot, reader)?;
        let scorers = words.iter().map(|word| word.scorer(reader, 1.0));
        let mut scorers: Vec<Box<dyn Scorer>> = scorers.collect::<tantivy::Result<_>>()?;
        for doc in set.iter() {
            let mut score = 0.0;
            for scorer in &mut scorers {
                let at = if scorer.doc() < doc { scorer.seek(doc) } else { scorer.doc() };
                score += if at == doc { scorer.score() } else { 0.0 };
            }
            let address = DocAddress::new(segment as u32, doc);
            best.add(Ranked::new(score * factor(address), &orders, address));
        }
    }
    Ok(())
}

/// Adds what matches and holds none of the words that it was scored by.
fn complete(snapshot: &Snapshot, sets: &[Bits], best: &mut Best) -> tantivy::Result<()> {
    let all: u64 = sets.iter().map(Bits::count).sum();
    let found = best.heap.len();
    if found >= best.limit || found as u64 >= all {
        return Ok(());
    }
    let known: HashSet<DocAddress> = best.heap.iter().map(|hit| hit.0.address).collect();
    for (segment, (set, reader)) in sets.iter().zip(readers(snapshot)).enumerate() {
        let orders = orders(snapshot, reader)?;
        for doc in set.iter() {
            let address = DocAddress::new(segment as u32, doc);
            if !known.contains(&address) {
                best.add(Ranked::new(0.0, &orders, address));
            }
        }
    }
    Ok(())
}

/// The column that settles ties.
fn orders(snapshot: &Snapshot, reader: &SegmentReader) -> tantivy::Result<Column<u64>> {
    column(reader, snapshot.searcher.schema().get_field_name(snapshot.fields.order))
}

fn readers(snapshot: &Snapshot) -> &[SegmentReader] {
    snapshot.searcher.segment_readers()
}
