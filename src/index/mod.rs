//! The index on disk: its schema, its documents, and bringing it up to date with files.
//!
//! The index is its own manifest: beside each letter and its items stands one document for the
//! source file, all replaced together in one commit. Only this module writes, and only
//! `Writer::commit` commits.

pub(crate) mod analyzer;
mod cutter;
pub(crate) mod document;
mod holders;
mod manifest;
mod named;
mod parallel;
pub(crate) mod parts;
mod path_text;
mod pipeline;
mod plan;
pub(crate) mod read;
mod report;
mod run;
pub(crate) mod schema;
mod settings;
mod stamp;
mod stems;
mod store;
mod update;

pub(crate) use analyzer::{Placed, printed_once, stems_once};
pub use document::ItemDocument;
pub(crate) use document::order_of;
pub use manifest::{SourceRecord, Status};
pub use named::{NameError, Named};
pub use pipeline::{Pipeline, ReadLetter};
pub use report::{FileReport, NoProgress, Progress, Report};
pub use settings::{Update, UpdateError};
pub use stamp::Stamp;
pub use store::{Meta, Snapshot, Store, StoreError};
