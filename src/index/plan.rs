//! What an update has to do: the difference between what a walk met and what the index knows.
//!
//! Nothing is removed on a doubt: a folder that holds no letter now, that lost a good part of its
//! letters, or that could not be looked at, keeps what is known of it unless that is asked for.

use super::manifest::{Key, SourceRecord, Sources};
use super::path_text::{as_path, shown};
use super::report::FileReport;
use crate::source::{Found, Walk};
use foldhash::{HashSet, HashSetExt};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Fewer letters than this may vanish from a folder at once without being asked about.
const MANY: usize = 20;

/// What is to be done with the files.
#[derive(Debug, Default)]
pub(super) struct Plan<'w> {
    /// Files to read, in path order.
    pub(super) read: BTreeMap<&'w Path, &'w Found>,
    /// Sources whose kept text is to be read again, in path order.
    pub(super) reread: Vec<Key>,
    /// Letters whose files have another name or place.
    pub(super) moved: Vec<Moved>,
    /// Sources to remove.
    pub(super) remove: Vec<Key>,
    /// Sources that are as they were.
    pub(super) unchanged: Vec<Key>,
    /// Roots that keep letters whose files are not there.
    pub(super) notices: Vec<FileReport>,
}

/// A letter whose file has another name or place.
#[derive(Debug)]
pub(super) struct Moved {
    /// The source that it was.
    pub(super) from: Key,
    pub(super) to: PathBuf,
    pub(super) found: Found,
}

/// What a plan is made from.
pub(super) struct Known<'a> {
    pub(super) records: &'a Sources,
    /// What a rebuild that was broken off has read already.
    pub(super) done: &'a Sources,
    /// Folders known that are not looked at and not there.
    pub(super) gone: &'a [PathBuf],
    /// Sources whose documents are not what their records say.
    pub(super) doubtful: &'a HashSet<Key>,
    /// Version of parser and vocabularies.
    pub(super) version: u64,
    /// Whether what has vanished is removed without a doubt.
    pub(super) prune: bool,
    /// Whether every letter goes into a new index.
    pub(super) rebuild: bool,
    /// Threads that read files.
    pub(super) jobs: usize,
}

/// Letters known from a root, by their keys: there and not there.
#[derive(Default)]
struct Root<'a> {
    met: usize,
    lost: Vec<&'a SourceRecord>,
}

impl<'w> Plan<'w> {
    /// Compares what is known with what a walk met; `paranoid` looks into files that seem unchanged.
    pub(super) fn new(known: &Known<'_>, walk: &'w Walk, paranoid: bool) -> Self {
        let mut plan = Self::default();
        let mut met = HashSet::with_capacity(walk.files.len());
        for (path, found) in &walk.files {
            let key = Key::of(path);
            plan.place(known, path, found, key);
            if known.records.contains_key(&key) {
                met.insert(key);
            }
        }
        if met.len() < known.records.len() || !walk.twins.is_empty() {
            plan.place_unmet(known, walk, &met);
        }
        plan.place_done(known);
        if paranoid && !known.rebuild {
            plan.look_into(known, walk);
        }
        let path = |key: &Key| known.records.get(key).map(|record| &record.path);
        plan.reread.sort_by(|a, b| path(a).cmp(&path(b)));
        plan.remove.sort();
        plan
    }

    /// How many files are to be written.
    pub(super) fn files(&self) -> usize {
        self.read.len() + self.reread.len() + self.moved.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files() == 0 && self.remove.is_empty()
    }

    fn place(&mut self, known: &Known<'_>, path: &'w Path, found: &'w Found, key: Key) {
        let records = if known.rebuild { known.done } else { known.records };
        let unchanged = records
            .get(&key)
            .filter(|record| is_unchanged(record, found) && !known.doubtful.contains(&key));
        match unchanged {
            Some(record) if record.pipeline == known.version => {
                self.unchanged.push(key);
            }
            Some(record) if !known.rebuild && record.has_letter() => {
                self.reread.push(key);
            }
            _ => drop(self.read.insert(path, found)),
        }
    }

