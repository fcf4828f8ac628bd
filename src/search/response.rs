//! What a search answers: a contract in JSON.

use crate::index::ItemDocument;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::num::NonZeroU64;

/// The answer to a [`super::Request`].
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Response {
    /// How the query was read.
    pub query: QueryInfo,
    /// Items that match in full.
    pub total: u64,
    /// Items that hold most of the words, or are about what they name, beyond those that match in full.
    pub partial_total: u64,
    /// Where each letter is one hit: how many letters there are.
    #[serde(flatten)]
    pub letters: Option<Letters>,
    /// Time taken, in milliseconds.
    pub took_ms: f64,
    /// The page of hits.
    pub hits: Vec<Hit>,
    /// Counts by facet, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<Facets>,
}

impl Response {
    /// How many hits there are of all that matches, where each letter is one or each item; folded ones are counted.
    pub fn all_hits(&self) -> u64 {
        let letters = |of: Letters| of.letters + of.partial_letters;
        self.letters.map_or(self.total + self.partial_total, letters)
    }

    /// What is true of the items beyond those that match in full.
    pub fn partial_hold(&self) -> &'static str {
        match (self.query.did_you_mean.is_empty(), self.query.about.is_empty()) {
            (true, true) => "most or some of the words",
            (true, false) => "most or some of the words, or about what they name",
            (false, true) => "most or some of the words, or of those that may be meant",
            (false, false) => {
                "most or some of the words, or of those that may be meant, or about what they name"
            }
        }
    }
}

/// The letters of items that match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Letters {
    /// Letters with items that match in full.
    pub letters: u64,
    /// Letters that only have items beyond these.
    pub partial_letters: u64,
}

/// How a query was read.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct QueryInfo {
    /// As typed.
    pub text: String,
    /// Its tree, written out.
    pub interpreted: String,
    /// Words that were also searched.
    pub expanded: Vec<ExpandedWord>,
    /// Phrases of the query with others that mean much the same: not searched, for the reader to add.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<ExpandedWord>,
    /// Words that hardly any item holds, with frequent ones near them. Those stand in for a word that
    /// no item holds where items lack words in any case; they make no full match.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub did_you_mean: Vec<ExpandedWord>,
    /// Facet values that words name, as `name:path`: items about these are found without the words, after those
    /// with all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
    /// Words that only add to the score.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub optional: Vec<String>,
    /// Filters, with their values as paths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<String>,
    /// What else a reader should know.
    pub notes: Vec<String>,
    /// Whether items are chosen by how they came out.
    #[serde(skip)]
    pub by_outcome: bool,
}

impl QueryInfo {
    /// For a person: what words that hardly any item holds may have been meant to be.
    pub fn guesses(&self) -> impl Iterator<Item = String> + '_ {
        let guesses = self.did_you_mean.iter();
        guesses.map(|guess| format!("{}: did you mean {}?", guess.from, guess.to.join(", ")))
    }
}

/// A word and what was searched beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExpandedWord {
    /// As typed.
    pub from: String,
    /// Other forms.
    pub to: Vec<String>,
}

/// An item that was found.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Hit {
    /// The item and its facets, without the rationale.
    #[serde(flatten)]
    pub item: ItemDocument,
    /// How well it matches; comparable within one answer only.
    pub score: f32,
    /// Whether it holds all words or most of them.
    pub matched: Matched,
    /// Words that it does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// How many more matching items this one stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folded: Option<NonZeroU64>,
    /// Matches in the title, as character offsets.
    pub title_marks: Vec<[usize; 2]>,
    /// The best passages.
    pub passages: Vec<Passage>,
    /// The sentence that states the conclusion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<Passage>,
    /// What the score is made of, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Vec<Contribution>>,
}

/// What a word adds to a score.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Contribution {
    /// The word: as typed, or what it expands to.
    pub word: String,
    /// The part of the item that holds it.
    pub field: &'static str,
    /// How much it adds.
    pub score: f32,
}

/// How much of a query an item holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Matched {
    /// All words.
    Full,
    /// Most words: more than half of them.
    Most,
    /// Some words, rare ones among them.
    Some,
}

/// A passage with its matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Passage {
    /// The part of the item that it stands in.
    pub field: &'static str,
    /// The passage.
    pub text: String,
    /// Matches as character offsets, start and end.
    pub marks: Vec<[usize; 2]>,
}

/// Counts by facet, in the order of the schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets(pub Vec<FacetRows>);

/// The counts of one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetRows {
    /// The facet's name.
    pub name: String,
    /// Its name for a person.
    pub label: String,
    /// Its values, children after their parents.
    pub rows: Vec<FacetRow>,
}

/// The count of one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FacetRow {
    /// Canonical path.
    pub path: String,
    /// Name for a person.
    pub label: String,
    /// Items that have the value or one below it.
    pub count: u64,
    /// Whether a filter asks for the value.
    pub selected: bool,
    /// Whether a filter excludes the value.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub excluded: bool,
}

impl Serialize for Facets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|facet| (&facet.name, &facet.rows)))
    }
}

impl JsonSchema for Facets {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Facets".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        std::collections::BTreeMap::<String, Vec<FacetRow>>::json_schema(generator)
    }
}
