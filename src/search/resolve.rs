//! Facet values in a query's tree to canonical paths; names that may be either are decided.

use super::filter::{FilterError, path};
use crate::query::{Node, Span};
use crate::vocabulary::Vocabularies;

/// The tree with every facet value as a path that the facet has.
pub(super) fn resolve(
    node: &Node,
    vocabularies: &Vocabularies,
) -> Result<Node, (FilterError, Span)> {
    let all = |nodes: &[Node]| {
        nodes.iter().map(|node| resolve(node, vocabularies)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match node {
        Node::All(nodes) => Node::All(all(nodes)?),
        Node::Any(nodes) => Node::Any(all(nodes)?),
        Node::Not(node) => Node::Not(Box::new(resolve(node, vocabularies)?)),
        Node::In(field, node) => Node::In(*field, Box::new(resolve(node, vocabularies)?)),
        Node::Facet { facet, value, span } => {
            let value = path(vocabularies, facet, value).map_err(|error| (error, span.clone()))?;
            Node::Facet { facet: facet.clone(), value, span: span.clone() }
        }
        Node::FacetOrWords { facet, value, words, span } => {
            match facet_value(vocabularies, facet, value) {
                Ok(Some(value)) => Node::Facet { facet: facet.clone(), value, span: span.clone() },
                Ok(None) => (**words).clone(),
                Err(error) => return Err((error, span.clone())),
            }
        }
        Node::Word(_) | Node::Phrase { .. } => node.clone(),
    })
}

/// The path that a value names in full where it may also be words; an error where it starts as a
/// path does and goes on as none: a slip that as words would find nothing.
fn facet_value(
    vocabularies: &Vocabularies,
    facet: &str,
    value: &str,
) -> Result<Option<String>, FilterError> {
    let in_full = |value: &str| vocabularies.facet(facet)?.resolve_in_full(value);
    if let Some(found) = in_full(value) {
        return Ok(Some(found.path));
    }
    match value.split_once('/') {
        Some((root, _)) if in_full(root).is_some() => path(vocabularies, facet, value).map(Some),
        _ => Ok(None),
    }
}
