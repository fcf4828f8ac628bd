//! The fields of the index. No other module names one.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};

/// The names of what cuts texts into terms: the library wants one for each field, and never asks for it, since terms are
/// given to it as such (see [`super::segment`]).
const WORDS: &str = "imr_words";
const RANKED: &str = "imr_ranked";
const PAIRS: &str = "imr_pairs";

/// Changes whenever fields or their meaning change.
pub(crate) const VERSION: u32 = 7;

/// The fields.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    /// `item`, `letter` or `source`; `dictionary` of what the packing of texts shares.
    pub(crate) kind: Field,
    /// Key of the source file that a document came from: what is replaced together.
    pub(crate) source: Field,
    /// Identity of the letter.
    pub(crate) letter: Field,
    /// Identity of the item.
    pub(crate) item: Field,
    /// How many documents before each its source's stands.
    pub(crate) place: Field,
    /// Place of an item in the order of identities, for ties and sorted output.
    pub(crate) order: Field,
    /// Stems of all parts of an item's text, each as often as its part weighs; without places.
    pub(crate) ranked: Field,
    /// Pairs of frequent stems that stand side by side in any part: see [`super::pairs`].
    pub(crate) pairs: Field,
    /// Words of all parts as printed, in lower case, with their places.
    pub(crate) words: Field,
    /// Of each sentence of the rationale, in order, a hash of its words.
    pub(crate) sentences: Field,
    /// Facet values, parents included, as `name:path`.
    pub(crate) facet: Field,
    /// The same as sets that many items have, to count on: see [`super::facet_sets`].
    pub(crate) facet_sets: Field,
    /// Claimant's age in years.
    pub(crate) age: Field,
    /// Sessions asked for; of a range each number.
    pub(crate) sessions: Field,
    /// Units of a drug asked for.
    pub(crate) count: Field,
    /// Strength of the drug asked for, the first that is printed, in micrograms.
    pub(crate) strength: Field,
    /// Hash of the rationale's words and the outcome: the same for those given word for word to several items that came
    /// out alike.
    pub(crate) alike: Field,
    /// Hash of the letter's identity.
    pub(crate) letter_key: Field,
    /// Date of decision as `YYYYMMDD`.
    pub(crate) decided: Field,
    /// Date of injury as `YYYYMMDD`.
    pub(crate) injured: Field,
    /// Of a source document, its letter's text and record (see [`super::kept`]); a dictionary itself.
    pub(crate) kept: Field,
    /// The manifest's record of a source file, in a form of its own.
    pub(crate) manifest: Field,
}

/// Builds the schema.
pub(crate) fn build() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let fields = Fields {
        kind: builder.add_text_field("kind", name()),
        source: builder.add_text_field("source", name()),
        letter: builder.add_text_field("letter", name()),
        item: builder.add_text_field("item", name()),
        place: builder.add_u64_field("place", FAST),
        order: builder.add_u64_field("order", FAST),
        ranked: builder.add_text_field("ranked", text(RANKED, IndexRecordOption::WithFreqs, true)),
        pairs: builder.add_text_field("pairs", text(PAIRS, IndexRecordOption::Basic, false)),
        words: builder
            .add_text_field("words", text(WORDS, IndexRecordOption::WithFreqsAndPositions, false)),
        sentences: builder.add_u64_field("sentences", FAST),
        facet: builder.add_text_field("facet", name()),
        facet_sets: builder.add_text_field("facet_sets", TextOptions::default().set_fast("raw")),
        age: builder.add_u64_field("age", FAST),
        sessions: builder.add_u64_field("sessions", FAST),
        count: builder.add_u64_field("count", FAST),
        strength: builder.add_u64_field("strength", FAST),
        alike: builder.add_u64_field("alike", NumericOptions::default().set_indexed().set_fast()),
        letter_key: builder.add_u64_field("letter_key", FAST),
        decided: builder.add_u64_field("decided", FAST),
        injured: builder.add_u64_field("injured", FAST),
        kept: builder.add_bytes_field("kept", STORED),
        manifest: builder.add_bytes_field("manifest", FAST),
    };
    (builder.build(), fields)
}

/// `lengths`: whether scores are to know how long a document's text is, at a byte a document.
fn text(tokenizer: &str, record: IndexRecordOption, lengths: bool) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(record)
        .set_fieldnorms(lengths);
    TextOptions::default().set_indexing_options(indexing)
}

/// A text that is one term.
fn name() -> TextOptions {
    text("raw", IndexRecordOption::Basic, false)
}

/// The term of a facet value.
pub(crate) fn facet_term(facet: &str, path: &str) -> String {
    [facet, ":", path].concat()
}

#[cfg(test)]
mod tests {
    use super::super::pairs::FREQUENT;
    use super::super::stems::OWN;
    use super::*;

    #[test]
    fn a_change_of_fields_changes_the_version() {
        let (schema, _) = build();
        let json = serde_json::to_string(&schema).unwrap_or_default();
        let hash = blake3::hash([json.as_str(), FREQUENT, OWN].concat().as_bytes()).to_hex();
        assert_eq!(
            (VERSION, &hash[..16]),
            (7, "8263a1861c1b65de"),
            "raise VERSION and put the new hash here"
        );
    }
}
