//! Brings the index up to date with files: locks, plans from what changed, reads in parallel,
//! replaces source by source, settles who keeps which identity, commits once.

use super::document::documents;
use super::manifest::{Failure, Identity, SourceRecord, Status, free, identities, key, text_hash};
use super::path_text::{from_text, shown, to_text};
use super::pipeline::{Pipeline, ReadLetter};
use super::plan::{Known, Plan, claims_letter};
use super::report::{FileReport, Progress, Report};
use super::schema::VERSION;
use super::store::{Lock, Meta, Snapshot, Store, StoreError, Writer};
use crate::record::LetterRecord;
use crate::source::{self, Found, ReadError, Walk};
use std::collections::{HashMap, HashSet};
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
    /// Remove what has vanished without a doubt.
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
    /// A rebuild would lose letters: the old index cannot be read and their files are not there.
    #[error("{} is not there: a rebuild would lose its letters", .0.display())]
    RootGone(PathBuf),
    /// Nothing that was named is there.
    #[error("{}: {message}", path.display())]
    NotFound {
        /// What was named.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// Nothing to do was named.
    #[error("no file or folder named, and the index knows none")]
    NothingNamed,
}

/// A file as read, or why not.
type Outcome = Result<ReadLetter, ReadError>;

impl Update {
    /// Brings the index up to date with what a walk met, or with all it knows where `walk` is
    /// `None`.
    ///
    /// # Errors
    /// If the index cannot be used or written, or nothing named is there. Files that cannot be
    /// read are no error: they are listed in the report.
    pub fn run(
        &self,
        store: &Store,
        pipeline: &Pipeline,
        walk: Option<Walk>,
        progress: &dyn Progress,
    ) -> Result<Report, UpdateError> {
        let started = Instant::now();
        // A folder is made only for what there is.
        if let Some(walk) = walk.as_ref().filter(|_| !store.exists()) {
            check_named(walk, &[], &HashMap::new())?;
        }
        // What is read of the index must still hold when it is written: the lock comes first.
        let lock = if self.dry_run { None } else { Some(store.lock()?) };
        let present = self.present(store, walk.is_some())?;
        let roots = store.roots();
        let records = present.as_ref().map(Snapshot::sources).transpose()?.unwrap_or_default();
        let walk = self.whole_walk(walk, &roots, &records, present.is_some(), store)?;
        let mut run = Run {
            update: self,
            pipeline,
            records,
            report: Report { dry_run: self.dry_run, ..Report::default() },
            progress,
        };
        let plan = Plan::new(&run.known(), &walk);
        let merged = self.merge_roots(&roots, &walk);
        let todo = !plan.is_empty() || self.rebuild || present.is_none() || merged != roots;
        match lock {
            Some(lock) if todo => run.write(store, lock, present.as_ref(), &plan, merged)?,
            Some(_) => run.report.unchanged = run.count_letters(&plan.unchanged),
            None => run.foresee(&plan),
        }
        run.conclude(&walk, plan.notices);
        run.report.took_ms = started.elapsed().as_millis() as u64;
        Ok(run.report)
    }

