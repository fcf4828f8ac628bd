//! Brings the index up to date with files: takes the lock, finds out what is to be looked at,
//! plans, and has the plan run.

use super::batch::Batch;
use super::compare::{agrees, doubtful};
use super::error::StoreError;
use super::manifest::Sources;
use super::path_text::{from_text, to_text};
use super::pipeline::Pipeline;
use super::plan::Plan;
use super::report::{Progress, Report};
use super::run::Run;
use super::settings::{Update, UpdateError};
use super::store::{Snapshot, Store};
use crate::source::{self, Walk};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// So many files are worth one more thread that writes, and one more segment.
const MANY: usize = 1_000;

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
        let report = self.attempt(store, pipeline, walk, progress)?;
        if self.dry_run || report.unfinished || report.agrees {
            return Ok(report);
        }
        // A merge that failed, as on a full disk, has lost a delete: the sources concerned are read again.
        store.doubt().map_err(store.io())?;
        let mended = Update { rebuild: false, ..self.clone() };
        let again = mended.attempt(store, pipeline, None, progress)?;
        if !again.agrees {
            store.doubt().map_err(store.io())?;
            let reason = "documents are doubled or lost after a merge that failed";
            return Err(StoreError::damaged(store.folder(), &reason).into());
        }
        Ok(Report { letters: again.letters, items: again.items, ..report })
    }

    fn attempt(
        &self,
        store: &Store,
        pipeline: &Pipeline,
        walk: Option<Walk>,
        progress: &dyn Progress,
    ) -> Result<Report, UpdateError> {
        let started = Instant::now();
        // A folder is made only for what there is.
        if let Some(walk) = walk.as_ref().filter(|_| !store.exists()) {
            check_named(walk, &[], &Sources::default())?;
        }
        // What is read of the index must still hold when it is written: the lock comes first.
        let lock = if self.dry_run { None } else { Some(store.lock()?) };
        let present = self.present(store, walk.is_some())?;
        let begun = if self.rebuild && lock.is_some() { store.begun() } else { None };
        let roots = store.roots();
        let sources = |snapshot: &Snapshot| snapshot.sources();
        let records = present.as_ref().map(sources).transpose()?.unwrap_or_default();
        let done = begun.as_ref().map(|begun| sources(&begun.snapshot)).transpose()?;
        let doubtful = match &present {
            Some(present) if present.meta.unfinished && !agrees(present, &records) => {
                doubtful(present)?
            }
            _ => foldhash::HashSet::default(),
        };
        let walk = self.whole_walk(walk, &roots, &records, present.is_some(), store)?;
        let mut run = Run {
            update: self,
            pipeline,
            records,
            done: done.unwrap_or_default(),
            roots: self.merge_roots(&roots, &walk),
            gone: gone(&roots, &walk),
            doubtful,
            batch: Batch::new(self.batches),
            report: Report { dry_run: self.dry_run, agrees: true, ..Report::default() },
            progress,
        };
        let plan = Plan::new(&run.known(), &walk, self.paranoid);
        run.forget_emptied(&plan);
        let unfinished = present.as_ref().is_none_or(|present| present.meta.unfinished);
        let todo = !plan.is_empty() || self.rebuild || unfinished || run.roots != roots;
        match lock {
            Some(lock) if todo => {
                let threads = self.jobs.min(1 + plan.files() / MANY);
                let writer = store.writer(lock, self.rebuild, begun, self.memory, threads)?;
                run.write(writer, present.as_ref(), &plan)?;
                run.report.agrees = run.report.unfinished || agrees(&store.open()?, &run.records);
            }
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
            Err(StoreError::Foreign(path)) => Err(StoreError::Foreign(path)),
            Err(_) if self.rebuild && (named || !store.roots().is_empty()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Completes a walk: with all that is known where nothing was named, with every root where
    /// the index is built anew; without the index's own folder.
    fn whole_walk(
        &self,
        walk: Option<Walk>,
        roots: &[String],
        records: &Sources,
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

/// The folders known that are missing: where their letters are met elsewhere, they have moved.
fn gone(roots: &[String], walk: &Walk) -> Vec<PathBuf> {
    let roots = roots.iter().map(|root| from_text(root));
    roots
        .filter(|root| walk.missing.contains(root) || (!walk.covers(root) && !root.exists()))
        .collect()
}

/// Whether anything of what was named is there, or is known.
fn check_named(walk: &Walk, roots: &[String], records: &Sources) -> Result<(), UpdateError> {
    if !walk.files.is_empty() || !walk.folders.is_empty() {
        return Ok(());
    }
    let Some(problem) = walk.problems.first() else { return Err(UpdateError::NothingNamed) };
    let roots = roots.iter().map(String::as_str);
    let mut paths = roots.chain(records.values().map(|record| &*record.path));
    if paths.any(|path| from_text(path).starts_with(&problem.path)) {
        return Ok(());
    }
    let (path, message) = (problem.path.clone(), problem.message.clone());
    Err(UpdateError::NotFound { path, message })
}

/// All roots, and the files that lie in none.
fn everything(roots: &[String], records: &Sources) -> Vec<PathBuf> {
    let folders: HashSet<PathBuf> = roots.iter().map(|root| from_text(root)).collect();
    let files = records.values().map(|record| from_text(&record.path));
    let alone = files.filter(|path| !path.ancestors().any(|above| folders.contains(above)));
    let alone: Vec<PathBuf> = alone.collect();
    folders.iter().cloned().chain(alone).collect()
}
