//! The parts of the body that a request is for.
//!
//! Those that the title names; only if it names none, those that the rationale says it is for. Never the case summary's: it lists every complaint.

use super::slip::Speller;
use super::tied::{Asked, Ties};
use super::{Cut, Found, Lexicon, Place, add};
use crate::letter::Item;
use crate::vocabulary::{Hit, Strength, Vocabulary};

/// A value for a part of the body whose place is not named ends so.
pub(super) const UNSPECIFIED: &str = "/unspecified";

/// The regions and how letters name them.
#[derive(Debug)]
pub(super) struct Regions {
    lexicon: Lexicon,
    speller: Speller,
    ties: Ties,
}

impl Regions {
    pub(super) fn new(
        vocabulary: &Vocabulary,
        treatments: &Vocabulary,
    ) -> Result<Self, aho_corasick::BuildError> {
        Ok(Self {
            lexicon: Lexicon::new(vocabulary)?,
            speller: Speller::new(vocabulary, treatments),
            ties: Ties::new(vocabulary)?,
        })
    }

    /// The parts of the body that a text names, each time.
    pub(super) fn hits(&self, text: &Cut<'_>) -> Vec<Hit> {
        self.lexicon.hits(text)
    }

    /// Reads the body regions of an item.
    pub(super) fn read(&self, item: &Item, asked: &Asked<'_>) -> Vec<Found> {
        let title = asked.title;
        let found = named(&self.lexicon, title);
        if found.iter().any(is_specific) {
            return found;
        }
        let corrected = self.speller.correct(&title.tokens);
        let corrected = corrected.map(|tokens| Cut { text: title.text, tokens });
        let meant = corrected.map(|title| named(&self.lexicon, &title)).unwrap_or_default();
        if meant.iter().any(is_specific) {
            return meant;
        }
        if !found.is_empty() {
            return found;
        }
        let rationale = item.rationale.as_deref().unwrap_or_default();
        self.ties.read(&self.lexicon, rationale, asked)
    }
}

fn is_specific(found: &Found) -> bool {
    !found.path.ends_with(UNSPECIFIED)
}

/// The regions that a title names; those that a structure hints at only where it names none.
fn named(regions: &Lexicon, text: &Cut<'_>) -> Vec<Found> {
    let mut hits = regions.hits(text);
    if hits.iter().any(|hit| hit.strength == Strength::Strong) {
        hits.retain(|hit| hit.strength == Strength::Strong);
    }
    let mut found = Vec::new();
    for hit in &hits {
        if !is_part_of_another(regions, hit, &hits, text) {
            add(&mut found, regions.found(hit, text, Place::Title));
        }
    }
    found
}

/// Whether a general word only completes a sibling: the spine of "lumbar spine". One that is an
/// entry of a list ("neck, back") stands for itself.
fn is_part_of_another(regions: &Lexicon, hit: &Hit, hits: &[Hit], text: &Cut<'_>) -> bool {
    let Some(parent) = regions.path(hit).strip_suffix(UNSPECIFIED) else { return false };
    let sibling = |other: &Hit| {
        let path = regions.path(other);
        path.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/') && rest != UNSPECIFIED)
    };
    let before = hit.tokens.start.checked_sub(1).map_or("", |at| text.token(at));
    let listed =
        [before, text.token(hit.tokens.end)].iter().any(|t| matches!(*t, "," | ";" | "and"));
    let follows = hits.iter().any(|other| sibling(other) && other.tokens.end == hit.tokens.start);
    follows || (!listed && hits.iter().any(sibling))
}
