//! Finds what a request looked for in a letter's texts, for a reader of the whole letter.

use super::engine::{Engine, SearchError};
use super::passages::marks_in;
use super::request::Request;
use crate::query::Field;

impl Engine<'_> {
    /// The matches of a request's words in each text, as character offsets, start and end; a text is
    /// given with the part of the item that it is.
    ///
    /// # Errors
    /// If the query or a filter cannot be read, or the index cannot.
    pub fn marks(
        &self,
        request: &Request,
        texts: &[(Field, &str)],
    ) -> Result<Vec<Vec<[usize; 2]>>, SearchError> {
        let plan = self.plan(request)?;
        let marks = &plan.compiled.marks;
        Ok(texts.iter().map(|(field, text)| marks_in(text, *field, marks)).collect())
    }
}
