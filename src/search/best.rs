//! A hit in its place, and the best of many: of hits that are alike the best one only.

use foldhash::{HashMap, HashMapExt};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use tantivy::{DocAddress, Score};

/// A hit in its place: better ones are greater.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ranked {
    /// Greater is better.
    key: u64,
    /// Smaller comes first.
    order: u64,
    /// What hits that are alike have in common.
    pub(super) like: Option<u64>,
    pub(super) score: Score,
    pub(super) address: DocAddress,
}

impl Ranked {
    /// A hit by its score; of equals the smaller `order` comes first.
    pub(super) fn new(score: Score, order: u64, like: Option<u64>, address: DocAddress) -> Self {
        Self { key: relevance(score), order, like, score, address }
    }

    /// Ranks a hit by something else; greater is better.
    pub(super) fn by(mut self, key: u64) -> Self {
        self.key = key;
        self
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

/// The best hits so far.
pub(super) struct Best {
    limit: usize,
    /// Hits with the worst on top; some have been replaced by one that is like them.
    heap: BinaryHeap<Reverse<Ranked>>,
    /// The hit kept of those that are alike.
    kept: HashMap<u64, Ranked>,
    /// How many hits of the heap are replaced.
    replaced: usize,
}

impl Best {
    pub(super) fn new(limit: usize) -> Self {
        let heap = BinaryHeap::with_capacity(limit.min(1_000) + 1);
        Self { limit, heap, kept: HashMap::new(), replaced: 0 }
    }

    /// How many hits are kept.
    pub(super) fn len(&self) -> usize {
        self.heap.len() - self.replaced
    }

    /// The hits kept, in no order.
    pub(super) fn hits(&self) -> impl Iterator<Item = &Ranked> {
        self.heap.iter().map(|hit| &hit.0).filter(|hit| self.is_kept(hit))
    }

    /// Whether there are as many as wanted.
    pub(super) fn is_full(&self) -> bool {
        self.len() >= self.limit
    }

    pub(super) fn add(&mut self, hit: Ranked) {
        if self.is_full() && self.heap.peek().is_none_or(|worst| hit <= worst.0) {
            return;
        }
        if let Some(like) = hit.like {
            match self.kept.get(&like) {
                Some(known) if hit <= *known => return,
                Some(_) => self.replaced += 1,
                None => {}
            }
            self.kept.insert(like, hit);
        }
        self.heap.push(Reverse(hit));
        self.trim();
    }

    /// Takes in the hits of another part of the index.
    pub(super) fn merge(&mut self, other: &Self) {
        other.hits().for_each(|hit| self.add(*hit));
    }

    /// Drops what is too much, and from the top what is replaced.
    fn trim(&mut self) {
        while let Some(Reverse(worst)) = self.heap.peek() {
            if !self.is_kept(worst) {
                self.replaced -= 1;
            } else if self.len() > self.limit {
                worst.like.map(|like| self.kept.remove(&like));
            } else {
                return;
            }
            self.heap.pop();
        }
    }

    /// Whether a hit of the heap is not replaced.
    fn is_kept(&self, hit: &Ranked) -> bool {
        let kept = |like| self.kept.get(&like).is_some_and(|kept| kept.address == hit.address);
        hit.like.is_none_or(kept)
    }

    /// Just below the score of the last hit kept, so that its equals are still looked at.
    pub(super) fn threshold(&self) -> Score {
        match self.heap.peek() {
            Some(worst) if self.is_full() => worst.0.score.next_down(),
            _ => Score::MIN,
        }
    }

    /// The hits kept, best first.
    pub(super) fn sorted(self) -> Vec<Ranked> {
        let mut hits: Vec<Ranked> = self.hits().copied().collect();
        hits.sort_unstable_by(|a, b| b.cmp(a));
        hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The best of each kind, by sorting all.
    fn by_sorting(mut hits: Vec<Ranked>, limit: usize) -> Vec<DocAddress> {
        hits.sort_by(|a, b| b.cmp(a));
        let mut known = std::collections::HashSet::new();
        hits.retain(|hit| hit.like.is_none_or(|like| known.insert(like)));
        hits.iter().take(limit).map(|hit| hit.address).collect()
    }

    proptest! {
        #[test]
        fn the_best_of_each_kind_are_kept(
            given in prop::collection::vec((0_u8..40, prop::option::of(0_u64..12)), 0..200),
            limit in 0_usize..20,
        ) {
            let hits = given.iter().zip(0..).map(|((score, like), doc)| {
                Ranked::new(f32::from(*score), u64::from(doc / 2), *like, DocAddress::new(0, doc))
            });
            let hits: Vec<Ranked> = hits.collect();
            let mut best = Best::new(limit);
            let mut parts = [Best::new(limit), Best::new(limit), Best::new(limit)];
            for (at, hit) in hits.iter().enumerate() {
                best.add(*hit);
                parts[at % 3].add(*hit);
            }
            let [mut merged, second, third] = parts;
            merged.merge(&second);
            merged.merge(&third);
            let merged: Vec<DocAddress> = merged.sorted().iter().map(|hit| hit.address).collect();
            let kept: Vec<DocAddress> = best.sorted().iter().map(|hit| hit.address).collect();
            prop_assert_eq!(&kept, &by_sorting(hits, limit));
            prop_assert_eq!(merged, kept);
        }
    }
}
