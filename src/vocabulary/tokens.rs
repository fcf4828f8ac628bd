//! Cuts text and vocabulary terms into the same tokens, so that one can be found in the other.

use std::ops::Range;

/// Units that fold with their number into one token: `7.5 mg` becomes `#mg`.
const UNITS: [&str; 8] = ["mg", "mcg", "ml", "gm", "gms", "g", "gram", "grams"];

/// Longer words are no unit.
const LONGEST_UNIT: usize = 5;

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
        let mut this = Self { normal: String::from(" "), tokens: Vec::new() };
        let mut rest = 0;
        while let Some(c) = text[rest..].chars().next() {
            let start = rest;
            rest = if c.is_alphanumeric() { word_end(text, start) } else { start + c.len_utf8() };
            if c == '#' && text[rest..].starts_with(['%', 'm']) {
                // A term's own placeholder for a number with a unit.
                rest = if text[rest..].starts_with('%') { rest + 1 } else { word_end(text, rest) };
                this.push(&text[start..rest], start..rest);
            } else if c.is_alphanumeric() {
                this.word(text, start..rest);
            } else if c == '&' {
                this.push("and", start..rest);
            } else if c == '%' {
                this.unit("%", rest);
            } else if matches!(c, '\'' | '\u{2019}') {
                rest = after_possessive(text, start, rest);
            } else if !c.is_whitespace() && !matches!(c, '-' | '/' | '\u{2010}' | '\u{2011}') {
                this.push(c.encode_utf8(&mut [0; 4]), start..rest);
            }
        }
        this
    }

    fn word(&mut self, text: &str, source: Range<usize>) {
        let word = &text[source.clone()];
        if word.len() > LONGEST_UNIT && word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return self.push(word, source);
        }
        let lower = word.to_lowercase();
        let digits = lower.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let end = source.end;
        if !UNITS.contains(&&lower[digits..]) {
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

/// The end of the word that starts at `start`; a point between digits belongs to the number.
fn word_end(text: &str, start: usize) -> usize {
    let bytes = &text.as_bytes()[start..];
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    // Most words are letters up to a space or a comma.
    if letters > 0 && bytes.get(letters).is_none_or(|b| b.is_ascii() && !b.is_ascii_alphanumeric())
    {
        return start + letters;
    }
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
