//! What is wrong with a query, and where.

use super::syntax::Span;
use std::fmt;

/// An error with its place in the query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where, in bytes.
    pub span: Span,
}

impl QueryError {
    pub(super) fn new(message: impl Into<String>, span: Span) -> Self {
        Self { message: message.into(), hint: None, span }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Draws the place under the query, in two lines.
    pub fn caret<'a>(&'a self, query: &'a str) -> impl fmt::Display + 'a {
        Caret { query, span: &self.span }
    }
}

/// How much of a long query is shown on either side of the place, in characters.
const CONTEXT: usize = 60;

struct Caret<'a> {
    query: &'a str,
    span: &'a Span,
}

impl fmt::Display for Caret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.query.floor_char_boundary(self.span.start);
        let end = self.query.ceil_char_boundary(self.span.end).max(start);
        let before: Vec<char> = self.query[..start].chars().collect();
        let before = &before[before.len().saturating_sub(CONTEXT)..];
        let after: String = self.query[start..].chars().take(CONTEXT).collect();
        let line: String = before.iter().copied().chain(after.chars()).collect();
        let marked = self.query[start..end].chars().count().clamp(1, CONTEXT);
        let clean: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        writeln!(f, "  {clean}")?;
        write!(f, "  {}{}", " ".repeat(before.len()), "^".repeat(marked))
    }
}
