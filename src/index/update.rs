//! Brings the index up to date with files: plans from what changed, reads in parallel, replaces
//! source by source, commits once, and settles who keeps which identity.

use super::document::documents;
use super::manifest::{Failure, Identity, SourceRecord, Status, identities, key, text_hash};
use super::pipeline::{Pipeline, ReadLetter};
use super::schema::VERSION;
use super::store::{Meta, Snapshot, Store, StoreError, Writer};
use crate::record::LetterRecord;
use crate::source::{self, Found, ReadError, Walk};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Files read between two looks at the results; bounds what is held in memory.
const BATCH: usize = 256;

/// What to bring up to date, and how.
#[derive(Debug, Clone)]
pub struct Update {
    /// Build a new index beside the present one and swap.
    pub rebuild: bool,
    /// Only say what would be done.
    pub dry_run: bool,
    /// Remove what has vanished even where a whole root has.
    pub prune: bool,
    /// Threads that read files.
    pub jobs: usize,
    /// Bytes of memory for writing.
    pub memory: usize,
}

/// Why an update could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The index cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A rebuild would lose letters whose files are not there.
    #[error("{} holds no files now: a rebuild would lose its letters", .0.display())]
    RootGone(PathBuf),
    /// Nothing to do was named.
    #[error("no file or folder named, and the index knows none")]
    NothingNamed,
}

/// What an update did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Files new to the index.
    pub added: u64,
    /// Files read again: changed, or read by another version of the program.
    pub changed: u64,
    /// Files as they were.
    pub unchanged: u64,
    /// Files gone.
    pub removed: u64,
    /// Texts that are no letters and do not claim to be.
    pub skipped: u64,
    /// Files that are not in the index, and why.
    pub failed: Vec<FileReport>,
    /// What else should be known: clashing identities, roots that are gone.
    pub notices: Vec<FileReport>,
    /// Letters in the index.
    pub letters: u64,
    /// Items in the index.
    pub items: u64,
    /// Whether nothing was written because that was asked for.
    pub dry_run: bool,
    /// Time taken.
    pub took_ms: u64,
}

/// Something about one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// The file.
    pub source: String,
    /// Stable name.
    pub code: String,
    /// What is to be known.
    pub message: String,
}

impl FileReport {
    fn new(source: &str, code: &str, message: impl Into<String>) -> Self {
        Self { source: source.to_owned(), code: code.to_owned(), message: message.into() }
    }
}

/// Told how an update goes on.
pub trait Progress: Sync {
    /// So many files are to be read.
    fn start(&self, files: u64);
    /// So many more have been.
    fn advance(&self, files: u64);
    /// All have been read.
    fn finish(&self);
}

/// Progress that nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn start(&self, _: u64) {}
    fn advance(&self, _: u64) {}
    fn finish(&self) {}
}

/// What is to be done with the files.
#[derive(Debug, Default)]
struct Plan {
    /// Files to read, in path order.
    read: BTreeMap<PathBuf, Found>,
    /// Sources whose kept text is to be read again.
    reread: Vec<String>,
    /// Sources to remove.
    remove: Vec<String>,
    unchanged: Vec<String>,
}

impl Plan {
    fn is_empty(&self) -> bool {
        self.read.is_empty() && self.reread.is_empty() && self.remove.is_empty()
    }
}

/// A file as read, or why not.
type Outcome = Result<ReadLetter, ReadError>;

