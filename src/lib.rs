//! Full-text and faceted search over California Independent Medical Review determinations.
pub mod classify;
pub mod letter;
pub mod record;
pub mod source;
pub mod vocabulary;
