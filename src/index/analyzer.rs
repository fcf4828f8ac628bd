//! Cuts text into the tokens that are indexed and searched.
//!
//! Small words and negations are kept. `L4-5` and `L4/L5` give the same tokens; a number and its
//! unit are two (`7.5mg` is found by `7.5 mg`); `#60` and `5%` are found with and without their
//! mark; a hyphenated word is also found as one.
//!
//! What a query and what shows a text needs of them; an index is written by [`super::segment`] from the same tokens.

pub(crate) use super::cutter::Piece;
use super::cutter::{Cut, cut};
use super::stems::Stems;
use std::cell::RefCell;

/// The plain tokens of a typed word, without the further forms that an index holds.
pub(crate) fn plain(word: &str, stem: bool) -> Vec<String> {
    let mut tokens = Cut::default();
    cut(word, false, &mut tokens);
    let words = tokens.tokens.iter().map(|token| tokens.text(token));
    if !stem {
        return words.map(str::to_owned).collect();
    }
    with_stems(|stems| {
        words
            .map(|word| {
                let id = stems.of(word);
                stems.text(id).to_owned()
            })
            .collect()
    })
}

/// The words of a text as printed, with the further forms at a word's position.
pub(crate) struct Printed(Cut);

impl Printed {
    /// Those of a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut words = Cut::default();
        cut(text, true, &mut words);
        Self(words)
    }

    /// The words in their order.
    pub(crate) fn tokens(&self) -> &[Piece] {
        &self.0.tokens
    }

    /// A word in lower case.
    pub(crate) fn text(&self, token: &Piece) -> &str {
        self.0.text(token)
    }
}

/// Lends the stems that this thread remembers.
pub(crate) fn with_stems<T>(work: impl FnOnce(&mut Stems) -> T) -> T {
    thread_local! {
        static STEMS: RefCell<Stems> = RefCell::default();
    }
    STEMS.with_borrow_mut(|stems| {
        if stems.is_full() {
            *stems = Stems::default();
        }
        work(stems)
    })
}

/// A token and its place in a text, in bytes.
pub(crate) type Placed = (std::ops::Range<usize>, String);

/// The words of a text as printed in lower case, one at each position.
pub(crate) fn printed_once(text: &str) -> Vec<Placed> {
    let mut tokens = Cut::default();
    cut(text, false, &mut tokens);
    let word = |token| tokens.text(token).to_owned();
    tokens.tokens.iter().map(|token| (token.from..token.to, word(token))).collect()
}

/// The stems of a text, one at each position.
pub(crate) fn stems_once(text: &str) -> Vec<Placed> {
    let words = printed_once(text).into_iter();
    with_stems(|stems| {
        words
            .map(|(place, word)| {
                let id = stems.of(&word);
                (place, stems.text(id).to_owned())
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::super::parts::{PART, SENTENCE};
    use super::*;

    fn words(text: &str) -> String {
        plain(text, false).join(" ")
    }

    fn indexed(text: &str) -> Vec<(u32, String)> {
        let printed = Printed::of(text);
        let token = |token: &Piece| (token.position, printed.text(token).to_owned());
        printed.tokens().iter().map(token).collect()
    }

    #[test]
    fn spellings_that_are_one() {
        for same in [
            ["L4-5", "L4-L5", "l4/5"],
            ["L5S1", "L5-S1", "l5 s1"],
            ["L4L5S1", "L4 L5 S1", "L4-L5-S1"],
            ["7.5mg", "7.5 mg", "7.5 MG"],
            ["10/325", "10-325", "10 325"],
            ["patient's pain", "patient\u{2019}s pain", "PATIENT pain"],
            ["take .5 mg", "take 0.5mg", "take (.5mg)"],
        ] {
            assert_eq!(words(same[0]), words(same[1]));
            assert_eq!(words(same[0]), words(same[2]));
        }
        assert_eq!(words("L4-5"), "l4 l5");
        assert_eq!(words("1,000 of 7.5mg, 5/6"), "1000 of 7.5 mg 5 6");
        // A point that ends something is none of the next number.
        assert_eq!(words("p.5 ...5 a .x"), "p 5 5 a x");
    }

    #[test]
    fn further_forms_stand_at_the_same_position() {
        let token = |position, text: &str| (position, text.to_owned());
        assert_eq!(
            indexed("#60 5%"),
            [token(0, "60"), token(0, "#60"), token(1, "5"), token(1, "5%")]
        );
        assert_eq!(indexed(".5% a"), [token(0, "0.5"), token(0, "0.5%"), token(1, "a")]);
        assert_eq!(
            indexed("an H-wave unit"),
            [token(0, "an"), token(1, "hwave"), token(1, "h"), token(2, "wave"), token(3, "unit")]
        );
    }

    #[test]
    fn small_words_stay_and_words_are_stemmed() {
        assert_eq!(plain("not functional improvements", true), ["not", "function", "improv"]);
    }

    #[test]
    fn offsets_lie_in_the_text() {
        let text = "X-ray of L4-5, 10/325mg #60 \u{201c}don't\u{201d} 5% caf\u{e9}";
        let printed = Printed::of(text);
        assert!(printed.tokens().iter().all(|word| !text[word.from..word.to].is_empty()));
    }

    #[test]
    fn marks_part_words_and_sentences_do_not() {
        let token = |position, text: &str| (position, text.to_owned());
        assert_eq!(
            indexed("knee\u{1e}\u{1f}it is\u{1f}so\u{1e}"),
            [
                token(0, "knee"),
                token(1, PART),
                token(2, SENTENCE),
                token(2, "it"),
                token(3, "is"),
                token(4, SENTENCE),
                token(4, "so"),
                token(5, PART),
            ]
        );
    }
}
