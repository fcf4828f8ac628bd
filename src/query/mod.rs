//! The query language: text to a syntax tree, with the place of every error.
//!
//! Pure: it knows the names of fields and facets, not what they hold. Nothing typed is dropped
//! silently: an operator works, or it is an error with its position.

#[cfg(test)]
mod cases;
mod error;
mod lexer;
mod parser;
mod refuse;
mod syntax;
#[cfg(test)]
mod tests;
mod word;

pub use error::QueryError;
pub use parser::{MAX_LENGTH, parse};
pub use syntax::{Field, Node, Pattern, Phrase, Query, Span, Word};
