//! Finds a passage of an item in the text of its letter: line ends, spaces and hyphens apart it must stand there
//! letter for letter.
//!
//! Items of a letter often have sentences in common, so a passage is looked for behind the reasons of the items before.

use crate::letter::sentences;
use crate::record::LetterRecord;
use serde::Serialize;
use std::ops::Range;

/// Where a passage stands in a letter's text as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TextPlace {
    /// First and last line, from 1, as `imr show --source` prints them.
    pub lines: [usize; 2],
}

/// The text of a letter from an item on.
pub(super) struct ItemText<'t> {
    text: &'t str,
    letters: Letters,
    /// How many bytes of the letters come before the item's.
    start: usize,
}

impl<'t> ItemText<'t> {
    /// Finds the item of an identity.
    pub(super) fn new(letter: &LetterRecord, id: &str, text: &'t str) -> Self {
        let letters = Letters::of(text);
        let before = letter.items.iter().take_while(|item| item.id != id);
        let before: Vec<&str> = before.filter_map(|item| item.rationale.as_deref()).collect();
        let mut start = 0;
        for (at, rationale) in before.iter().enumerate() {
            // Reasons that are given for several items may be printed once.
            start = match letters.end_of(rationale, start) {
                Some(end) => end,
                None if before[..at].contains(rationale) => start,
                None => letters.end_of_sentences(rationale, start),
            };
        }
        Self { text, letters, start }
    }

    /// The place of a passage of the item; `None` where a page's head or foot stands inside it or it was put together.
    pub(super) fn locate(&self, passage: &str) -> Option<TextPlace> {
        self.locate_from(passage, self.start).or_else(|| self.locate_from(passage, 0))
    }

    /// The place of a passage that all items of the letter have in common.
    pub(super) fn locate_common(&self, passage: &str) -> Option<TextPlace> {
        self.locate_from(passage, 0)
    }

    fn locate_from(&self, passage: &str, start: usize) -> Option<TextPlace> {
        let found = self.letters.find(passage, start)?;
        let place = |at: usize| self.letters.places.get(at).copied();
        let line = |end: usize| self.text[..end].matches(['\n', '\x0c']).count() + 1;
        Some(TextPlace { lines: [line(place(found.start)?), line(place(found.end - 1)?)] })
    }
}

/// A text without spaces, line ends and hyphens.
struct Letters {
    letters: String,
    /// Of each byte of the letters, where its character begins in the text.
    places: Vec<usize>,
}

impl Letters {
    fn of(text: &str) -> Self {
        let (mut letters, mut places) = (String::with_capacity(text.len()), Vec::new());
        for (place, letter) in text.char_indices().filter(|(_, c)| counts(*c)) {
            letters.push(letter);
            places.resize(letters.len(), place);
        }
        Self { letters, places }
    }

    /// Where a passage stands from a place on, as bytes of the letters.
    fn find(&self, passage: &str, start: usize) -> Option<Range<usize>> {
        let wanted: String = passage.chars().filter(|c| counts(*c)).collect();
        let found = self.letters[start..].find(&wanted).filter(|_| !wanted.is_empty())?;
        Some(start + found..start + found + wanted.len())
    }

    fn end_of(&self, passage: &str, start: usize) -> Option<usize> {
        self.find(passage, start).map(|found| found.end)
    }

    /// The end of the sentences of a text that stand one behind the other from a place on.
    fn end_of_sentences(&self, text: &str, start: usize) -> usize {
        let sentences = sentences(text).into_iter();
        sentences.fold(start, |start, place| self.end_of(&text[place], start).unwrap_or(start))
    }
}

/// Whether a character is looked at.
fn counts(c: char) -> bool {
    let hyphen = matches!(c, '-' | '\u{ad}' | '\u{2010}' | '\u{2011}');
    !c.is_whitespace() && !c.is_control() && !hyphen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::ItemRecord;

    fn letter(rationales: &[&str]) -> LetterRecord {
        let items = rationales.iter().zip(1..).map(|(rationale, number)| ItemRecord {
            id: format!("one/{number}"),
            rationale: Some((*rationale).to_owned()),
            ..ItemRecord::default()
        });
        LetterRecord { items: items.collect(), ..LetterRecord::default() }
    }

    fn lines(letter: &LetterRecord, item: u32, text: &str, passage: &str) -> Option<[usize; 2]> {
        let item = ItemText::new(letter, &format!("one/{item}"), text);
        item.locate(passage).map(|place| place.lines)
    }

    #[test]
    fn passages_are_found_over_line_ends() {
        let text = "A head\n\nThe brace is of func-\ntional use.\nNo more.";
        let place = |passage| lines(&letter(&[""]), 1, text, passage);
        assert_eq!(place("The brace is of functional use."), Some([3, 4]));
        assert_eq!(place("No more."), Some([5, 5]));
        assert_eq!(place("Not there."), None);
        assert_eq!(place(""), None);
    }

    #[test]
    fn a_sentence_that_items_share_is_the_item_s_own() {
        let text = "A.\nIt is so.\nPage 2\nIt is not.\nB.\nIt is so.\nC.\nIt is so.\nAll.";
        let letter = letter(&["A. It is so. It is not.", "B. It is so.", "C. It is so. All."]);
        for (item, line) in [(1, 2), (2, 6), (3, 8)] {
            assert_eq!(lines(&letter, item, text, "It is so."), Some([line, line]));
        }
    }

    #[test]
    fn reasons_given_for_several_items_are_printed_once() {
        let text = "A and B.\nIt is so.\nC.\nIt is so.";
        let letter = letter(&["It is so.", "It is so.", "It is so."]);
        assert_eq!(lines(&letter, 1, text, "It is so."), Some([2, 2]));
        assert_eq!(lines(&letter, 2, text, "It is so."), Some([4, 4]));
        assert_eq!(lines(&letter, 3, text, "It is so."), Some([2, 2]));
    }
}
