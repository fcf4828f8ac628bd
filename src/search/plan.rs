//! A request made ready: what full matches hold, and what holds most of it.

use super::compile::Compiled;
use super::conditions::every_item;
use super::coverage::Coverage;
use super::excluded::excluded;
use super::filter::Condition;
use super::request::Match;
use super::response::QueryInfo;
use crate::index::Snapshot;
use tantivy::query::{BooleanQuery, Occur, Query};

/// The share of the words' weight that is most of them.
const MOST: f32 = 0.3;

/// A request made ready.
pub(super) struct Plan {
    pub(super) compiled: Compiled,
    pub(super) conditions: Vec<Condition>,
    pub(super) info: QueryInfo,
}

impl Plan {
    /// What every full match meets.
    pub(super) fn full(&self, matching: Match, snapshot: &Snapshot) -> Box<dyn Query> {
        let required = self.compiled.required.iter().map(|part| part.query.box_clone());
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = match matching {
            Match::Any if self.compiled.required.len() > 1 => {
                vec![(Occur::Must, Box::new(BooleanQuery::union(required.collect())))]
            }
            _ => required.map(|query| (Occur::Must, query)).collect(),
        };
        if clauses.is_empty() {
            clauses.push((Occur::Must, every_item(snapshot)));
        }
        self.surround(clauses)
    }

    /// What holds most of the words by their weight, but not all; `None` where that is not asked
    /// for, or where there is nothing to leave out.
    pub(super) fn partial(&self, matching: Match, snapshot: &Snapshot) -> Option<Box<dyn Query>> {
        let required = &self.compiled.required;
        if matching != Match::Most {
            return None;
        }
        let parts = required.iter().filter_map(|part| match &part.guess {
            Some((guess, weight)) => Some((guess.box_clone(), *weight)),
            None => (part.weight > 0.0).then(|| (part.query.box_clone(), part.weight)),
        });
        let parts: Vec<_> = parts.collect();
        let lacking = required.iter().any(|part| part.weight == 0.0);
        if parts.is_empty() || parts.len() < 2 && !lacking {
            return None;
        }
        let most = Box::new(Coverage::new(parts, MOST));
        let full = self.full(Match::All, snapshot);
        Some(self.surround(vec![(Occur::Must, most), (Occur::MustNot, excluded(full))]))
    }

    /// Adds what holds for every match: words that only score, exclusions, conditions.
    fn surround(&self, mut clauses: Vec<(Occur, Box<dyn Query>)>) -> Box<dyn Query> {
        let add = |clauses: &mut Vec<_>, occur, queries: &[Box<dyn Query>]| {
            clauses.extend(queries.iter().map(|query| (occur, query.box_clone())));
        };
        add(&mut clauses, Occur::Should, &self.compiled.optional);
        add(&mut clauses, Occur::MustNot, &self.compiled.excluded);
        add(&mut clauses, Occur::Must, &self.compiled.conditions);
        Box::new(BooleanQuery::new(clauses))
    }
}
