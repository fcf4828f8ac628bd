//! Whether the files of a generation are as they were written, by the checksums that the library
//! keeps at their ends.

use super::store::Snapshot;
use crate::contain::quietly;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use tantivy::directory::error::OpenReadError;
use tantivy::index::{SegmentComponent, SegmentMeta};
use tantivy::{Directory, Index};

/// The files that every segment has.
const COMPONENTS: [SegmentComponent; 6] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
    SegmentComponent::Store,
];

/// A file that is not as it was written.
#[derive(Debug)]
pub(super) struct Damage {
    /// Its name in the generation's folder.
    pub(super) file: PathBuf,
    /// Stable name: `missing`, `damaged` or `unlisted`.
    pub(super) code: &'static str,
    /// What is wrong with it.
    pub(super) reason: String,
}

/// The files of the last commit.
pub(super) fn files(index: &Index) -> tantivy::Result<Vec<PathBuf>> {
    let segments = index.searchable_segment_metas()?;
    Ok(segments.iter().flat_map(files_of).collect())
}

fn files_of(segment: &SegmentMeta) -> Vec<PathBuf> {
    let deletes = segment.has_deletes().then_some(SegmentComponent::Delete);
    let components = COMPONENTS.into_iter().chain(deletes);
    components.map(|component| segment.relative_path(component)).collect()
}

/// The files of a snapshot that are not as they were written.
pub(super) fn damaged(snapshot: &Snapshot) -> Vec<Damage> {
    let index = snapshot.searcher.index();
    let files = files(index).unwrap_or_default();
    let managed = index.directory().list_managed_files();
    files.iter().filter_map(|file| damage(index, file, &managed)).collect()
}

/// What is wrong with a file, if anything is.
pub(super) fn damage(index: &Index, file: &Path, managed: &HashSet<PathBuf>) -> Option<Damage> {
    let found = |code, reason: String| Some(Damage { file: file.to_owned(), code, reason });
    let directory = index.directory();
    // A file that says wrong lengths may make the library panic.
    let checked = quietly(|| directory.open_read(file).and(directory.validate_checksum(file)));
    match checked {
        Ok(Ok(true)) if !managed.contains(file) => found(
            "unlisted",
            "not in the library's list of files: it would never be removed".into(),
        ),
        Ok(Ok(true)) => None,
        Ok(Ok(false)) => found("damaged", "its checksum is not that of its content".into()),
        Ok(Err(OpenReadError::FileDoesNotExist(_))) => found("missing", "it is not there".into()),
        Ok(Err(error)) => found("damaged", error.to_string()),
        Err(_) => found("damaged", "it cannot be read to its end".into()),
    }
}
