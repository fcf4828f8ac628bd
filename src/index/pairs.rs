//! Pairs of frequent words that stand side by side, as terms of their own.
//!
//! Phrases of frequent words are the slow ones: many items hold the words, and the places would have to be compared in
//! each. A phrase with a rare word needs no such term. The list of what is frequent is part of the schema: an index
//! that was written with another list would be searched wrongly.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Stems that at least one in a hundred disputed items holds, in alphabetical order, without small words. From 207 items of
/// real letters and lists of common words of English and of the field.
pub(super) const FREQUENT: &str = include_str!("frequent_stems.txt");

static STEMS: LazyLock<Vec<&str>> = LazyLock::new(|| FREQUENT.lines().collect());
static NUMBERS: LazyLock<HashMap<&str, u16>> =
    LazyLock::new(|| STEMS.iter().copied().zip(0..).collect());

/// The number of a stem if it is a frequent one.
pub(super) fn frequent(stem: &str) -> Option<u16> {
    NUMBERS.get(stem).copied()
}

/// The term of two stems side by side, if both are frequent: then every item that holds them so has it, and no other.
fn pair(first: &str, second: &str) -> Option<String> {
    let both = frequent(first).and(frequent(second)).is_some();
    both.then(|| [first, " ", second].concat())
}

/// Of stems one after the other, each but the last: the term of it and the next.
pub(crate) fn pairs<S: AsRef<str>>(stems: &[Option<S>]) -> Vec<Option<String>> {
    let both = |two: &[Option<S>]| pair(two[0].as_ref()?.as_ref(), two[1].as_ref()?.as_ref());
    stems.windows(2).map(both).collect()
}

/// Finds the pairs of a text that is shown to it word by word.
#[derive(Debug, Default)]
pub(super) struct Finder {
    /// The place of the last frequent stem, the stems there and those right before; a place may have several.
    position: u32,
    here: Vec<u16>,
    before: Vec<u16>,
    /// Each pair found, as one number.
    pub(super) found: Vec<u32>,
}

impl Finder {
    /// Begins a text.
    pub(super) fn clear(&mut self) {
        self.here.clear();
        self.before.clear();
        self.found.clear();
    }

    /// Shows the stem at a place by its number, if it is frequent.
    pub(super) fn see(&mut self, position: u32, stem: Option<u16>) {
        let Some(stem) = stem else { return };
        if position != self.position {
            std::mem::swap(&mut self.here, &mut self.before);
            self.here.clear();
            if position != self.position + 1 {
                self.before.clear();
            }
            self.position = position;
        }
        let all = STEMS.len() as u32;
        let pairs = self.before.iter().map(|first| u32::from(*first) * all + u32::from(stem));
        self.found.extend(pairs);
        self.here.push(stem);
    }
}

/// The term of a pair that was found.
pub(super) fn text_of(pair: u32) -> String {
    let (first, second) = (pair as usize / STEMS.len(), pair as usize % STEMS.len());
    [STEMS[first], " ", STEMS[second]].concat()
}

#[cfg(test)]
mod tests {
    use super::super::analyzer::plain;
    use super::*;

    #[test]
    fn the_list_is_sorted_and_has_no_word_twice() {
        assert!(STEMS.is_sorted_by(|a, b| a < b));
        assert!(STEMS.iter().all(|stem| stem.chars().all(char::is_alphabetic)));
    }

    #[test]
    fn a_query_names_the_same_pairs() {
        let stems = plain("functional improvements", true);
        assert_eq!(pair(&stems[0], &stems[1]).as_deref(), Some("function improv"));
        assert_eq!(pair("function", "zebra"), None);
        assert_eq!(pair("of", "pain"), None);
    }
}
