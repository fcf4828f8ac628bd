//! What benchmarks of whole indexes share.

use imr_search::index::{NoProgress, Pipeline, Report, Store, Update};
use imr_search::source;
use std::path::PathBuf;

/// Brings an index up to date with folders, as the command does.
pub(crate) fn update(store: &Store, pipeline: &Pipeline, folders: &[PathBuf]) -> Report {
    let update = Update { jobs: 2, ..Update::default() };
    let walk = source::walk(folders);
    update.run(store, pipeline, Some(walk), &NoProgress).expect("the folders can be indexed")
}
