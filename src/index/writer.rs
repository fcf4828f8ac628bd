//! Writes to a generation: replaces sources, and holds the one commit.

use super::document::dictionary_document;
use super::error::StoreError;
use super::generations::Draft;
use super::manifest::Key;
use super::merging::Merging;
use super::outdated::Added;
use super::packing::Packer;
use super::prepared::Preparer;
use super::segment::{Builders, Document};
use super::store::{Lock, Meta, Snapshot, Store, UNFINISHED};
use foldhash::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tantivy::directory::error::LockError;
use tantivy::indexer::PreparedCommit;
use tantivy::{Index, IndexWriter, TantivyError};

/// How often, and how long apart, the library's lock is tried for.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(20);

/// The least memory that the library takes for a thread of its own, which has nothing to do here.
const IDLE: usize = 15_000_000;

/// A generation open for writing, and the lock.
pub(crate) struct Writer {
    preparer: Preparer,
    builders: Builders,
    /// Deletes, merges and commits.
    committer: IndexWriter,
    generation: PathBuf,
    store: Store,
    /// When the generation becomes the one in use.
    swap: Swap,
    /// The sources written so far, where the generation was empty when it was opened: others have no
    /// documents there.
    written: Option<HashSet<Key>>,
    /// The sources of which there are documents in no segment yet, where no delete reaches them.
    waiting: HashSet<Key>,
    /// The sources whose documents in segments are to be deleted.
    outdated: Vec<Key>,
    added: Added,
    /// Whether what letters have in common is kept once.
    shares: bool,
    _lock: Lock,
}

/// When a generation becomes the one in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Swap {
    /// It is.
    Done,
    /// With its first commit: there is none in use.
    AtOnce,
    /// When it is complete.
    Complete,
}

impl Writer {
    pub(super) fn new(
        store: &Store,
        lock: Lock,
        draft: Draft,
        memory: usize,
        threads: usize,
    ) -> Result<Self, StoreError> {
        let Draft { generation, index, fields, swap } = draft;
        // A commit that fails may come to the disk with the end of a merge, under the description of the
        // commit before: this says that it is not the end of a run.
        File::create(generation.join(UNFINISHED)).map_err(store.io())?;
        let committer = open(&index).map_err(|error| StoreError::writing(store.folder(), error))?;
        let builders = Builders::new(&index, &fields, threads, memory);
        let segments = index.searchable_segment_ids();
        let segments = segments.map_err(|error| StoreError::writing(store.folder(), error))?;
        let written = segments.is_empty().then(HashSet::default);
        let packer = match written {
            None => store
                .open_generation(&generation)?
                .dictionaries()?
                .first()
                .map(|one| Packer::new(one)),
            Some(_) => None,
        };
        let shares = packer.is_some();
        let preparer = Preparer { fields, packer: Arc::new(packer.unwrap_or_default()) };
        let store = store.clone();
        let waiting = HashSet::default();
        Ok(Self {
            preparer,
            builders,
            committer,
            shares,
            generation,
            store,
            swap,
            written,
            waiting,
            outdated: Vec::new(),
            added: Added::default(),
            _lock: lock,
        })
    }

    /// What makes letters ready for this generation.
    pub(super) fn preparer(&self) -> &Preparer {
        &self.preparer
    }

    /// Whether the generation has a dictionary of what letters have in common.
    pub(super) fn shares(&self) -> bool {
        self.shares
    }

    /// Adds a dictionary; what is made ready from now on is packed with it.
    pub(super) fn share(&mut self, dictionary: &[u8]) -> Result<(), StoreError> {
        let document = dictionary_document(&self.preparer.fields, dictionary);
        let added = self.builders.add(vec![document]);
        added.map_err(|error| self.failed(error))?;
        self.preparer.packer = Arc::new(Packer::new(dictionary));
        self.shares = true;
        Ok(())
    }

    /// Deletes the documents of a source and adds others in their place.
    pub(crate) fn replace(&mut self, key: Key, documents: Vec<Document>) -> Result<(), StoreError> {
        self.replaced(key, documents).map_err(|error| self.failed(error))
    }

    fn replaced(&mut self, key: Key, documents: Vec<Document>) -> tantivy::Result<()> {
        if self.waiting.contains(&key) {
            self.finish_segments()?;
        }
        if self.written.as_mut().is_none_or(|written| !written.insert(key)) {
            self.outdated.push(key);
        }
        if documents.is_empty() {
            return Ok(());
        }
        self.waiting.insert(key);
        self.builders.add(documents)
    }

    /// Has everything that was added written as segments, and what is outdated deleted from those before.
    fn finish_segments(&mut self) -> tantivy::Result<()> {
        let segments = self.builders.finish()?;
        let (source, outdated) = (self.preparer.fields.source, std::mem::take(&mut self.outdated));
        self.added.delete_before(&self.committer, source, &outdated)?;
        self.waiting.clear();
        segments.into_iter().try_for_each(|segment| {
            self.added.push(segment.id());
            self.committer.add_segment(segment)
        })
    }

