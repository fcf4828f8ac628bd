//! The parts of the body that a request is for.
//!
//! Those that the title names; only if it names none, those that the rationale ties to the
//! request. Never the case summary's: it lists every complaint.

use super::{Found, Lexicon, Place, add};
use crate::letter::Item;
use crate::vocabulary::{Hit, Tokens};

/// A value for a part of the body whose place is not named ends so.
const UNSPECIFIED: &str = "/unspecified";

/// Reads the body regions of an item.
pub(super) fn read(regions: &Lexicon, item: &Item) -> Vec<Found> {
    let named = named(regions, &item.title, Place::Title);
    if !named.is_empty() {
        return named;
    }
    Vec::new()
}

/// The regions that a text names.
fn named(regions: &Lexicon, text: &str, from: Place) -> Vec<Found> {
    let tokens = Tokens::of(text);
    let hits = regions.matcher.find(text, &tokens);
    let mut found = Vec::new();
    for hit in &hits {
        if !is_part_of_another(regions, hit, &hits, &tokens) {
            add(&mut found, regions.found(hit, text, from));
        }
    }
    found
}

/// Whether a general word only completes its neighbour: the spine of "lumbar spine".
fn is_part_of_another(regions: &Lexicon, hit: &Hit, hits: &[Hit], tokens: &Tokens) -> bool {
    let Some(parent) = regions.path(hit).strip_suffix(UNSPECIFIED) else { return false };
    let sibling = |other: &&Hit| {
        let path = regions.path(other);
        path.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/') && rest != UNSPECIFIED)
    };
    hits.iter().filter(sibling).any(|other| {
        let (first, second) = if other.tokens.start < hit.tokens.start {
            (&other.tokens, &hit.tokens)
        } else {
            (&hit.tokens, &other.tokens)
        };
        tokens.tokens[first.end.min(second.start)..second.start]
            .iter()
            .all(|between| matches!(&tokens.normal[between.normal.clone()], "(" | ")" | ":"))
    })
}
