//! The folder that holds the index: generations, the one lock, the one commit.
//!
//! `CURRENT` names the generation in use; a rebuild makes the next one beside it and swaps. A
//! folder that holds other things is never touched.

use super::analyzer::tokenizers;
use super::schema::{self, Fields, VERSION};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use tantivy::index::Index;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher, TantivyError};

const CURRENT: &str = "CURRENT";
const LOCK: &str = "LOCK";
/// `CURRENT` before it is swapped in.
const DRAFT: &str = "CURRENT.new";
const PREFIX: &str = "generation-";
/// What `CURRENT` starts with, so that no other program's file is taken for it.
const MAGIC: &str = "imr-search ";
/// The longest reason that an error quotes.
const MAX_REASON: usize = 200;

/// A letter's documents stand together, so that large blocks compress what its items share.
const DOCSTORE_BLOCK: usize = 64 << 10;

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
}

/// Why an index could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no index.
    #[error("there is no index at {}", .0.display())]
    Missing(PathBuf),
    /// The folder holds other things.
    #[error("{} is not empty and holds no index", .0.display())]
    Foreign(PathBuf),
    /// Another program is writing.
    #[error("another process is writing to the index{}", holder(.0.as_ref()))]
    Locked(Option<String>),
    /// The index has fields that this program does not know.
    #[error("the index is of schema {found}, this program reads schema {VERSION}")]
    Schema {
        /// The index's schema.
        found: u32,
    },
    /// The index is damaged.
    #[error("the index at {} is damaged: {reason}", path.display())]
    Damaged {
        /// The index.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file operation failed.
    #[error("cannot write to the index at {}: {error}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// The library failed.
    #[error(transparent)]
    Tantivy(#[from] TantivyError),
}

fn holder(holder: Option<&String>) -> String {
    holder.map_or_else(String::new, |holder| format!(" ({holder})"))
}

impl StoreError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            StoreError::Missing(_) => Some("make one with `imr index FOLDER`"),
            StoreError::Foreign(_) => Some("name an empty or new folder with --index"),
            StoreError::Locked(_) => Some("wait until it is done, or stop it"),
            StoreError::Schema { .. } | StoreError::Damaged { .. } => {
                Some("build it anew with `imr index --rebuild FOLDER`")
            }
            StoreError::Io { .. } | StoreError::Tantivy(_) => None,
        }
    }
}

/// An index as of its last commit.
#[derive(Clone)]
pub struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    /// What the commit says of itself.
    pub meta: Meta,
}

/// The folder of an index.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// A generation open for writing, and the lock.
pub(crate) struct Writer {
    pub(crate) fields: Fields,
    documents: IndexWriter,
    generation: PathBuf,
    /// Whether the generation is to become the current one at its first commit.
    swap: Option<Store>,
    _lock: Lock,
}

