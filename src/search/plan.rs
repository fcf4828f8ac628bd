//! A request made ready.

use super::compile::{Compiled, FirstSight, Scoring};
use super::filter::Condition;
use super::request::Match;
use super::response::{Matched, QueryInfo};
use crate::query::Node;

/// A request made ready.
pub(super) struct Plan {
    pub(super) compiled: Compiled,
    pub(super) matching: Match,
    pub(super) conditions: Vec<Condition>,
    pub(super) info: QueryInfo,
    /// The query's tree, every facet value a path.
    pub(super) root: Option<Node>,
}

impl Plan {
    /// What a list's hits score by at first sight; `None` where there is nothing to score by.
    pub(super) fn scoring(&self, list: Matched) -> Option<FirstSight> {
        let required = &self.compiled.required;
        if list == Matched::Full {
            let scorings = required.iter().map(|part| &part.scoring);
            return Scoring::of(scorings, self.matching != Match::Any);
        }
        let scorings = required.iter().map(|part| match &part.guess {
            Some(guess) => &guess.scoring,
            None => &part.scoring,
        });
        Scoring::of(scorings, false)
    }
}