impl Update {
    /// Brings the index up to date with what a walk met, or with the roots it knows where
    /// `walk` is `None`.
    ///
    /// # Errors
    /// If the index cannot be used or written. Files that cannot be read are no error: they are
    /// listed in the report.
    pub fn run(
        &self,
        store: &Store,
        pipeline: &Pipeline,
        walk: Option<Walk>,
        progress: &dyn Progress,
    ) -> Result<Report, UpdateError> {
        let started = Instant::now();
        let present = match store.open() {
            Ok(snapshot) => Some(snapshot),
            Err(StoreError::Missing(_)) => None,
            // A rebuild replaces what cannot be read.
            Err(_) if self.rebuild && walk.is_some() => None,
            Err(error) => return Err(error.into()),
        };
        let known_roots = present.as_ref().map(|p| p.meta.roots.clone()).unwrap_or_default();
        let walk = self.whole_walk(walk, &known_roots)?;
        let mut run = Run {
            update: self,
            pipeline,
            records: present.as_ref().map(Snapshot::sources).transpose()?.unwrap_or_default(),
            report: Report { dry_run: self.dry_run, ..Report::default() },
            progress,
        };
        run.problems(&walk);
        if self.rebuild {
            run.records.clear();
        }
        let plan = run.plan(&walk);
        let meta = Meta {
            schema: VERSION,
            pipeline: pipeline.fingerprint().to_owned(),
            roots: merge_roots(known_roots, &walk),
            updated: now(),
        };
        if self.dry_run {
            run.foresee(&plan);
        } else if !plan.is_empty() || self.rebuild || present.is_none() {
            let mut writer = if self.rebuild {
                store.rebuild(self.memory, self.jobs)?
            } else {
                store.writer(self.memory, self.jobs)?
            };
            run.apply(&mut writer, &plan, &meta)?;
            writer.finish()?;
        } else {
            run.report.unchanged = run.count_unchanged(&plan);
        }
        run.conclude(&walk);
        run.report.took_ms = started.elapsed().as_millis() as u64;
        Ok(run.report)
    }

    /// A rebuild takes in every root that the index knows.
    fn whole_walk(&self, walk: Option<Walk>, known: &[String]) -> Result<Walk, UpdateError> {
        let roots: Vec<PathBuf> = known.iter().map(PathBuf::from).collect();
        let mut walk = match walk {
            Some(walk) => walk,
            None if roots.is_empty() => return Err(UpdateError::NothingNamed),
            None => return Ok(source::walk(&roots)),
        };
        if self.rebuild {
            let others = roots.into_iter().filter(|root| !walk.covers(root));
            let others: Vec<PathBuf> = others.collect();
            let others = source::walk(&others);
            let gone = others.problems.iter().find(|problem| problem.code == "not-found");
            if let (Some(gone), false) = (gone, self.prune) {
                return Err(UpdateError::RootGone(gone.path.clone()));
            }
            walk.merge(others);
        }
        Ok(walk)
    }
}

/// One run of an update.
struct Run<'a> {
    update: &'a Update,
    pipeline: &'a Pipeline,
    /// The manifest, kept up to date as the run goes on.
    records: HashMap<String, SourceRecord>,
    report: Report,
    progress: &'a dyn Progress,
}

