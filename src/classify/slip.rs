//! Sees through typing slips: one letter added, dropped, changed or swapped, but for a word's first,
//! which is hardly ever mistyped and tells many words apart.

use crate::vocabulary::{Token, Tokens, Vocabulary};
use std::collections::HashSet;

/// The shortest word in which a slip is seen through: shorter ones have too many neighbours.
const SHORTEST: usize = 6;

/// The shortest beginning of a word that does for the word.
const SHORTEST_STEM: usize = 7;

/// The words that a vocabulary's terms are made of.
#[derive(Debug)]
pub(super) struct Speller {
    words: ByFirstLetter,
    /// Beginnings of words whose endings vary.
    stems: ByFirstLetter,
    /// Words that no term has and that are no slips either.
    others: HashSet<String>,
}

impl Speller {
    /// `other` is another vocabulary that the same texts are read with: its words are no slips.
    pub(super) fn new(vocabulary: &Vocabulary, other: &Vocabulary) -> Self {
        let marked = vocabulary.markers.get("words").into_iter().flatten().map(str::to_owned);
        let others = marked.chain(words(other).map(|(word, _)| word)).collect();
        let (stems, words): (Vec<_>, Vec<_>) = words(vocabulary).partition(|(_, open)| *open);
        Self { words: ByFirstLetter::new(words), stems: ByFirstLetter::new(stems), others }
    }

    /// The tokens with slips put right; `None` if there are none.
    pub(super) fn correct(&self, tokens: &Tokens) -> Option<Tokens> {
        let mut slipped = false;
        let mut corrected = Tokens { normal: " ".to_owned(), tokens: Vec::new() };
        for token in &tokens.tokens {
            let word = &tokens.normal[token.normal.clone()];
            let right = self.right(word);
            slipped |= right.is_some();
            let start = corrected.normal.len();
            corrected.normal.push_str(right.unwrap_or(word));
            let normal = start..corrected.normal.len();
            corrected.tokens.push(Token { normal, source: token.source.clone() });
            corrected.normal.push(' ');
        }
        slipped.then_some(corrected)
    }

    /// The word that was meant, if one and only one is a slip away.
    fn right(&self, word: &str) -> Option<&str> {
        let plain = word.len() >= SHORTEST && word.bytes().all(|byte| byte.is_ascii_lowercase());
        if !plain || self.knows(word) {
            return None;
        }
        let words = self.words.of(word).filter(|known| is_slip(known, word));
        let mut near: Vec<&str> = words.map(String::as_str).collect();
        if near.is_empty() {
            let stems = self.stems.of(word).filter(|stem| begins_with_slip(stem, word));
            near.extend(stems.map(String::as_str));
        }
        // The singular also stands for the plural, a beginning for what it begins.
        near.sort_unstable();
        near.dedup_by(|longer, shorter| longer.starts_with(*shorter));
        match near.as_slice() {
            [right] => Some(right),
            _ => None,
        }
    }

    fn knows(&self, word: &str) -> bool {
        let singular = word.strip_suffix('s').unwrap_or(word);
        self.others.contains(word)
            || self.words.of(word).any(|known| known == word || known == singular)
            || self.stems.of(word).any(|stem| word.starts_with(stem.as_str()))
    }
}

/// Words in ASCII letters, in alphabetical order.
#[derive(Debug)]
struct ByFirstLetter(Vec<String>);

impl ByFirstLetter {
    fn new(words: Vec<(String, bool)>) -> Self {
        let mut words: Vec<String> = words.into_iter().map(|(word, _)| word).collect();
        words.sort_unstable();
        words.dedup();
        Self(words)
    }

    /// The words that begin as this one does.
    fn of(&self, word: &str) -> impl Iterator<Item = &String> {
        let first = word.as_bytes().first().copied();
        let start = self.0.partition_point(|known| known.as_bytes().first().copied() < first);
        let end = self.0.partition_point(|known| known.as_bytes().first().copied() <= first);
        self.0[start..end].iter()
    }
}

/// The words of a vocabulary's terms, and whether a word's ending is open.
fn words(vocabulary: &Vocabulary) -> impl Iterator<Item = (String, bool)> {
    let terms = vocabulary.values.iter().flat_map(|value| value.terms.iter().chain(&value.weak));
    terms.flat_map(|term| {
        let plain = term.trim_end_matches('*');
        let Tokens { normal, tokens } = Tokens::of(plain);
        let last = tokens.len();
        let words = tokens.into_iter().enumerate().map(|(at, token)| {
            (normal[token.normal].to_owned(), plain.len() < term.len() && at + 1 == last)
        });
        let long =
            |word: &str| word.len() >= SHORTEST && word.bytes().all(|b| b.is_ascii_lowercase());
        words.filter(|(word, _)| long(word)).collect::<Vec<_>>()
    })
}

fn is_slip(known: &str, word: &str) -> bool {
    known.len().abs_diff(word.len()) <= 1 && one_edit_apart(known.as_bytes(), word.as_bytes())
}

/// Whether a word begins with a slip of a stem.
fn begins_with_slip(stem: &str, word: &str) -> bool {
    stem.len() >= SHORTEST_STEM
        && (stem.len() - 1..=stem.len() + 1).any(|length| {
            word.len() > length && one_edit_apart(stem.as_bytes(), &word.as_bytes()[..length])
        })
}

/// Whether one letter added, dropped, changed or swapped with its neighbour makes `a` of `b`.
pub(super) fn one_edit_apart(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let dropped = a.get(1..) == Some(b) || b.get(1..) == Some(a);
    let changed = !a.is_empty() && !b.is_empty() && a[1..] == b[1..];
    let swapped = a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..];
    dropped || changed || swapped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Value;

    #[test]
    fn one_slip_and_no_more() {
        for slipped in ["diazempam", "diazpam", "diazepan", "daizepam"] {
            assert!(one_edit_apart(b"diazepam", slipped.as_bytes()), "{slipped}");
        }
        for other in ["diazepam", "lorazepam", "diazepams2"] {
            assert!(!one_edit_apart(b"diazepam", other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn words_of_longer_terms_and_beginnings_are_put_right() {
        let terms = ["functional capacity", "massage", "acupunct*", "walker"].map(str::to_owned);
        let value = Value { terms: terms.iter().collect(), ..Value::default() };
        let markers = [("words".to_owned(), ["message"].into_iter().collect())].into();
        let vocabulary = Vocabulary { values: vec![value], markers, ..Vocabulary::default() };
        let speller = Speller::new(&vocabulary, &Vocabulary::default());
        let right = |text: &str| speller.correct(&Tokens::of(text)).map(|tokens| tokens.normal);
        assert_eq!(right("Funtional capasity").as_deref(), Some(" functional capacity "));
        assert_eq!(right("acupunture, walkers").as_deref(), Some(" acupunct , walkers "));
        assert_eq!(right("a message on capacity"), None);
    }
}
