//! A request made ready: what full matches hold, and what holds most of it.

use super::compile::Compiled;
use super::conditions::every_item;
use super::excluded::excluded;
use super::filter::Condition;
use super::request::Match;
use super::response::QueryInfo;
use crate::index::Snapshot;
use tantivy::query::{BooleanQuery, Occur, Query};

/// A request made ready.
pub(super) struct Plan {
    pub(super) compiled: Compiled,
    pub(super) conditions: Vec<Condition>,
    pub(super) info: QueryInfo,
}

impl Plan {
    /// What every full match meets.
    pub(super) fn full(&self, matching: Match, snapshot: &Snapshot) -> Box<dyn Query> {
        let required = self.compiled.required.iter().map(|(_, query)| query.box_clone());
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

    /// What holds most of the words but not all; `None` where that is not asked for, or where
    /// most of the words are all of them.
    pub(super) fn partial(&self, matching: Match, snapshot: &Snapshot) -> Option<Box<dyn Query>> {
        let required = &self.compiled.required;
        if matching != Match::Most || required.len() < 3 {
            return None;
        }
        let queries = required.iter().map(|(_, query)| query.box_clone()).collect();
        let most = required.len() / 2 + 1;
        let most = BooleanQuery::union_with_minimum_required_clauses(queries, most);
        let full = self.full(Match::All, snapshot);
        Some(self.surround(vec![(Occur::Must, Box::new(most)), (Occur::MustNot, excluded(full))]))
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
