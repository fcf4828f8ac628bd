//! How an update is to be done, and why one could not be.

use super::store::StoreError;
use std::path::PathBuf;

/// What to bring up to date, and how.
#[derive(Debug, Clone)]
pub struct Update {
    /// Build a new index beside the present one and swap.
    pub rebuild: bool,
    /// Only say what would be done.
    pub dry_run: bool,
    /// Remove what has vanished without a doubt.
    pub prune: bool,
    /// Threads that read files.
    pub jobs: usize,
    /// Bytes of memory for writing.
    pub memory: usize,
}

/// Why an update could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The index cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A rebuild would lose letters: the old index cannot be read and their files are not there.
    #[error("{} is not there: a rebuild would lose its letters", .0.display())]
    RootGone(PathBuf),
    /// Nothing that was named is there.
    #[error("{}: {message}", path.display())]
    NotFound {
        /// What was named.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// Nothing to do was named.
    #[error("no file or folder named, and the index knows none")]
    NothingNamed,
}
