//! Full-text and faceted search over California Independent Medical Review determinations.
//!
//! The modules are the pipeline, in this order: files become text, text becomes a letter, the
//! letter's items get their facets, and all of it is kept in an index that is searched.
//!
//! ```
//! use imr_search::classify::Classifier;
//! use imr_search::vocabulary::Vocabularies;
//!
//! let vocabularies = Vocabularies::load(None)?;
//! let classifier = Classifier::new(&vocabularies)?;
//! let letter = imr_search::letter::parse("no determination at all", "a-file");
//! assert!(classifier.classify(&letter).items.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod contain;

pub mod source;

pub mod letter;

pub mod vocabulary;

pub mod classify;

pub mod record;

pub mod audit;

pub mod index;

pub mod query;

pub mod search;

pub mod insight;

pub mod export;

pub mod saved;
pub mod status;

mod output;

pub mod web;

pub mod cli;
