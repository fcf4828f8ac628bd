//! The query language: text to a syntax tree, with the place of every error.
//!
//! Pure: it knows the names of fields and facets, not what they hold. Nothing typed is dropped
//! silently: an operator works, or it is an error with its position.

mod error;
mod lexer;
mod parser;
mod refuse;
mod syntax;
#[cfg(test)]
mod tests;

pub use error::QueryError;
pub use parser::{MAX_LENGTH, parse};
pub use syntax::{Field, Node, Query, Span, Word};
