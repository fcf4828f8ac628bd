//! What an index holds, counted: for the command line, the page and the API.

use crate::index::{Pipeline, Snapshot, Status, Store, StoreError};
use crate::search::{Engine, FacetRow, Request, SearchError};
use crate::vocabulary::Vocabularies;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What an index holds.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Report {
    /// Its folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
    /// Letters.
    pub letters: u64,
    /// Disputed items.
    pub items: u64,
    /// Items by outcome.
    pub outcomes: Vec<FacetRow>,
    /// Items by layout of the letter.
    pub layouts: Vec<FacetRow>,
    /// Source files by what became of them.
    pub files: BTreeMap<String, u64>,
    /// Files that failed, by code.
    pub failures: BTreeMap<String, u64>,
    /// Warnings over all letters.
    pub warnings: u64,
    /// Files and folders that it was brought up to date with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roots: Vec<String>,
    /// Bytes on the disk.
    pub bytes: u64,
    /// Parts of the index.
    pub segments: usize,
    /// Documents deleted and not yet merged away.
    pub deleted: u64,
    /// The share of documents that are deleted, 0 to 1.
    pub deleted_share: f64,
    /// Whether the last update was broken off: the next one goes on with it.
    pub unfinished: bool,
    /// Whether a rebuild was broken off: the next one goes on with it.
    pub rebuild_unfinished: bool,
    /// Version of the schema.
    pub schema: u32,
    /// Version of parser and vocabularies.
    pub pipeline: String,
    /// Whether letters were read by this version of parser and vocabularies.
    pub current: bool,
    /// When it was last brought up to date, in seconds since 1970.
    pub updated: u64,
}

impl Report {
    /// Counts what an index holds; every source file is looked at.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn of(
        store: &Store,
        snapshot: &Snapshot,
        vocabularies: &Vocabularies,
    ) -> Result<Self, StoreError> {
        let request = Request {
            limit: 0,
            facets: Some(vec!["outcome".to_owned(), "layout".to_owned()]),
            ..Request::default()
        };
        let response =
            Engine::new(snapshot, vocabularies).search(&request).map_err(|error| match error {
                SearchError::Store(error) => error,
                other => damaged(store, &other),
            })?;
        let mut facets = response.facets.unwrap_or_default().0.into_iter().map(|facet| facet.rows);
        let (segments, deleted) = snapshot.segments();
        let mut report = Self {
            index: Some(store.folder().display().to_string()),
            letters: 0,
            items: response.total,
            outcomes: facets.next().unwrap_or_default(),
            layouts: facets.next().unwrap_or_default(),
            files: BTreeMap::new(),
            failures: BTreeMap::new(),
            warnings: 0,
            roots: snapshot.meta.roots.clone(),
            bytes: size(store.folder())
                .map_err(|error| StoreError::Io { path: store.folder().to_owned(), error })?,
            segments,
            deleted,
            deleted_share: snapshot.deleted_share(),
            unfinished: snapshot.meta.unfinished,
            rebuild_unfinished: store.has_rebuild(),
            schema: snapshot.meta.schema,
            current: snapshot.meta.pipeline == Pipeline::fingerprint_of(vocabularies),
            pipeline: snapshot.meta.pipeline.clone(),
            updated: snapshot.meta.updated,
        };
        report.count_files(snapshot)?;
        Ok(report)
    }

    fn count_files(&mut self, snapshot: &Snapshot) -> Result<(), StoreError> {
        for source in snapshot.sources()?.into_values() {
            let status = match source.status {
                Status::Indexed => "indexed",
                Status::Duplicate => "duplicate",
                Status::Failed => "failed",
                Status::Skipped => "skipped",
            };
            *self.files.entry(status.to_owned()).or_default() += 1;
            self.letters += u64::from(source.status == Status::Indexed);
            self.warnings += u64::from(source.warnings);
            if let (Status::Failed, Some(failure)) = (source.status, source.failure) {
                *self.failures.entry(failure.code).or_default() += 1;
            }
        }
        Ok(())
    }
}

fn damaged(store: &Store, reason: &SearchError) -> StoreError {
    StoreError::Damaged { path: store.folder().to_owned(), reason: reason.to_string() }
}

/// Bytes of all files below a folder; one that a merge removes meanwhile counts nothing.
fn size(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() {
            size(&entry.path()).unwrap_or(0)
        } else {
            entry.metadata().map_or(0, |about| about.len())
        };
    }
    Ok(bytes)
}
