//! Cuts text and vocabulary terms into the same tokens, so that one can be found in the other.

use std::ops::Range;

/// Units that fold with their number into one token: `7.5 mg` becomes `#mg`.
const UNITS: [&str; 8] = ["mg", "mcg", "ml", "gm", "gms", "g", "gram", "grams"];

fn is_unit(word: &str) -> bool {
    UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(word))
}

/// A token: its normal form's place and its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Byte range in [`Tokens::normal`].
    pub normal: Range<usize>,
    /// Byte range in the original text.
    pub source: Range<usize>,
}

/// A text in normal form: tokens in lower case, one space before, between and after them.
///
/// Hyphens and slashes part words, `&` is "and", a possessive `'s` is dropped, a number with a
/// unit is `#mg` and its like, a percentage is `#%`, other punctuation is a token of its own.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The tokens joined by single spaces, with one at either end.
    pub normal: String,
    /// The tokens in order.
    pub tokens: Vec<Token>,
}

impl Tokens {
    /// Cuts a text into tokens.
    pub fn of(text: &str) -> Self {
        let mut this = Self {
            normal: String::with_capacity(text.len() + 8),
            tokens: Vec::with_capacity(text.len() / 5 + 4),
        };
        this.normal.push(' ');
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            // Most of a text is plain words and spaces.
            if *byte == b' ' {
                at += 1;
            } else if let Some(end) = dotted_end(bytes, at) {
                this.dotted(&text[at..end], at..end);
                at = end;
            } else if let Some(end) = plain_word_end(bytes, at) {
                if is_unit(&text[at..end]) {
                    this.word(text, at..end);
                } else {
                    this.push(&text[at..end], at..end);
                }
                at = end;
            } else {
                at = this.next(text, at);
            }
        }
        this
    }

    /// Adds what stands at `start`, whatever it is; returns where the rest begins.
    fn next(&mut self, text: &str, start: usize) -> usize {
        let Some(c) = text[start..].chars().next() else { return text.len() };
        let rest = if c.is_alphanumeric() { word_end(text, start) } else { start + c.len_utf8() };
        if c == '#' && text[rest..].starts_with(['%', 'm']) {
            // A term's own placeholder for a number with a unit.
            let rest = if text[rest..].starts_with('%') { rest + 1 } else { word_end(text, rest) };
            self.push(&text[start..rest], start..rest);
            return rest;
        }
        if c.is_alphanumeric() {
            self.word(text, start..rest);
        } else if c == '&' {
            self.push("and", start..rest);
        } else if c == '%' {
            self.unit("%", rest);
        } else if matches!(c, '\'' | '\u{2019}') {
            return after_possessive(text, start, rest);
        } else if !c.is_whitespace() && c != '/' && !is_hyphen(c) {
            self.push(c.encode_utf8(&mut [0; 4]), start..rest);
        }
        rest
    }

    /// Adds capitals with points between them as one word.
    fn dotted(&mut self, text: &str, source: Range<usize>) {
        let capitals: String = text.chars().filter(|c| *c != '.').collect();
        self.push(&capitals, source);
    }

    fn word(&mut self, text: &str, source: Range<usize>) {
        let lower = text[source.clone()].to_lowercase();
        let digits = lower.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let end = source.end;
        if !is_unit(&lower[digits..]) {
            self.push(&lower, source);
        } else if digits > 0 {
            self.push(&lower[..digits], source);
            self.unit(&lower[digits..], end);
        } else if !self.unit(&lower, end) {
            self.push(&lower, source);
        }
    }

    /// Folds a unit into the number before it; whether there was one.
    fn unit(&mut self, unit: &str, end: usize) -> bool {
        let Some(last) = self.tokens.last_mut() else { return false };
        if !self.normal[last.normal.clone()].starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        self.normal.truncate(last.normal.start);
        self.normal.push('#');
        self.normal.push_str(unit);
        last.normal.end = self.normal.len();
        last.source.end = end;
        self.normal.push(' ');
        true
    }

    fn push(&mut self, normal: &str, source: Range<usize>) {
        let start = self.normal.len();
        self.normal.push_str(normal);
        self.normal[start..].make_ascii_lowercase();
        self.tokens.push(Token { normal: start..self.normal.len(), source });
        self.normal.push(' ');
    }
}

/// The end of a short form of capitals with points between them: "M.R.I." and "M.R.I", but not "L." nor "A. B.".
fn dotted_end(bytes: &[u8], start: usize) -> Option<usize> {
    let is_capital = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let is_point = |at: usize| bytes.get(at) == Some(&b'.');
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    if !is_capital(start) || !is_point(start + 1) || before.is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let mut end = start;
    while is_capital(end) && is_point(end + 1) {
        end += 2;
    }
    let last = is_capital(end) && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
    let end = end + usize::from(last);
    let apart = !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    (end > start + 2 && apart).then_some(end)
}

/// The end of a word that is nothing but ASCII letters.
fn plain_word_end(bytes: &[u8], start: usize) -> Option<usize> {
    let letters = bytes[start..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let end = start + letters;
    let ends = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    (letters > 0 && bytes.get(end).is_none_or(ends)).then_some(end)
}

/// The end of the word that starts at `start`; a point between digits belongs to the number.
fn word_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut digit = false;
    for c in text[start..].chars() {
        let rest = &text[end + c.len_utf8()..];
        let decimal = c == '.' && digit && rest.starts_with(|c: char| c.is_ascii_digit());
        if !c.is_alphanumeric() && !decimal {
            break;
        }
        digit = c.is_ascii_digit();
        end += c.len_utf8();
    }
    end
}

/// Skips the `s` of a possessive after a word.
fn after_possessive(text: &str, start: usize, after: usize) -> usize {
    let after_word = text[..start].ends_with(char::is_alphanumeric);
    let mut next = text[after..].chars();
    let possessive = after_word
        && next.next().is_some_and(|c| matches!(c, 's' | 'S'))
        && next.next().is_none_or(|c| !c.is_alphanumeric());
    after + usize::from(possessive)
}

/// Whether a mark joins words, as a hyphen and what word processors make of it do.
pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2013}' | '\u{2212}')
}

/// A name as a path's part: lower case, words joined by hyphens.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.to_lowercase().chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_terms_get_one_form() {
        for (text, normal) in [
            ("X-Ray of L4-5", " x ray of l4 5 "),
            ("De Quervain's, left", " de quervain , left "),
            ("Gel 7.5% & 10 mg", " gel #% and #mg "),
            ("EMG/NCV 0.025 %", " emg ncv #% "),
            ("gabapentin #%", " gabapentin #% "),
            ("5/325mg #60", " 5 #mg # 60 "),
            ("M.R.I. of the L. knee, T.L.S.O", " mri of the l . knee , tlso "),
            ("Plan A. B. is A.Bad", " plan a . b . is a . bad "),
            ("mg", " mg "),
            ("", " "),
        ] {
            assert_eq!(Tokens::of(text).normal, normal, "{text}");
        }
    }

    #[test]
    fn tokens_know_their_place() {
        let tokens = Tokens::of("a 10 mg dose");
        let source: Vec<&str> =
            tokens.tokens.iter().map(|t| &"a 10 mg dose"[t.source.clone()]).collect();
        assert_eq!(source, ["a", "10 mg", "dose"]);
    }

    #[test]
    fn slugs() {
        assert_eq!(slug(" New York "), "new-york");
        assert_eq!(slug("PM&R"), "pm-r");
    }
}
