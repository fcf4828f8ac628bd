//! The hits of a page: passages, what is missing, what the score is made of.

use super::fold::{fold, like_it};
use super::passages::{marks_in, passages};
use super::plan::Plan;
use super::proximity::{LOOKED_AT, reorder};
use super::request::{Request, Sort};
use super::response::{Contribution, Hit, Matched};
use super::top::{Ranked, Top};
use crate::index::read::term;
use crate::index::{Snapshot, StoreError};
use crate::query::Field;
use std::num::NonZeroU64;
use tantivy::collector::{Count, DocSetCollector};
use tantivy::query::{BooleanQuery, EnableScoring, Query, Scorer, Weight};
use tantivy::schema::Value;
use tantivy::{DocSet, TantivyDocument};

/// Makes pages of hits.
pub(super) struct Pages<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) request: &'a Request,
    pub(super) plan: &'a Plan,
}

/// A page of a list.
pub(super) struct Page {
    pub(super) hits: Vec<Hit>,
    /// Hits of the list up to the page's end, folded ones left out.
    pub(super) seen: usize,
    /// Items of the list, if they were counted on the way.
    pub(super) all: Option<u64>,
}

/// The parts of a query made ready to look at single items.
struct Parts<'a> {
    matched: Matched,
    /// What may be missing, with the words as typed.
    required: Vec<(&'a str, Box<dyn Weight>)>,
    /// What scores are the sum of; empty unless asked for.
    leaves: Vec<(&'a str, &'static str, Box<dyn Weight>)>,
}

