//! The parts of the body that a request is for.
//!
//! Those that the title names; only if it names none, those that the rationale ties to the
//! request. Never the case summary's: it lists every complaint.

use super::slip::Speller;
use super::{Cut, Found, Lexicon, Place, add};
use crate::letter::Item;
use crate::vocabulary::{Hit, Matcher, Strength, Tokens, Vocabulary, alternatives};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::ops::Range;

/// A value for a part of the body whose place is not named ends so.
const UNSPECIFIED: &str = "/unspecified";

/// How many words may lie between what ties a region to the request and the region.
const TIE_REACH: usize = 8;

/// The regions and the phrases that tie one to a request.
#[derive(Debug)]
pub(super) struct Regions {
    lexicon: Lexicon,
    speller: Speller,
    tie: Matcher,
    /// As `tie` before the words for this patient, whatever else the sentence says of patients in general.
    own: Matcher,
    person: Matcher,
    /// As `tie`, where the sentence names what is asked for.
    usage: Matcher,
    general: Matcher,
    /// The words of all kinds of ties: most sentences hold none.
    hints: AhoCorasick,
}

/// Tells whether a sentence names what is asked for.
type NamesRequest<'n> = dyn Fn(&Cut<'_>) -> bool + 'n;

impl Regions {
    pub(super) fn new(
        vocabulary: &Vocabulary,
        treatments: &Vocabulary,
    ) -> Result<Self, aho_corasick::BuildError> {
        let group = |name: &str| vocabulary.markers.get(name).into_iter().flatten();
        let whole = group("tie").chain(group("use")).flat_map(alternatives);
        // "Treat" is no hint where "treatment" stands.
        let own = group("own").flat_map(alternatives).map(|term| format!("{term} "));
        let hints = whole.chain(own);
        Ok(Self {
            lexicon: Lexicon::new(vocabulary)?,
            speller: Speller::new(vocabulary, treatments),
            tie: vocabulary.marker("tie")?,
            own: vocabulary.marker("own")?,
            person: vocabulary.marker("person")?,
            usage: vocabulary.marker("use")?,
            general: vocabulary.marker("general")?,
            hints: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .kind(Some(AhoCorasickKind::DFA))
                .build(hints)?,
        })
    }

    /// Reads the body regions of an item.
    pub(super) fn read(
        &self,
        item: &Item,
        title: &Cut<'_>,
        names_request: &NamesRequest<'_>,
    ) -> Vec<Found> {
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
        let mut tied = Vec::new();
        for sentence in sentences(item.rationale.as_deref().unwrap_or_default()) {
            self.tied(sentence, names_request, &mut tied);
        }
        tied
    }

    /// The regions that a sentence of the rationale ties to the request.
    fn tied(&self, sentence: &str, names_request: &NamesRequest<'_>, found: &mut Vec<Found>) {
        if !self.hints.is_match(sentence) {
            return;
        }
        let sentence = Cut::new(sentence);
        let tokens = |matcher: &Matcher| -> Vec<Range<usize>> {
            let hits = matcher.find(sentence.text, &sentence.tokens).into_iter();
            hits.map(|hit| hit.tokens).collect()
        };
        let (mut ties, usage) = (tokens(&self.tie), tokens(&self.usage));
        // "Is used for" speaks of patients in general, "is used for her" of this one.
        let own = followed(&tokens(&self.own), &tokens(&self.person));
        let within = |general: &Range<usize>| own.iter().any(|tie| is_mostly(general, tie));
        let general = || tokens(&self.general).iter().any(|general| !within(general));
        if (ties.is_empty() && usage.is_empty() && own.is_empty()) || general() {
            return;
        }
        ties.extend(own);
        if !usage.is_empty() && names_request(&sentence) {
            ties.extend(usage);
        }
        for hit in self.lexicon.hits(&sentence) {
            let near = ties
                .iter()
                .any(|tie| tie.end <= hit.tokens.start && hit.tokens.start - tie.end <= TIE_REACH);
            if near && !self.lexicon.path(&hit).ends_with(UNSPECIFIED) {
                add(found, self.lexicon.found(&hit, &sentence, Place::Rationale));
            }
        }
    }
}

/// Words with others that follow on them.
fn followed(words: &[Range<usize>], others: &[Range<usize>]) -> Vec<Range<usize>> {
    let after = |words: &Range<usize>| others.iter().find(|other| other.start == words.end);
    words.iter().filter_map(|words| Some(words.start..after(words)?.end)).collect()
}

/// Whether more than half of some words are others'.
fn is_mostly(words: &Range<usize>, others: &Range<usize>) -> bool {
    let shared = words.end.min(others.end).saturating_sub(words.start.max(others.start));
    shared * 2 > words.len()
}

fn is_specific(found: &Found) -> bool {
    !found.path.ends_with(UNSPECIFIED)
}

/// Cuts a text after each full stop that a space follows.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(". ").map(str::trim)
}

/// The regions that a title names; those that a structure hints at only where it names none.
fn named(regions: &Lexicon, text: &Cut<'_>) -> Vec<Found> {
    let mut hits = regions.hits(text);
    if hits.iter().any(|hit| hit.strength == Strength::Strong) {
        hits.retain(|hit| hit.strength == Strength::Strong);
    }
    let mut found = Vec::new();
    for hit in &hits {
        if !is_part_of_another(regions, hit, &hits, &text.tokens) {
            add(&mut found, regions.found(hit, text, Place::Title));
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
