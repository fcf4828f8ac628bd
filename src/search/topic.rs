//! What a query's words name: treatments and parts of the body, by their labels, aliases and terms.
//! Items that are about what is named rank before those that only speak of it.

use crate::query::Node;
use crate::vocabulary::{Facet, Value, Vocabularies};
use std::collections::BTreeMap;
use std::ops::Range;

/// The facets whose values are looked for.
const FACETS: [&str; 2] = ["treatment", "region"];

/// The longest name looked for, in words.
const MAX_WORDS: usize = 4;

/// A facet's name and a value's path.
type Named = (String, String);

/// The facet values that words standing side by side name, with the nodes of these words.
pub(super) fn topics(nodes: &[Node], vocabularies: &Vocabularies) -> BTreeMap<Named, Range<usize>> {
    let names = names(nodes);
    let mut found: BTreeMap<Named, Range<usize>> = BTreeMap::new();
    let mut add = |facet: &Facet, path: &str, words: Range<usize>| {
        let known = found.entry((facet.name.clone(), path.to_owned())).or_insert(words.clone());
        if known.len() < words.len() {
            *known = words;
        }
    };
    // Few of the thousands of known names are as long as one of these.
    let lengths = names.keys().fold(0, |all, name| all | length(name));
    for facet in FACETS.iter().filter_map(|name| vocabularies.facet(name)) {
        for value in &facet.vocabulary.values {
            let known: Vec<&str> = known_names(value, lengths).collect();
            let parent = parent(value).filter(|parent| length(parent) & lengths != 0);
            if known.is_empty() && parent.is_none() {
                continue;
            }
            for (name, words) in &names {
                if known.iter().any(|known| is_same(name, known)) {
                    add(facet, &value.path, words.clone());
                }
                if let Some(parent) = parent.filter(|parent| is_same(name, parent)) {
                    add(facet, parent, words.clone());
                }
            }
        }
    }
    found
}

/// The length of a name as one bit of many.
fn length(name: &str) -> u64 {
    1 << (name.len() % 64)
}

/// Phrases that mean much the same as ones that stand in a query, the query's own phrase first; for
/// phrases of several words only, since single words stand for too much.
pub(super) fn related(nodes: &[Node], vocabularies: &Vocabularies) -> Vec<(String, Vec<String>)> {
    let names = names(nodes);
    let phrases = names.keys().filter(|name| name.contains(' '));
    let offered = phrases.map(|phrase| {
        let forms = vocabularies.expansions().related(phrase).into_iter();
        let others = forms.filter(|form| !names.contains_key(&plain(form)));
        (phrase.clone(), others.map(str::to_owned).collect::<Vec<_>>())
    });
    let offered: Vec<_> = offered.filter(|(_, forms)| !forms.is_empty()).collect();
    let is_longest = |phrase: &str| {
        !offered.iter().any(|(other, _)| other.len() > phrase.len() && other.contains(phrase))
    };
    let longest = offered.iter().filter(|(phrase, _)| is_longest(phrase)).cloned();
    longest.chain(quoted(nodes, vocabularies)).collect()
}

/// What the words in quotation marks also mean, which are searched as they are typed there.
fn quoted(nodes: &[Node], vocabularies: &Vocabularies) -> Vec<(String, Vec<String>)> {
    let phrases = nodes.iter().filter_map(|node| match node {
        Node::Phrase(phrase) if !phrase.exact => Some(phrase.text.as_str()),
        _ => None,
    });
    let offered = phrases.map(|phrase| {
        let words: Vec<&str> = phrase.split(' ').collect();
        let with = |at: usize, form: &str| -> String {
            [&words[..at], &[form], &words[at + 1..]].concat().join(" ")
        };
        let forms = words.iter().enumerate().flat_map(|(at, word)| {
            let forms = vocabularies.expansions().of(word).into_iter();
            forms.map(|form| with(at, form)).collect::<Vec<_>>()
        });
        (phrase.to_lowercase(), forms.collect::<Vec<_>>())
    });
    offered.filter(|(_, forms)| !forms.is_empty()).collect()
}

/// The value above another, such as "spine", which is named by its path.
fn parent(value: &Value) -> Option<&str> {
    Some(value.path.rsplit_once('/')?.0)
}

/// What a value is called, in names of some lengths.
fn known_names(value: &Value, lengths: u64) -> impl Iterator<Item = &str> {
    let label = Some(value.label.as_str()).filter(|label| length(label) & lengths != 0);
    let lists = [&value.aliases, &value.terms].into_iter();
    label.into_iter().chain(lists.flat_map(move |list| of_lengths(list.text(), lengths)))
}

/// The lines of a text that have some lengths. There are thousands: only those are made out that may be meant.
fn of_lengths(text: &str, lengths: u64) -> impl Iterator<Item = &str> {
    let mut start = 0;
    memchr::memchr_iter(b'\n', text.as_bytes()).filter_map(move |end| {
        let line = start..end;
        start = end + 1;
        (1 << (line.len() % 64) & lengths != 0).then(|| &text[line])
    })
}

/// Runs of words that stand side by side, in lower case, the last word also as a singular; with the nodes
/// of the words.
fn names(nodes: &[Node]) -> BTreeMap<String, Range<usize>> {
    let mut names = BTreeMap::new();
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
        for (at, word) in words.iter().enumerate().skip(start).take(MAX_WORDS) {
            let Some(word) = word else { break };
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(word);
            names.insert(name.clone(), start..at + 1);
            names.extend(name.strip_suffix('s').map(|name| (name.to_owned(), start..at + 1)));
        }
    }
    names
}

/// Whether a name, made plain, is a known one. Making plain leaves the length as it is but for a few letters of
/// other alphabets, which names do not have.
fn is_same(known: &str, name: &str) -> bool {
    if known.len() != name.len() {
        return false;
    }
    if !name.is_ascii() {
        return known == plain(name);
    }
    let plain =
        |byte: u8| if matches!(byte, b'-' | b'/') { b' ' } else { byte.to_ascii_lowercase() };
    known.bytes().zip(name.bytes()).all(|(a, b)| a == plain(b) || a == b)
}

/// Lower case, hyphens as spaces.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['-', '/'], " ")
}
