//! Items that a range leaves out because nobody knows whether they are in it: letters that print no date, and ages
//! that are redacted. Their number is told, since nothing may be lost without a word.

use super::compile::Compiler;
use super::engine::{Engine, SearchError};
use super::filter::{Condition, RangeField, range_field};
use super::matches::Matches;
use super::plan::Plan;
use super::request::Request;
use super::response::{Matched, QueryInfo};
use crate::query::Node;

/// Ranges of what every letter could say, and what that is; a request for a drug has no sessions.
const TOLD: [(RangeField, &str); 3] = [
    (RangeField::Decided, "date of decision"),
    (RangeField::Injured, "date of injury"),
    (RangeField::Age, "age"),
];

impl Engine<'_> {
    /// Notes on how many items match but for a range of what they do not say.
    pub(super) fn unknown_in_ranges(
        &self,
        request: &Request,
        plan: &Plan,
    ) -> Result<Vec<String>, SearchError> {
        let mut notes = Vec::new();
        for (field, what) in TOLD {
            let (others, asked) = without(plan.root.as_ref(), field);
            let (own, mut conditions): (Vec<Condition>, Vec<Condition>) =
                plan.conditions.iter().cloned().partition(|filter| is_wanted(filter, field));
            if !asked && own.is_empty() {
                continue;
            }
            conditions.push(Condition::without_any(field));
            let compiled = Compiler::new(self.known(), request.exact).compile(others.as_ref())?;
            let (matching, info) = (plan.matching, QueryInfo::default());
            let plan = Plan { compiled, matching, conditions, info, root: others };
            let unknown = Matches::new(self.snapshot, &plan)?.count(Matched::Full);
            if unknown > 0 {
                notes.push(format!("left out as their {what} is not known: {unknown} more"));
            }
        }
        Ok(notes)
    }
}

/// Whether a filter wants numbers of a field, or their bands.
fn is_wanted(filter: &Condition, wanted: RangeField) -> bool {
    match filter {
        Condition::Range { field, include, .. } => *field == wanted && !include.is_empty(),
        Condition::Facet { facet, include, .. } => {
            wanted.facet() == Some(facet) && !include.is_empty()
        }
    }
}

/// Whether a part of a query says something of a field and of nothing else, and excludes nothing.
fn is_only(node: &Node, field: RangeField) -> bool {
    match node {
        Node::Facet { facet, .. } => is_of(facet, field),
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().all(|node| is_only(node, field)),
        _ => false,
    }
}

fn is_of(name: &str, field: RangeField) -> bool {
    range_field(name) == Some(field) || field.facet() == Some(name)
}

/// A query without what its outermost conjunction says of a range, and whether it says something.
fn without(root: Option<&Node>, field: RangeField) -> (Option<Node>, bool) {
    let is_own = |node: &Node| is_only(node, field);
    match root {
        Some(Node::All(nodes)) => {
            let others: Vec<Node> = nodes.iter().filter(|node| !is_own(node)).cloned().collect();
            let asked = others.len() < nodes.len();
            ((!others.is_empty()).then_some(Node::All(others)), asked)
        }
        Some(node) if is_own(node) => (None, true),
        root => (root.cloned(), false),
    }
}
