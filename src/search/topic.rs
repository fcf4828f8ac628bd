//! What a query's words name: treatments and parts of the body, by their labels, aliases and terms.
//! Items that are about what is named rank before those that only speak of it.

use crate::query::Node;
use crate::vocabulary::{Facet, Value, Vocabularies};
use std::collections::BTreeSet;

/// The facets whose values are looked for.
const FACETS: [&str; 2] = ["treatment", "region"];

/// The longest name looked for, in words.
const MAX_WORDS: usize = 4;

/// The facet values that words standing side by side name, as facet and path.
pub(super) fn topics(nodes: &[Node], vocabularies: &Vocabularies) -> BTreeSet<(String, String)> {
    let names = names(nodes);
    let mut found = BTreeSet::new();
    if names.is_empty() {
        return found;
    }
    for facet in FACETS.iter().filter_map(|name| vocabularies.facet(name)) {
        for value in &facet.vocabulary.values {
            if is_named(value, &names) {
                found.insert((facet.name.clone(), value.path.clone()));
            }
        }
        found.extend(parents(facet, &names));
    }
    found
}

/// Phrases that mean much the same as ones that stand in a query, the query's own phrase first; for
/// phrases of several words only, since single words stand for too much.
pub(super) fn related(nodes: &[Node], vocabularies: &Vocabularies) -> Vec<(String, Vec<String>)> {
    let phrases = names(nodes).into_iter().filter(|name| name.contains(' '));
    let offered = phrases.map(|phrase| {
        let forms = vocabularies.expansions().related(&phrase);
        let forms: Vec<String> = forms.into_iter().map(str::to_owned).collect();
        (phrase, forms)
    });
    offered.filter(|(_, forms)| !forms.is_empty()).collect()
}

/// Values above others, such as "spine", named by the last part of their path.
fn parents(facet: &Facet, names: &BTreeSet<String>) -> Vec<(String, String)> {
    let paths = facet.vocabulary.values.iter().filter_map(|value| value.path.rsplit_once('/'));
    let found = paths.filter(|(parent, _)| names.contains(&parent.replace('-', " ")));
    found.map(|(parent, _)| (facet.name.clone(), parent.to_owned())).collect()
}

fn is_named(value: &Value, names: &BTreeSet<String>) -> bool {
    let printed = [&value.label].into_iter().chain(&value.aliases).chain(&value.terms);
    printed.into_iter().any(|name| names.iter().any(|known| is_same(known, name)))
}

/// Runs of words that stand side by side, in lower case, the last word also as a singular.
fn names(nodes: &[Node]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let words: Vec<Option<String>> = nodes
        .iter()
        .map(|node| match node {
            Node::Word(word) if !word.exact => Some(plain(&word.text)),
            Node::Phrase(phrase) if !phrase.exact => Some(plain(&phrase.text)),
            _ => None,
        })
        .collect();
    for start in 0..words.len() {
        let mut name = String::new();
        for word in words[start..].iter().take(MAX_WORDS) {
            let Some(word) = word else { break };
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(word);
            names.insert(name.clone());
            names.extend(name.strip_suffix('s').map(str::to_owned));
        }
    }
    names
}

/// Whether a name, made plain, is a known one.
fn is_same(known: &str, name: &str) -> bool {
    if !name.is_ascii() {
        return known == plain(name);
    }
    let plain =
        |byte: u8| if matches!(byte, b'-' | b'/') { b' ' } else { byte.to_ascii_lowercase() };
    known.len() == name.len()
        && known.bytes().zip(name.bytes()).all(|(a, b)| a == plain(b) || a == b)
}

/// Lower case, hyphens as spaces.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['-', '/'], " ")
}
