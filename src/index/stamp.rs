//! Tells cheaply whether an index has changed since it was opened.

use super::store::{Store, UNFINISHED};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// What a commit leaves on the disk; another commit leaves another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The generation in use.
    generation: String,
    /// When and how long its description was written.
    written: Option<(SystemTime, u64)>,
    /// Whether the run that wrote it is under way or was broken off.
    unfinished: bool,
}

impl Stamp {
    /// Whether there is something to see that an older stamp's reader does not know: another commit, or the
    /// end of the run. That a run begins changes nothing yet.
    pub fn tells_more_than(&self, older: &Self) -> bool {
        let same_commit = self.generation == older.generation && self.written == older.written;
        !same_commit || older.unfinished && !self.unfinished
    }
}

impl Store {
    /// The stamp of the last commit: one small file read, one looked at. `None` without an index.
    pub fn stamp(&self) -> Option<Stamp> {
        let current = fs::read_to_string(self.folder().join("CURRENT")).ok()?;
        let generation = current.split_whitespace().last()?.to_owned();
        let written = written(&self.folder().join(&generation).join("meta.json"));
        let unfinished = self.folder().join(&generation).join(UNFINISHED).exists();
        Some(Stamp { generation, written, unfinished })
    }

    /// Whether a first build is under way or was broken off: there are files, and no index yet.
    pub fn is_unfinished(&self) -> bool {
        let generation =
            |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with("generation-");
        let entries = fs::read_dir(self.folder());
        !self.exists() && entries.is_ok_and(|mut all| all.any(|e| e.is_ok_and(generation)))
    }
}

fn written(file: &Path) -> Option<(SystemTime, u64)> {
    let about = fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len()))
}
