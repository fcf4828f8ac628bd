//! The index on disk: its schema, its documents, and bringing it up to date with files.
//!
//! The index is its own manifest: beside each letter and its items stands one document for the
//! source file, all replaced together. Only this module writes, and only `Writer::commit` commits.

pub(crate) mod analyzer;
mod backup;
mod batch;
mod compare;
mod contents;
pub(crate) mod cutter;
mod directory;
pub(crate) mod document;
mod error;
mod facet_sets;
pub(crate) mod facet_terms;
mod generations;
mod holders;
mod integrity;
mod kept;
mod letters;
mod manifest;
mod merging;
mod named;
mod outdated;
mod packing;
pub(crate) mod pairs;
mod parallel;
pub(crate) mod parts;
mod path_text;
mod pieces;
mod pipeline;
mod plan;
mod prepared;
pub(crate) mod read;
mod report;
mod run;
pub(crate) mod schema;
pub(crate) mod segment;
mod settings;
mod stamp;
mod stems;
mod store;
pub(crate) mod term_docs;
pub(crate) mod topic;
mod update;
mod verify;
mod writer;

pub(crate) use analyzer::{Placed, printed_once, stems_once};
pub use backup::Copied;
pub use document::ItemDocument;
pub(crate) use document::order_of;
pub use error::StoreError;
pub use manifest::{Key, SourceRecord, Sources, Status};
pub use named::{NameError, Named};
pub use pipeline::{Pipeline, ReadLetter};
pub use report::{FileReport, NoProgress, Progress, Report};
pub use settings::{Batches, MEMORY, Update, UpdateError};
pub use stamp::Stamp;
pub use store::{Meta, Snapshot, Store};
pub use verify::{Fault, Verified};
