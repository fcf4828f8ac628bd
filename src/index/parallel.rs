//! Work on several threads at once, whose results are taken in order while the work goes on.

use crate::contain::{is_quiet, set_quiet};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many things are worked on before they are handed over: that costs as much as some work.
const AT_ONCE: usize = 8;
/// How long things are worked on before those that are done are handed over.
const SLOW: Duration = Duration::from_millis(20);
/// How many times as many may be worked on beyond those that are taken next, in all or for each thread: a bound on memory.
const AHEAD: usize = 32;
const AHEAD_EACH: usize = 4;

/// Applies `work` to all of `things` on several threads and hands the results to `take`, in order, on this
/// thread, until it fails.
pub(super) fn in_order<T: Sync, R: Send, E>(
    threads: usize,
    things: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(&T, R) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.clamp(1, things.len().max(1));
    let line = Line::new(things.len(), threads);
    let quiet = is_quiet();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                set_quiet(quiet);
                while let Some(places) = line.next() {
                    // A worker that panics must not leave the others waiting.
                    let ends = Ends(&line);
                    line.put_all(places.start, things[places].iter().map(&work));
                    std::mem::forget(ends);
                }
            });
        }
        let ends = Ends(&line);
        let mut left = things;
        while !left.is_empty() {
            let Some(results) = line.wait_for(things.len() - left.len()) else { break };
            let (done, others) = left.split_at(results.len());
            left = others;
            done.iter().zip(results).try_for_each(|(thing, result)| take(thing, result))?;
        }
        drop(ends);
        Ok(())
    })
}

/// Results that wait to be taken.
struct Line<R> {
    next: AtomicUsize,
    end: usize,
    /// How many things are shared out at once: few are shared out one by one.
    at_once: usize,
    ahead: usize,
    waiting: Mutex<Waiting<R>>,
    changed: Condvar,
}

struct Waiting<R> {
    /// Results of things that stand side by side, by the place of the first.
    results: BTreeMap<usize, Vec<R>>,
    /// The place of the result that is taken next.
    taken: usize,
    /// Whether no more is to be done.
    ended: bool,
}

impl<R> Line<R> {
    fn new(end: usize, threads: usize) -> Self {
        let waiting = Waiting { results: BTreeMap::new(), taken: 0, ended: false };
        let at_once = (end / (threads * AT_ONCE)).clamp(1, AT_ONCE);
        Self {
            next: AtomicUsize::new(0),
            end,
            at_once,
            ahead: AHEAD.max(AHEAD_EACH * threads) * at_once,
            waiting: Mutex::new(waiting),
            changed: Condvar::new(),
        }
    }

    /// The places of the next things to work on, when they are near enough to what is taken.
    fn next(&self) -> Option<Range<usize>> {
        let at = self.next.fetch_add(self.at_once, Ordering::Relaxed);
        if at >= self.end {
            return None;
        }
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let far = |waiting: &mut Waiting<R>| !waiting.ended && at > waiting.taken + self.ahead;
        let waiting = self.changed.wait_while(waiting, far).unwrap_or_else(PoisonError::into_inner);
        (!waiting.ended).then(|| at..self.end.min(at + self.at_once))
    }

    /// Puts the results from a place on: at once, or those that are done if that takes long.
    fn put_all(&self, mut at: usize, results: impl ExactSizeIterator<Item = R>) {
        let (mut done, mut since) = (Vec::with_capacity(results.len()), Instant::now());
        for result in results {
            done.push(result);
            if since.elapsed() >= SLOW {
                since = Instant::now();
                let further = at + done.len();
                self.put(at, std::mem::take(&mut done));
                at = further;
            }
        }
        if !done.is_empty() {
            self.put(at, done);
        }
    }

    fn put(&self, at: usize, results: Vec<R>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.results.insert(at, results);
        self.changed.notify_all();
    }

    /// The results from a place on, at least one; `None` if they will not come.
    fn wait_for(&self, at: usize) -> Option<Vec<R>> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let lacks = |waiting: &mut Waiting<R>| !waiting.ended && !waiting.results.contains_key(&at);
        let mut waiting =
            self.changed.wait_while(waiting, lacks).unwrap_or_else(PoisonError::into_inner);
        let results = waiting.results.remove(&at)?;
        waiting.taken = at + results.len();
        self.changed.notify_all();
        Some(results)
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
    fn slow_things_are_handed_over_one_by_one() {
        let things: Vec<u32> = (0..48).collect();
        let (sender, taken) = std::sync::mpsc::channel();
        let taken = Mutex::new(taken);
        // The second one, which is shared out with the first, waits until that one is taken.
        let work = |thing: &u32| match thing {
            0 => std::thread::sleep(SLOW),
            1 => assert_eq!(taken.lock().unwrap().recv_timeout(50 * SLOW), Ok(0)),
            _ => {}
        };
        let done =
            in_order(
                2,
                &things,
                work,
                |thing, ()| {
                    if *thing == 0 { sender.send(*thing) } else { Ok(()) }
                },
            );
        assert_eq!(done, Ok(()));
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
