//! Cuts a text into tokens: where words begin and end, which forms of a word there are, what is one
//! word and what are several. Pure, and without an allocation a token: building an index calls it for
//! every letter.

use super::parts::{PART, SENTENCE};
use crate::vocabulary::is_hyphen;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Hyphenated words up to this length are indexed as one word too.
const MAX_JOINED: usize = 30;
/// Longer runs of letters are no words.
const MAX_WORD: usize = 255;

/// The tokens of a text.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// The whole text with ASCII letters in lower case, of which most tokens are pieces, then the texts of the others.
    texts: String,
    pub(super) tokens: Vec<Piece>,
}

/// A token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    start: u32,
    end: u32,
    /// Place among the words; further forms of a word have its place.
    pub(crate) position: u32,
    /// Where it stands in the text, in bytes.
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl Cut {
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.tokens.clear();
    }

    /// A token's text.
    pub(super) fn text(&self, token: &Piece) -> &str {
        &self.texts[token.start as usize..token.end as usize]
    }
}

/// A word as it is indexed: in lower case and without accents.
pub(crate) fn folded(word: &str) -> impl Iterator<Item = char> {
    word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase)
}

/// Cuts a text. `all_forms`: also give the further forms of a word at its place: joined, without mark.
pub(super) fn cut(text: &str, all_forms: bool, into: &mut Cut) {
    let lower = into.texts.len();
    into.texts.push_str(text);
    into.texts[lower..].make_ascii_lowercase();
    let mut cutter = Cutter { text, all_forms, lower, into, position: 0 };
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        // Most of a text is plain words and spaces.
        at = match byte {
            b' ' => at + 1,
            b'a'..=b'z' | b'A'..=b'Z' => match plain_word_end(text.as_bytes(), at) {
                Some(end) => cutter.plain_word(at, end),
                None => cutter.compound(at),
            },
            _ => cutter.next(at),
        };
    }
}

/// The end of a word that is nothing but ASCII letters and is no part of a longer one.
fn plain_word_end(bytes: &[u8], start: usize) -> Option<usize> {
    let letters = bytes[start..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let end = start + letters;
    let ends = |byte: &u8| {
        byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'/' | b'\'')
    };
    bytes.get(end).is_none_or(ends).then_some(end)
}

struct Cutter<'a> {
    text: &'a str,
    all_forms: bool,
    /// Where the text stands in lower case.
    lower: usize,
    into: &'a mut Cut,
    position: u32,
}

