//! Computes answers off the threads that serve connections, only so many at a time.
//!
//! Costly asks have a lane of their own, so that they cannot starve cheap ones, and so have asks whether the server is
//! well. One that takes too
//! long is told to come back; its lane stays taken until its work has ended.

use super::problem::Problem;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How costly an ask is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// A page of hits, a letter.
    Quick,
    /// Much of the index is read: wildcards, deep pages, rates, downloads.
    Costly,
    /// How the server is: who asks that waits for nobody else.
    Probe,
}

/// The most asks that wait in a lane.
const MAX_WAITING: usize = 256;

/// One lane.
#[derive(Debug)]
struct Queue {
    places: usize,
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
    patience: Duration,
}

/// All lanes.
#[derive(Debug)]
pub(super) struct Work {
    quick: Queue,
    costly: Queue,
    probe: Queue,
}

impl Work {
    /// Lanes for this many processors: all for quick work, half of them for costly work, one more for probes.
    pub(super) fn new(processors: usize) -> Self {
        Self {
            quick: Queue::new(processors.max(2), Duration::from_secs(15)),
            costly: Queue::new((processors / 2).max(1), Duration::from_mins(1)),
            probe: Queue::new(1, Duration::from_secs(15)),
        }
    }

    /// Runs work in a lane.
    ///
    /// # Errors
    /// If the lane is full, the work takes too long, or it panics.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let queue = self.lane(lane);
        timeout(queue.patience, queue.run(work)).await.unwrap_or_else(|_| {
            Err(Problem::busy("this takes longer than is allowed")
                .hint("narrow the search with words or filters"))
        })
    }

    /// How many asks wait and run in a lane.
    pub(super) fn load(&self, lane: Lane) -> (usize, usize) {
        let queue = self.lane(lane);
        let running = queue.places.saturating_sub(queue.free.available_permits());
        (queue.waiting.load(Ordering::Relaxed), running)
    }

    fn lane(&self, lane: Lane) -> &Queue {
        match lane {
            Lane::Quick => &self.quick,
            Lane::Costly => &self.costly,
            Lane::Probe => &self.probe,
        }
    }
}

impl Queue {
    fn new(places: usize, patience: Duration) -> Self {
        let free = Arc::new(Semaphore::new(places));
        Self { places, free, waiting: AtomicUsize::new(0), patience }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let place = {
            let waiting = Counted::new(&self.waiting);
            if waiting.before >= MAX_WAITING {
                return Err(Problem::busy("too many others are waiting"));
            }
            let free = Arc::clone(&self.free);
            free.acquire_owned().await.map_err(|_| Problem::busy("the server is stopping"))?
        };
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        done.await.map_err(|_| Problem::internal())
    }
}

/// Counts one more while it is held.
struct Counted<'a> {
    counter: &'a AtomicUsize,
    before: usize,
}

impl<'a> Counted<'a> {
    fn new(counter: &'a AtomicUsize) -> Self {
        Self { counter, before: counter.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.counter.fetch_sub(1, Ordering::Relaxed);
    }
}
