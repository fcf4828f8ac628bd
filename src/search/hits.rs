//! The hits of a page: passages, what is missing, what the score is made of.

use super::best::Ranked;
use super::bits::Bits;
use super::engine::{Engine, SearchError};
use super::fold::{leave_letters_of, letters_of, like_it};
use super::matches::Matches;
use super::passages::{marks_in, passages};
use super::plan::Plan;
use super::population::Place;
use super::rank::{Order, Ranker};
use super::request::{Fold, Request, Sort};
use super::response::{Contribution, Hit, Letters, Matched};
use super::segments::each_of;
use super::top::Listed;
use crate::index::{Snapshot, StoreError};
use crate::query::Field;
use std::num::NonZeroU64;
use tantivy::query::{EnableScoring, Weight};
use tantivy::{DocAddress, DocSet};

/// Makes pages of hits.
pub(super) struct Pages<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) request: &'a Request,
    pub(super) plan: &'a Plan,
    pub(super) matches: &'a Matches,
}

/// A page of a list.
#[derive(Default)]
pub(super) struct Page {
    pub(super) hits: Vec<Hit>,
    /// Hits of the list up to the page's end, folded ones left out.
    pub(super) seen: usize,
}

/// What may be missing in an item, with the words as typed.
type Wanted<'a> = Vec<(&'a str, Box<dyn Weight>)>;

impl Pages<'_> {
    /// A page of a list.
    pub(super) fn page(
        &self,
        list: Matched,
        offset: usize,
        limit: usize,
    ) -> Result<Page, StoreError> {
        if limit == 0 {
            return Ok(Page::default());
        }
        let sets = self.listed(list)?;
        let order = self.ordered(list, &sets, offset + limit)?;
        let wanted = self.wanted(list)?;
        let shown = order.hits.get(offset..).unwrap_or_default();
        let shown = &shown[..limit.min(shown.len())];
        let looks = Looks { snapshot: self.snapshot, plan: self.plan };
        let mut hits = each_of(shown.len(), |at| {
            let mut hit = looks.hit(list, &wanted, &shown[at])?;
            let folded = like_it(self.snapshot, self.request.fold, &shown[at], &sets)?;
            hit.folded = NonZeroU64::new(folded);
            Ok::<_, StoreError>(hit)
        })?;
        if self.request.explain {
            for (hit, ranked) in hits.iter_mut().zip(shown) {
                let looked_at = order.explained(ranked.address);
                hit.explanation = Some(looked_at.unwrap_or_else(|| vec![at_first_sight(ranked)]));
            }
        }
        Ok(Page { seen: order.hits.len(), hits })
    }

    /// The items of a list; where a letter is one hit, in one list.
    fn listed(&self, list: Matched) -> tantivy::Result<Vec<Bits>> {
        let listed = |list| -> Vec<Bits> {
            self.matches.segments.iter().map(|segment| segment.listed(list)).collect()
        };
        let mut sets = listed(list);
        if list == Matched::Most && self.request.fold == Fold::Letter {
            leave_letters_of(self.snapshot, &listed(Matched::Full), &mut sets)?;
        }
        Ok(sets)
    }

    /// The letters of the items that match in full, and those of other items that are listed.
    pub(super) fn letters(&self) -> tantivy::Result<Letters> {
        let letters = letters_of(self.snapshot, &self.listed(Matched::Full)?)?;
        let partial_letters = letters_of(self.snapshot, &self.listed(Matched::Most)?)?;
        Ok(Letters { letters, partial_letters })
    }

    /// The first hits of a list, those that stand for others only.
    fn ordered<'s>(
        &'s self,
        list: Matched,
        sets: &'s [Bits],
        wanted: usize,
    ) -> tantivy::Result<Order<'s>> {
        let listed = Listed { snapshot: self.snapshot, fold: self.request.fold, sets };
        if self.request.sort == Sort::Relevance && self.plan.compiled.ranks() {
            return Ranker::new(listed, self.plan, self.matches, list)?.order(wanted);
        }
        Ok(Order::of(listed.by_date(self.request.sort, wanted)?))
    }

    /// Weights are built once a page: they look up every word.
    fn wanted(&self, list: Matched) -> tantivy::Result<Wanted<'_>> {
        if list == Matched::Full {
            return Ok(Vec::new());
        }
        let scoring = EnableScoring::disabled_from_searcher(&self.snapshot.searcher);
        let parts = self.plan.compiled.required.iter();
        parts.map(|part| Ok((part.words.as_str(), part.query.weight(scoring)?))).collect()
    }
}

/// What an item looks like that a request finds.
struct Looks<'a> {
    snapshot: &'a Snapshot,
    plan: &'a Plan,
}

impl Looks<'_> {
    fn hit(&self, list: Matched, wanted: &Wanted<'_>, ranked: &Ranked) -> Result<Hit, StoreError> {
        let (mut item, summary) = self.snapshot.item_and_summary(ranked.address)?;
        let marks = &self.plan.compiled.marks;
        let mut found = passages(&item, None, marks);
        let shown = found.passages.iter().chain(&found.conclusion);
        if !marks.is_empty() && shown.into_iter().all(|passage| passage.marks.is_empty()) {
            found = passages(&item, summary.as_deref(), marks);
        }
        let title_marks = marks_in(&item.item.title, Field::Title, marks);
        item.item.rationale = None;
        let missing = self.missing(wanted, ranked)?;
        let matched = match list {
            Matched::Most if missing.len() * 2 >= wanted.len() => Matched::Some,
            list => list,
        };
        Ok(Hit {
            item,
            score: ranked.score,
            matched,
            missing,
            folded: None,
            title_marks,
            passages: found.passages,
            conclusion: found.conclusion,
            explanation: None,
        })
    }

    /// The words that an item does not hold.
    fn missing(&self, wanted: &Wanted<'_>, ranked: &Ranked) -> tantivy::Result<Vec<String>> {
        let segment = self.snapshot.searcher.segment_reader(ranked.address.segment_ord);
        let mut missing = Vec::new();
        for (words, weight) in wanted {
            let mut docs = weight.scorer(segment, 1.0)?;
            let doc = ranked.address.doc_id;
            let first = if docs.doc() < doc { docs.seek(doc) } else { docs.doc() };
            if first != doc {
                missing.push((*words).to_owned());
            }
        }
        Ok(missing)
    }
}

impl Engine<'_> {
    /// Items of a request that match in full as hits, without a score and in the order of their places given.
    ///
    /// # Errors
    /// If the query or a filter cannot be read, or the index cannot.
    pub fn hits(&self, request: &Request, places: &[Place]) -> Result<Vec<Hit>, SearchError> {
        let plan = self.plan(request)?;
        let looks = Looks { snapshot: self.snapshot, plan: &plan };
        let hits = each_of(places.len(), |at| {
            let Place { segment, doc } = places[at];
            let ranked = Ranked::new(0.0, 0, None, DocAddress::new(segment, doc));
            looks.hit(Matched::Full, &Vec::new(), &ranked)
        });
        Ok(hits?)
    }
}

/// What the score of a hit is made of that was not looked at closely.
fn at_first_sight(ranked: &Ranked) -> Contribution {
    Contribution { word: "words at first sight".to_owned(), field: "query", score: ranked.score }
}
