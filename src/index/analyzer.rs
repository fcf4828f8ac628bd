//! Cuts text into the tokens that are indexed and searched.
//!
//! Small words and negations are kept. `L4-5` and `L4/L5` give the same tokens; a number and its
//! unit are two (`7.5mg` is found by `7.5 mg`); `#60` and `5%` are found with and without their
//! mark; a hyphenated word is also found as one.
//!
//! Two tokenizers serve the index, both over a text in parts (see [`super::parts`]): one gives the
//! words as printed with their places, the other their stems as often as their part weighs.

pub(crate) use super::cutter::Piece;
use super::cutter::{Cut, cut};
use super::parts::{PART, SENTENCE, WEIGHTS, last_part};
use super::stems::Stems;
use std::cell::RefCell;
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

/// The tokenizer of the field with words as printed.
pub(crate) const WORDS: &str = "imr_words";
/// The tokenizer of the field that ranks.
pub(crate) const RANKED: &str = "imr_ranked";

/// The tokenizers that the index needs.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(WORDS, TextAnalyzer::from(Words::default()));
    manager.register(RANKED, TextAnalyzer::from(Ranked::default()));
    manager
}

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

thread_local! {
    /// The text that was cut last on this thread, and its tokens: one field is given a text, the other the same
    /// without its last part.
    static LAST: RefCell<(String, Cut)> = RefCell::default();
}

/// Leaves the tokens of a text for whoever cuts it next.
fn leave_last(text: &str, tokens: &mut Cut) {
    LAST.with_borrow_mut(|(known, last)| {
        known.clear();
        known.push_str(text);
        std::mem::swap(last, tokens);
    });
}

/// Takes the tokens of a text if it was the last; whether it was.
fn take_last(text: &str, tokens: &mut Cut) -> bool {
    LAST.with_borrow_mut(|(known, last)| {
        let is_last = !text.is_empty() && known == text;
        if is_last {
            known.clear();
            std::mem::swap(last, tokens);
        }
        is_last
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

/// Words as printed, in lower case, and marks of parts and sentences.
#[derive(Debug, Default)]
pub(crate) struct Words {
    cut: Cut,
}

impl Clone for Words {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        if !take_last(text, &mut self.cut) {
            self.cut.clear();
            cut(text, true, &mut self.cut);
        }
        WordStream { cut: &self.cut, next: 0, token: Token::default() }
    }
}

/// The words of one text.
pub(crate) struct WordStream<'a> {
    cut: &'a Cut,
    next: usize,
    token: Token,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(token) = self.cut.tokens.get(self.next) else { return false };
        self.next += 1;
        self.token.text.clear();
        self.token.text.push_str(self.cut.text(token));
        self.token.position = token.position as usize;
        (self.token.offset_from, self.token.offset_to) = (token.from, token.to);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Stems, each as often as its part weighs, so that one frequency holds the weights of all parts; of a
/// part that weighs nothing, those that stand nowhere else, once.
#[derive(Debug, Default)]
pub(crate) struct Ranked {
    cut: Cut,
    stems: Stems,
    last_part: LastPart,
    /// The stems to give.
    given: Vec<u32>,
    /// Of each stem, the number of the last text that gave it.
    seen: Vec<u32>,
    text: u32,
}

impl Clone for Ranked {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Ranked {
    /// Cuts a text; its last part only if it is not that of the text before. Returns the other parts.
    fn cut<'t>(&mut self, text: &'t str) -> &'t str {
        let (parts, last_part) = text.split_at(last_part(text));
        self.cut.clear();
        cut(parts, true, &mut self.cut);
        self.last_part.read(last_part, &mut self.stems);
        parts
    }

    fn weigh(&mut self) {
        self.given.clear();
        self.text += 1;
        let mut part = 0;
        for at in 0..self.cut.tokens.len() {
            match self.cut.text(&self.cut.tokens[at]) {
                PART => part += 1,
                SENTENCE => {}
                word => {
                    let stem = self.stems.of(word);
                    self.give(stem, weight(part));
                }
            }
        }
        for at in 0..self.last_part.stems.len() {
            self.give(self.last_part.stems[at], weight(part));
        }
    }

    fn give(&mut self, stem: u32, weight: Option<u8>) {
        let at = stem as usize;
        if self.seen.len() <= at {
            self.seen.resize(at + 1, 0);
        }
        let first = std::mem::replace(&mut self.seen[at], self.text) != self.text;
        let times = weight.unwrap_or(u8::from(first));
        self.given.extend(std::iter::repeat_n(stem, times.into()));
    }
}

/// How much a part weighs, by its number.
fn weight(part: usize) -> Option<u8> {
    WEIGHTS[part.min(WEIGHTS.len() - 1)]
}

/// The last part of a text, remembered: the items of a letter end in the same case summary.
#[derive(Debug, Default)]
struct LastPart {
    text: String,
    cut: Cut,
    stems: Vec<u32>,
}

impl LastPart {
    fn read(&mut self, text: &str, stems: &mut Stems) {
        if self.text == text {
            return;
        }
        self.text.clear();
        self.text.push_str(text);
        self.cut.clear();
        cut(text, true, &mut self.cut);
        self.stems.clear();
        let words = self.cut.tokens.iter().map(|token| self.cut.text(token));
        let words = words.filter(|word| *word != SENTENCE);
        self.stems.extend(words.map(|word| stems.of(word)));
    }
}

impl Tokenizer for Ranked {
    type TokenStream<'a> = RankedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> RankedStream<'a> {
        if self.stems.is_full() || self.text == u32::MAX {
            *self = Self::default();
        }
        let parts = self.cut(text);
        self.weigh();
        leave_last(parts, &mut self.cut);
        RankedStream { stems: &self.stems, given: &self.given, token: Token::default() }
    }
}

/// The weighted stems of one text.
pub(crate) struct RankedStream<'a> {
    stems: &'a Stems,
    given: &'a [u32],
    token: Token,
}

