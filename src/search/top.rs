//! The first hits of a list, with ties in the fixed order of identities, so that pages neither repeat nor
//! lose a hit.

use super::best::{Best, Ranked};
use super::bits::Bits;
use super::compile::FirstSight;
use super::fold;
use super::request::{Fold, Sort};
use super::segments::shared;
use crate::index::Snapshot;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId, DocSet, Score, SegmentReader};

/// A column of numbers; an empty one where no document of the segment has a number.
pub(super) fn column(reader: &SegmentReader, name: &str) -> tantivy::Result<Column<u64>> {
    let column = reader.fast_fields().column_opt(name)?;
    Ok(column.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())))
}

/// Where fewer than one in so many of the documents of the words are hits, hits are looked up one by one.
const FEW: u64 = 8;

/// A score without its last bits: in which order a sum is taken depends on what other threads have found, and what comes
/// first then hardly ever does.
fn steady(score: Score) -> Score {
    const LAST_BITS: u32 = (1 << 10) - 1;
    Score::from_bits(score.to_bits() & !LAST_BITS)
}

/// How many times as much a hit counts.
pub(super) type Factor<'a> = dyn Fn(DocAddress) -> Score + Sync + 'a;

/// The greatest of the scores that several threads know to be needed.
#[derive(Default)]
struct Least(AtomicU32);

impl Least {
    /// Takes in what one thread knows; scores are not negative, so their bits sort as they do.
    fn at_least(&self, score: Score) -> Score {
        let bits = if score > 0.0 { score.to_bits() } else { 0 };
        match self.0.fetch_max(bits, Ordering::Relaxed).max(bits) {
            0 => Score::MIN,
            bits => Score::from_bits(bits),
        }
    }
}

/// Items to be put in order, of which hits that are alike count once.
pub(super) struct Listed<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) fold: Fold,
    /// The items, by segment.
    pub(super) sets: &'a [Bits],
}

/// The items of one segment.
struct Segment<'a> {
    ordinal: u32,
    set: &'a Bits,
    reader: &'a SegmentReader,
    /// What settles ties.
    orders: Column<u64>,
    /// What items that are alike have in common.
    likes: Option<Column<u64>>,
}

impl Segment<'_> {
    fn hit(&self, doc: DocId, score: Score) -> Ranked {
        let order = self.orders.first(doc).unwrap_or(u64::MAX);
        let like = self.likes.as_ref().and_then(|likes| likes.first(doc));
        Ranked::new(score, order, like, self.address(doc))
    }

    fn address(&self, doc: DocId) -> DocAddress {
        DocAddress::new(self.ordinal, doc)
    }
}

impl<'a> Listed<'a> {
    /// How many items there are.
    pub(super) fn count(&self) -> u64 {
        self.sets.iter().map(Bits::count).sum()
    }

    fn column(&self, reader: &SegmentReader, field: Field) -> tantivy::Result<Column<u64>> {
        column(reader, self.snapshot.searcher.schema().get_field_name(field))
    }

