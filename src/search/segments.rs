//! Work on the segments of an index one by one, on the processors that no other search is using.
//!
//! While as many searches run as there are processors each works alone, so that none waits for another.

use crate::contain::{is_quiet, set_quiet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use tantivy::Searcher;

/// Asked once: the system reads files to tell.
static PROCESSORS: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, usize::from));

/// How many threads are at work, of all searches.
static AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// Does some work for each segment of an index; results in the order of the segments.
pub(super) fn each<T: Send, E: Send>(
    searcher: &Searcher,
    work: impl Fn(u32) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    each_of(searcher.segment_readers().len(), |at| work(at as u32))
}

/// Does some work for each of so many things; results in their order.
pub(super) fn each_of<T: Send, E: Send>(
    things: usize,
    work: impl Fn(usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let done = shared(things, Vec::new, |done: &mut Vec<(usize, T)>, at| {
        done.push((at, work(at)?));
        Ok(())
    })?;
    let mut done: Vec<(usize, T)> = done.into_iter().flatten().collect();
    done.sort_unstable_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

/// Does some work for each of so many things; what each thread gathers starts with `start`.
///
/// # Errors
/// The first error of each thread ends its work; one of them is returned.
pub(super) fn shared<S: Send, E: Send>(
    things: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<(), E> + Sync,
) -> Result<Vec<S>, E> {
    gather(&Helpers::claim(things.saturating_sub(1)), things, start, work)
}

fn gather<S: Send, E: Send>(
    helpers: &Helpers,
    things: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<(), E> + Sync,
) -> Result<Vec<S>, E> {
    let next = AtomicUsize::new(0);
    let gather = || -> Result<S, E> {
        let mut gathered = start();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= things {
                return Ok(gathered);
            }
            work(&mut gathered, at)?;
        }
    };
    if helpers.0 == 0 {
        return Ok(vec![gather()?]);
    }
    let quiet = is_quiet();
    let gathered = Mutex::new(Vec::new());
    // A panic of a helper is the caller's, as if it had done the work.
    let own = rayon::in_place_scope(|scope| {
        for _ in 0..helpers.0 {
            scope.spawn(|_| {
                let result = as_quiet(quiet, gather);
                gathered.lock().unwrap_or_else(PoisonError::into_inner).push(result);
            });
        }
        gather()
    });
    let others = gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
    [own].into_iter().chain(others).collect()
}

/// Does what another thread asks for, as quiet as that one is.
fn as_quiet<T>(quiet: bool, work: impl FnOnce() -> T) -> T {
    let _usual = Usual(is_quiet());
    set_quiet(quiet);
    work()
}

/// How quiet a thread is again, even where its work panics.
struct Usual(bool);

impl Drop for Usual {
    fn drop(&mut self) {
        set_quiet(self.0);
    }
}

/// So many threads beside the caller's, taken from what is free.
struct Helpers(usize);

impl Helpers {
    fn claim(wanted: usize) -> Self {
        let before = AT_WORK.fetch_add(1, Ordering::Relaxed);
        let helpers = wanted.min(PROCESSORS.saturating_sub(before + 1));
        AT_WORK.fetch_add(helpers, Ordering::Relaxed);
        Self(helpers)
    }
}

impl Drop for Helpers {
    fn drop(&mut self) {
        AT_WORK.fetch_sub(self.0 + 1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Works with three helpers, whatever else is at work.
    fn with_helpers(
        work: impl Fn(usize) -> Result<usize, usize> + Sync,
    ) -> Result<Vec<usize>, usize> {
        AT_WORK.fetch_add(4, Ordering::Relaxed);
        let gathered = gather(&Helpers(3), 500, Vec::new, |gathered: &mut Vec<usize>, at| {
            gathered.push(work(at)?);
            Ok(())
        });
        gathered.map(|parts| {
            let mut all = parts.concat();
            all.sort_unstable();
            all
        })
    }

    #[test]
    fn everything_is_done_once_and_an_error_ends_it() {
        assert_eq!(with_helpers(|at| Ok(at * 2)), Ok((0..500).map(|at| at * 2).collect()));
        assert_eq!(with_helpers(|at| if at == 300 { Err(at) } else { Ok(at) }), Err(300));
        assert_eq!(each_of(500, |at| Ok::<_, ()>(at + 1)), Ok((1..=500).collect()));
        assert_eq!(each_of(0, Ok::<_, ()>), Ok(Vec::new()));
    }

    #[test]
    fn a_panic_of_a_helper_is_the_callers() {
        let panicked = crate::contain::quietly(|| {
            let work = |at| {
                assert!(is_quiet(), "a helper is as quiet as its caller");
                std::thread::sleep(std::time::Duration::from_micros(10));
                assert_ne!(at, 400, "as meant");
                Ok(at)
            };
            with_helpers(work)
        });
        let message = panicked.err().and_then(|panic| panic.downcast::<String>().ok());
        assert!(message.is_some_and(|message| message.contains("as meant")));
    }
}