impl Pages<'_> {
    /// A page of a list.
    pub(super) fn page(
        &self,
        query: &dyn Query,
        offset: usize,
        limit: usize,
        matched: Matched,
    ) -> Result<Page, StoreError> {
        let (ranked, all) = self.ranked(query, offset + limit, matched)?;
        let parts = self.parts(matched)?;
        let mut hits = Vec::new();
        for ranked in ranked.iter().skip(offset).take(limit) {
            let mut hit = self.hit(&parts, ranked)?;
            hit.folded = NonZeroU64::new(self.folded(query, ranked)?);
            hits.push(hit);
        }
        Ok(Page { seen: ranked.len(), hits, all })
    }

    /// The first hits of a list, those that stand for others only; and how many items the list has,
    /// where counting them is no detour.
    fn ranked(
        &self,
        query: &dyn Query,
        wanted: usize,
        matched: Matched,
    ) -> Result<(Vec<Ranked>, Option<u64>), StoreError> {
        if wanted == 0 {
            return Ok((Vec::new(), None));
        }
        let Self { snapshot, request, plan } = self;
        let schema = snapshot.searcher.schema();
        let nothing_sought = plan.compiled.required.is_empty() && plan.compiled.optional.is_empty();
        let mut top = Top {
            limit: wanted,
            sort: match request.sort {
                Sort::Relevance if nothing_sought => Sort::Newest,
                sort => sort,
            },
            dates: schema.get_field_name(snapshot.fields.decided),
            order: schema.get_field_name(snapshot.fields.order),
        };
        let by_words = top.sort == Sort::Relevance && !plan.compiled.pairs.is_empty();
        if by_words {
            top.limit = top.limit.max(LOOKED_AT);
        }
        loop {
            let (all, mut ranked) = if matched == Matched::Full {
                (None, snapshot.searcher.search(query, &top)?)
            } else {
                // Each of these is scored in any case: none can be passed over.
                let (all, ranked) = snapshot.searcher.search(query, &(Count, top))?;
                (Some(all as u64), ranked)
            };
            let ended = ranked.len() < top.limit;
            if by_words {
                reorder(snapshot, &plan.compiled.pairs, &mut ranked)?;
            }
            let folded = fold(snapshot, request.fold, ranked)?;
            if ended || folded.len() >= wanted {
                return Ok((folded.into_iter().take(wanted).collect(), all));
            }
            top.limit = (top.limit * 4).max(LOOKED_AT);
        }
    }

    /// How many other items of a list a hit stands for.
    fn folded(&self, query: &dyn Query, ranked: &Ranked) -> Result<u64, StoreError> {
        let like_it = like_it(self.snapshot, self.request.fold, ranked.address)?;
        let Some(like_it) = like_it else { return Ok(0) };
        let both = BooleanQuery::intersection(vec![query.box_clone(), like_it]);
        Ok((self.snapshot.searcher.search(&both, &Count)? as u64).saturating_sub(1))
    }

    /// Weights are built once a page: they look up every word.
    fn parts(&self, matched: Matched) -> tantivy::Result<Parts<'_>> {
        let scoring = || EnableScoring::enabled_from_searcher(&self.snapshot.searcher);
        let compiled = &self.plan.compiled;
        let mut parts = Parts { matched, required: Vec::new(), leaves: Vec::new() };
        if matched == Matched::Most {
            for part in &compiled.required {
                parts.required.push((&part.words, part.query.weight(scoring())?));
            }
        }
        if self.request.explain {
            for leaf in &compiled.leaves {
                parts.leaves.push((&leaf.text, leaf.field, leaf.query.weight(scoring())?));
            }
        }
        Ok(parts)
    }

    fn hit(&self, parts: &Parts, ranked: &Ranked) -> Result<Hit, StoreError> {
        let mut item = self.snapshot.item(ranked.address)?;
        let marks = &self.plan.compiled.marks;
        let mut found = passages(&item, None, marks);
        if !marks.is_empty() && found.iter().all(|passage| passage.marks.is_empty()) {
            let summary = self.summary(&item.letter)?;
            found = passages(&item, summary.as_deref(), marks);
        }
        let title_marks = marks_in(&item.item.title, Field::Title, marks);
        item.item.rationale = None;
        let missing = self.missing(parts, ranked)?;
        let matched = match parts.matched {
            Matched::Most if missing.len() * 2 >= parts.required.len() => Matched::Some,
            matched => matched,
        };
        Ok(Hit {
            item,
            score: ranked.score,
            matched,
            missing,
            folded: None,
            title_marks,
            passages: found,
            explanation: self.explanation(parts, ranked)?,
        })
    }

    /// The case summary of a letter, without reading its items.
    fn summary(&self, letter: &str) -> Result<Option<String>, StoreError> {
        let (fields, searcher) = (&self.snapshot.fields, &self.snapshot.searcher);
        let terms = vec![term(fields.kind, "letter"), term(fields.letter, letter)];
        let found = searcher.search(&BooleanQuery::intersection(terms), &DocSetCollector)?;
        let Some(address) = found.into_iter().min() else { return Ok(None) };
        let document: TantivyDocument = searcher.doc(address)?;
        let json = document.get_first(fields.record).and_then(|value| value.as_str());
        let record: Option<serde_json::Value> =
            json.and_then(|json| serde_json::from_str(json).ok());
        Ok(record.and_then(|record| record.get("summary")?.as_str().map(str::to_owned)))
    }

    /// The words that an item does not hold.
    fn missing(&self, parts: &Parts, ranked: &Ranked) -> tantivy::Result<Vec<String>> {
        let mut missing = Vec::new();
        for (words, weight) in &parts.required {
            if self.at(&**weight, ranked)?.is_none() {
                missing.push((*words).to_owned());
            }
        }
        Ok(missing)
    }

    /// What each word adds in each field, most first.
    fn explanation(
        &self,
        parts: &Parts,
        ranked: &Ranked,
    ) -> tantivy::Result<Option<Vec<Contribution>>> {
        if !self.request.explain {
            return Ok(None);
        }
        let mut all = Vec::new();
        for (word, field, weight) in &parts.leaves {
            if let Some(mut scorer) = self.at(&**weight, ranked)? {
                let word = (*word).to_owned();
                all.push(Contribution { word, field, score: scorer.score() });
            }
        }
        let sum: f32 = all.iter().map(|part| part.score).sum();
        if (ranked.score - sum).abs() > 0.001 {
            let score = ranked.score - sum;
            let word = if score > 0.0 { "words near each other" } else { "words not held" };
            all.push(Contribution { word: word.to_owned(), field: "query", score });
        }
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ok(Some(all))
    }

    /// A part's scorer at an item; `None` where the item does not match.
    fn at(&self, weight: &dyn Weight, ranked: &Ranked) -> tantivy::Result<Option<Box<dyn Scorer>>> {
        let segment = self.snapshot.searcher.segment_reader(ranked.address.segment_ord);
        let mut scorer = weight.scorer(segment, 1.0)?;
        let doc = ranked.address.doc_id;
        let matches = match scorer.doc() {
            first if first < doc => scorer.seek(doc) == doc,
            first => first == doc,
        };
        Ok(matches.then_some(scorer))
    }
}