impl Run<'_> {
    fn problems(&mut self, walk: &Walk) {
        for problem in &walk.problems {
            let path = problem.path.to_string_lossy();
            self.report.failed.push(FileReport::new(&path, problem.code, &problem.message));
        }
    }

    fn plan(&mut self, walk: &Walk) -> Plan {
        let mut plan = Plan::default();
        let mut met = HashSet::new();
        for (path, found) in &walk.files {
            let key = key(path);
            match self.records.get(&key) {
                Some(record) if is_unchanged(record, found) => {
                    if record.pipeline == self.pipeline.fingerprint() {
                        plan.unchanged.push(key.clone());
                    } else if record.has_text() {
                        plan.reread.push(key.clone());
                    } else {
                        plan.read.insert(path.clone(), found.clone());
                    }
                }
                _ => {
                    plan.read.insert(path.clone(), found.clone());
                }
            }
            met.insert(key);
        }
        self.plan_unmet(walk, &met, &mut plan);
        plan.reread.sort_by(|a, b| self.records[a].path.cmp(&self.records[b].path));
        plan
    }

    /// Sources that the walk did not meet: gone, or of other roots.
    fn plan_unmet(&mut self, walk: &Walk, met: &HashSet<String>, plan: &mut Plan) {
        let mut kept: BTreeMap<PathBuf, u64> = BTreeMap::new();
        for (key, record) in &self.records {
            if met.contains(key) {
                continue;
            }
            let path = Path::new(&record.path);
            match walk.root_of(path) {
                Some((root, gone)) if gone && !self.update.prune => {
                    *kept.entry(root.to_owned()).or_default() += 1;
                }
                Some(_) => plan.remove.push(key.clone()),
                None if record.pipeline != self.pipeline.fingerprint() && record.has_text() => {
                    plan.reread.push(key.clone());
                }
                None => {}
            }
        }
        for (root, files) in kept {
            let message = format!(
                "holds no files now: the {files} known from there stay in the index (--prune removes them)"
            );
            let root = root.to_string_lossy();
            self.report.notices.push(FileReport::new(&root, "root-empty", message));
        }
        plan.remove.sort();
    }

    /// Fills the report with what a plan would do.
    fn foresee(&mut self, plan: &Plan) {
        let known = plan.read.keys().filter(|path| self.records.contains_key(&key(path))).count();
        self.report.added = (plan.read.len() - known) as u64;
        self.report.changed = (known + plan.reread.len()) as u64;
        self.report.removed = plan.remove.len() as u64;
        self.report.unchanged = self.count_unchanged(plan);
    }

    fn apply(&mut self, writer: &mut Writer, plan: &Plan, meta: &Meta) -> Result<(), UpdateError> {
        self.report.unchanged = self.count_unchanged(plan);
        self.progress.start((plan.read.len() + plan.reread.len()) as u64);
        for key in &plan.remove {
            writer.replace(key, Vec::new())?;
            self.records.remove(key);
        }
        self.report.removed = plan.remove.len() as u64;
        let mut holders = Holders::of(&self.records, plan);
        let before = writer.snapshot()?;
        for keys in plan.reread.chunks(BATCH) {
            self.reread(writer, &before, keys, &mut holders)?;
        }
        let files: Vec<(&PathBuf, &Found)> = plan.read.iter().collect();
        for files in files.chunks(BATCH) {
            let outcomes = in_parallel(self.update.jobs, files, |(path, _)| {
                let outcome = self.pipeline.read(path, &path.to_string_lossy());
                self.progress.advance(1);
                outcome
            });
            for ((path, found), outcome) in files.iter().zip(outcomes) {
                self.take(writer, path, found, outcome, &mut holders)?;
            }
        }
        self.progress.finish();
        writer.commit(meta)?;
        self.settle(writer, meta)
    }

    /// Reads kept texts again.
    fn reread(
        &mut self,
        writer: &Writer,
        before: &Snapshot,
        keys: &[String],
        holders: &mut Holders,
    ) -> Result<(), UpdateError> {
        let records: Vec<SourceRecord> =
            keys.iter().filter_map(|key| self.records.get(key).cloned()).collect();
        let outcomes = in_parallel(self.update.jobs, &records, |record| {
            let outcome = self.read_text(before, record);
            self.progress.advance(1);
            outcome
        });
        for (record, outcome) in records.into_iter().zip(outcomes) {
            let found = Found { size: record.size, modified: record.modified, named: false };
            self.take(writer, Path::new(&record.path), &found, outcome?, holders)?;
        }
        Ok(())
    }

    /// Reads the kept text of a source.
    fn read_text(&self, snapshot: &Snapshot, record: &SourceRecord) -> Result<Outcome, StoreError> {
        let text = snapshot.text_of(&record.key)?.unwrap_or_default();
        let stem = source::stem(Path::new(&record.path));
        let content_hash = record.hash.clone();
        Ok(match self.pipeline.letter(&text, &stem, &record.path) {
            Ok(letter) => Ok(ReadLetter {
                record: letter,
                text,
                content_hash: content_hash.unwrap_or_default(),
            }),
            Err(error) => Err(ReadError { content_hash, ..error }),
        })
    }

    /// Takes the outcome of reading a file into the index and the manifest.
    fn take(
        &mut self,
        writer: &Writer,
        path: &Path,
        found: &Found,
        outcome: Outcome,
        holders: &mut Holders,
    ) -> Result<(), UpdateError> {
        let key = key(path);
        let known = self.records.get(&key);
        if let (Some(known), Err(error)) = (known, &outcome)
            && error.content_hash.is_none()
            && known.status == Status::Indexed
        {
            // What cannot be read now may be there again tomorrow: the letter stays.
            self.report.failed.push(FileReport::new(&known.path, error.code, &error.message));
            return Ok(());
        }
        let is_new = known.is_none_or(|known| known.status != Status::Indexed);
        let mut record = SourceRecord {
            key: key.clone(),
            path: path.to_string_lossy().into_owned(),
            size: found.size,
            modified: found.modified,
            hash: None,
            pipeline: self.pipeline.fingerprint().to_owned(),
            status: Status::Failed,
            base_id: String::new(),
            id: String::new(),
            text_hash: String::new(),
            items: 0,
            warnings: 0,
            failure: None,
        };
        match outcome {
            Ok(letter) => {
                record.hash = Some(letter.content_hash);
                record.text_hash = text_hash(&letter.text);
                record.base_id.clone_from(&letter.record.id);
                let identity = holders.identity(&record);
                store_letter(writer, &mut record, letter.record, &letter.text, &identity)?;
                match identity {
                    Identity::Letter(_) if is_new => self.report.added += 1,
                    _ => self.report.changed += u64::from(!is_new),
                }
            }
            Err(error) => {
                record.hash.clone_from(&error.content_hash);
                if error.code == "not-a-letter" && !found.named && !claims_letter(path) {
                    record.status = Status::Skipped;
                }
                record.failure =
                    Some(Failure { code: error.code.to_owned(), message: error.message });
                writer.replace(&key, documents(&writer.fields, &record, None, None))?;
                self.report.changed += u64::from(!is_new);
            }
        }
        self.records.insert(key, record);
        Ok(())
    }

    /// Gives every letter the identity that a clean build would give it. Only clashes and copies
    /// that came in another order than their paths' need it.
    fn settle(&mut self, writer: &mut Writer, meta: &Meta) -> Result<(), UpdateError> {
        let identities = identities(&self.records);
        let mut wrong: Vec<&SourceRecord> = self
            .records
            .values()
            .filter(|record| identities.get(&record.key).is_some_and(|id| !holds(record, id)))
            .collect();
        if wrong.is_empty() {
            return Ok(());
        }
        wrong.sort_by(|a, b| a.path.cmp(&b.path));
        let snapshot = writer.snapshot()?;
        let mut settled = Vec::new();
        for record in wrong {
            let Ok(letter) = self.read_text(&snapshot, record)? else { continue };
            let mut record = record.clone();
            let identity = &identities[&record.key];
            store_letter(writer, &mut record, letter.record, &letter.text, identity)?;
            settled.push(record);
        }
        self.records.extend(settled.into_iter().map(|record| (record.key.clone(), record)));
        writer.commit(meta)?;
        Ok(())
    }

    /// Completes the report from the manifest.
    fn conclude(&mut self, walk: &Walk) {
        let mut records: Vec<&SourceRecord> = self.records.values().collect();
        records.sort_by(|a, b| a.path.cmp(&b.path));
        for record in records {
            let failure = record.failure.as_ref();
            let report = |code: &str, message: &str| FileReport::new(&record.path, code, message);
            match record.status {
                Status::Indexed => {
                    self.report.letters += 1;
                    self.report.items += u64::from(record.items);
                    if record.id != record.base_id {
                        let message = format!(
                            "another letter has the identity {}: kept as {}",
                            record.base_id, record.id
                        );
                        self.report.notices.push(report("identity-clash", &message));
                    }
                }
                Status::Skipped => self.report.skipped += 1,
                Status::Failed | Status::Duplicate => {
                    if let (Some(failure), true) = (failure, walk.covers(Path::new(&record.path))) {
                        self.report.failed.push(report(&failure.code, &failure.message));
                    }
                }
            }
        }
        for (root, files) in &walk.roots {
            let letters = || {
                let indexed = self.records.values().filter(|r| r.status == Status::Indexed);
                indexed.filter(|record| Path::new(&record.path).starts_with(root)).count()
            };
            if *files == 0 || (root.is_dir() && letters() == 0 && !self.update.dry_run) {
                let root = root.to_string_lossy();
                let message = "no letter was found here";
                self.report.notices.push(FileReport::new(&root, "no-letters", message));
            }
        }
    }

    /// How many of the files left alone have their letters in the index.
    fn count_unchanged(&self, plan: &Plan) -> u64 {
        let records = plan.unchanged.iter().filter_map(|key| self.records.get(key));
        records.filter(|record| record.status == Status::Indexed).count() as u64
    }
}

