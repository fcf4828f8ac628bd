//! One run of an update: reads what the plan says, replaces source by source, commits in batches,
//! and settles at the end who keeps which identity.

use super::batch::Batch;
use super::document::source_document;
use super::error::StoreError;
use super::holders::{Holders, holds};
use super::manifest::{Failure, Identity, Key, SourceRecord, Sources, Status, identities};
use super::packing::train;
use super::parallel::in_order;
use super::path_text::{as_path, from_text, shown};
use super::pipeline::Pipeline;
use super::plan::{Known, Moved, Plan, claims_letter};
use super::prepared::{Outcome, Sampled, kept_letter, read_text, sample, store_letter};
use super::report::{FileReport, Progress, Report};
use super::schema::VERSION;
use super::settings::{Update, UpdateError};
use super::store::{Meta, Snapshot};
use super::writer::Writer;
use crate::source::{Found, Walk};
use foldhash::{HashSet, HashSetExt};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// One run of an update.
pub(super) struct Run<'a> {
    pub(super) update: &'a Update,
    pub(super) pipeline: &'a Pipeline,
    /// The manifest, kept up to date as the run goes on.
    pub(super) records: Sources,
    /// What a rebuild that was broken off has read already.
    pub(super) done: Sources,
    /// The folders that the index is brought up to date with.
    pub(super) roots: Vec<String>,
    /// Those of the folders known that are not looked at and not there.
    pub(super) gone: Vec<PathBuf>,
    /// Sources whose documents are not what their records say.
    pub(super) doubtful: HashSet<Key>,
    pub(super) batch: Batch,
    pub(super) report: Report,
    pub(super) progress: &'a dyn Progress,
}

