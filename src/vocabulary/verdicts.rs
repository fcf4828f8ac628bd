//! The language in which rationales state their outcome, and the small words.

use serde::Deserialize;

/// The contents of `verdicts.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
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