impl TokenStream for RankedStream<'_> {
    fn advance(&mut self) -> bool {
        let Some((stem, rest)) = self.given.split_first() else { return false };
        self.given = rest;
        self.token.text.clear();
        self.token.text.push_str(self.stems.text(*stem));
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        plain(text, false).join(" ")
    }

    fn tokens(mut analyzer: TextAnalyzer, text: &str) -> Vec<(usize, String)> {
        let mut stream = analyzer.token_stream(text);
        let mut tokens = Vec::new();
        while let Some(token) = stream.next() {
            tokens.push((token.position, token.text.clone()));
        }
        tokens
    }

    fn indexed(text: &str) -> Vec<(usize, String)> {
        tokens(TextAnalyzer::from(Words::default()), text)
    }

    #[test]
    fn spellings_that_are_one() {
        for same in [
            ["L4-5", "L4-L5", "l4/5"],
            ["7.5mg", "7.5 mg", "7.5 MG"],
            ["10/325", "10-325", "10 325"],
            ["patient's pain", "patient\u{2019}s pain", "PATIENT pain"],
        ] {
            assert_eq!(words(same[0]), words(same[1]));
            assert_eq!(words(same[0]), words(same[2]));
        }
        assert_eq!(words("L4-5"), "l4 l5");
        assert_eq!(words("1,000 of 7.5mg, 5/6"), "1000 of 7.5 mg 5 6");
    }

    #[test]
    fn further_forms_stand_at_the_same_position() {
        let token = |position, text: &str| (position, text.to_owned());
        assert_eq!(
            indexed("#60 5%"),
            [token(0, "60"), token(0, "#60"), token(1, "5"), token(1, "5%")]
        );
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

    #[test]
    fn a_text_is_cut_once_for_both_fields() {
        let (first, second) = ("knee\u{1e}brace", "hip\u{1e}brace");
        let own = [first, second, ""].map(|text| &text[..last_part(text)]);
        let alone = own.map(indexed);
        let ranked = |text| tokens(TextAnalyzer::from(Ranked::default()), text);
        for ((text, own), alone) in [first, second, ""].into_iter().zip(own).zip(alone) {
            ranked(text);
            assert_eq!(indexed(own), alone);
            assert_eq!(indexed(own), alone);
            ranked(second);
            assert_eq!(indexed(own), alone);
        }
    }

    #[test]
    fn a_last_part_that_comes_again_is_the_same_after_other_parts() {
        let mut ranked = TextAnalyzer::from(Ranked::default());
        for text in
            ["knee\u{1e}left knee-brace", "a hip, 5%\u{1e}left knee-brace", "left knee-brace"]
        {
            let fresh = tokens(TextAnalyzer::from(Ranked::default()), text).len();
            let mut given = 0;
            ranked.token_stream(text).process(&mut |_| given += 1);
            assert_eq!(given, fresh);
        }
    }

    #[test]
    fn a_word_counts_as_often_as_its_part_weighs() {
        let text = "Knees\u{1e}knee\u{1e}brace\u{1e}\u{1e}braces tried\u{1e}tried knee pains pain";
        let given = tokens(TextAnalyzer::from(Ranked::default()), text);
        let times = |stem: &str| given.iter().filter(|(_, text)| text == stem).count();
        assert_eq!((times("knee"), times("brace"), times("tri"), times("pain")), (4, 3, 2, 1));
    }
}