impl Run<'_> {
    pub(super) fn known(&self) -> Known<'_> {
        Known {
            records: &self.records,
            done: &self.done,
            gone: &self.gone,
            doubtful: &self.doubtful,
            version: self.pipeline.version(),
            prune: self.update.prune,
            rebuild: self.update.rebuild,
            jobs: self.update.jobs,
        }
    }

    /// Forgets folders that are not there and whose letters have all moved.
    pub(super) fn forget_emptied(&mut self, plan: &Plan<'_>) {
        let moved: HashSet<Key> = plan.moved.iter().map(|moved| moved.from).collect();
        if moved.is_empty() {
            return;
        }
        let (mut left, mut stay) = (HashSet::new(), HashSet::new());
        for record in self.records.values() {
            let path = from_text(&record.path);
            let roots = self.gone.iter().filter(|root| path.starts_with(root)).cloned();
            if moved.contains(&record.key) {
                left.extend(roots);
            } else {
                stay.extend(roots);
            }
        }
        self.roots.retain(|root| {
            let root = from_text(root);
            !left.contains(&root) || stay.contains(&root)
        });
    }

    pub(super) fn count_letters(&self, keys: &[Key]) -> u64 {
        let records = keys.iter().filter_map(|key| self.records.get(key));
        records.filter(|record| record.status == Status::Indexed).count() as u64
    }

    /// Fills the report with what a plan would do.
    pub(super) fn foresee(&mut self, plan: &Plan<'_>) {
        let read = plan.read.iter().filter(|(path, found)| found.named || claims_letter(path));
        let (known, new): (Vec<_>, Vec<_>) =
            read.partition(|(path, _)| self.records.contains_key(&Key::of(path)));
        self.report.added = new.len() as u64;
        self.report.changed = (known.len() + plan.reread.len()) as u64;
        self.report.removed = self.count_letters(&plan.remove);
        self.report.unchanged = self.count_letters(&plan.unchanged);
        self.report.moved = plan.moved.len() as u64;
    }

    /// Does what the plan says.
    pub(super) fn write(
        &mut self,
        mut writer: Writer,
        before: Option<&Snapshot>,
        plan: &Plan<'_>,
    ) -> Result<(), UpdateError> {
        match self.replace(&mut writer, before, plan) {
            Ok(()) if self.report.unfinished => Ok(()),
            Ok(()) => Ok(writer.finish()?),
            Err(error) => Err(error),
        }
    }

    fn replace(
        &mut self,
        writer: &mut Writer,
        before: Option<&Snapshot>,
        plan: &Plan<'_>,
    ) -> Result<(), UpdateError> {
        self.report.removed = self.count_letters(&plan.remove);
        let known = if self.update.rebuild { self.leave_behind(plan) } else { HashSet::new() };
        self.report.unchanged = self.count_letters(&plan.unchanged);
        self.progress.start(plan.files() as u64);
        for key in &plan.remove {
            writer.replace(*key, Vec::new())?;
            self.records.remove(key);
        }
        let sampled = self.share(writer, before, plan)?;
        let mut holders = Holders::of(&self.records);
        let mut done = 0;
        let mut whole = true;
        if let Some(before) = before {
            whole = self.carry(writer, before, &plan.moved, &mut holders, &mut done)?
                && self.reread(writer, before, &plan.reread, &mut holders, &mut done)?;
        }
        whole = whole && self.read(writer, plan, &sampled, &known, &mut holders, &mut done)?;
        self.progress.finish();
        drop(holders);
        if whole {
            self.settle(writer)?;
        } else {
            self.report.unfinished = true;
            self.report.left = plan.files().saturating_sub(done) as u64;
        }
        Ok(self.commit(writer, !whole)?)
    }

    /// Sees to it that what letters have in common is kept once, where there are enough to learn it from.
    /// Returns the files that were read for that.
    fn share<'p>(
        &self,
        writer: &mut Writer,
        before: Option<&Snapshot>,
        plan: &'p Plan<'_>,
    ) -> Result<Sampled<'p>, StoreError> {
        if writer.shares() || plan.files() == 0 {
            return Ok(Sampled::default());
        }
        let paths: Vec<&Path> = plan.read.keys().copied().collect();
        let (sampled, dictionary) = sample(self.pipeline, self.progress, self.update.jobs, &paths);
        let of_kept = || before.map_or(Ok(Vec::new()), Snapshot::samples);
        let dictionary =
            dictionary.map_or_else(|| of_kept().map(|kept| train(&kept)), |new| Ok(Some(new)))?;
        if let Some(dictionary) = dictionary {
            writer.share(&dictionary)?;
        }
        Ok(sampled)
    }

    /// Commits what has been written; `unfinished` says that there is more to come.
    fn commit(&self, writer: &mut Writer, unfinished: bool) -> Result<(), StoreError> {
        let version = self.pipeline.version();
        let mixed = self.records.values().any(|record| record.pipeline != version);
        writer.commit(&Meta {
            schema: VERSION,
            pipeline: if mixed { "mixed" } else { self.pipeline.fingerprint() }.to_owned(),
            roots: self.roots.clone(),
            updated: now(),
            shares: writer.shares(),
            unfinished,
        })
    }

    /// Counts a text that was written, and commits where a batch is full.
    fn count_written(&mut self, writer: &mut Writer, bytes: usize) -> Result<(), StoreError> {
        if self.batch.is_due(bytes) { self.commit(writer, true) } else { Ok(()) }
    }

    /// A new index starts without records, but for those that are read from kept text and those that
    /// are there already. Returns the keys of the letters that the index before had.
    fn leave_behind(&mut self, plan: &Plan<'_>) -> HashSet<Key> {
        let letters = self.records.values().filter(|record| record.status == Status::Indexed);
        let known = letters.map(|record| record.key).collect();
        let kept: HashSet<Key> = plan.reread.iter().copied().collect();
        self.records.retain(|key, _| kept.contains(key));
        for (key, record) in std::mem::take(&mut self.done) {
            self.records.entry(key).or_insert(record);
        }
        known
    }

    /// Gives letters whose files have another name or place their new record; what is kept of them is
    /// carried over. Whether it came to its end.
    fn carry(
        &mut self,
        writer: &mut Writer,
        before: &Snapshot,
        moved: &[Moved],
        holders: &mut Holders,
        done: &mut usize,
    ) -> Result<bool, UpdateError> {
        for Moved { from, to, found } in moved {
            if self.progress.is_stopped() {
                return Ok(false);
            }
            let Some(old) = self.records.remove(from) else { continue };
            let version = self.pipeline.version();
            let fresh = SourceRecord::new(to, found.size, found.modified, version);
            let mut record = SourceRecord { hash: old.hash, ..fresh };
            let outcome = kept_letter(self.pipeline, before, &old, &record)?;
            writer.replace(*from, Vec::new())?;
            holders.release(&old);
            let outcome = outcome.and_then(|letter| writer.preparer().prepare(record.key, letter));
            record.hash = None;
            let (added, changed) = (self.report.added, self.report.changed);
            self.take(writer, record, outcome, false, true, holders)?;
            (self.report.added, self.report.changed) = (added, changed);
            self.report.moved += 1;
            self.progress.advance(1);
            *done += 1;
        }
        Ok(true)
    }

    /// Reads the files of the plan. Whether it came to its end.
    fn read(
        &mut self,
        writer: &mut Writer,
        plan: &Plan<'_>,
        sampled: &Sampled<'_>,
        known: &HashSet<Key>,
        holders: &mut Holders,
        done: &mut usize,
    ) -> Result<bool, UpdateError> {
        let files: Vec<(&Path, &Found)> =
            plan.read.iter().map(|(path, found)| (*path, *found)).collect();
        self.records.reserve(files.len());
        let (pipeline, progress) = (self.pipeline, self.progress);
        let preparer = writer.preparer().clone();
        let read = |(path, _): &(&Path, &Found)| {
            if progress.is_stopped() {
                return None;
            }
            let outcome = sampled.take(path).unwrap_or_else(|| {
                let outcome = pipeline.read(path, &path.to_string_lossy());
                progress.advance(1);
                outcome
            });
            Some(outcome.and_then(|letter| preparer.prepare(Key::of(path), letter)))
        };
        let ended = in_order(self.update.jobs, &files, read, |(path, found), outcome| {
            let outcome = outcome.ok_or(Ended::Stopped)?;
            let version = pipeline.version();
            let record = SourceRecord::new(path, found.size, found.modified, version);
            let quiet = !found.named && !claims_letter(path);
            let was = known.contains(&record.key);
            *done += 1;
            Ok(self.take(writer, record, outcome, quiet, was, holders)?)
        });
        Ended::is_whole(ended)
    }

    /// Reads kept texts again. One that cannot be read by this version stays as it is. Whether it came
    /// to its end.
    fn reread(
        &mut self,
        writer: &mut Writer,
        before: &Snapshot,
        keys: &[Key],
        holders: &mut Holders,
        done: &mut usize,
    ) -> Result<bool, UpdateError> {
        let records: Vec<SourceRecord> =
            keys.iter().filter_map(|key| self.records.get(key).cloned()).collect();
        let (pipeline, progress) = (self.pipeline, self.progress);
        let preparer = writer.preparer().clone();
        let read = |record: &SourceRecord| {
            if progress.is_stopped() {
                return Ok(None);
            }
            let outcome = read_text(pipeline, before, record.key, record);
            progress.advance(1);
            let prepare = |letter| preparer.prepare(record.key, letter);
            outcome.map(|outcome| Some(outcome.and_then(prepare)))
        };
        let ended = in_order(self.update.jobs, &records, read, |record, outcome| {
            let mut outcome = outcome?.ok_or(Ended::Stopped)?;
            if let Err(error) = &mut outcome {
                error.content_hash = None;
            }
            let record = SourceRecord { pipeline: pipeline.version(), ..record.clone() };
            *done += 1;
            Ok(self.take(writer, record, outcome, false, true, holders)?)
        });
        Ended::is_whole(ended)
    }

    /// Takes the outcome of reading a file into the index and the manifest. `quiet` files may be
    /// no letter; `was` says that an index before knew the letter.
    fn take(
        &mut self,
        writer: &mut Writer,
        mut record: SourceRecord,
        outcome: Outcome,
        quiet: bool,
        was: bool,
        holders: &mut Holders,
    ) -> Result<(), StoreError> {
        let known = self.records.get(&record.key);
        let was = was || known.is_some_and(|known| known.status == Status::Indexed);
        let mut bytes = 0;
        match outcome {
            Ok(prepared) => {
                if let Some(known) = known {
                    holders.release(known);
                }
                bytes = prepared.letter.text.len();
                record.hash = prepared.letter.content_hash;
                record.text_hash = prepared.text_hash;
                record.base_id = prepared.letter.record.id.as_str().into();
                let identity = holders.identity(&record, &self.records);
                store_letter(writer, &mut record, prepared, &identity)?;
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
                if let Some(known) = known {
                    holders.release(known);
                }
                record.hash = error.content_hash;
                record.status = if error.code == "not-a-letter" && quiet {
                    Status::Skipped
                } else {
                    Status::Failed
                };
                record.failure =
                    Some(Box::new(Failure { code: error.code.to_owned(), message: error.message }));
                let source = source_document(&writer.preparer().fields, &record, None);
                writer.replace(record.key, vec![source])?;
                self.report.changed += u64::from(was);
            }
        }
        self.records.insert(record.key, record);
        self.count_written(writer, bytes)
    }

    /// Gives every letter the identity that a clean build would give it. Only clashes and copies that
    /// came in another order than their paths' need it.
    fn settle(&mut self, writer: &mut Writer) -> Result<(), StoreError> {
        let identities = identities(&self.records);
        let wrong = self.records.values().filter(|record| {
            identities.get(&record.key).is_some_and(|identity| !holds(record, identity))
        });
        let mut wrong: Vec<SourceRecord> = wrong.cloned().collect();
        if wrong.is_empty() {
            return Ok(());
        }
        wrong.sort_by(|a, b| a.path.cmp(&b.path));
        // By now the index itself has every text: no file is read twice.
        self.commit(writer, true)?;
        let kept = writer.snapshot()?;
        for mut record in wrong {
            let outcome = read_text(self.pipeline, &kept, record.key, &record)?;
            // One that this version cannot read stays as it is.
            let Ok(letter) = outcome else { continue };
            let identity = &identities[&record.key];
            let Ok(prepared) = writer.preparer().prepare(record.key, letter) else { continue };
            store_letter(writer, &mut record, prepared, identity)?;
            self.records.insert(record.key, record);
        }
        Ok(())
    }

    /// Completes the report from the walk and the manifest.
    pub(super) fn conclude(&mut self, walk: &Walk, notices: Vec<FileReport>) {
        // What was pruned is gone on purpose.
        let pruned = |code: &str| self.update.prune && code == "not-found";
        for problem in walk.problems.iter().filter(|problem| !pruned(problem.code)) {
            let path = problem.path.to_string_lossy();
            self.report.failed.push(FileReport::new(path, problem.code, &problem.message));
        }
        let kept = !notices.is_empty();
        self.report.notices = notices;
        let mut told: Vec<&SourceRecord> = Vec::new();
        let mut any = false;
        for record in self.records.values() {
            let covered = || walk.covers(&as_path(&record.path));
            any = any || record.has_letter() && covered();
            match record.status {
                Status::Indexed => {
                    self.report.letters += 1;
                    self.report.items += u64::from(record.items);
                    told.extend((record.other_id.is_some() && covered()).then_some(record));
                }
                Status::Skipped => self.report.skipped += u64::from(covered()),
                Status::Duplicate | Status::Failed => told.extend(covered().then_some(record)),
            }
        }
        told.sort_by(|a, b| a.path.cmp(&b.path));
        for record in told {
            let report =
                |code: &str, message: &str| FileReport::new(shown(&record.path), code, message);
            if let Some(failure) = &record.failure {
                self.report.failed.push(report(&failure.code, &failure.message));
            } else if record.status == Status::Indexed {
                let (base, id) = (&record.base_id, record.id());
                let message = format!("another letter has the identity {base}: kept as {id}");
                self.report.notices.push(report("identity-clash", &message));
            }
        }
        if !any && !kept && !self.update.dry_run && !self.report.unfinished {
            for folder in &walk.folders {
                let folder = folder.to_string_lossy();
                let notice = FileReport::new(folder, "no-letters", "no letter was found here");
                self.report.notices.push(notice);
            }
        }
    }
}

/// Why reading ended before its end.
enum Ended {
    /// It was asked to.
    Stopped,
    Failed(StoreError),
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Ended::Failed(error)
    }
}

impl Ended {
    fn is_whole(ended: Result<(), Self>) -> Result<bool, UpdateError> {
        match ended {
            Ok(()) => Ok(true),
            Err(Ended::Stopped) => Ok(false),
            Err(Ended::Failed(error)) => Err(error.into()),
        }
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
