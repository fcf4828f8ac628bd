//! Words that mean the same: abbreviations, brand names, groups of phrases.

use serde::Deserialize;

/// How the expanded words relate to what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// A long form of a short one.
    Abbreviation,
    /// Another name of the same thing.
    Same,
}

/// The contents of `expansions.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expansions {
    /// Short forms with two meanings: never expanded.
    #[serde(default)]
    ambiguous: Vec<String>,
    #[serde(default)]
    abbreviation: Vec<Abbreviation>,
    #[serde(default)]
    same: Vec<Group>,
    #[serde(default)]
    related: Vec<Group>,
    /// Words that make a question and say nothing about what is asked for.
    #[serde(default)]
    optional: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Abbreviation {
    short: String,
    long: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    forms: Vec<String>,
}

impl Expansions {
    /// What a typed word also means, in lower case; nothing for a word with two meanings.
    pub fn of(&self, word: &str) -> Vec<(Relation, &str)> {
        let word = word.to_lowercase();
        if self.ambiguous.contains(&word) {
            return Vec::new();
        }
        let long = self.abbreviation.iter().filter(|entry| entry.short == word);
        let long = long.flat_map(|entry| &entry.long).map(|form| (Relation::Abbreviation, form));
        let groups = self.same.iter().filter(|group| group.forms.contains(&word));
        let same = groups.flat_map(|group| &group.forms).map(|form| (Relation::Same, form));
        let mut found: Vec<(Relation, &str)> = Vec::new();
        for (relation, form) in long.chain(same) {
            if *form != word && !found.iter().any(|(_, known)| known == form) {
                found.push((relation, form));
            }
        }
        found
    }

    /// Whether a word only makes a question of its query.
    pub fn is_optional(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        self.optional.contains(&word)
    }

    /// Groups of phrases that mean much the same in a rationale.
    pub fn related(&self) -> impl Iterator<Item = &[String]> {
        self.related.iter().map(|group| group.forms.as_slice())
    }
}
