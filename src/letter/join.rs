//! Joins wrapped lines, deciding which hyphens at line ends belong to the word.

use super::lines::Line;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};

/// Parts that keep their hyphen before another word where the letter itself gives no example.
const PREFIXES: &[&str] = &[
    "anti", "non", "self", "follow", "well", "long", "short", "high", "low", "mid", "year", "week",
    "month", "day", "hour", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "twelve", "evidence", "work", "weight", "range", "full", "half", "part", "cross",
    "side", "hand", "in", "multi", "drug", "pain", "pre", "post", "check", "face", "single",
    "double",
];

/// Joins lines of one letter; the letter's own words decide about doubtful hyphens.
pub(super) struct Joiner<'a> {
    lines: &'a [Line<'a>],
    words: OnceCell<HashSet<Caseless<'a>, foldhash::fast::RandomState>>,
}

impl<'a> Joiner<'a> {
    pub(super) fn new(lines: &'a [Line<'a>]) -> Self {
        Self { lines, words: OnceCell::new() }
    }

    /// Joins lines to one text with single spaces.
    pub(super) fn join(&self, lines: &[Line<'_>]) -> String {
        self.join_texts(lines.iter().map(|line| line.text))
    }

    /// As [`Joiner::join`], over pieces of lines.
    pub(super) fn join_texts<'t>(&self, texts: impl Iterator<Item = &'t str> + Clone) -> String {
        let mut joined = String::with_capacity(texts.clone().map(|text| text.len() + 1).sum());
        for text in texts {
            self.append(&mut joined, text);
        }
        joined
    }

    fn append(&self, joined: &mut String, line: &str) {
        let mut words = line.split_whitespace().peekable();
        if let (Some(hyphen), Some(next)) = (line_end_hyphen(joined), words.peek()) {
            if hyphen == '\u{ad}' || !self.keeps_hyphen(joined, hyphen, next) {
                joined.pop();
            }
        } else if !joined.is_empty() && words.peek().is_some() {
            joined.push(' ');
        }
        if is_evenly_spaced(line) {
            return joined.push_str(line);
        }
        for (i, word) in words.enumerate() {
            if i > 0 {
                joined.push(' ');
            }
            joined.push_str(word);
        }
    }

    fn keeps_hyphen(&self, joined: &str, hyphen: char, next: &str) -> bool {
        let left =
            joined[..joined.len() - hyphen.len_utf8()].rsplit(' ').next().unwrap_or_default();
        let left = left.trim_start_matches(|c: char| !c.is_alphanumeric());
        let right = next.trim_end_matches(|c: char| !c.is_alphanumeric());
        let plain = |word: &str| !word.is_empty() && word.chars().all(char::is_alphabetic);
        let last = left.rsplit('-').next().unwrap_or_default();
        if !plain(last) || !plain(right) || last.chars().count() == 1 {
            return true;
        }
        if right.starts_with(char::is_uppercase) {
            return true;
        }
        let (left, right) = (left.to_lowercase(), right.to_lowercase());
        if self.knows(&format!("{left}-{right}")) {
            return true;
        }
        !self.knows(&format!("{left}{right}")) && PREFIXES.contains(&left.as_str())
    }

    /// Whether the letter prints this word within a line.
    fn knows(&self, word: &str) -> bool {
        let words = self.words.get_or_init(|| {
            let words = self.lines.iter().flat_map(|line| line.text.split_whitespace());
            words.map(|w| Caseless(w.trim_matches(|c: char| !c.is_alphanumeric()))).collect()
        });
        words.contains(&Caseless(word))
    }
}

/// A word whatever the case of its letters.
#[derive(Clone, Copy)]
struct Caseless<'a>(&'a str);

impl PartialEq for Caseless<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for Caseless<'_> {}

impl Hash for Caseless<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for chunk in self.0.as_bytes().chunks(8) {
            let mut letters = [0; 8];
            letters[..chunk.len()].copy_from_slice(chunk);
            letters.make_ascii_lowercase();
            state.write_u64(u64::from_le_bytes(letters));
        }
        state.write_usize(self.0.len());
    }
}

/// Whether a line without white space at its ends has single spaces only, as most have.
fn is_evenly_spaced(line: &str) -> bool {
    line.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && memchr::memmem::find(line.as_bytes(), b"  ").is_none()
}

/// The hyphen that ends the text right after a letter or digit.
fn line_end_hyphen(text: &str) -> Option<char> {
    let mut end = text.chars().rev();
    let hyphen = end.next().filter(|c| matches!(c, '-' | '\u{ad}' | '\u{2010}' | '\u{2011}'))?;
    end.next().filter(|c| c.is_alphanumeric())?;
    Some(hyphen)
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;
    use super::*;

    fn join(text: &str) -> String {
        let lines = split(text);
        Joiner::new(&lines).join(&lines)
    }

    #[test]
    fn soft_hyphens_go_and_real_ones_stay() {
        assert_eq!(
            join("the documen-\ntation of  anti-\ninflammatory use"),
            "the documentation of anti-inflammatory use"
        );
        assert_eq!(
            join("on 1-2-\n2016 an x-\nray by Non-\nMTUS rules"),
            "on 1-2-2016 an x-ray by Non-MTUS rules"
        );
        assert_eq!(join("treat\u{ad}\nment - \nas before"), "treatment - as before");
    }

    #[test]
    fn the_letter_itself_decides_first() {
        assert_eq!(
            join("follow-\nup\nfollowup visit"),
            "followup\nfollowup visit".replace('\n', " ")
        );
        assert_eq!(join("re-\nexamine\nto re-examine"), "re-examine to re-examine");
    }
}
