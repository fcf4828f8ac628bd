//! Finds what a request looked for in any text, for a reader of the whole letter.

use super::compile::Mark;
use super::engine::{Engine, SearchError};
use super::passages::marks_in;
use super::request::Request;
use crate::query::Field;

/// What the words of a request are told by; the default finds nothing.
#[derive(Debug, Clone, Default)]
pub struct Marker(Vec<Mark>);

impl Marker {
    /// The matches in a text of a part, as character offsets, start and end.
    pub fn marks(&self, field: Field, text: &str) -> Vec<[usize; 2]> {
        marks_in(text, field, &self.0)
    }
}

impl Engine<'_> {
    /// What finds a request's words in a text.
    ///
    /// # Errors
    /// If the query or a filter cannot be read, or the index cannot.
    pub fn marker(&self, request: &Request) -> Result<Marker, SearchError> {
        Ok(Marker(self.plan(request)?.compiled.marks))
    }
}