/// Whether a file's name claims that it is a letter.
fn claims_letter(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_none_or(|ending| matches!(ending.as_str(), "pdf" | "txt" | "text"))
}

/// Whether a file is as the index knows it. What could not be read is tried again.
fn is_unchanged(record: &SourceRecord, found: &Found) -> bool {
    record.hash.is_some() && record.size == found.size && record.modified == found.modified
}

/// Whether a record has the identity it should have.
fn holds(record: &SourceRecord, identity: &Identity) -> bool {
    match identity {
        Identity::Letter(id) => record.status == Status::Indexed && record.id == *id,
        Identity::CopyOf(path) => {
            record.status == Status::Duplicate
                && record.failure.as_ref().is_some_and(|f| f.message == copy_message(path))
        }
    }
}

fn copy_message(path: &str) -> String {
    format!("the same letter as {path}")
}

/// Puts a letter into the index under its identity, or notes that it is a copy.
fn store_letter(
    writer: &Writer,
    record: &mut SourceRecord,
    mut letter: LetterRecord,
    text: &str,
    identity: &Identity,
) -> Result<(), StoreError> {
    record.items = letter.items.len() as u32;
    record.warnings = letter.warnings.len() as u32;
    let letter = match identity {
        Identity::Letter(id) => {
            letter.rename(id);
            record.id.clone_from(id);
            record.status = Status::Indexed;
            record.failure = None;
            Some(letter)
        }
        Identity::CopyOf(path) => {
            record.id.clear();
            record.status = Status::Duplicate;
            let message = copy_message(path);
            record.failure = Some(Failure { code: "duplicate".to_owned(), message });
            None
        }
    };
    writer.replace(&record.key, documents(&writer.fields, record, letter.as_ref(), Some(text)))
}

