//! Writes segments of the index: what documents say is gathered in memory by several builders at once and laid on disk in
//! the library's format by its own serializers.
//!
//! The library can do the same by itself; it looks every token of every field up by its text. Here a word is looked up
//! once and known by its number from then on, in all fields. Nothing here commits: a segment that is written is handed
//! over to the [`super::writer`].

mod builder;
mod builders;
mod lists;
mod postings;
mod texts;

pub(super) use builders::Builders;

use tantivy::TantivyDocument;
use tantivy::schema::Field;

/// A document to be written.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// What is kept in columns and as it is; nothing here is searched.
    pub(crate) kept: TantivyDocument,
    /// The names by which it is found, each a term of its field.
    names: Vec<(Field, Vec<u8>)>,
    pub(crate) text: Text,
}

/// The text of a document, by how it is searched.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) enum Text {
    #[default]
    None,
    /// A letter's: its words as printed.
    Letter(String),
    /// An item's in parts (see [`super::parts`]): the words of all parts but the last as printed, stems and pairs of all.
    Item(String),
}

impl Text {
    /// Its length in bytes.
    fn len(&self) -> usize {
        match self {
            Text::None => 0,
            Text::Letter(text) | Text::Item(text) => text.len(),
        }
    }
}

impl Document {
    /// One of so many bytes in columns and as it is, about.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { kept: TantivyDocument::with_capacity(bytes), ..Self::default() }
    }

    /// Adds a name.
    pub(crate) fn add_name(&mut self, field: Field, name: &str) {
        self.names.push((field, name.as_bytes().to_vec()));
    }

    /// Adds a number that is a name and a column.
    pub(crate) fn add_number(&mut self, field: Field, number: u64) {
        self.kept.add_u64(field, number);
        self.names.push((field, number.to_be_bytes().to_vec()));
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::index_of;
