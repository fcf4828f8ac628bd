//! What was typed for a facet's value where the value has another name: an alias may be narrower or wider than the
//! value that it leads to, so a reader is told.

use crate::query::Node;
use crate::vocabulary::{Facet, Vocabularies, slug};

/// Notes on the values of filters, and of a query, that were typed by an alias.
pub(super) fn readings(
    filters: &[(String, String)],
    root: Option<&Node>,
    vocabularies: &Vocabularies,
) -> Vec<String> {
    let mut typed: Vec<(&str, &str)> = Vec::new();
    typed.extend(filters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    if let Some(root) = root {
        collect(root, &mut typed);
    }
    let mut notes: Vec<String> = Vec::new();
    for (name, value) in typed {
        let value = value.trim_start_matches('!').trim();
        let label = vocabularies.facet(name).and_then(|facet| other_name(facet, value));
        let note = label.map(|label| format!("{name}:{value} read as {label}"));
        notes.extend(note.filter(|note| !notes.contains(note)));
    }
    notes
}

/// The label of the value that an alias leads to.
fn other_name(facet: &Facet, typed: &str) -> Option<String> {
    let path = facet.resolve_in_full(typed)?.path;
    let label = facet.label_of(&path);
    let own = slug(typed) == slug(&label)
        || path.eq_ignore_ascii_case(typed)
        || path.rsplit('/').next() == Some(slug(typed).as_str());
    (!own).then_some(label)
}

/// The values of facets that a tree names.
fn collect<'n>(node: &'n Node, typed: &mut Vec<(&'n str, &'n str)>) {
    match node {
        Node::Facet { facet, value, .. } => typed.push((facet, value)),
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| collect(node, typed)),
        Node::Not(node) | Node::Boost(node, _) | Node::In(_, node) => collect(node, typed),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::unwrap_used)]
    fn only_other_names_are_told() {
        let vocabularies = Vocabularies::load(None).unwrap();
        let told = |value: &str| {
            readings(&[("treatment".to_owned(), value.to_owned())], None, &vocabularies)
        };
        assert_eq!(told("acupuncture"), [""; 0]);
        assert_eq!(told("Acupuncture"), [""; 0]);
        let [note] = &told("!MRI")[..] else { panic!("an alias is told of") };
        assert!(note.starts_with("treatment:MRI read as "), "{note}");
    }
}
