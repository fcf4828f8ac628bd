//! Facet values in a query's tree to canonical paths; names that may be either are decided.

use super::filter::{FilterError, is_range};
use super::values::Known;
use crate::query::{Node, Span};
use crate::vocabulary::{UnknownValue, Vocabularies};

/// The tree with every facet value as a path that the facet has.
pub(super) fn resolve(node: &Node, known: Known<'_>) -> Result<Node, (FilterError, Span)> {
    let all = |nodes: &[Node]| {
        nodes.iter().map(|node| resolve(node, known)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match node {
        Node::All(nodes) => Node::All(all(nodes)?),
        Node::Any(nodes) => Node::Any(all(nodes)?),
        Node::Not(node) => Node::Not(Box::new(resolve(node, known)?)),
        Node::In(field, node) => Node::In(*field, Box::new(resolve(node, known)?)),
        Node::Facet { facet, .. } if is_range(facet) => node.clone(),
        Node::Facet { facet, value, span } => {
            let paths = known.facet(facet).and_then(|facet| known.paths(facet, value));
            let paths = paths.map_err(|error| (error, span.clone()))?;
            any_of(facet, paths, span)
        }
        Node::FacetOrWords { facet, value, words, span } => {
            match facet_values(known, facet, value) {
                Ok(Some(paths)) => any_of(facet, paths, span),
                Ok(None) => (**words).clone(),
                Err(error) => return Err((error, span.clone())),
            }
        }
        Node::Boost(node, weight) => Node::Boost(Box::new(resolve(node, known)?), *weight),
        Node::Word(_)
        | Node::Pattern(_)
        | Node::Fuzzy { .. }
        | Node::Phrase(_)
        | Node::Near { .. } => node.clone(),
    })
}

/// The words after a value that is none, with which it is one: what to write.
pub(super) fn with_next_words(
    error: &FilterError,
    after: &str,
    vocabularies: &Vocabularies,
) -> Option<String> {
    let FilterError::Value(UnknownValue { facet, typed, .. }) = error else { return None };
    let known = vocabularies.facet(facet)?;
    let mut name = typed.clone();
    after.split_whitespace().take(MAX_WORDS).find_map(|word| {
        name = format!("{name} {word}");
        known.resolve_in_full(&name)?;
        Some(format!("quote a name of several words: {facet}:\"{name}\""))
    })
}

/// The most words that are tried to go on a name.
const MAX_WORDS: usize = 4;

/// Any of a facet's values.
fn any_of(facet: &str, paths: Vec<String>, span: &Span) -> Node {
    let node = |value| Node::Facet { facet: facet.to_owned(), value, span: span.clone() };
    let mut nodes: Vec<Node> = paths.into_iter().map(node).collect();
    match nodes.pop() {
        Some(node) if nodes.is_empty() => node,
        last => Node::Any(nodes.into_iter().chain(last).collect()),
    }
}

/// The paths that a value names in full where it may also be words; an error where it starts as a
/// path does and goes on as none: a slip that as words would find nothing.
fn facet_values(
    known: Known<'_>,
    facet: &str,
    value: &str,
) -> Result<Option<Vec<String>>, FilterError> {
    let facet = known.facet(facet)?;
    let in_full = |value: &str| facet.resolve_in_full(value);
    if let Some(found) = in_full(value) {
        return Ok(Some(vec![found.path]));
    }
    match value.split_once('/') {
        Some((root, _)) if in_full(root).is_some() => known.paths(facet, value).map(Some),
        _ => Ok(None),
    }
}
