//! The folder that holds the index: which generation is in use, opening it, the one lock.
//!
//! `CURRENT` names the generation in use. A folder that holds other things is never touched.

use super::directory::Readable;
use super::error::StoreError;
use super::facet_terms::TermsKept;
use super::generations::number_of;
use super::letters::Keeper;
use super::schema::{self, Fields, VERSION};
use crate::contain::quietly;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use tantivy::index::Index;
use tantivy::{IndexReader, ReloadPolicy, Searcher, TantivyError};

pub(super) const CURRENT: &str = "CURRENT";
pub(super) const LOCK: &str = "LOCK";
/// Stands in a generation from before the first change of a run until after its last commit.
pub(super) const UNFINISHED: &str = "UNFINISHED";
/// What the last commit of a generation wrote.
pub(super) const DESCRIPTION: &str = "meta.json";
/// The library's list of files that it may remove.
pub(super) const MANAGED: &str = ".managed.json";
/// `CURRENT` before it is swapped in.
pub(super) const DRAFT: &str = "CURRENT.new";
pub(super) const PREFIX: &str = "generation-";
/// What `CURRENT` starts with, so that no other program's file is taken for it.
pub(super) const MAGIC: &str = "imr-search ";

/// What a commit says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Version of the schema.
    pub schema: u32,
    /// Version of parser and vocabularies.
    pub pipeline: String,
    /// Files and folders that the index was brought up to date with.
    pub roots: Vec<String>,
    /// When, in seconds since 1970.
    pub updated: u64,
    /// Whether what letters have in common is kept in a dictionary of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shares: bool,
    /// Whether the run that wrote it was not at its end: the next one goes on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unfinished: bool,
}

/// An index as of its last commit.
#[derive(Clone)]
pub struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    /// What the commit says of itself.
    pub meta: Meta,
    commit: Commit,
    pub(super) facet_terms: TermsKept,
    pub(super) keeper: Keeper,
}

/// Which commit a snapshot is of. Merges make none: they give the same documents in other files.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Commit {
    generation: PathBuf,
    number: u64,
    /// A commit that fails may come to the disk with a merge, under the number of the one before.
    documents: u64,
}

impl Snapshot {
    /// Whether another snapshot has the same documents, whatever the files that they stand in.
    pub fn is_same_commit(&self, other: &Self) -> bool {
        self.commit == other.commit
    }
}

/// The folder of an index.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// Keeps other writers out until it is dropped; the system frees it when the process ends.
pub(crate) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a process that is being started may hold the file for a moment more.
        drop(self.0.unlock());
    }
}

impl Store {
    /// Names the folder; nothing is read or made.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is an index.
    pub fn exists(&self) -> bool {
        self.folder.join(CURRENT).is_file()
    }

    /// Opens the index as of its last commit.
    ///
    /// # Errors
    /// If it is missing, damaged or of another schema.
    pub fn open(&self) -> Result<Snapshot, StoreError> {
        // A commit or a swap may take files away while they are opened.
        self.open_generation(&self.current()?).or_else(|_| self.open_generation(&self.current()?))
    }

    /// Opens a generation as of its last commit.
    pub(super) fn open_generation(&self, generation: &Path) -> Result<Snapshot, StoreError> {
        // The library may panic over a damaged file.
        quietly(|| self.open_unguarded(generation))
            .unwrap_or_else(|_| Err(self.damaged(&"one of its files cannot be read to its end")))
    }

    fn open_unguarded(&self, generation: &Path) -> Result<Snapshot, StoreError> {
        let meta = self.meta(generation)?;
        let (schema, fields) = schema::build();
        if meta.schema != VERSION {
            return Err(StoreError::Schema { found: meta.schema });
        }
        let damaged = |error: TantivyError| self.damaged(&error);
        let directory = Readable::open(generation).map_err(|error| self.damaged(&error))?;
        let index = Index::open(directory).map_err(damaged)?;
        if index.schema() != schema {
            return Err(self.damaged(&"its fields are not those of its schema"));
        }
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(damaged)?;
        // After the reader: a commit in between is then taken for another one, and not the other way round.
        let number = index.load_metas().map_err(damaged)?.opstamp;
        let searcher = reader.searcher();
        let documents = searcher.num_docs();
        let commit = Commit { generation: generation.to_owned(), number, documents };
        let facet_terms = TermsKept::new(searcher.segment_readers().len());
        let keeper = Keeper::new(searcher.segment_readers().len());
        Ok(Snapshot { searcher, fields, meta, commit, facet_terms, keeper })
    }

