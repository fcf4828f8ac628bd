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
            match path(vocabularies, facet, value) {
                Ok(value) => Node::Facet { facet: facet.clone(), value, span: span.clone() },
                Err(_) => (**words).clone(),
            }
        }
        Node::Word(_) | Node::Phrase { .. } => node.clone(),
    })
}
