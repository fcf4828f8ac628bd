//! What is handed on: citations, tables of all matching items, and the dictionary of their columns.
//!
//! Data only: `output` writes it.

mod citation;
mod place;

pub use citation::{Citation, Cited, Quote, cite, quote_hit};
pub use place::{TextPlace, locate};
