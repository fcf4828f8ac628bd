//! Copies an index as of its last commit to another folder, while a writer may go on.

use super::directory::Readable;
use super::error::StoreError;
use super::generations::name_current;
use super::integrity;
use super::store::{DESCRIPTION, MANAGED, PREFIX, Store, UNFINISHED};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tantivy::Index;

/// What a person saved beside the index.
const SAVED: [&str; 2] = ["saved.toml", "saved"];

/// How often a commit that changes under the copy is tried again.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// What was copied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// When the index was last brought up to date, in seconds since 1970.
    pub updated: u64,
    /// Whether the index was in the middle of an update.
    pub unfinished: bool,
}

/// All files of one commit, held open so that no writer can take their content away.
struct Held {
    files: Vec<(PathBuf, File)>,
    description: Vec<u8>,
    unfinished: bool,
}

impl Store {
    /// Copies the index as of its last commit into a folder that is empty or does not exist. The copy
    /// is complete, on the disk and checked against its checksums before it can be opened.
    ///
    /// # Errors
    /// If there is no whole index, the folder holds anything, or cannot be written to.
    pub fn backup(&self, to: &Path) -> Result<Copied, StoreError> {
        let made = !to.exists();
        let io = |error| StoreError::io(to, error);
        fs::create_dir_all(to).map_err(io)?;
        if fs::read_dir(to).map_err(io)?.next().is_some() {
            return Err(StoreError::Occupied(to.to_owned()));
        }
        let own = self.folder().canonicalize().ok();
        let inside = to.canonicalize().map_err(io)?;
        let copied = if own.is_some_and(|own| inside.starts_with(own)) {
            let reason = "a backup cannot lie in the folder of its index";
            Err(io(io::Error::new(io::ErrorKind::InvalidInput, reason)))
        } else {
            self.copy_to(to)
        };
        if copied.is_err() {
            clear(to, made);
        }
        copied
    }

    fn copy_to(&self, to: &Path) -> Result<Copied, StoreError> {
        let io = |error| StoreError::io(to, error);
        let held = self.hold()?;
        let name = format!("{PREFIX}{:06}", 1);
        let generation = to.join(&name);
        fs::create_dir(&generation).map_err(io)?;
        let mut copied = Copied::default();
        let mut managed = BTreeSet::from([PathBuf::from(DESCRIPTION)]);
        for (file, mut from) in held.files {
            copied.bytes += write(&generation.join(&file), &mut from).map_err(io)?;
            copied.files += 1;
            managed.insert(file);
        }
        let managed = serde_json::to_vec(&managed).unwrap_or_default();
        for (file, content) in [(MANAGED, &managed), (DESCRIPTION, &held.description)] {
            copied.bytes += write(&generation.join(file), &mut content.as_slice()).map_err(io)?;
            copied.files += 1;
        }
        if held.unfinished {
            write(&generation.join(UNFINISHED), &mut io::empty()).map_err(io)?;
        }
        for saved in SAVED {
            copy_saved(&self.folder().join(saved), &to.join(saved), &mut copied).map_err(io)?;
        }
        sync(&generation).map_err(io)?;
        let store = Store::new(to);
        let snapshot = store.open_generation(&generation)?;
        if let Some(damage) = integrity::damaged(&snapshot).first() {
            let reason = format!("{}: {}", damage.file.display(), damage.reason);
            return Err(StoreError::damaged(self.folder(), &reason));
        }
        (copied.updated, copied.unfinished) = (snapshot.meta.updated, snapshot.meta.unfinished);
        name_current(to, &name).map_err(io)?;
        Ok(copied)
    }

    /// Opens all files of the last commit. A commit that comes in between is noticed and taken instead.
    fn hold(&self) -> Result<Held, StoreError> {
        let mut tries = 0;
        loop {
            let generation = self.current()?;
            self.meta(&generation)?;
            match hold(&generation) {
                Ok(Some(held)) => return Ok(held),
                Err(error) if tries == TRIES => {
                    return Err(StoreError::damaged(self.folder(), &error));
                }
                _ if tries == TRIES => {
                    let error = io::Error::other("commits come faster than they can be copied");
                    return Err(StoreError::io(self.folder(), error));
                }
                _ => tries += 1,
            }
            std::thread::sleep(PAUSE);
        }
    }
}

/// Opens the files of a generation's last commit; `None` if there is a later one by then.
fn hold(generation: &Path) -> tantivy::Result<Option<Held>> {
    let description = fs::read(generation.join(DESCRIPTION))?;
    let index = Index::open(Readable::open(generation)?)?;
    let mut files = Vec::new();
    for file in integrity::files(&index)? {
        let opened = File::open(generation.join(&file)).map_err(|error| {
            io::Error::new(error.kind(), format!("{} cannot be read: {error}", file.display()))
        })?;
        files.push((file, opened));
    }
    let unfinished = generation.join(UNFINISHED).exists();
    let same = fs::read(generation.join(DESCRIPTION))? == description;
    Ok(same.then_some(Held { files, description, unfinished }))
}

fn write(to: &Path, from: &mut impl io::Read) -> io::Result<u64> {
    let mut file = File::create_new(to)?;
    let bytes = io::copy(from, &mut file)?;
    file.flush()?;
    file.sync_all()?;
    Ok(bytes)
}

fn copy_saved(from: &Path, to: &Path, copied: &mut Copied) -> io::Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy_saved(&entry.path(), &to.join(entry.file_name()), copied)?;
        }
        return sync(to);
    }
    match File::open(from) {
        Ok(mut file) => {
            copied.bytes += write(to, &mut file)?;
            copied.files += 1;
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes what was copied of a backup that failed.
fn clear(folder: &Path, made: bool) {
    if made {
        drop(fs::remove_dir_all(folder));
        return;
    }
    for name in SAVED.into_iter().map(str::to_owned).chain([format!("{PREFIX}{:06}", 1)]) {
        let path = folder.join(name);
        drop(if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) });
    }
}
