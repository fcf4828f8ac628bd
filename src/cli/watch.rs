//! `imr index --watch`: brings the index up to date whenever something changes in its folders.
//!
//! The system's notes about changes say when to look, never what: a run compares all, so that a note
//! that was lost costs time and nothing else.

use super::stop::Stop;
use crate::index::Store;
use crate::output::{DIM, Painted, WARN, clean};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// So long must nothing change before a run: whoever writes many files is let finish.
const QUIET: Duration = Duration::from_secs(2);
/// So long at most is waited for quiet.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a request to stop is looked for.
const TICK: Duration = Duration::from_millis(100);

/// Waits for changes below folders.
pub(super) struct Watch {
    folders: Vec<PathBuf>,
    /// The index's own folder, where every run writes.
    own: Option<PathBuf>,
    notes: Receiver<()>,
    sender: Sender<()>,
    watcher: Option<RecommendedWatcher>,
    /// How long to wait at most, whatever is noted.
    every: Duration,
}

impl Watch {
    /// Watches folders; where the system does not tell of changes, they are looked at every now and then.
    pub(super) fn new(folders: Vec<PathBuf>, store: &Store, every: Duration) -> Self {
        let (sender, notes) = channel();
        let own = store.folder().canonicalize().ok();
        let mut watch = Self { folders, own, notes, sender, watcher: None, every };
        if let Err(error) = watch.start() {
            let note = format!(
                "the system does not tell of changes ({error}): looking every {} seconds",
                every.as_secs()
            );
            anstream::eprintln!("{}", Painted(WARN, clean(&note)));
        }
        watch
    }

    fn start(&mut self) -> notify::Result<()> {
        let (sender, own) = (self.sender.clone(), self.own.clone());
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // An error may hide a change: it counts as one.
            if event.is_ok_and(|event| !is_change(&event, own.as_deref())) {
                return;
            }
            let _noted = sender.send(());
        })?;
        for folder in &self.folders {
            watcher.watch(folder, RecursiveMode::Recursive)?;
        }
        self.watcher = Some(watcher);
        Ok(())
    }

    /// Waits until it is time to look again; `false` when the program is to stop.
    pub(super) fn wait(&mut self, stop: &Stop) -> bool {
        let started = Instant::now();
        let mut changed: Option<(Instant, Instant)> = None;
        loop {
            if stop.is_asked() {
                return false;
            }
            match self.notes.recv_timeout(TICK) {
                Ok(()) => {
                    let now = Instant::now();
                    changed = Some((changed.map_or(now, |(first, _)| first), now));
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            let settled = changed.is_some_and(|(first, last)| {
                last.elapsed() >= QUIET || first.elapsed() >= PATIENCE
            });
            if settled || started.elapsed() >= self.every {
                while self.notes.try_recv().is_ok() {}
                return true;
            }
        }
    }

    /// Says that it waits.
    pub(super) fn announce(&self) {
        let how = if self.watcher.is_some() { "watching" } else { "looking again at" };
        let folders: Vec<String> =
            self.folders.iter().map(|folder| clean(&folder.to_string_lossy())).collect();
        let note = format!("{how} {}; Ctrl-C ends it", folders.join(", "));
        anstream::eprintln!("{}", Painted(DIM, note));
    }
}

/// Whether an event may have changed a letter: reading one does not, nor does writing the index.
fn is_change(event: &Event, own: Option<&Path>) -> bool {
    let elsewhere = |path: &PathBuf| !own.is_some_and(|own| path.starts_with(own));
    let reading = matches!(event.kind, EventKind::Access(_));
    !reading && (event.paths.is_empty() || event.paths.iter().any(elsewhere))
}
