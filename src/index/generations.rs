//! Generations: the folders of which one is in use. A rebuild writes the next one beside it and
//! swaps when it is complete; one that was broken off goes on in what it had written.

use super::error::StoreError;
use super::integrity;
use super::schema::{self, Fields};
use super::store::{
    CURRENT, DESCRIPTION, DRAFT, LOCK, Lock, MAGIC, MANAGED, PREFIX, Snapshot, Store, UNFINISHED,
};
use super::writer::{Swap, Writer};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tantivy::store::Compressor;
use tantivy::{Index, IndexSettings};

/// What a write of the library leaves when it is broken off.
const SCRAP: &str = ".tmp";

/// A generation that is to be written to.
pub(super) struct Draft {
    pub(super) generation: PathBuf,
    pub(super) index: Index,
    pub(super) fields: Fields,
    pub(super) swap: Swap,
}

/// What a rebuild that was broken off has written so far.
pub(super) struct Begun {
    generation: PathBuf,
    pub(super) snapshot: Snapshot,
}

impl Store {
    /// Opens a generation for writing: the one in use, what a rebuild has `begun`, or a new one
    /// where there is none or a rebuild begins.
    pub(super) fn writer(
        &self,
        lock: Lock,
        rebuild: bool,
        begun: Option<Begun>,
        memory: usize,
        threads: usize,
    ) -> Result<Writer, StoreError> {
        let draft = match begun {
            Some(begun) => self.reopen(begun.generation, Swap::Complete)?,
            None if !self.exists() => self.new_generation(Swap::AtOnce)?,
            None if rebuild => self.new_generation(Swap::Complete)?,
            None => self.reopen(self.current()?, Swap::Done)?,
        };
        Writer::new(self, lock, draft, memory, threads)
    }

    fn reopen(&self, generation: PathBuf, swap: Swap) -> Result<Draft, StoreError> {
        self.meta(&generation)?;
        let index = Index::open_in_dir(&generation)
            .map_err(|error| StoreError::damaged(self.folder(), &error))?;
        let committed = integrity::files(&index)?;
        remove_scraps(&generation, &committed).map_err(self.io())?;
        let (_, fields) = schema::build();
        Ok(Draft { generation, index, fields, swap })
    }

    fn new_generation(&self, swap: Swap) -> Result<Draft, StoreError> {
        let generation = self.next_generation().map_err(self.io())?;
        fs::create_dir_all(&generation).map_err(self.io())?;
        let (schema, fields) = schema::build();
        // What is kept of a letter is packed by itself.
        let settings = IndexSettings {
            docstore_compression: Compressor::None,
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        };
        let index = Index::builder()
            .schema(schema)
            .settings(settings)
            .create_in_dir(&generation)
            .map_err(|error| StoreError::writing(self.folder(), error))?;
        Ok(Draft { generation, index, fields, swap })
    }

    /// A free name above all in use; what an interrupted rebuild left is removed.
    fn next_generation(&self) -> io::Result<PathBuf> {
        let current = self.current().ok();
        let mut highest = 0;
        for (number, path) in self.generations()? {
            highest = highest.max(number);
            if current.as_ref() != Some(&path) {
                remove(&path)?;
            }
        }
        Ok(self.folder().join(format!("{PREFIX}{:06}", highest + 1)))
    }

