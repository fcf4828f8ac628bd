//! The index as it is now: new commits are seen, and what is being answered keeps the commit that it
//! began with.

use super::cache::{Answers, Once};
use super::problem::Problem;
use crate::index::{Snapshot, Stamp, Store, StoreError};
use crate::status::Report;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How often the disk is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A commit, with what was computed of it.
pub(super) struct Opened {
    pub(super) snapshot: Snapshot,
    pub(super) answers: Arc<Answers>,
    pub(super) report: Once<Report>,
}

/// The state of the index at a look.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) opened: Result<Arc<Opened>, Problem>,
    stamp: Option<Stamp>,
    looked: Instant,
}

/// An index that others may write to meanwhile.
pub(super) struct Living {
    store: Store,
    held: RwLock<Held>,
    /// One place: who looks at the disk.
    turn: Arc<Semaphore>,
}

/// Who may bring the state up to date; others go on with what there is until this is dropped.
pub(super) struct Turn(#[expect(dead_code, reason = "held")] OwnedSemaphorePermit);

impl Living {
    /// Opens the index; whether there is one shows when it is asked for.
    pub(super) fn new(store: Store) -> Self {
        let held = RwLock::new(open(&store, None));
        Self { store, held, turn: Arc::new(Semaphore::new(1)) }
    }

    /// The folder.
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// The state as of the last look.
    pub(super) fn held(&self) -> Held {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A turn to bring the state up to date, if it is time to and there is something to see.
    pub(super) fn changed(&self) -> Option<Turn> {
        if self.held().looked.elapsed() < LOOK_EVERY {
            return None;
        }
        let turn = Turn(Arc::clone(&self.turn).try_acquire_owned().ok()?);
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.looked = Instant::now();
        let is_same =
            held.opened.is_ok() && !is_news(held.stamp.as_ref(), self.store.stamp().as_ref());
        (!is_same).then_some(turn)
    }

    /// The index as it is on disk now. Where only files were merged, the answers hold on.
    pub(super) fn look(&self) -> Held {
        open(&self.store, self.held().opened.ok().as_deref())
    }

    /// Shows a state to all who ask from now on.
    pub(super) fn show(&self, held: Held) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }
}

/// Whether the disk holds more than was last shown.
fn is_news(shown: Option<&Stamp>, there: Option<&Stamp>) -> bool {
    match (shown, there) {
        (Some(shown), Some(there)) => there.tells_more_than(shown),
        (shown, there) => shown.is_some() != there.is_some(),
    }
}

fn open(store: &Store, before: Option<&Opened>) -> Held {
    // The stamp first: a commit in between is seen at the next look.
    let stamp = store.stamp();
    let opened = match store.open() {
        Ok(snapshot) => {
            let same = before.filter(|before| before.snapshot.is_same_commit(&snapshot));
            let answers =
                same.map_or_else(|| Arc::new(Answers::new()), |same| Arc::clone(&same.answers));
            Ok(Arc::new(Opened { snapshot, answers, report: Once::new() }))
        }
        Err(StoreError::Missing(_)) if store.is_unfinished() => Err(Problem::unfinished()),
        Err(error) => Err(Problem::store(&error)),
    };
    Held { opened, stamp, looked: Instant::now() }
}