/// Who holds which text and which identity while an update goes on.
struct Holders {
    texts: HashMap<String, String>,
    ids: HashSet<String>,
}

impl Holders {
    /// Of the sources that the plan leaves alone.
    fn of(records: &HashMap<String, SourceRecord>, plan: &Plan) -> Self {
        let mut replaced: HashSet<String> = plan.read.keys().map(|path| key(path)).collect();
        replaced.extend(plan.reread.iter().cloned());
        let kept = records.values().filter(|record| !replaced.contains(&record.key));
        let indexed: Vec<&SourceRecord> =
            kept.filter(|record| record.status == Status::Indexed).collect();
        let texts = indexed.iter().map(|r| (r.text_hash.clone(), r.path.clone())).collect();
        Self { texts, ids: indexed.iter().map(|record| record.id.clone()).collect() }
    }

    /// The identity for a source that comes now.
    fn identity(&mut self, record: &SourceRecord) -> Identity {
        if let Some(path) = self.texts.get(&record.text_hash) {
            return Identity::CopyOf(path.clone());
        }
        self.texts.insert(record.text_hash.clone(), record.path.clone());
        let mut id = record.base_id.clone();
        for next in 2.. {
            if self.ids.insert(id.clone()) {
                break;
            }
            id = format!("{}~{next}", record.base_id);
        }
        Identity::Letter(id)
    }
}

/// Applies `work` to all of `things` on several threads; the results keep their order.
fn in_parallel<T: Sync, R: Send>(
    threads: usize,
    things: &[T],
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        while let Some((at, thing)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            things.get(at).map(|thing| (at, thing))
        } {
            done.push((at, work(thing)));
        }
        done
    };
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..threads.max(1).min(things.len())).map(|_| scope.spawn(run)).collect();
        let joined = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined
            .flat_map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

/// The roots known and those of this walk, without those that lie in another.
fn merge_roots(known: Vec<String>, walk: &Walk) -> Vec<String> {
    let new = walk.roots.iter().map(|(root, _)| root.to_string_lossy().into_owned());
    let all: Vec<String> = known.into_iter().chain(new).collect();
    let mut roots: Vec<String> = Vec::new();
    for root in &all {
        let inside = |other: &String| Path::new(root).starts_with(other) && root != other;
        if !all.iter().any(inside) && !roots.contains(root) {
            roots.push(root.clone());
        }
    }
    roots
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
