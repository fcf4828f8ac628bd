//! What is handed on: citations, tables of all matching items, and the dictionary of their columns.
//!
//! Data only: `output` writes it.

mod citation;
mod columns;
mod place;
mod stream;

pub use citation::{Citation, Cited, Citing, Quote, cite, quote_hit};
pub(crate) use columns::TWINS;
pub use columns::{Column, Listed, chosen, columns};
pub use place::TextPlace;
pub use stream::{Items, item_id};
