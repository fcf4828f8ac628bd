//! How an update is to be done, and why one could not be.

use super::error::StoreError;
use std::path::PathBuf;
use std::time::Duration;

/// What to bring up to date, and how.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "options of a command")]
pub struct Update {
    /// Build a new index beside the present one and swap.
    pub rebuild: bool,
    /// Only say what would be done.
    pub dry_run: bool,
    /// Remove what has vanished without a doubt.
    pub prune: bool,
    /// Look into files that are as they were by size and time.
    pub paranoid: bool,
    /// Threads that read files.
    pub jobs: usize,
    /// Bytes of memory for writing.
    pub memory: usize,
    /// What is written before it is committed.
    pub batches: Batches,
}

/// Bytes of memory for writing where nothing is said.
pub const MEMORY: usize = 512_000_000;

impl Default for Update {
    /// As `imr index` does without options: a thread a core, up to eight, and [`MEMORY`] for writing.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            rebuild: false,
            dry_run: false,
            prune: false,
            paranoid: false,
            jobs: cores.min(8),
            memory: MEMORY,
            batches: Batches::default(),
        }
    }
}

/// How much may be lost when a run is broken off: what comes first ends a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batches {
    /// Bytes of letters' text.
    pub bytes: u64,
    /// Time since the last commit.
    pub time: Duration,
}

impl Default for Batches {
    /// So that a build of the whole record commits some dozens of times, and one that is broken off loses
    /// seconds of work; a minute where PDFs come slowly.
    fn default() -> Self {
        Self { bytes: 320 << 20, time: Duration::from_mins(1) }
    }
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
