//! The tokenizer of the field that ranks: stems, each as often as its part weighs, so that one frequency holds the
//! weights of all parts; of a part that weighs nothing, those that stand nowhere else, once.
//!
//! An item's text is cut here, once for all fields: what the others need of it is left for them on the thread.

use super::cutter::{Cut, cut};
use super::pairs::Finder;
use super::parts::{PART, SENTENCE, WEIGHTS, last_part};
use super::stems::Stems;
use super::stream::{Stream, Tokens};
use std::cell::RefCell;
use tantivy::tokenizer::{Token, Tokenizer};

thread_local! {
    static LAST: RefCell<Last> = RefCell::default();
}

/// What is left of the text that was cut last on this thread, until it is taken.
#[derive(Debug, Default)]
struct Last {
    text: String,
    /// The words of all parts but the last, if `words_of` is more than nothing: the length of these parts.
    words: Cut,
    words_of: usize,
    /// The pairs in all parts, if there.
    pairs: Vec<u32>,
    has_pairs: bool,
}

/// Takes the words of a text if it is the last without its last part; whether it is.
pub(super) fn take_words(text: &str, words: &mut Cut) -> bool {
    LAST.with_borrow_mut(|last| {
        let is_last = last.words_of > 0 && last.text[..last.words_of] == *text;
        if is_last {
            last.words_of = 0;
            std::mem::swap(&mut last.words, words);
        }
        is_last
    })
}

/// Takes the pairs of a text if it is the last; whether it is.
pub(super) fn take_pairs(text: &str, pairs: &mut Vec<u32>) -> bool {
    LAST.with_borrow_mut(|last| {
        let is_last = last.has_pairs && last.text == text;
        if is_last {
            last.has_pairs = false;
            std::mem::swap(&mut last.pairs, pairs);
        }
        is_last
    })
}

/// Gives stems as often as their part weighs.
#[derive(Debug, Default)]
pub(super) struct Ranked {
    cut: Cut,
    stems: Stems,
    last_part: LastPart,
    /// The stems to give.
    given: Vec<u32>,
    /// Of each stem, the number of the last text that gave it.
    seen: Vec<u32>,
    text: u32,
    pairs: Finder,
}

impl Clone for Ranked {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Ranked {
    /// Reads a text; its last part only if it is not that of the text before.
    pub(super) fn read(&mut self, text: &str) {
        if self.stems.is_full() || self.text == u32::MAX {
            *self = Self::default();
        }
        let (parts, last_part) = text.split_at(last_part(text));
        self.cut.clear();
        cut(parts, true, &mut self.cut);
        self.last_part.read(last_part, &mut self.stems);
        self.weigh();
        self.leave(text, parts.len());
    }

    fn weigh(&mut self) {
        self.given.clear();
        self.pairs.clear();
        self.text += 1;
        let mut part = 0;
        for at in 0..self.cut.tokens.len() {
            let token = self.cut.tokens[at];
            match self.cut.text(&token) {
                PART => part += 1,
                SENTENCE => {}
                word => {
                    let stem = self.stems.of(word);
                    self.give(stem, weight(part));
                    self.pairs.see(token.position, self.stems.frequent(stem));
                }
            }
        }
        for at in 0..self.last_part.stems.len() {
            self.give(self.last_part.stems[at], weight(part));
        }
        self.pairs.found.extend_from_slice(&self.last_part.pairs.found);
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

    /// Leaves what other fields need.
    fn leave(&mut self, text: &str, parts: usize) {
        LAST.with_borrow_mut(|last| {
            last.text.clear();
            last.text.push_str(text);
            last.words_of = parts;
            std::mem::swap(&mut last.words, &mut self.cut);
            last.has_pairs = true;
            std::mem::swap(&mut last.pairs, &mut self.pairs.found);
        });
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
    pairs: Finder,
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
        self.pairs.clear();
        for token in &self.cut.tokens {
            let word = self.cut.text(token);
            if word != SENTENCE {
                let stem = stems.of(word);
                self.stems.push(stem);
                self.pairs.see(token.position, stems.frequent(stem));
            }
        }
    }
}

impl Tokenizer for Ranked {
    type TokenStream<'a> = Stream<'a, Self>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a, Self> {
        self.read(text);
        Stream::of(self)
    }
}

impl Tokens for Ranked {
    fn write(&self, at: usize, token: &mut Token) -> bool {
        let Some(stem) = self.given.get(at) else { return false };
        token.text.push_str(self.stems.text(*stem));
        token.position = at;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::analyzer::{Words, tokens};
    use super::super::pairs::Pairs;
    use super::*;
    use tantivy::tokenizer::{TextAnalyzer, TokenStream as _};

    fn words(text: &str) -> Vec<(usize, String)> {
        tokens(TextAnalyzer::from(Words::default()), text)
    }

    fn pairs(text: &str) -> Vec<(usize, String)> {
        tokens(TextAnalyzer::from(Pairs::default()), text)
    }

    #[test]
    fn a_text_is_cut_once_for_all_fields() {
        let (first, second) = ("knee pain\u{1e}knee brace", "hip pain\u{1e}knee brace");
        let own = [first, second, ""].map(|text| &text[..last_part(text)]);
        let alone = own.map(words);
        let pairs_alone = [first, second, ""].map(pairs);
        let ranked = |text| tokens(TextAnalyzer::from(Ranked::default()), text);
        for (at, text) in [first, second, ""].into_iter().enumerate() {
            ranked(text);
            assert_eq!(words(own[at]), alone[at]);
            assert_eq!(pairs(text), pairs_alone[at]);
            assert_eq!(words(own[at]), alone[at]);
            assert_eq!(pairs(text), pairs_alone[at]);
            ranked(second);
            assert_eq!(pairs(text), pairs_alone[at]);
            assert_eq!(words(own[at]), alone[at]);
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