    /// The index as it is; a rebuild does without one that cannot be read.
    fn present(&self, store: &Store, named: bool) -> Result<Option<Snapshot>, StoreError> {
        match store.open() {
            Ok(snapshot) => Ok(Some(snapshot)),
            Err(StoreError::Missing(_)) => Ok(None),
            Err(_) if self.rebuild && named => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Completes a walk: with all that is known where nothing was named, with every root where
    /// the index is built anew; without the index's own folder.
    fn whole_walk(
        &self,
        walk: Option<Walk>,
        roots: &[String],
        records: &HashMap<String, SourceRecord>,
        readable: bool,
        store: &Store,
    ) -> Result<Walk, UpdateError> {
        let mut walk = match walk {
            Some(walk) => {
                check_named(&walk, roots, records)?;
                walk
            }
            None if roots.is_empty() && records.is_empty() => {
                return Err(UpdateError::NothingNamed);
            }
            None => source::walk(&everything(roots, records)),
        };
        if self.rebuild {
            let others: Vec<PathBuf> =
                everything(roots, records).into_iter().filter(|path| !walk.covers(path)).collect();
            walk.merge(source::walk(&others));
            let gone = walk.missing.iter().next();
            if let (Some(gone), false, false) = (gone, readable, self.prune) {
                return Err(UpdateError::RootGone(gone.clone()));
            }
        }
        if let Ok(own) = store.folder().canonicalize() {
            walk.leave_out(&own);
        }
        Ok(walk)
    }

    /// The folders known and those of this walk, without those that lie in another.
    fn merge_roots(&self, known: &[String], walk: &Walk) -> Vec<String> {
        let gone = |root: &Path| self.prune && walk.missing.contains(root);
        let known = known.iter().map(|root| from_text(root)).filter(|root| !gone(root));
        let all: HashSet<PathBuf> = known.chain(walk.folders.iter().cloned()).collect();
        let inside = |root: &Path| root.ancestors().skip(1).any(|above| all.contains(above));
        let mut roots: Vec<String> =
            all.iter().filter(|root| !inside(root)).map(|root| to_text(root)).collect();
        roots.sort();
        roots
    }
}

/// Whether anything of what was named is there, or is known.
fn check_named(
    walk: &Walk,
    roots: &[String],
    records: &HashMap<String, SourceRecord>,
) -> Result<(), UpdateError> {
    if !walk.files.is_empty() || !walk.folders.is_empty() {
        return Ok(());
    }
    let Some(problem) = walk.problems.first() else { return Err(UpdateError::NothingNamed) };
    let paths = roots.iter().chain(records.values().map(|record| &record.path));
    if paths.into_iter().any(|path| from_text(path).starts_with(&problem.path)) {
        return Ok(());
    }
    let (path, message) = (problem.path.clone(), problem.message.clone());
    Err(UpdateError::NotFound { path, message })
}

/// All roots, and the files that lie in none.
fn everything(roots: &[String], records: &HashMap<String, SourceRecord>) -> Vec<PathBuf> {
    let folders: HashSet<PathBuf> = roots.iter().map(|root| from_text(root)).collect();
    let files = records.values().map(|record| from_text(&record.path));
    let alone = files.filter(|path| !path.ancestors().any(|above| folders.contains(above)));
    let alone: Vec<PathBuf> = alone.collect();
    folders.iter().cloned().chain(alone).collect()
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
    fn known(&self) -> Known<'_> {
        Known {
            records: &self.records,
            fingerprint: self.pipeline.fingerprint(),
            prune: self.update.prune,
            rebuild: self.update.rebuild,
        }
    }

    fn count_letters(&self, keys: &[String]) -> u64 {
        let records = keys.iter().filter_map(|key| self.records.get(key));
        records.filter(|record| record.status == Status::Indexed).count() as u64
    }

    /// Fills the report with what a plan would do.
    fn foresee(&mut self, plan: &Plan) {
        let read = plan.read.iter().filter(|(path, found)| found.named || claims_letter(path));
        let (known, new): (Vec<_>, Vec<_>) =
            read.partition(|(path, _)| self.records.contains_key(&key(path)));
        self.report.added = new.len() as u64;
        self.report.changed = (known.len() + plan.reread.len()) as u64;
        self.report.removed = self.count_letters(&plan.remove);
        self.report.unchanged = self.count_letters(&plan.unchanged);
    }

    /// Does what the plan says, in one commit.
    fn write(
        &mut self,
        store: &Store,
        lock: Lock,
        before: Option<&Snapshot>,
        plan: &Plan,
        roots: Vec<String>,
    ) -> Result<(), UpdateError> {
        let Update { rebuild, memory, jobs, .. } = *self.update;
        let mut writer = store.writer(lock, rebuild, memory, jobs)?;
        self.report.unchanged = self.count_letters(&plan.unchanged);
        self.report.removed = self.count_letters(&plan.remove);
        self.progress.start((plan.read.len() + plan.reread.len()) as u64);
        for key in &plan.remove {
            writer.replace(key, Vec::new())?;
            self.records.remove(key);
        }
        let known = if rebuild { self.leave_behind(plan) } else { HashSet::new() };
        let mut holders = Holders::of(&self.records, plan);
        if let Some(before) = before {
            for keys in plan.reread.chunks(BATCH) {
                self.reread(&writer, before, keys, &mut holders)?;
            }
        }
        self.read(&writer, plan, &known, &mut holders)?;
        self.progress.finish();
        self.settle(&writer, before, plan)?;
        let fingerprint = self.pipeline.fingerprint();
        let mixed = self.records.values().any(|record| record.pipeline != fingerprint);
        writer.commit(&Meta {
            schema: VERSION,
            pipeline: if mixed { "mixed" } else { fingerprint }.to_owned(),
            roots,
            updated: now(),
        })?;
        Ok(writer.finish()?)
    }

    /// A new index starts without records, but for those that are read from kept text. Returns the
    /// keys of the letters that the index before had.
    fn leave_behind(&mut self, plan: &Plan) -> HashSet<String> {
        let letters = self.records.values().filter(|record| record.status == Status::Indexed);
        let known = letters.map(|record| record.key.clone()).collect();
        let kept: HashSet<&String> = plan.reread.iter().collect();
        self.records.retain(|key, _| kept.contains(key));
        known
    }

    /// Reads the files of the plan.
    fn read(
        &mut self,
        writer: &Writer,
        plan: &Plan,
        known: &HashSet<String>,
        holders: &mut Holders,
    ) -> Result<(), UpdateError> {
        let files: Vec<(&PathBuf, &Found)> = plan.read.iter().collect();
        for files in files.chunks(BATCH) {
            let outcomes = in_parallel(self.update.jobs, files, |(path, _)| {
                let outcome = self.pipeline.read(path, &path.to_string_lossy());
                self.progress.advance(1);
                outcome
            });
            for ((path, found), outcome) in files.iter().zip(outcomes) {
                let fingerprint = self.pipeline.fingerprint();
                let record = SourceRecord::new(path, found.size, found.modified, fingerprint);
                let quiet = !found.named && !claims_letter(path);
                let was = known.contains(&record.key);
                self.take(writer, record, outcome, quiet, was, holders)?;
            }
        }
        Ok(())
    }

    /// Reads kept texts again. One that cannot be read by this version stays as it is.
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
            let mut outcome = outcome?;
            if let Err(error) = &mut outcome {
                error.content_hash = None;
            }
            let pipeline = self.pipeline.fingerprint().to_owned();
            self.take(writer, SourceRecord { pipeline, ..record }, outcome, false, true, holders)?;
        }
        Ok(())
    }

    /// Reads the kept text of a source.
    fn read_text(&self, snapshot: &Snapshot, record: &SourceRecord) -> Result<Outcome, StoreError> {
        let text = snapshot.text_of(&record.key)?.unwrap_or_default();
        let stem = source::stem(&from_text(&record.path));
        let content_hash = record.hash.clone();
        Ok(match self.pipeline.letter(&text, &stem, &shown(&record.path)) {
            Ok(letter) => Ok(ReadLetter {
                record: letter,
                text,
                content_hash: content_hash.unwrap_or_default(),
            }),
            Err(error) => Err(ReadError { content_hash, ..error }),
        })
    }

    /// Takes the outcome of reading a file into the index and the manifest. `quiet` files may be
    /// no letter; `was` says that an index before knew the letter.
    fn take(
        &mut self,
        writer: &Writer,
        mut record: SourceRecord,
        outcome: Outcome,
        quiet: bool,
        was: bool,
        holders: &mut Holders,
    ) -> Result<(), UpdateError> {
        let known = self.records.get(&record.key);
        let was = was || known.is_some_and(|known| known.status == Status::Indexed);
        match outcome {
            Ok(letter) => {
                record.hash = Some(letter.content_hash);
                record.text_hash = text_hash(&letter.text);
                record.base_id.clone_from(&letter.record.id);
                let identity = holders.identity(&record);
                store_letter(writer, &mut record, letter.record, &letter.text, &identity)?;
                let new = !was && matches!(identity, Identity::Letter(_));
                self.report.added += u64::from(new);
                self.report.changed += u64::from(was);
            }
            Err(error)
                if error.content_hash.is_none() && known.is_some_and(SourceRecord::has_letter) =>
            {
                // What cannot be read now may be there again tomorrow: the letter stays.
                let report = FileReport::new(shown(&record.path), error.code, error.message);
                self.report.failed.push(report);
                return Ok(());
            }
            Err(error) => {
                record.hash.clone_from(&error.content_hash);
                record.status = if error.code == "not-a-letter" && quiet {
                    Status::Skipped
                } else {
                    Status::Failed
                };
                record.failure =
                    Some(Failure { code: error.code.to_owned(), message: error.message });
                writer.replace(&record.key, documents(&writer.fields, &record, None, None))?;
                self.report.changed += u64::from(was);
            }
        }
        self.records.insert(record.key.clone(), record);
        Ok(())
    }

    /// Gives every letter the identity that a clean build would give it, before the commit. Only
    /// clashes and copies that came in another order than their paths' need it.
    fn settle(
        &mut self,
        writer: &Writer,
        before: Option<&Snapshot>,
        plan: &Plan,
    ) -> Result<(), UpdateError> {
        let identities = identities(&self.records);
        let wrong = self.records.values().filter(|record| {
            identities.get(&record.key).is_some_and(|identity| !holds(record, identity))
        });
        let mut wrong: Vec<SourceRecord> = wrong.cloned().collect();
        wrong.sort_by(|a, b| a.path.cmp(&b.path));
        for mut record in wrong {
            let path = from_text(&record.path);
            let outcome = match before {
                Some(before) if !plan.read.contains_key(&path) => {
                    self.read_text(before, &record)?
                }
                _ => self.pipeline.read(&path, &shown(&record.path)),
            };
            // A file that changed in this very moment is read again by the next run.
            let same = outcome.ok().filter(|letter| text_hash(&letter.text) == record.text_hash);
            let Some(letter) = same else {
                record.hash = None;
                self.records.insert(record.key.clone(), record);
                continue;
            };
            let identity = &identities[&record.key];
            store_letter(writer, &mut record, letter.record, &letter.text, identity)?;
            self.records.insert(record.key.clone(), record);
        }
        Ok(())
    }

    /// Completes the report from the walk and the manifest.
    fn conclude(&mut self, walk: &Walk, notices: Vec<FileReport>) {
        // What was pruned is gone on purpose.
        let pruned = |code: &str| self.update.prune && code == "not-found";
        for problem in walk.problems.iter().filter(|problem| !pruned(problem.code)) {
            let path = problem.path.to_string_lossy();
            self.report.failed.push(FileReport::new(path, problem.code, &problem.message));
        }
        let kept = !notices.is_empty();
        self.report.notices = notices;
        let mut records: Vec<&SourceRecord> = self.records.values().collect();
        records.sort_by(|a, b| a.path.cmp(&b.path));
        let mut letters = 0;
        for record in records {
            let covered = walk.covers(&from_text(&record.path));
            letters += u64::from(covered && record.has_letter());
            let report =
                |code: &str, message: &str| FileReport::new(shown(&record.path), code, message);
            match (record.status, &record.failure) {
                (Status::Indexed, _) => {
                    self.report.letters += 1;
                    self.report.items += u64::from(record.items);
                    if covered && record.id != record.base_id {
                        let (base, id) = (&record.base_id, &record.id);
                        let message =
                            format!("another letter has the identity {base}: kept as {id}");
                        self.report.notices.push(report("identity-clash", &message));
                    }
                }
                (Status::Skipped, _) => self.report.skipped += u64::from(covered),
                (_, Some(failure)) if covered => {
                    self.report.failed.push(report(&failure.code, &failure.message));
                }
                _ => {}
            }
        }
        if letters == 0 && !kept && !self.update.dry_run {
            for folder in &walk.folders {
                let folder = folder.to_string_lossy();
                let notice = FileReport::new(folder, "no-letters", "no letter was found here");
                self.report.notices.push(notice);
            }
        }
    }
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
    format!("the same letter as {}", shown(path))
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
        if self.ids.insert(record.base_id.clone()) {
            return Identity::Letter(record.base_id.clone());
        }
        Identity::Letter(free(&record.base_id, &mut 2, &mut self.ids))
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

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