impl Cutter<'_> {
    /// Whatever stands at a place; returns where the rest begins.
    fn next(&mut self, at: usize) -> usize {
        let Some(c) = self.text[at..].chars().next() else { return self.text.len() };
        match c {
            c if c.is_alphanumeric() => self.compound(at),
            '#' if self.text[at + 1..].starts_with(|c: char| c.is_ascii_digit()) => {
                self.number_sign(at)
            }
            '.' if self.is_fraction(at) => self.fraction(at),
            '\u{1e}' if self.all_forms => self.mark(at, PART, 1),
            '\u{1f}' if self.all_forms => self.mark(at, SENTENCE, 0),
            c => at + c.len_utf8(),
        }
    }

    /// A word as printed, of nothing but ASCII.
    fn plain_word(&mut self, from: usize, to: usize) -> usize {
        self.token(self.lower + from..self.lower + to, from, to);
        to
    }

    /// A mark of a part or a sentence.
    fn mark(&mut self, at: usize, mark: &str, width: u32) -> usize {
        self.push(at, at + 1, mark);
        self.position = self.position - 1 + width;
        at + 1
    }

    /// `#60`, and `60` at the same place.
    fn number_sign(&mut self, start: usize) -> usize {
        let digits = self.text[start + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let end = start + 1 + digits;
        if self.all_forms {
            self.plain_word(start + 1, end);
            self.position -= 1;
        }
        self.plain_word(start, end)
    }

    /// Whether a point begins a number, such as `.5`.
    fn is_fraction(&self, at: usize) -> bool {
        let before = self.text[..at].chars().next_back();
        self.text[at + 1..].starts_with(|c: char| c.is_ascii_digit())
            && before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | ','))
    }

    /// A number without its zero, as with it: a tenth is no one.
    fn fraction(&mut self, at: usize) -> usize {
        let digits = self.text[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let mut to = at + 1 + digits;
        let number = format!("0{}", &self.text[at..to]);
        let is_share = self.text[to..].starts_with('%');
        if !is_share || self.all_forms {
            self.push(at, to, &number);
        }
        if is_share {
            self.position -= u32::from(self.all_forms);
            to += 1;
            self.push(at, to, &format!("{number}%"));
        }
        to
    }

    /// A word, or words joined by hyphens or slashes.
    fn compound(&mut self, start: usize) -> usize {
        let (first, first_position) = (self.into.tokens.len(), self.position);
        let (mut at, mut parts, mut only_letters) = (start, 0, true);
        loop {
            let end = word_end(self.text, at);
            let before = self.into.tokens.len();
            only_letters &= self.text[at..end].chars().all(char::is_alphabetic);
            at = self.word(at, end);
            self.complete_level(before, first);
            parts += 1;
            let rest = &self.text[at..];
            let hyphen = rest.chars().next().filter(|c| *c == '/' || is_hyphen(*c));
            let Some(hyphen) = hyphen else { break };
            only_letters &= hyphen != '/';
            let next = at + hyphen.len_utf8();
            if !self.text[next..].starts_with(char::is_alphanumeric) {
                break;
            }
            at = next;
        }
        if self.all_forms && only_letters && (2..=3).contains(&parts) {
            self.joined(first, first_position, start, at);
        }
        at
    }

    /// The words of a compound as one word, at the place of the first.
    fn joined(&mut self, first: usize, position: u32, from: usize, to: usize) {
        let start = self.into.texts.len();
        let letters = folded(&self.text[from..to]).filter(|c| c.is_alphabetic());
        self.into.texts.extend(letters);
        let end = self.into.texts.len();
        if end - start <= MAX_JOINED {
            let (start, end) = (start as u32, end as u32);
            self.into.tokens.insert(first, Piece { start, end, position, from, to });
        }
    }

    /// One run of letters and digits; a number and what is glued to it are two tokens.
    fn word(&mut self, start: usize, end: usize) -> usize {
        let text = self.text;
        let word = &text[start..end];
        let digits =
            word.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
        if digits == 0 {
            let mut from = start;
            if is_levels(word) {
                while let Some(length) = level(&text[from..end]).filter(|at| from + at < end) {
                    self.push_word(from, from + length);
                    from += length;
                }
            }
            self.push_word(from, end);
            return end;
        }
        if digits == word.len() && text[end..].starts_with('%') {
            if self.all_forms {
                self.number(start, end);
                self.position -= 1;
            }
            return self.number(start, end + 1);
        }
        let rest = self.number(start, start + digits);
        if rest < end {
            self.word(rest, end);
        }
        end
    }

    /// A number, without the commas between its thousands.
    fn number(&mut self, from: usize, to: usize) -> usize {
        let printed = &self.text[from..to];
        if printed.contains(',') {
            self.push(from, to, &printed.replace(',', ""));
            return to;
        }
        self.plain_word(from, to)
    }

    /// After `L4-` or `L4/` a bare `5` is the level L5.
    fn complete_level(&mut self, token: usize, first: usize) {
        let tokens = &self.into.tokens;
        if token == first || tokens.len() != token + 1 {
            return;
        }
        let level =
            |text: &str| matches!(text.len(), 1..=2) && text.bytes().all(|b| b.is_ascii_digit());
        let (before, last) = (self.into.text(&tokens[token - 1]), self.into.text(&tokens[token]));
        let letter = before.chars().next().filter(|c| matches!(c, 'c' | 't' | 'l' | 's'));
        if let Some(letter) = letter
            && level(&before[1..])
            && level(last)
        {
            let completed = format!("{letter}{last}");
            let start = self.into.texts.len() as u32;
            self.into.texts.push_str(&completed);
            let end = self.into.texts.len() as u32;
            let token = &mut self.into.tokens[token];
            (token.start, token.end) = (start, end);
        }
    }

    /// A word in lower case, without apostrophes and without the `s` of a possessive.
    fn push_word(&mut self, from: usize, to: usize) {
        let word = &self.text[from..to];
        if word.bytes().all(|b| b.is_ascii_alphanumeric()) {
            self.plain_word(from, to);
            return;
        }
        let start = self.into.texts.len();
        let word = ["'s", "\u{2019}s", "'S", "\u{2019}S"]
            .iter()
            .find_map(|ending| word.strip_suffix(ending))
            .unwrap_or(word);
        let letters = folded(word).filter(|c| !matches!(c, '\'' | '\u{2019}'));
        self.into.texts.extend(letters);
        self.token(start..self.into.texts.len(), from, to);
    }

    fn push(&mut self, from: usize, to: usize, text: &str) {
        let start = self.into.texts.len();
        self.into.texts.push_str(text);
        self.token(start..self.into.texts.len(), from, to);
    }

    /// The token whose text stands there.
    fn token(&mut self, text: Range<usize>, from: usize, to: usize) {
        let position = self.position;
        self.position += 1;
        if (1..=MAX_WORD).contains(&text.len()) {
            let (start, end) = (text.start as u32, text.end as u32);
            self.into.tokens.push(Piece { start, end, position, from, to });
        }
    }
}

/// Whether a word is levels of the spine printed as one: `L5S1`.
fn is_levels(word: &str) -> bool {
    let mut rest = word;
    while let Some(length) = level(rest) {
        rest = &rest[length..];
    }
    rest.is_empty()
}

/// The length of the level of the spine that a text starts with.
fn level(text: &str) -> Option<usize> {
    let digits = text.bytes().skip(1).take_while(u8::is_ascii_digit).count();
    let is_level = text.starts_with(['c', 't', 'l', 's', 'C', 'T', 'L', 'S']);
    (is_level && (1..=2).contains(&digits)).then_some(1 + digits)
}

/// The end of a run of letters and digits, with the points and commas inside a number and the
/// apostrophes inside a word.
fn word_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let plain = bytes[start..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let mut end = start + plain;
    // Most words end here, at a space or a mark that is never inside a word.
    if bytes.get(end).is_none_or(|b| b.is_ascii() && !matches!(b, b'.' | b',' | b'\'')) {
        return end;
    }
    let mut before = bytes[start..end].last().map_or(' ', |b| char::from(*b));
    for c in text[end..].chars() {
        let next = text[end + c.len_utf8()..].chars().next().unwrap_or(' ');
        let inside = match c {
            '.' | ',' => {
                let thousands = text[end + 1..].bytes().take_while(u8::is_ascii_digit).count() == 3;
                before.is_ascii_digit() && next.is_ascii_digit() && (c == '.' || thousands)
            }
            '\'' | '\u{2019}' => before.is_alphabetic() && next.is_alphabetic(),
            c => c.is_alphanumeric(),
        };
        if !inside {
            break;
        }
        before = c;
        end += c.len_utf8();
    }
    end
}
