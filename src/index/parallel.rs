//! Work on several threads at once, whose results are taken in order while the work goes on.

use crate::contain::{is_quiet, set_quiet};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

/// How many things are worked on at once at most: to hand a result over costs as much as some work.
const AT_ONCE: usize = 8;
/// How many times as many may be worked on beyond those that are taken next: a bound on memory.
const AHEAD: usize = 32;

/// Applies `work` to all of `things` on several threads and hands the results to `take`, in order, on this
/// thread, until it fails.
pub(super) fn in_order<T: Sync, R: Send, E>(
    threads: usize,
    things: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(&T, R) -> Result<(), E>,
) -> Result<(), E> {
    let line = Line::default();
    let quiet = is_quiet();
    // Few things are shared out one by one.
    let at_once = (things.len() / (threads.max(1) * AT_ONCE)).clamp(1, AT_ONCE);
    let chunks: Vec<&[T]> = things.chunks(at_once).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, chunks.len().max(1)) {
            scope.spawn(|| {
                set_quiet(quiet);
                while let Some(at) = line.next(chunks.len()) {
                    // A worker that panics must not leave the others waiting.
                    let ends = Ends(&line);
                    let results: Vec<R> = chunks[at].iter().map(&work).collect();
                    std::mem::forget(ends);
                    line.put(at, results);
                }
            });
        }
        let ends = Ends(&line);
        for (at, things) in chunks.iter().enumerate() {
            let Some(results) = line.wait_for(at) else { break };
            for (thing, result) in things.iter().zip(results) {
                take(thing, result)?;
            }
        }
        drop(ends);
        Ok(())
    })
}

/// Results that wait to be taken.
struct Line<R> {
    next: AtomicUsize,
    waiting: Mutex<Waiting<R>>,
    changed: Condvar,
}

struct Waiting<R> {
    results: BTreeMap<usize, R>,
    /// The place of the result that is taken next.
    taken: usize,
    /// Whether no more is to be done.
    ended: bool,
}

impl<R> Default for Line<R> {
    fn default() -> Self {
        let waiting = Waiting { results: BTreeMap::new(), taken: 0, ended: false };
        Self { next: AtomicUsize::new(0), waiting: Mutex::new(waiting), changed: Condvar::new() }
    }
}

impl<R> Line<R> {
    /// The place of the next things to work on, when it is near enough to what is taken.
    fn next(&self, end: usize) -> Option<usize> {
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        if at >= end {
            return None;
        }
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let far = |waiting: &mut Waiting<R>| !waiting.ended && at > waiting.taken + AHEAD;
        let waiting = self.changed.wait_while(waiting, far).unwrap_or_else(PoisonError::into_inner);
        (!waiting.ended).then_some(at)
    }

    fn put(&self, at: usize, result: R) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.results.insert(at, result);
        self.changed.notify_all();
    }

    /// The result of a place; `None` if it will not come.
    fn wait_for(&self, at: usize) -> Option<R> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let lacks = |waiting: &mut Waiting<R>| !waiting.ended && !waiting.results.contains_key(&at);
        let mut waiting =
            self.changed.wait_while(waiting, lacks).unwrap_or_else(PoisonError::into_inner);
        let result = waiting.results.remove(&at);
        waiting.taken = at + 1;
        self.changed.notify_all();
        result
    }
}

/// Ends the line when it is dropped, whatever the reason.
struct Ends<'l, R>(&'l Line<R>);

impl<R> Drop for Ends<'_, R> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.ended = true;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_taken_in_order() {
        let things: Vec<usize> = (0..2_000).collect();
        let mut taken = Vec::new();
        let done: Result<(), ()> = in_order(
            3,
            &things,
            |thing| thing * 2,
            |thing, result| {
                taken.push((*thing, result));
                Ok(())
            },
        );
        assert_eq!(done, Ok(()));
        assert_eq!(taken, things.iter().map(|thing| (*thing, thing * 2)).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_is_nothing_and_a_failure_ends_it() {
        assert_eq!(in_order(2, &[], |_: &u8| (), |_, ()| Err(())), Ok(()));
        let things: Vec<usize> = (0..2_000).collect();
        let failed =
            in_order(2, &things, |thing| *thing, |_, at| if at < 5 { Ok(()) } else { Err(at) });
        assert_eq!(failed, Err(5));
    }

    #[test]
    fn a_panic_of_a_worker_is_passed_on() {
        let things: Vec<usize> = (0..500).collect();
        let work = |thing: &usize| assert!(*thing != 300, "as meant");
        let caught =
            std::panic::catch_unwind(|| in_order(2, &things, work, |_, ()| Ok::<_, ()>(())));
        assert!(caught.is_err());
    }
}
