//! The parts of the body that a request is for.
//!
//! Those that the title names; only if it names none, those that the rationale ties to the
//! request. Never the case summary's: it lists every complaint.

use super::{Found, Lexicon, Place, add};
use crate::letter::Item;
use crate::vocabulary::{Hit, Matcher, Tokens, Vocabulary};

/// A value for a part of the body whose place is not named ends so.
const UNSPECIFIED: &str = "/unspecified";

/// How many words may lie between what ties a region to the request and the region.
const TIE_REACH: usize = 8;

/// The regions and the phrases that tie one to a request.
#[derive(Debug)]
pub(super) struct Regions {
    lexicon: Lexicon,
    tie: Matcher,
    general: Matcher,
}

impl Regions {
    pub(super) fn new(vocabulary: &Vocabulary) -> Result<Self, aho_corasick::BuildError> {
        Ok(Self {
            lexicon: Lexicon::new(vocabulary)?,
            tie: vocabulary.marker("tie")?,
            general: vocabulary.marker("general")?,
        })
    }

    /// Reads the body regions of an item.
    pub(super) fn read(&self, item: &Item) -> Vec<Found> {
        let named = named(&self.lexicon, &item.title, Place::Title);
        if !named.is_empty() {
            return named;
        }
        let mut tied = Vec::new();
        for sentence in sentences(item.rationale.as_deref().unwrap_or_default()) {
            self.tied(sentence, &mut tied);
        }
        tied
    }

    /// The regions that a sentence of the rationale ties to the request.
    fn tied(&self, sentence: &str, found: &mut Vec<Found>) {
        let tokens = Tokens::of(sentence);
        let ties = self.tie.find(sentence, &tokens);
        if ties.is_empty() || !self.general.find(sentence, &tokens).is_empty() {
            return;
        }
        for hit in self.lexicon.matcher.find(sentence, &tokens) {
            let near = ties.iter().any(|tie| {
                tie.tokens.end <= hit.tokens.start && hit.tokens.start - tie.tokens.end <= TIE_REACH
            });
            if near && !self.lexicon.path(&hit).ends_with(UNSPECIFIED) {
                add(found, self.lexicon.found(&hit, sentence, Place::Rationale));
            }
        }
    }
}

/// Cuts a text after each full stop that a space follows.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(". ").map(str::trim)
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

/// Whether a general word only completes a sibling: the spine of "lumbar spine". One that is an
/// entry of a list ("neck, back") stands for itself.
fn is_part_of_another(regions: &Lexicon, hit: &Hit, hits: &[Hit], tokens: &Tokens) -> bool {
    let Some(parent) = regions.path(hit).strip_suffix(UNSPECIFIED) else { return false };
    let sibling = |other: &Hit| {
        let path = regions.path(other);
        path.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/') && rest != UNSPECIFIED)
    };
    let token = |at: usize| {
        let token = tokens.tokens.get(at);
        token.map_or("", |token| &tokens.normal[token.normal.clone()])
    };
    let before = hit.tokens.start.checked_sub(1).map_or("", token);
    let listed = [before, token(hit.tokens.end)].iter().any(|t| matches!(*t, "," | ";" | "and"));
    let follows = hits.iter().any(|other| sibling(other) && other.tokens.end == hit.tokens.start);
    follows || (!listed && hits.iter().any(sibling))
}
