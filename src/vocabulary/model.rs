//! What the files of `index_schema/` hold: as TOML for people, as bytes for the program (`build.rs`, which shares this
//! file, writes them).

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// Words and phrases, kept as the lines of one text: of the thousands that there are none is allocated by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phrases(String);

impl Phrases {
    /// The words and phrases in their order.
    pub fn iter(&self) -> std::str::SplitTerminator<'_, char> {
        self.0.split_terminator('\n')
    }

    /// All of them, each with a line end behind it.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether this is one of them.
    pub fn contains(&self, line: &str) -> bool {
        // The whole is looked through faster than its lines.
        self.0.contains(line) && self.iter().any(|known| known == line)
    }
}

impl<'a> IntoIterator for &'a Phrases {
    type Item = &'a str;
    type IntoIter = std::str::SplitTerminator<'a, char>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: AsRef<str>> FromIterator<T> for Phrases {
    fn from_iter<I: IntoIterator<Item = T>>(lines: I) -> Self {
        let mut text = String::new();
        for line in lines {
            text.push_str(line.as_ref());
            text.push('\n');
        }
        Self(text)
    }
}

impl Serialize for Phrases {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Phrases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return String::deserialize(deserializer).map(Self);
        }
        let lines = Vec::<String>::deserialize(deserializer)?;
        let is_odd = |line: &&String| line.contains('\n') || line.trim().is_empty();
        match lines.iter().find(is_odd) {
            Some(line) => Err(D::Error::custom(format!("{line:?} is no single line of words"))),
            None => Ok(lines.into_iter().collect()),
        }
    }
}

/// What the values of a facet are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Values {
    /// Those that a vocabulary lists.
    #[default]
    Listed,
    /// Numbers or bands of numbers, such as years.
    Numbers,
    /// Whatever letters print, as words joined by hyphens.
    Open,
}

/// The values of a facet and the phrases that only look like one.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// The values in their fixed order.
    #[serde(default, rename = "value")]
    pub values: Vec<Value>,
    /// Phrases that hold a term and do not mean it.
    #[serde(default, rename = "false_friend")]
    pub false_friends: Vec<FalseFriend>,
    /// Named groups of phrases that structure a text and are no value.
    #[serde(default)]
    pub markers: BTreeMap<String, Phrases>,
}

/// One value of a facet.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// Canonical path.
    pub path: String,
    /// Name for a person.
    pub label: String,
    /// What it means, for a reader who does not know the word.
    #[serde(default)]
    pub plain: Option<String>,
    /// What else a person may call it in a filter.
    #[serde(default)]
    pub aliases: Phrases,
    /// Words in letters that identify it.
    #[serde(default)]
    pub terms: Phrases,
    /// Words that count only where nothing else is identified.
    #[serde(default)]
    pub weak: Phrases,
    /// Words that count only near others.
    #[serde(default)]
    pub when: Vec<When>,
    /// Values dropped where this one is identified; a path that ends in `/` means all below it.
    #[serde(default)]
    pub hides: Phrases,
    /// Whether this value says nothing about what else is meant.
    #[serde(default)]
    pub aside: bool,
    /// Of an outcome: how a request came out that has it.
    #[serde(default)]
    pub ending: Option<Ending>,
}

/// How a request came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    /// The denial stands.
    Upheld,
    /// The treatment must be authorised.
    Overturned,
    /// A part of it must be authorised.
    Partly,
}

/// A word with several meanings.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The word.
    pub term: String,
    /// One of these must stand in the same text.
    pub near: Phrases,
}

/// Phrases that hold a term and do not mean it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FalseFriend {
    /// The phrases.
    pub terms: Phrases,
}

/// The contents of `facets.toml`.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FacetsFile {
    pub(super) facet: Vec<FacetEntry>,
}

/// A facet and the file that lists its values.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FacetEntry {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) about: String,
    #[serde(default)]
    pub(super) values: Values,
    pub(super) vocabulary: Option<String>,
}

/// The contents of `expansions.toml`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Expansions {
    /// Short forms with two meanings: never expanded.
    #[serde(default)]
    pub(super) ambiguous: Phrases,
    /// Short forms that are stemmed as the words that they are, too: the build looks at them.
    #[serde(default)]
    pub(super) everyday: Phrases,
    #[serde(default)]
    pub(super) abbreviation: Vec<Abbreviation>,
    #[serde(default)]
    pub(super) same: Vec<Group>,
    /// Groups of phrases that mean much the same: offered, not searched.
    #[serde(default)]
    pub(super) related: Vec<Group>,
    /// Words that make a question and say nothing about what is asked for.
    #[serde(default)]
    pub(super) optional: Phrases,
    /// First parts of words that are printed with and without a hyphen.
    #[serde(default)]
    pub(super) prefixes: Phrases,
}

/// A short form and what it may stand for.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Abbreviation {
    pub(super) short: String,
    pub(super) long: Phrases,
}

/// Words and phrases that mean the same.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) forms: Phrases,
}

/// The contents of `verdicts.toml`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Verdicts {
    /// Words that join what is judged with the judgement.
    #[serde(default)]
    pub links: Phrases,
    /// Words that may stand between a link and a judgement.
    #[serde(default)]
    pub between: Phrases,
    /// Judgements: words, or several parted by spaces.
    #[serde(default)]
    pub judgements: Phrases,
    /// What states an outcome wherever it stands.
    #[serde(default)]
    pub phrases: Phrases,
    /// What is judged.
    #[serde(default)]
    pub subjects: Phrases,
    /// Words that say how an item came out, wherever they stand.
    #[serde(default)]
    pub words: Phrases,
    /// Words that no phrase begins or ends in.
    #[serde(default)]
    pub small: Phrases,
    /// Small words that carry meaning.
    #[serde(default)]
    pub telling: Phrases,
    /// Words in the names of guidelines.
    #[serde(default)]
    pub sources: Phrases,
}