    fn segment(&self, ordinal: u32) -> tantivy::Result<Segment<'a>> {
        let reader = self.snapshot.searcher.segment_reader(ordinal);
        let orders = self.column(reader, self.snapshot.fields.order)?;
        let likes = fold::field(self.snapshot, self.fold);
        let likes = likes.map(|field| self.column(reader, field)).transpose()?;
        Ok(Segment { ordinal, set: &self.sets[ordinal as usize], reader, orders, likes })
    }

    /// The best of all segments' hits, which `add` adds to those that its thread has.
    fn best(
        &self,
        limit: usize,
        add: impl Fn(&Segment<'_>, &mut Best) -> tantivy::Result<()> + Sync,
    ) -> tantivy::Result<Best> {
        let bests = shared(
            self.sets.len(),
            || Best::new(limit),
            |best, at| add(&self.segment(at as u32)?, best),
        )?;
        let best = bests.into_iter().reduce(|mut best, other| {
            best.merge(&other);
            best
        });
        Ok(best.unwrap_or_else(|| Best::new(limit)))
    }

    /// The first hits by date.
    pub(super) fn by_date(&self, sort: Sort, limit: usize) -> tantivy::Result<Vec<Ranked>> {
        let best = self.best(limit, |segment, best| {
            let dates = self.column(segment.reader, self.snapshot.fields.decided)?;
            for doc in segment.set.iter() {
                let date = dates.first(doc);
                let key = match sort {
                    Sort::Oldest => date.map_or(0, |date| u64::MAX - date),
                    Sort::Newest | Sort::Relevance => date.unwrap_or(0),
                };
                best.add(segment.hit(doc, 0.0).by(key));
            }
            Ok(())
        })?;
        Ok(best.sorted())
    }

    /// The first hits by what they score at first sight, `factor` times each.
    pub(super) fn by_score(
        &self,
        sight: Option<&FirstSight>,
        factor: &Factor<'_>,
        limit: usize,
    ) -> tantivy::Result<Vec<Ranked>> {
        let mut best = match sight {
            Some(sight) if sight.sure || self.are_many(sight) => {
                self.prune(sight, factor, limit)?
            }
            Some(sight) => self.look_up(sight, factor, limit)?,
            None => Best::new(limit),
        };
        self.complete(&mut best)?;
        Ok(best.sorted())
    }

    /// All items, not yet scored, also those that are alike.
    pub(super) fn all(&self) -> tantivy::Result<Vec<Ranked>> {
        let mut hits = Vec::new();
        for ordinal in 0..self.sets.len() {
            let segment = self.segment(ordinal as u32)?;
            hits.extend(segment.set.iter().map(|doc| segment.hit(doc, 0.0)));
        }
        hits.sort_unstable_by(|a, b| b.cmp(a));
        Ok(hits)
    }

    /// Whether many of the documents of the words are hits.
    fn are_many(&self, sight: &FirstSight) -> bool {
        self.count() * FEW > sight.documents(&self.snapshot.searcher)
    }

    /// Scores hits in the order of documents; those that cannot reach the page are passed over.
    fn prune(
        &self,
        sight: &FirstSight,
        factor: &Factor<'_>,
        limit: usize,
    ) -> tantivy::Result<Best> {
        let scoring = EnableScoring::enabled_from_searcher(&self.snapshot.searcher);
        let weight = sight.query().weight(scoring)?;
        // What the best hits of any thread score at least.
        let least = Least::default();
        self.best(limit, |segment, best| {
            let mut threshold = least.at_least(best.threshold());
            weight.for_each_pruning(threshold, segment.reader, &mut |doc, score| {
                if segment.set.contains(doc) {
                    let score = steady(score * factor(segment.address(doc)));
                    if score > threshold {
                        best.add(segment.hit(doc, score));
                        threshold = least.at_least(best.threshold());
                    }
                }
                threshold
            })
        })
    }

    /// Scores hits one by one.
    fn look_up(
        &self,
        sight: &FirstSight,
        factor: &Factor<'_>,
        limit: usize,
    ) -> tantivy::Result<Best> {
        let scoring = EnableScoring::enabled_from_searcher(&self.snapshot.searcher);
        let words: Vec<Box<dyn Weight>> =
            sight.each().iter().map(|word| word.weight(scoring)).collect::<tantivy::Result<_>>()?;
        self.best(limit, |segment, best| {
            let scorers = words.iter().map(|word| word.scorer(segment.reader, 1.0));
            let mut scorers: Vec<Box<dyn Scorer>> = scorers.collect::<tantivy::Result<_>>()?;
            for doc in segment.set.iter() {
                let mut score = 0.0;
                for scorer in &mut scorers {
                    let at = if scorer.doc() < doc { scorer.seek(doc) } else { scorer.doc() };
                    score += if at == doc { scorer.score() } else { 0.0 };
                }
                score = steady(score * factor(segment.address(doc)));
                if score > best.threshold() {
                    best.add(segment.hit(doc, score));
                }
            }
            Ok(())
        })
    }

    /// Adds what matches and holds none of the words that it was scored by.
    fn complete(&self, best: &mut Best) -> tantivy::Result<()> {
        if best.is_full() || best.len() as u64 >= self.count() {
            return Ok(());
        }
        let known: HashSet<DocAddress> = best.hits().map(|hit| hit.address).collect();
        for ordinal in 0..self.sets.len() {
            let segment = self.segment(ordinal as u32)?;
            for doc in segment.set.iter() {
                if !known.contains(&segment.address(doc)) {
                    best.add(segment.hit(doc, 0.0));
                }
            }
        }
        Ok(())
    }
}