    /// The folders of generations by number.
    pub(super) fn generations(&self) -> io::Result<Vec<(u64, PathBuf)>> {
        let mut all = Vec::new();
        for entry in fs::read_dir(self.folder())? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if let Some(number) = number_of(&name) {
                all.push((number, path.clone()));
            }
        }
        all.sort();
        Ok(all)
    }

    /// The latest generation with a commit of this program's; one that is complete before others.
    pub(super) fn committed(&self) -> Option<PathBuf> {
        let all = self.generations().ok()?.into_iter();
        let mut all: Vec<(bool, PathBuf)> = all
            .filter_map(|(_, generation)| {
                let meta = self.meta(&generation).ok()?;
                Some((!meta.unfinished, generation))
            })
            .collect();
        all.sort_by_key(|(complete, _)| *complete);
        all.pop().map(|(_, generation)| generation)
    }

    /// Takes a generation into use where `CURRENT` names none: a kill between the first commit and
    /// the swap, or somebody's deletion, need not cost what is there.
    pub(super) fn adopt(&self) -> io::Result<()> {
        if self.current().is_ok_and(|generation| generation.is_dir()) {
            return Ok(());
        }
        let Some(generation) = self.committed() else { return Ok(()) };
        let name = generation.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name_current(self.folder(), &name)
    }

    /// What a rebuild that was broken off has written, if it is whole and of this schema.
    pub(super) fn begun(&self) -> Option<Begun> {
        let generation = self.beside()?;
        let snapshot = self.open_generation(&generation).ok()?;
        let whole = integrity::damaged(&snapshot).is_empty();
        whole.then_some(Begun { generation, snapshot })
    }

    /// Marks the generation in use as one that the next run has to look at.
    pub(super) fn doubt(&self) -> io::Result<()> {
        let current = self.current().map_err(io::Error::other)?;
        File::create(current.join(UNFINISHED)).map(drop)
    }

    /// Whether a rebuild is under way or was broken off.
    pub fn has_rebuild(&self) -> bool {
        self.beside().is_some_and(|generation| self.meta(&generation).is_ok())
    }

    /// Lets others read what the library writes for this account alone, if they may read the other files: an index may
    /// stand in a folder that several people use. Where that cannot be done, they cannot read it.
    pub(super) fn open_to_others(&self, generation: &Path) {
        let Ok(others) = fs::metadata(self.folder().join(LOCK)) else { return };
        for file in [DESCRIPTION, MANAGED] {
            drop(fs::set_permissions(generation.join(file), others.permissions()));
        }
    }

    /// The latest generation that is not in use.
    pub(super) fn beside(&self) -> Option<PathBuf> {
        let current = self.current().ok()?;
        let mut others = self.generations().ok()?;
        others.retain(|(_, generation)| *generation != current);
        others.pop().map(|(_, generation)| generation)
    }

    /// Makes a generation the current one and removes the one before.
    pub(super) fn swap(&self, generation: &Path) -> io::Result<()> {
        let before = self.current().ok();
        let name = generation.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name_current(self.folder(), &name)?;
        if let Some(before) = before.filter(|before| before != generation) {
            // A reader may hold its files; what stays is removed before the next rebuild.
            drop(remove(&before));
        }
        Ok(())
    }
}

/// Has a folder's `CURRENT` name a generation, for good or not at all.
pub(super) fn name_current(folder: &Path, name: &str) -> io::Result<()> {
    let draft = folder.join(DRAFT);
    let mut file = File::create(&draft)?;
    file.write_all(format!("{MAGIC}{name}\n").as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, folder.join(CURRENT))?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// The number of the generation whose folder has this name.
pub(super) fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix(PREFIX)?.parse().ok()
}

/// Removes a generation. What this program and the library did not make stays, and its folder.
fn remove(generation: &Path) -> io::Result<()> {
    for entry in fs::read_dir(generation)? {
        let entry = entry?;
        if is_own(&entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path())?;
        }
    }
    match fs::remove_dir(generation) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        removed => removed,
    }
}

/// Whether a file of a generation is the library's, by its name: a segment's, a description, a lock, or
/// half written.
fn is_own(name: &str) -> bool {
    let marks = [DESCRIPTION, UNFINISHED, MANAGED, ".tantivy-", SCRAP];
    is_segment(name) || marks.iter().any(|mark| name.starts_with(mark))
}

/// Whether a file is a segment's, by its name.
fn is_segment(name: &str) -> bool {
    name.split_once('.')
        .is_some_and(|(id, _)| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Removes what a killed writer left: what no commit names would stand in the way of a file of the same
/// name. Nobody else writes while the lock is held.
fn remove_scraps(generation: &Path, committed: &[PathBuf]) -> io::Result<()> {
    let committed: HashSet<&Path> = committed.iter().map(PathBuf::as_path).collect();
    for entry in fs::read_dir(generation)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        let scrap = text.starts_with(SCRAP) || is_segment(&text);
        if scrap && !committed.contains(Path::new(&name)) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
