//! The fields of the index. No other module names one.

use super::analyzer::{RANKED, WORDS};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

/// Changes whenever fields or their meaning change.
pub(crate) const VERSION: u32 = 5;

/// The fields.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    /// `item`, `letter` or `source`.
    pub(crate) kind: Field,
    /// Key of the source file that a document came from: what is replaced together.
    pub(crate) source: Field,
    /// Identity of the letter.
    pub(crate) letter: Field,
    /// Identity of the item.
    pub(crate) item: Field,
    /// Place of an item in the order of identities, for ties and sorted output.
    pub(crate) order: Field,
    /// Stems of all parts of an item's text, each as often as its part weighs; without places.
    pub(crate) ranked: Field,
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
    /// Sessions asked for; the upper end of a range.
    pub(crate) sessions: Field,
    /// Units of a drug asked for.
    pub(crate) count: Field,
    /// Strength of the drug asked for, the first that is printed, in micrograms.
    pub(crate) strength: Field,
    /// Hash of the rationale's words: the same for those given word for word to several items.
    pub(crate) alike: Field,
    /// Hash of the letter's identity.
    pub(crate) letter_key: Field,
    /// Date of decision as `YYYYMMDD`.
    pub(crate) decided: Field,
    /// Date of injury as `YYYYMMDD`.
    pub(crate) injured: Field,
    /// What is shown of an item or a letter, as JSON.
    pub(crate) record: Field,
    /// The letter's text as read, of a source document.
    pub(crate) text: Field,
    /// The manifest's record of a source file, in a form of its own.
    pub(crate) manifest: Field,
}

/// Builds the schema.
pub(crate) fn build() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let fields = Fields {
        kind: builder.add_text_field("kind", STRING),
        source: builder.add_text_field("source", STRING | STORED),
        letter: builder.add_text_field("letter", STRING),
        item: builder.add_text_field("item", STRING),
        order: builder.add_u64_field("order", FAST),
        ranked: builder.add_text_field("ranked", text(RANKED, IndexRecordOption::WithFreqs)),
        words: builder
            .add_text_field("words", text(WORDS, IndexRecordOption::WithFreqsAndPositions)),
        sentences: builder.add_u64_field("sentences", FAST),
        facet: builder.add_text_field("facet", STRING),
        facet_sets: builder.add_text_field("facet_sets", TextOptions::default().set_fast("raw")),
        age: builder.add_u64_field("age", FAST | INDEXED),
        sessions: builder.add_u64_field("sessions", FAST | INDEXED),
        count: builder.add_u64_field("count", FAST | INDEXED),
        strength: builder.add_u64_field("strength", FAST | INDEXED),
        alike: builder.add_u64_field("alike", FAST | INDEXED),
        letter_key: builder.add_u64_field("letter_key", FAST | INDEXED),
        decided: builder.add_u64_field("decided", FAST | INDEXED),
        injured: builder.add_u64_field("injured", FAST | INDEXED),
        record: builder.add_text_field("record", STORED),
        text: builder.add_text_field("text", STORED),
        manifest: builder.add_bytes_field("manifest", FAST),
    };
    (builder.build(), fields)
}

fn text(tokenizer: &str, record: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
    TextOptions::default().set_indexing_options(indexing)
}

/// The term of a facet value.
pub(crate) fn facet_term(facet: &str, path: &str) -> String {
    [facet, ":", path].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_fields_changes_the_version() {
        let (schema, _) = build();
        let json = serde_json::to_string(&schema).unwrap_or_default();
        let hash = blake3::hash(json.as_bytes()).to_hex();
        assert_eq!(
            (VERSION, &hash[..16]),
            (5, "f6342683bcee2e3d"),
            "raise VERSION and put the new hash here"
        );
    }
}