/// Keeps other writers out until it is dropped; the system frees it when the process ends.
pub(crate) struct Lock(#[expect(dead_code, reason = "held, not read")] File);

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
        let (index, fields, meta) = self.open_current()?;
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error| self.damaged(&error))?;
        Ok(Snapshot { searcher: reader.searcher(), fields, meta })
    }

    fn open_current(&self) -> Result<(Index, Fields, Meta), StoreError> {
        let generation = self.current()?;
        let mut index = Index::open_in_dir(&generation).map_err(|error| self.damaged(&error))?;
        index.set_tokenizers(tokenizers());
        let payload = index.load_metas().map_err(|error| self.damaged(&error))?.payload;
        let meta: Meta = payload
            .as_deref()
            .and_then(|payload| serde_json::from_str(payload).ok())
            .ok_or_else(|| self.damaged(&"its last commit carries no description"))?;
        let (schema, fields) = schema::build();
        if meta.schema != VERSION || index.schema() != schema {
            return Err(StoreError::Schema { found: meta.schema });
        }
        Ok((index, fields, meta))
    }

    /// The folders that the index was brought up to date with, also where it is of another
    /// schema; none where they cannot be read.
    pub(crate) fn roots(&self) -> Vec<String> {
        let roots = || {
            let meta = fs::read_to_string(self.current().ok()?.join("meta.json")).ok()?;
            let meta: serde_json::Value = serde_json::from_str(&meta).ok()?;
            let payload: Meta = serde_json::from_str(meta.get("payload")?.as_str()?).ok()?;
            Some(payload.roots)
        };
        roots().unwrap_or_default()
    }

    /// The folder of the generation in use.
    fn current(&self) -> Result<PathBuf, StoreError> {
        match fs::read_to_string(self.folder.join(CURRENT)) {
            Ok(text) => match text.strip_prefix(MAGIC).map(str::trim) {
                Some(name) if name.starts_with(PREFIX) => Ok(self.folder.join(name)),
                _ => Err(StoreError::Foreign(self.folder.clone())),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(StoreError::Missing(self.folder.clone()))
            }
            Err(error) => Err(self.damaged(&error)),
        }
    }

    fn damaged(&self, reason: &dyn std::fmt::Display) -> StoreError {
        let mut reason = reason.to_string();
        reason.truncate(reason.floor_char_boundary(MAX_REASON));
        StoreError::Damaged { path: self.folder.clone(), reason }
    }

    fn io(&self) -> impl Fn(io::Error) -> StoreError + '_ {
        |error| StoreError::Io { path: self.folder.clone(), error }
    }

    /// Opens the current generation for writing, or makes a new one that is used from its first
    /// commit on: the first of all, or one to rebuild in.
    pub(crate) fn writer(
        &self,
        lock: Lock,
        rebuild: bool,
        memory: usize,
        threads: usize,
    ) -> Result<Writer, StoreError> {
        if rebuild || !self.exists() {
            return self.new_generation(lock, memory, threads);
        }
        let (index, fields, _) = self.open_current()?;
        let documents = index.writer_with_num_threads(threads, memory)?;
        let generation = self.current()?;
        Ok(Writer { fields, documents, generation, swap: None, _lock: lock })
    }

    fn new_generation(
        &self,
        lock: Lock,
        memory: usize,
        threads: usize,
    ) -> Result<Writer, StoreError> {
        let generation = self.next_generation().map_err(self.io())?;
        fs::create_dir_all(&generation).map_err(self.io())?;
        let (schema, fields) = schema::build();
        let compressor = ZstdCompressor { compression_level: Some(1) };
        let settings = IndexSettings {
            docstore_compression: Compressor::Zstd(compressor),
            docstore_blocksize: DOCSTORE_BLOCK,
            ..IndexSettings::default()
        };
        let index = Index::builder()
            .schema(schema)
            .settings(settings)
            .tokenizers(tokenizers())
            .create_in_dir(&generation)?;
        let documents = index.writer_with_num_threads(threads, memory)?;
        let swap = Some(self.clone());
        Ok(Writer { fields, documents, generation, swap, _lock: lock })
    }

    /// A free name above all in use; what an interrupted rebuild left is removed.
    fn next_generation(&self) -> io::Result<PathBuf> {
        let current = self.current().ok();
        let mut highest = 0;
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Some(number) = name.strip_prefix(PREFIX) else { continue };
            highest = highest.max(number.parse().unwrap_or(0));
            if current.as_ref() != Some(&path) {
                fs::remove_dir_all(&path)?;
            }
        }
        Ok(self.folder.join(format!("{PREFIX}{:06}", highest + 1_u64)))
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
        Ok(Lock(lock))
    }

    /// Whether the folder holds what this program did not make.
    fn is_foreign(&self) -> io::Result<bool> {
        if !self.folder.is_dir() {
            return Ok(false);
        }
        if self.exists() {
            return Ok(matches!(self.current(), Err(StoreError::Foreign(_))));
        }
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            // What an interrupted first build leaves.
            if name != LOCK && name != DRAFT && !name.starts_with(PREFIX) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Makes a generation the current one and removes the one before.
    fn swap(&self, generation: &Path) -> io::Result<()> {
        let before = self.current().ok();
        let name = generation.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let draft = self.folder.join(DRAFT);
        let mut file = File::create(&draft)?;
        file.write_all(format!("{MAGIC}{name}\n").as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, self.folder.join(CURRENT))?;
        #[cfg(unix)]
        File::open(&self.folder)?.sync_all()?;
        if let Some(before) = before.filter(|before| before != generation) {
            // A reader may hold its files; what stays is removed before the next rebuild.
            drop(fs::remove_dir_all(before));
        }
        Ok(())
    }
}

impl Writer {
    /// Deletes the documents of a source and adds others in their place.
    pub(crate) fn replace(
        &self,
        key: &str,
        documents: Vec<tantivy::TantivyDocument>,
    ) -> Result<(), StoreError> {
        use tantivy::indexer::UserOperation;
        let term = tantivy::Term::from_field_text(self.fields.source, key);
        let mut operations = vec![UserOperation::Delete(term)];
        operations.extend(documents.into_iter().map(UserOperation::Add));
        self.documents.run(operations)?;
        Ok(())
    }

    /// Commits everything since the last commit: the only place that does.
    pub(crate) fn commit(&mut self, meta: &Meta) -> Result<(), StoreError> {
        let payload = serde_json::to_string(meta).unwrap_or_default();
        let mut prepared = self.documents.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        if let Some(store) = self.swap.take() {
            store.swap(&self.generation).map_err(store.io())?;
        }
        Ok(())
    }

    /// Waits for merges and ends writing.
    pub(crate) fn finish(self) -> Result<(), StoreError> {
        self.documents.wait_merging_threads()?;
        Ok(())
    }
}
