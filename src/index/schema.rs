//! The fields of the index. No other module names one.

use super::analyzer::{EXACT, STEMMED};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};

/// Changes whenever fields or their meaning change.
pub(crate) const VERSION: u32 = 2;

/// A text field in its two forms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextField {
    /// Stemmed.
    pub(crate) stemmed: Field,
    /// As printed, in lower case.
    pub(crate) exact: Field,
}

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
    /// The request as printed.
    pub(crate) title: TextField,
    /// The portion in dispute.
    pub(crate) disputed: TextField,
    /// Why it was decided so.
    pub(crate) rationale: TextField,
    /// Both guideline fields.
    pub(crate) guideline: TextField,
    /// The case summary.
    pub(crate) summary: TextField,
    /// Facet values, parents included, as `name:path`.
    pub(crate) facet: Field,
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
    /// The manifest's record of a source file, as JSON.
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
        title: text(&mut builder, "title"),
        disputed: text(&mut builder, "disputed"),
        rationale: text(&mut builder, "rationale"),
        guideline: text(&mut builder, "guideline"),
        summary: text(&mut builder, "summary"),
        facet: builder.add_text_field("facet", STRING | FAST),
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
        manifest: builder.add_text_field("manifest", TextOptions::default().set_fast("raw")),
    };
    (builder.build(), fields)
}

fn text(builder: &mut SchemaBuilder, name: &str) -> TextField {
    let options = |tokenizer| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        TextOptions::default().set_indexing_options(indexing)
    };
    TextField {
        stemmed: builder.add_text_field(name, options(STEMMED)),
        exact: builder.add_text_field(&format!("{name}_exact"), options(EXACT)),
    }
}

/// The term of a facet value.
pub(crate) fn facet_term(facet: &str, path: &str) -> String {
    format!("{facet}:{path}")
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
            (2, "3a85399153b81db6"),
            "raise VERSION and put the new hash here"
        );
    }
}
