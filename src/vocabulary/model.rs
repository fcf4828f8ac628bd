//! What the files of `index_schema/` hold: as TOML for people, as bytes for the program (`build.rs`, which shares this
//! file, writes them).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    pub markers: BTreeMap<String, Vec<String>>,
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
    pub aliases: Vec<String>,
    /// Words in letters that identify it.
    #[serde(default)]
    pub terms: Vec<String>,
    /// Words that count only where nothing else is identified.
    #[serde(default)]
    pub weak: Vec<String>,
    /// Words that count only near others.
    #[serde(default)]
    pub when: Vec<When>,
    /// Values dropped where this one is identified; a path that ends in `/` means all below it.
    #[serde(default)]
    pub hides: Vec<String>,
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
    pub near: Vec<String>,
}

/// Phrases that hold a term and do not mean it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FalseFriend {
    /// The phrases.
    pub terms: Vec<String>,
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
    pub(super) ambiguous: Vec<String>,
    /// Short forms that are stemmed as the words that they are, too: the build looks at them.
    #[serde(default)]
    pub(super) everyday: Vec<String>,
    #[serde(default)]
    pub(super) abbreviation: Vec<Abbreviation>,
    #[serde(default)]
    pub(super) same: Vec<Group>,
    /// Groups of phrases that mean much the same: offered, not searched.
    #[serde(default)]
    pub(super) related: Vec<Group>,
    /// Words that make a question and say nothing about what is asked for.
    #[serde(default)]
    pub(super) optional: Vec<String>,
}

/// A short form and what it may stand for.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Abbreviation {
    pub(super) short: String,
    pub(super) long: Vec<String>,
}

/// Words and phrases that mean the same.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) forms: Vec<String>,
}

/// The contents of `verdicts.toml`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Verdicts {
    /// Words that join what is judged with the judgement.
    #[serde(default)]
    pub links: Vec<String>,
    /// Words that may stand between a link and a judgement.
    #[serde(default)]
    pub between: Vec<String>,
    /// Judgements: words, or several parted by spaces.
    #[serde(default)]
    pub judgements: Vec<String>,
    /// What states an outcome wherever it stands.
    #[serde(default)]
    pub phrases: Vec<String>,
    /// What is judged.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// Words that say how an item came out, wherever they stand.
    #[serde(default)]
    pub words: Vec<String>,
    /// Words that no phrase begins or ends in.
    #[serde(default)]
    pub small: Vec<String>,
    /// Small words that carry meaning.
    #[serde(default)]
    pub telling: Vec<String>,
    /// Words in the names of guidelines.
    #[serde(default)]
    pub sources: Vec<String>,
}
