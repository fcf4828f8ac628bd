//! Words that mean the same: abbreviations, brand names, groups of phrases.

use super::is_hyphen;
use super::model::Expansions;
use foldhash::HashSet;
use std::sync::LazyLock;

/// The built-in short forms (`build.rs`).
static SHORT_FORMS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!(concat!(env!("OUT_DIR"), "/short_forms.txt")).lines().collect());

/// The built-in short form that a word is, or is the plural of; the word is in lower case. Reader's own vocabularies
/// leave these as they are: an index is made with them.
pub fn short_form(word: &str) -> Option<&str> {
    let is_short = |word: &&str| SHORT_FORMS.contains(*word);
    singular(word).filter(is_short).or_else(|| Some(word).filter(is_short))
}

/// What a short form's plural is the plural of. Shorter ones would be other words.
fn singular(word: &str) -> Option<&str> {
    word.strip_suffix('s').filter(|singular| singular.len() > 2)
}

/// The form without hyphen of a hyphenated word.
pub fn joined(word: &str) -> Option<String> {
    let parts: Vec<&str> = word.split(is_hyphen).collect();
    let letters = |part: &&str| !part.is_empty() && part.chars().all(char::is_alphabetic);
    ((2..=3).contains(&parts.len()) && parts.iter().all(letters)).then(|| parts.concat())
}

/// Shorter ends of words are no words.
const SHORTEST_REST: usize = 3;

impl Expansions {
    /// What a typed word also means, in lower case; nothing for a word with two meanings.
    pub fn of(&self, word: &str) -> Vec<&str> {
        let mut word = word.to_lowercase();
        if self.ambiguous.contains(&word) {
            return Vec::new();
        }
        let is_short = |word: &str| self.abbreviation.iter().any(|entry| entry.short == word);
        if !is_short(&word)
            && let Some(singular) = singular(&word).filter(|singular| is_short(singular))
        {
            word = singular.to_owned();
        }
        let long = self.abbreviation.iter().filter(|entry| entry.short == word);
        let long = long.flat_map(|entry| &entry.long);
        let groups = self.same.iter().filter(|group| group.forms.contains(&word));
        let same = groups.flat_map(|group| &group.forms);
        let mut found: Vec<&str> = Vec::new();
        for form in long.chain(same) {
            if form != word && !found.contains(&form) {
                found.push(form);
            }
        }
        found
    }

    /// A phrase as it is also printed: its hyphenated words as one, and words of a known first part as two, each where it
    /// is held so.
    pub fn spellings(&self, phrase: &str, is_held: impl Fn(&str) -> bool) -> Vec<String> {
        let spelled = |other: &dyn Fn(&str) -> Option<String>| {
            let held = |word| other(word).filter(|other| is_held(other));
            let words = phrase.split_whitespace();
            let words: Vec<String> =
                words.map(|word| held(word).unwrap_or_else(|| word.to_owned())).collect();
            words.join(" ")
        };
        let mut spellings = vec![spelled(&joined), spelled(&|word| self.parted(word))];
        spellings.retain(|spelling| !spelling.eq_ignore_ascii_case(phrase));
        spellings
    }

    /// A word as its first part and the rest.
    fn parted(&self, word: &str) -> Option<String> {
        let lower = word.to_lowercase();
        let rests =
            self.prefixes.iter().filter_map(|prefix| Some((prefix, lower.strip_prefix(prefix)?)));
        let mut rests = rests.filter(|(_, rest)| {
            rest.len() >= SHORTEST_REST && rest.chars().all(char::is_alphabetic)
        });
        rests.next().map(|(prefix, rest)| format!("{prefix} {rest}"))
    }

    /// All single words that stand for others or that others stand for.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let short = self.abbreviation.iter().flat_map(|entry| entry.long.iter());
        let same = self.same.iter().flat_map(|group| group.forms.iter());
        short.chain(same).filter(|form| form.chars().all(char::is_alphabetic))
    }

    /// What means much the same as a phrase, in lower case: short forms of it, what it is short for, and other
    /// phrases.
    pub fn related(&self, phrase: &str) -> Vec<&str> {
        let short = self.abbreviation.iter().filter(|entry| entry.long.contains(phrase));
        let short = short.map(|entry| entry.short.as_str());
        let certain = short.filter(|short| !self.ambiguous.contains(short));
        let long = self.abbreviation.iter().filter(|entry| entry.short == phrase);
        let long = long.flat_map(|entry| &entry.long);
        let groups = self.related.iter().filter(|group| group.forms.contains(phrase));
        let forms = groups.flat_map(|group| &group.forms);
        let mut found: Vec<&str> = Vec::new();
        for form in certain.chain(long).chain(forms) {
            if form != phrase && !found.contains(&form) {
                found.push(form);
            }
        }
        found
    }

    /// Whether a word is a short form of several things, which everyday words are not taken for.
    pub fn is_ambiguous(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        self.ambiguous.contains(&word)
            && !self.optional.contains(&word)
            && !self.everyday.contains(&word)
    }

    /// Whether a word only makes a question of its query.
    pub fn is_optional(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        self.optional.contains(&word)
    }
}
