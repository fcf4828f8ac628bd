//! Whether an index is whole: its files against their checksums, its version, its manifest against
//! its documents. Nothing is changed.

use super::compare::compare;
use super::directory::Readable;
use super::error::StoreError;
use super::integrity::{self, Damage, damage, files};
use super::schema::VERSION;
use super::store::{Snapshot, Store};
use crate::contain::quietly;
use serde::Serialize;
use std::fs;
use std::path::Path;
use tantivy::Index;

/// How often an index is looked at again because a writer changed it meanwhile.
const ROUNDS: usize = 5;

/// What a look at the whole index found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Verified {
    /// The index's folder.
    pub index: String,
    /// Whether nothing is wrong.
    pub whole: bool,
    /// Version of the schema.
    pub schema: u32,
    /// Version of parser and vocabularies.
    pub pipeline: String,
    /// The folder of the generation in use.
    pub generation: String,
    /// Files whose checksums were computed.
    pub files: u64,
    /// Bytes of these files.
    pub bytes: u64,
    /// Source files in the manifest.
    pub sources: u64,
    /// Letters.
    pub letters: u64,
    /// Items.
    pub items: u64,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// What should be known and is no fault.
    pub notes: Vec<String>,
}

/// Something that is wrong with an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Stable name.
    pub code: String,
    /// The file, source or identity.
    pub what: String,
    /// What is wrong with it.
    pub message: String,
}

impl Fault {
    pub(super) fn new(code: &str, what: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), what: what.into(), message: message.into() }
    }
}

impl Store {
    /// Looks at every file and every source of the index; reads all of it once.
    ///
    /// # Errors
    /// If there is no index, or the folder holds other things. All else that is wrong is in the
    /// result.
    pub fn verify(&self) -> Result<Verified, StoreError> {
        let mut round = 1;
        loop {
            let stamp = self.stamp();
            let found = self.verify_once()?;
            // What a writer took away meanwhile is not missing.
            if found.whole || stamp == self.stamp() || round == ROUNDS {
                return Ok(found);
            }
            round += 1;
        }
    }

    /// The first of the files that is damaged, as an error that says what to do; `None` where all files
    /// are as they were written. Reads all of the index.
    pub fn damage(&self) -> Option<StoreError> {
        match self.open() {
            Ok(snapshot) => integrity::damaged(&snapshot).into_iter().next().map(|damage| {
                let reason = format!("{}: {}", damage.file.display(), damage.reason);
                StoreError::damaged(self.folder(), &reason)
            }),
            Err(error @ StoreError::Damaged { .. }) => Some(error),
            Err(_) => None,
        }
    }

    fn verify_once(&self) -> Result<Verified, StoreError> {
        let mut found =
            Verified { index: self.folder().display().to_string(), ..Verified::default() };
        match self.current() {
            Ok(generation) => self.verify_generation(&generation, &mut found),
            Err(error @ (StoreError::Missing(_) | StoreError::Foreign(_))) => return Err(error),
            Err(_) => {
                let message = "it names no generation: the next `imr index` puts it right";
                found.faults.push(Fault::new("current", "CURRENT", message));
            }
        }
        found.whole = found.faults.is_empty();
        Ok(found)
    }

    fn verify_generation(&self, generation: &Path, found: &mut Verified) {
        found.generation = name(generation);
        let meta = match self.meta(generation) {
            Ok(meta) => meta,
            Err(error) => {
                return found.faults.push(Fault::new("commit", "meta.json", reason(error)));
            }
        };
        found.schema = meta.schema;
        found.pipeline.clone_from(&meta.pipeline);
        if meta.schema != VERSION {
            let message = StoreError::Schema { found: meta.schema }.to_string();
            return found.faults.push(Fault::new("schema", "meta.json", message));
        }
        // Opened first: what a snapshot holds open cannot be taken away while it is looked at.
        let snapshot = self.open_generation(generation);
        let opened = match &snapshot {
            Ok(snapshot) => Ok(snapshot.searcher.index().clone()),
            Err(_) => open(generation),
        };
        match opened {
            Ok(index) => check_files(&index, generation, found),
            Err(reason) => found.faults.push(Fault::new("commit", "meta.json", reason)),
        }
        match snapshot {
            Ok(snapshot) if found.faults.is_empty() => check_documents(&snapshot, found),
            Err(error) if found.faults.is_empty() => {
                found.faults.push(Fault::new("unreadable", name(generation), reason(error)));
            }
            _ => {}
        }
        self.note(meta.unfinished, found);
    }

    fn note(&self, unfinished: bool, found: &mut Verified) {
        if unfinished {
            found.notes.push(
                "its last update is under way or was broken off: `imr index` goes on with it"
                    .into(),
            );
        }
        if let Some(beside) = self.beside() {
            found.notes.push(format!(
                "{} is what a rebuild has written so far: `imr index --rebuild` goes on with it",
                name(&beside)
            ));
        }
    }
}

fn open(generation: &Path) -> Result<Index, String> {
    let opened = quietly(|| -> tantivy::Result<Index> { Index::open(Readable::open(generation)?) });
    match opened {
        Ok(Ok(index)) => Ok(index),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it cannot be read to its end".to_owned()),
    }
}

fn check_files(index: &Index, generation: &Path, found: &mut Verified) {
    let files = match files(index) {
        Ok(files) => files,
        Err(error) => {
            return found.faults.push(Fault::new("commit", "meta.json", error.to_string()));
        }
    };
    let managed = index.directory().list_managed_files();
    for file in files {
        found.files += 1;
        found.bytes += fs::metadata(generation.join(&file)).map_or(0, |about| about.len());
        if let Some(Damage { file, code, reason }) = damage(index, &file, &managed) {
            found.faults.push(Fault::new(code, file.display().to_string(), reason));
        }
    }
}

fn check_documents(snapshot: &Snapshot, found: &mut Verified) {
    match quietly(|| compare(snapshot)) {
        Ok(Ok(compared)) => {
            (found.sources, found.letters, found.items) =
                (compared.sources, compared.letters, compared.items);
            found.faults.extend(compared.faults);
        }
        Ok(Err(error)) => found.faults.push(Fault::new("unreadable", "documents", reason(error))),
        Err(_) => {
            let message = "they cannot be read to their end";
            found.faults.push(Fault::new("unreadable", "documents", message));
        }
    }
}

/// What is wrong, without where.
fn reason(error: StoreError) -> String {
    match error {
        StoreError::Damaged { reason, .. } => reason,
        error => error.to_string(),
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
