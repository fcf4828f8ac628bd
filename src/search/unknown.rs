//! Items that a range leaves out, or that are left where it is excluded, although nobody knows whether they are in it:
//! letters that print no date, and ages that are redacted. Their number is told, since nothing may be lost without a
//! word.

use super::bits::Bits;
use super::compile::Compiler;
use super::conditions::range_field as column_of;
use super::engine::{Engine, SearchError};
use super::filter::{Condition, RangeField, range_field};
use super::matches::{Matches, SegmentMatches};
use super::number_docs::NumberDocs;
use super::plan::Plan;
use super::request::Request;
use super::response::{Matched, QueryInfo};
use super::segments::each;
use crate::query::Node;
use tantivy::TantivyError;

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
        matches: &Matches,
    ) -> Result<Vec<String>, SearchError> {
        let mut notes = Vec::new();
        for (field, what) in TOLD {
            let (others, asked) = without(plan.root.as_ref(), field);
            let own = |at: &usize| is_wanted(&plan.conditions[*at], field);
            let own: Vec<usize> = (0..plan.conditions.len()).filter(own).collect();
            let unknown = match (asked, own.as_slice()) {
                (false, []) => 0,
                (false, [only]) => {
                    // Those that fail the range and no other filter.
                    let failing =
                        |segment: &SegmentMatches| segment.failing_only(Matched::Full, *only);
                    self.without_number(matches, field, failing)?
                }
                _ => self.unknown_without(request, plan, field, others)?,
            };
            if unknown > 0 {
                notes.push(format!("left out as their {what} is not known: {unknown} more"));
            }
            let excluded = plan.conditions.iter().any(|filter| is_excluded(filter, field))
                || excludes(plan.root.as_ref(), field);
            let taken = if excluded {
                let listed = |segment: &SegmentMatches| segment.listed(Matched::Full);
                self.without_number(matches, field, listed)?
            } else {
                0
            };
            if taken > 0 {
                notes.push(format!("of {taken} of these the {what} is not known"));
            }
        }
        Ok(notes)
    }

    /// How many of some items of each segment have no number of a field.
    pub(super) fn without_number(
        &self,
        matches: &Matches,
        field: RangeField,
        items: impl Fn(&SegmentMatches) -> Bits + Sync,
    ) -> Result<u64, SearchError> {
        let known = NumberDocs::any(column_of(self.snapshot, field));
        let searcher = &self.snapshot.searcher;
        let counted = each(searcher, |number| {
            let items = items(&matches.segments[number as usize]);
            let known = known.docs(searcher.segment_reader(number))?;
            Ok::<_, TantivyError>(items.count() - items.held(&known))
        })?;
        Ok(counted.iter().sum())
    }

    /// The items without a number of a field that match the rest of a query in which the range stands.
    fn unknown_without(
        &self,
        request: &Request,
        plan: &Plan,
        field: RangeField,
        others: Option<Node>,
    ) -> Result<u64, SearchError> {
        let is_other = |filter: &&Condition| !is_wanted(filter, field);
        let conditions = plan.conditions.iter().filter(is_other).cloned().collect();
        let compiled = Compiler::new(self.known(), request.exact).compile(others.as_ref())?;
        let (matching, info) = (plan.matching, QueryInfo::default());
        let plan = Plan { compiled, matching, conditions, info, root: others };
        let matches = Matches::new(self.snapshot, &plan)?;
        self.without_number(&matches, field, |segment| segment.listed(Matched::Full))
    }
}

/// Whether a filter wants numbers of a field, or their bands.
fn is_wanted(filter: &Condition, wanted: RangeField) -> bool {
    match filter {
        Condition::Range { field, include, .. } => *field == wanted && !include.is_empty(),
        Condition::Facet { facet, .. } => wanted.facet() == Some(facet),
        Condition::NoFacet { .. } | Condition::Reasons { .. } => false,
    }
}

/// Whether a filter only excludes numbers of a field, or their bands.
fn is_excluded(filter: &Condition, field: RangeField) -> bool {
    match filter {
        Condition::Range { field: own, include, .. } => *own == field && include.is_empty(),
        Condition::NoFacet { facet, .. } => field.facet() == Some(facet),
        Condition::Facet { .. } | Condition::Reasons { .. } => false,
    }
}

/// Whether the outermost conjunction of a query excludes what a field says.
fn excludes(root: Option<&Node>, field: RangeField) -> bool {
    let is_own = |node: &Node| matches!(node, Node::Not(inner) if is_only(inner, field));
    match root {
        Some(Node::All(nodes)) => nodes.iter().any(is_own),
        root => root.is_some_and(is_own),
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