    /// What the last commit of a generation says of itself, whatever its schema.
    pub(super) fn meta(&self, generation: &Path) -> Result<Meta, StoreError> {
        let description = generation.join(DESCRIPTION);
        let text = fs::read_to_string(&description).map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => StoreError::io(&description, error),
            _ => self.damaged(&format!("{DESCRIPTION} cannot be read: {error}")),
        })?;
        let broken_off = generation.join(UNFINISHED).exists();
        let payload = || -> Option<Meta> {
            let description: serde_json::Value = serde_json::from_str(&text).ok()?;
            let meta: Meta = serde_json::from_str(description.get("payload")?.as_str()?).ok()?;
            Some(Meta { unfinished: meta.unfinished || broken_off, ..meta })
        };
        payload().ok_or_else(|| self.damaged(&"its last commit carries no description"))
    }

    /// The folders that the index was brought up to date with, also where it is of another
    /// schema; none where they cannot be read.
    pub(crate) fn roots(&self) -> Vec<String> {
        let meta = self.current().and_then(|generation| self.meta(&generation));
        meta.map(|meta| meta.roots).unwrap_or_default()
    }

    /// The folder of the generation in use.
    pub(super) fn current(&self) -> Result<PathBuf, StoreError> {
        let nothing = match fs::read_to_string(self.folder.join(CURRENT)) {
            Ok(text) => match text.strip_prefix(MAGIC).map(str::trim) {
                Some(name) if number_of(name).is_some() => return Ok(self.folder.join(name)),
                _ => StoreError::Foreign(self.folder.clone()),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                StoreError::Missing(self.folder.clone())
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                StoreError::Foreign(self.folder.clone())
            }
            Err(error) => return Err(self.damaged(&error)),
        };
        let known = self.committed().is_some();
        Err(if known { self.damaged(&"CURRENT names no generation") } else { nothing })
    }

    fn damaged(&self, reason: &dyn std::fmt::Display) -> StoreError {
        StoreError::damaged(&self.folder, reason)
    }

    pub(super) fn io(&self) -> impl Fn(io::Error) -> StoreError + '_ {
        |error| StoreError::io(&self.folder, error)
    }

    /// Takes the lock that keeps a second writer out.
    pub(crate) fn lock(&self) -> Result<Lock, StoreError> {
        if self.is_foreign().map_err(self.io())? {
            return Err(StoreError::Foreign(self.folder.clone()));
        }
        fs::create_dir_all(&self.folder).map_err(self.io())?;
        let mut lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(self.folder.join(LOCK))
            .map_err(self.io())?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let read = lock.read_to_string(&mut holder).is_ok() && !holder.trim().is_empty();
                return Err(StoreError::Locked(read.then(|| holder.trim().to_owned())));
            }
            Err(TryLockError::Error(error)) => return Err(self.io()(error)),
        }
        let holder = format!("process {}\n", std::process::id());
        let written = lock.set_len(0).and_then(|()| lock.rewind());
        written.and_then(|()| lock.write_all(holder.as_bytes())).map_err(self.io())?;
        self.adopt().map_err(self.io())?;
        Ok(Lock(lock))
    }

    /// Whether the folder holds what this program did not make.
    fn is_foreign(&self) -> io::Result<bool> {
        if !self.folder.is_dir() {
            return Ok(false);
        }
        match self.current() {
            Err(StoreError::Missing(_)) => {}
            current => return Ok(matches!(current, Err(StoreError::Foreign(_)))),
        }
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            // What an interrupted first build leaves.
            if name != LOCK && name != DRAFT && number_of(&name).is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
