//! Tells sentences that state the outcome from sentences that give reasons, by rule.
//!
//! The rule is here, its words are data (`verdicts.toml`).

use crate::index::{Placed, printed_once};
use crate::letter::sentences;
use crate::vocabulary::{Phrases, Verdicts};
use foldhash::HashSet;
use std::ops::Range;

/// The rule with its words made ready.
pub struct VerdictRule<'v> {
    links: HashSet<&'v str>,
    between: HashSet<&'v str>,
    judgements: Vec<Vec<&'v str>>,
    phrases: Vec<Vec<&'v str>>,
    subjects: HashSet<&'v str>,
    words: HashSet<&'v str>,
    sources: HashSet<&'v str>,
}

/// A sentence of a rationale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its place, in bytes.
    pub place: Range<usize>,
    /// Whether it states the outcome.
    pub is_verdict: bool,
    /// The places of the clauses that give reasons.
    pub reasons: Vec<Range<usize>>,
}

impl<'v> VerdictRule<'v> {
    /// Makes the rule ready.
    pub fn new(verdicts: &'v Verdicts) -> Self {
        let set = |words: &'v Phrases| words.iter().collect();
        let split = |phrases: &'v Phrases| {
            phrases.iter().map(|phrase| phrase.split(' ').collect()).collect()
        };
        Self {
            links: set(&verdicts.links),
            between: set(&verdicts.between),
            judgements: split(&verdicts.judgements),
            phrases: split(&verdicts.phrases),
            subjects: set(&verdicts.subjects),
            words: set(&verdicts.words),
            sources: set(&verdicts.sources),
        }
    }

    /// Whether a word says how an item came out, wherever it stands.
    pub fn is_outcome_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// The sentences of a text.
    pub fn sentences(&self, text: &str) -> Vec<Sentence> {
        let words = printed_once(text);
        self.of_words(text, &words)
    }

    /// As [`VerdictRule::sentences`], with the words known.
    pub(super) fn of_words(&self, text: &str, words: &[Placed]) -> Vec<Sentence> {
        let mut rest = words;
        let sentences = sentences(text).into_iter().map(|place| {
            let end = rest.iter().take_while(|(at, _)| at.start < place.end).count();
            let (own, after) = rest.split_at(end);
            rest = after;
            let is_verdict = self.states(own);
            let mut reasons = clauses(text, &place);
            if is_verdict {
                // Up to what is judged, or the judgement, a sentence may give its reasons.
                let of = |clause: &Range<usize>| -> Vec<Placed> {
                    own.iter().filter(|(at, _)| clause.contains(&at.start)).cloned().collect()
                };
                let judged = |words: &[Placed]| {
                    words.iter().any(|(_, word)| self.subjects.contains(word.as_str()))
                };
                let concludes = |clause: &Range<usize>| {
                    let words = of(clause);
                    judged(&words) || self.states(&words)
                };
                let first = reasons.iter().position(concludes).unwrap_or(0);
                reasons.truncate(first);
            }
            let reasons = without(reasons, &self.names(text, own));
            Sentence { place, is_verdict, reasons }
        });
        sentences.collect()
    }

    /// The names of guidelines in a text: the capitalised words that lead to a word of such names, with it.
    fn names(&self, text: &str, words: &[Placed]) -> Vec<Range<usize>> {
        let begins_large = |at: usize| {
            let first = text[words[at].0.clone()].chars().next();
            first.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
        };
        let is_joint = |at: usize| matches!(words[at].1.as_str(), "and" | "of");
        let named = (0..words.len()).filter(|at| self.sources.contains(words[*at].1.as_str()));
        let name = |end: usize| {
            let mut start = end;
            for at in (end.saturating_sub(LONGEST_NAME)..end).rev() {
                if begins_large(at) {
                    start = at;
                } else if !is_joint(at) {
                    break;
                }
            }
            words[start].0.start..words[end].0.end
        };
        named.map(name).collect()
    }

    /// Whether words state an outcome.
    fn states(&self, words: &[Placed]) -> bool {
        (0..words.len()).any(|at| {
            let starts = |phrase: &Vec<&str>| begins(&words[at..], phrase);
            self.phrases.iter().any(starts)
                || self.judgements.iter().any(starts) && self.is_linked(&words[..at])
        })
    }

    /// Whether the words before a judgement join it to what is judged.
    fn is_linked(&self, before: &[Placed]) -> bool {
        for (_, word) in before.iter().rev() {
            if self.links.contains(word.as_str()) {
                return true;
            }
            if !self.between.contains(word.as_str()) && !word.ends_with("ly") {
                return false;
            }
        }
        false
    }
}

/// The most words of a guideline's name.
const LONGEST_NAME: usize = 8;

/// Places without others, which end in ascending order.
fn without(places: Vec<Range<usize>>, others: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut left = Vec::new();
    for place in places {
        let mut start = place.start;
        for other in others.iter().filter(|other| other.end > place.start) {
            if other.start >= place.end {
                break;
            }
            if other.start > start {
                left.push(start..other.start);
            }
            start = start.max(other.end);
        }
        if start < place.end {
            left.push(start..place.end);
        }
    }
    left
}

fn begins(words: &[Placed], phrase: &[&str]) -> bool {
    words.len() >= phrase.len()
        && words.iter().zip(phrase).all(|((_, word), wanted)| word == wanted)
}

/// The parts of a sentence between commas, semicolons, colons, brackets and dashes.
fn clauses(text: &str, sentence: &Range<usize>) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = sentence.start;
    let inside = &text[sentence.clone()];
    for (at, c) in inside.char_indices() {
        let next = inside[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        let before = inside[..at].chars().next_back().unwrap_or(' ');
        let parts = match c {
            ';' | '(' | ')' | '[' | ']' | '"' | '\u{201c}' | '\u{201d}' | '\u{2013}'
            | '\u{2014}' => true,
            ',' | ':' => next.is_whitespace(),
            '-' => next.is_whitespace() && before.is_whitespace(),
            _ => false,
        };
        if parts {
            clauses.push(start..sentence.start + at);
            start = sentence.start + at + c.len_utf8();
        }
    }
    clauses.push(start..sentence.end);
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabularies;

    #[test]
    fn verdicts_are_told_from_reasons() {
        let Ok(vocabularies) = Vocabularies::load(None) else { panic!("vocabularies") };
        let rule = VerdictRule::new(vocabularies.verdicts());
        for (text, verdict, reasons) in [
            ("Therefore, the request is not medically necessary.", true, vec!["Therefore"]),
            ("The brace was therefore found to be appropriate.", true, vec![]),
            (
                "The schedule recommends an initial trial of six visits.",
                false,
                vec![" recommends an initial trial of six visits."],
            ),
            (
                "Given the functional gain, the request for six visits, to the knee, is certified.",
                true,
                vec!["Given the functional gain"],
            ),
            ("Medical necessity has not been established.", true, vec![]),
            (
                "The Chronic Pain Guidelines support opioids for chronic pain.",
                false,
                vec![" support opioids for chronic pain."],
            ),
            (
                "Under the Low Back Complaints chapter of ACOEM six visits suffice.",
                false,
                vec!["Under the ", " of ", " six visits suffice."],
            ),
            (
                "There is no record of the number (six) of visits.",
                false,
                vec!["There is no record of the number ", "six", " of visits."],
            ),
        ] {
            let found = rule.sentences(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].is_verdict, verdict, "{text}");
            let shown: Vec<&str> =
                found[0].reasons.iter().map(|place| &text[place.clone()]).collect();
            assert_eq!(shown, reasons, "{text}");
        }
    }
}
