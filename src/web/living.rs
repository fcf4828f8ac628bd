//! The index as it is now: new commits are seen within a second, and what is being answered keeps
//! the commit that it began with.

use super::problem::Problem;
use crate::index::{Snapshot, Stamp, Store, StoreError};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How often the disk is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// An index opened, and which of those opened so far it is.
#[derive(Clone)]
pub(super) struct Opened {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) number: u64,
}

/// The present state.
#[derive(Clone)]
struct Held {
    opened: Result<Opened, Problem>,
    stamp: Option<Stamp>,
    number: u64,
}

/// An index that others may write to meanwhile.
pub(super) struct Living {
    store: Store,
    held: RwLock<Held>,
    /// When the disk was last looked at; locked while it is.
    looked: Mutex<Instant>,
}

impl Living {
    /// Opens the index; whether there is one shows when it is asked for.
    pub(super) fn new(store: Store) -> Self {
        let held = open(&store, 1);
        Self { store, held: RwLock::new(held), looked: Mutex::new(Instant::now()) }
    }

    /// The folder.
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// The index as of its last commit, looked for at most once a second.
    pub(super) fn now(&self) -> Result<Opened, Problem> {
        // One looks; the others use what is there.
        if let Ok(mut looked) = self.looked.try_lock()
            && looked.elapsed() >= LOOK_EVERY
        {
            self.look();
            *looked = Instant::now();
        }
        self.held.read().unwrap_or_else(PoisonError::into_inner).opened.clone()
    }

    fn look(&self) {
        let (before, number) = {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            (held.opened.is_ok().then(|| held.stamp.clone()), held.number)
        };
        if before.is_some_and(|before| before == self.store.stamp()) {
            return;
        }
        let held = open(&self.store, number + 1);
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }
}

fn open(store: &Store, number: u64) -> Held {
    // The stamp first: a commit in between is seen at the next look.
    let stamp = store.stamp();
    // A commit or a swap may take files away while they are opened.
    let opened = store.open().or_else(|_| store.open());
    let opened = match opened {
        Ok(snapshot) => Ok(Opened { snapshot: Arc::new(snapshot), number }),
        Err(StoreError::Missing(_)) if store.is_unfinished() => Err(Problem::unfinished()),
        Err(error) => Err(Problem::store(&error)),
    };
    Held { opened, stamp, number }
}