    /// Commits everything since the last commit: the only place that does.
    pub(crate) fn commit(&mut self, meta: &Meta) -> Result<(), StoreError> {
        let folder = self.store.folder().to_owned();
        let payload = serde_json::to_string(meta).unwrap_or_default();
        let committed = self.prepare().and_then(|mut prepared| {
            prepared.set_payload(&payload);
            prepared.commit()
        });
        committed.map_err(|error| StoreError::writing(&folder, error))?;
        self.store.open_to_others(&self.generation);
        if !meta.unfinished {
            match fs::remove_file(self.generation.join(UNFINISHED)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::io(&folder, error));
                }
                _ => {}
            }
        }
        if self.swap == Swap::AtOnce || (self.swap == Swap::Complete && !meta.unfinished) {
            self.swap = Swap::Done;
            self.store.swap(&self.generation).map_err(self.store.io())?;
        }
        Ok(())
    }

    /// All that is committed of the generation, in use or not.
    pub(crate) fn snapshot(&self) -> Result<Snapshot, StoreError> {
        self.store.open_generation(&self.generation)
    }

    /// Waits for merges and ends writing.
    pub(crate) fn finish(self) -> Result<(), StoreError> {
        let folder = self.store.folder().to_owned();
        let merged = self.committer.wait_merging_threads();
        merged.map_err(|error| StoreError::writing(&folder, error))?;
        self.store.open_to_others(&self.generation);
        Ok(())
    }

    fn prepare(&mut self) -> tantivy::Result<PreparedCommit<'_>> {
        self.finish_segments()?;
        self.committer.prepare_commit()
    }

    fn failed(&self, error: TantivyError) -> StoreError {
        StoreError::writing(self.store.folder(), error)
    }
}

/// Opens an index for deletes, merges and commits.
pub(super) fn open(index: &Index) -> tantivy::Result<IndexWriter> {
    let mut tries = 0;
    let index_writer: IndexWriter = loop {
        match index.writer_with_num_threads(1, IDLE) {
            // This program's own lock is held, so the library's is only about to be let go: a process
            // that is being started may hold it for a moment more.
            Err(TantivyError::LockFailure(LockError::LockBusy, _)) if tries < TRIES => {
                tries += 1;
            }
            opened => break opened?,
        }
        std::thread::sleep(PAUSE);
    };
    index_writer.set_merge_policy(Box::new(Merging::new()));
    // The library numbers operations from the number of the last commit on, and a merge of what is committed takes a
    // delete of that number for one that is committed too: some of its segments lose documents before their time,
    // and those of others may stay for ever. So nothing gets that number.
    index_writer.run([])?;
    Ok(index_writer)
}

#[cfg(test)]
mod tests {
    use super::super::schema::VERSION;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::path::Path;
    use tantivy::schema::IndexRecordOption;
    use tantivy::{DocSet as _, TERMINATED};

    /// What is done with an index.
    #[derive(Debug, Clone, Copy)]
    enum Step {
        /// A source is replaced by so many documents.
        Replace(u8, usize),
        /// All is committed; perhaps writing ends, and is begun anew.
        Commit { reopen: bool },
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            12 => (0..8_u8, 0..4_usize).prop_map(|(source, documents)| Step::Replace(source, documents)),
            4 => prop::bool::weighted(0.2).prop_map(|reopen| Step::Commit { reopen }),
        ]
    }

    fn key(source: u8) -> Key {
        Key::of(Path::new(&source.to_string()))
    }

    /// Of each source by its name, the versions of its documents.
    type Versions = BTreeMap<String, Vec<u64>>;

    fn versions(snapshot: &Snapshot) -> tantivy::Result<Versions> {
        let mut versions = Versions::new();
        for reader in snapshot.searcher.segment_readers() {
            let order = reader.fast_fields().u64("order")?;
            let index = reader.inverted_index(snapshot.fields.source)?;
            let mut terms = index.terms().stream()?;
            while let Some((source, info)) = terms.next() {
                let source = String::from_utf8_lossy(source).into_owned();
                let mut documents =
                    index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
                while documents.doc() != TERMINATED {
                    if !reader.is_deleted(documents.doc()) {
                        let version = order.first(documents.doc()).unwrap_or_default();
                        versions.entry(source.clone()).or_default().push(version);
                    }
                    documents.advance();
                }
            }
        }
        Ok(versions)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn of_a_source_the_last_documents_are_there(steps in prop::collection::vec(step(), 1..80)) {
            let folder = tempfile::tempdir()?;
            let store = Store::new(folder.path());
            let open = || store.writer(store.lock()?, false, None, 64 << 20, 2);
            let mut writer = open()?;
            let (mut wanted, mut version) = (Versions::new(), 0);
            for step in steps.into_iter().chain([Step::Commit { reopen: true }]) {
                match step {
                    Step::Replace(source, documents) => {
                        version += 1;
                        let document = |_| {
                            let fields = &writer.preparer().fields;
                            let mut document = Document::default();
                            document.add_name(fields.source, &key(source).to_string());
                            document.kept.add_u64(fields.order, version);
                            document
                        };
                        let documents: Vec<Document> = (0..documents).map(document).collect();
                        wanted.insert(key(source).to_string(), vec![version; documents.len()]);
                        writer.replace(key(source), documents)?;
                    }
                    Step::Commit { reopen } => {
                        writer.commit(&Meta { schema: VERSION, ..Meta::default() })?;
                        if reopen {
                            writer.finish()?;
                            writer = open()?;
                        }
                        wanted.retain(|_, versions| !versions.is_empty());
                        prop_assert_eq!(versions(&writer.snapshot()?)?, wanted.clone());
                    }
                }
            }
        }
    }
}