    /// Sources that the walk did not meet: gone, moved, hidden, or of other roots.
    fn place_unmet(&mut self, known: &Known<'_>, walk: &Walk, met: &HashSet<Key>) {
        let mut roots: BTreeMap<&Path, Root<'_>> = BTreeMap::new();
        let (mut elsewhere, mut twins) = (Vec::new(), Vec::new());
        for record in known.records.values() {
            let path = as_path(&record.path);
            if walk.is_twin(&path) {
                twins.push(record);
                continue;
            }
            let Some(root) = walk.root_of(&path) else {
                if !met.contains(&record.key) {
                    elsewhere.push((path, record));
                }
                continue;
            };
            let root = roots.entry(root).or_default();
            if met.contains(&record.key) {
                root.met += usize::from(record.has_letter());
            } else if walk.is_hidden(&path) {
                self.keep(known, record);
            } else {
                root.lost.push(record);
            }
        }
        if !known.rebuild {
            let lost = roots.values().flat_map(|root| root.lost.iter().copied());
            let is_gone = |path: &Path| known.gone.iter().any(|root| path.starts_with(root));
            let gone =
                elsewhere.iter().filter(|(path, _)| is_gone(path)).map(|(_, record)| *record);
            let lost: Vec<&SourceRecord> = lost.chain(gone).chain(twins.iter().copied()).collect();
            self.find_moved(known, &lost);
        }
        let moved: HashSet<Key> = self.moved.iter().map(|moved| moved.from).collect();
        for root in roots.values_mut() {
            root.lost.retain(|record| !moved.contains(&record.key));
        }
        // Another path leads to the same file: there is no doubt about these.
        twins.retain(|record| !moved.contains(&record.key));
        self.remove.extend(twins.iter().map(|record| record.key));
        elsewhere.retain(|(_, record)| !moved.contains(&record.key));
        for (_, record) in elsewhere {
            self.keep(known, record);
        }
        self.place_lost(known, roots);
    }

    fn place_lost(&mut self, known: &Known<'_>, roots: BTreeMap<&Path, Root<'_>>) {
        let stand = self.still_there(known, roots.values().flat_map(|root| &root.lost));
        for (path, root) in roots {
            let letters = root.lost.iter().filter(|record| record.has_letter());
            let letters: HashSet<u128> = letters.map(|record| record.text_hash).collect();
            let letters = letters.difference(&stand).count();
            if known.prune || !self.is_doubtful(path, &root, letters) {
                self.remove.extend(root.lost.iter().map(|record| record.key));
                continue;
            }
            for record in root.lost {
                self.keep(known, record);
            }
            let message = format!(
                "{letters} of the letters known from here are not there: they stay in the index \
                 (--prune removes them)"
            );
            self.notices.push(FileReport::new(
                shown(&path.to_string_lossy()),
                "letters-gone",
                message,
            ));
        }
    }

    /// The letters of lost files that stand in other files too: of a copy that goes nothing is lost. What is read anew may
    /// be another letter by now.
    fn still_there<'r>(
        &self,
        known: &Known<'_>,
        lost: impl Iterator<Item = &'r &'r SourceRecord>,
    ) -> HashSet<u128> {
        let (mut gone, mut letters) = (HashSet::new(), HashSet::new());
        for record in lost.filter(|record| record.has_letter()) {
            gone.insert(record.key);
            letters.insert(record.text_hash);
        }
        if letters.is_empty() {
            return letters;
        }
        gone.extend(self.read.keys().map(|path| Key::of(path)));
        let others = known.records.values().filter(|record| record.has_letter());
        let others = others.filter(|record| !gone.contains(&record.key));
        others.map(|record| record.text_hash).filter(|letter| letters.contains(letter)).collect()
    }

    /// Of what a rebuild has written already, all that has no place in it now is removed.
    fn place_done(&mut self, known: &Known<'_>) {
        if known.done.is_empty() {
            return;
        }
        let mut placed: HashSet<Key> = self.unchanged.iter().chain(&self.reread).copied().collect();
        placed.extend(self.read.keys().map(|path| Key::of(path)));
        self.remove.extend(known.done.keys().filter(|key| !placed.contains(*key)));
    }

    /// Whether so much has gone that the folder may only be out of reach.
    fn is_doubtful(&self, path: &Path, root: &Root<'_>, letters: usize) -> bool {
        let moved = self.moved.iter().map(|moved| moved.to.as_path());
        let mut new = self.read.keys().copied().chain(moved);
        let mut comes = || new.any(|new| new.starts_with(path) && claims_letter(new));
        let empty = letters > 0 && root.met == 0 && !comes();
        let shrunk = letters >= MANY && letters * 5 > root.met + letters;
        empty || shrunk
    }

    /// Keeps a source whose file is not looked at; its text is read again where that is due.
    fn keep(&mut self, known: &Known<'_>, record: &SourceRecord) {
        let done = known.done.get(&record.key);
        let due = known.rebuild
            || record.pipeline != known.version
            || known.doubtful.contains(&record.key);
        if done.is_some_and(|done| done.pipeline == known.version && done.hash == record.hash) {
            self.unchanged.push(record.key);
        } else if due && record.has_letter() {
            self.reread.push(record.key);
        }
    }
}

/// Whether a file is as the index knows it. What could not be read is tried again.
fn is_unchanged(record: &SourceRecord, found: &Found) -> bool {
    record.hash.is_some() && record.size == found.size && record.modified == found.modified
}

/// Whether a file's name claims that it is a letter.
pub(super) fn claims_letter(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        None => !hidden,
        Some(ending) => matches!(ending, "pdf" | "txt" | "text"),
    }
}
