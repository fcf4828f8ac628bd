//! What an update did, and how those who watch are told.

use serde::Serialize;

/// What an update did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Letters new to the index.
    pub added: u64,
    /// Letters read again: changed, or read by another version of the program.
    pub changed: u64,
    /// Letters as they were.
    pub unchanged: u64,
    /// Letters gone.
    pub removed: u64,
    /// Letters whose files have another name or place: not read again.
    pub moved: u64,
    /// Texts that are no letters and do not claim to be.
    pub skipped: u64,
    /// Files that are not in the index, and why.
    pub failed: Vec<FileReport>,
    /// What else should be known: clashing identities, roots that are gone.
    pub notices: Vec<FileReport>,
    /// Letters in the index.
    pub letters: u64,
    /// Items in the index.
    pub items: u64,
    /// Whether nothing was written because that was asked for.
    pub dry_run: bool,
    /// Whether it was stopped before its end: the next run goes on.
    pub unfinished: bool,
    /// Files that were not read because it was stopped.
    pub left: u64,
    /// Whether the index holds as many documents as its records say.
    #[serde(skip)]
    pub(super) agrees: bool,
    /// Time taken.
    pub took_ms: u64,
}

/// Something about one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// The file.
    pub source: String,
    /// Stable name.
    pub code: String,
    /// What is to be known.
    pub message: String,
}

impl FileReport {
    pub(super) fn new(source: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self { source: source.into(), code: code.to_owned(), message: message.into() }
    }
}

/// Told how an update goes on.
pub trait Progress: Sync {
    /// So many files are to be read.
    fn start(&self, files: u64);
    /// So many more have been.
    fn advance(&self, files: u64);
    /// All have been read.
    fn finish(&self);
    /// Whether it is to stop: what has been read by then is committed.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Progress that nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn start(&self, _: u64) {}
    fn advance(&self, _: u64) {}
    fn finish(&self) {}
}
