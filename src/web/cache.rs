//! Keeps the answers of one commit: readers page, filter and go back.

use super::problem::Problem;
use crate::search::{Request, Response};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::cmp::Reverse;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes kept, about.
const CAPACITY: u64 = 48 << 20;
/// A guess at how many answers that is.
const ANSWERS: usize = 1_000;
/// About the bytes of a hit, and of a facet's row.
const HIT: usize = 4_000;
const ROW: usize = 160;

/// An answer, what it answers, and how often it was asked for again.
struct Kept {
    request: Request,
    response: Arc<Response>,
    again: AtomicU64,
}

/// Answers by request.
pub(super) struct Answers(Cache<String, Arc<Kept>, ByLength>);

#[derive(Clone)]
struct ByLength;

impl Weighter<String, Arc<Kept>> for ByLength {
    fn weight(&self, key: &String, kept: &Arc<Kept>) -> u64 {
        let response = &kept.response;
        let rows = response.facets.iter().flat_map(|facets| &facets.0).map(|f| f.rows.len());
        let parts = response.hits.len() * HIT + rows.sum::<usize>() * ROW;
        (parts + key.len() + HIT) as u64
    }
}

impl Answers {
    pub(super) fn new() -> Self {
        Self(Cache::with_weighter(ANSWERS, CAPACITY, ByLength))
    }

    /// The answer that is kept, else that of `compute`, and whether it was kept. Of several who ask the
    /// same at once one computes, and the others wait for it.
    pub(super) fn get(
        &self,
        request: &Request,
        compute: impl FnOnce() -> Result<Response, Problem>,
    ) -> Result<(Arc<Response>, bool), Problem> {
        let mut is_kept = true;
        let kept = self.0.get_or_insert_with(&key(request), || {
            is_kept = false;
            let response = Arc::new(compute()?);
            Ok(Arc::new(Kept { request: request.clone(), response, again: AtomicU64::new(0) }))
        })?;
        if is_kept {
            kept.again.fetch_add(1, Ordering::Relaxed);
        }
        Ok((Arc::clone(&kept.response), is_kept))
    }

    /// What was asked for more than once, most often first, and how often.
    pub(super) fn favourites(&self) -> Vec<(Request, u64)> {
        let all = self
            .0
            .iter()
            .map(|(_, kept)| (kept.request.clone(), kept.again.load(Ordering::Relaxed)));
        let mut all: Vec<_> = all.filter(|(_, again)| *again > 0).collect();
        all.sort_by_key(|(_, again)| Reverse(*again));
        all
    }

    /// Counts an answer that is kept as asked for again so often.
    pub(super) fn count_again(&self, request: &Request, times: u64) {
        if let Some(kept) = self.0.get(&key(request)) {
            kept.again.fetch_add(times, Ordering::Relaxed);
        }
    }

    /// How many are kept.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

fn key(request: &Request) -> String {
    format!("{request:?}")
}

/// One value that is made when it is first asked for.
pub(super) struct Once<T>(Mutex<Option<Arc<T>>>);

impl<T> Once<T> {
    pub(super) fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The value; others who ask meanwhile wait for it.
    pub(super) fn get(&self, make: impl FnOnce() -> Result<T, Problem>) -> Result<Arc<T>, Problem> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = &*kept {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(make()?);
        *kept = Some(Arc::clone(&value));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response() -> Response {
        let (query, hits) = Default::default();
        Response {
            query,
            total: 0,
            partial_total: 0,
            letters: None,
            took_ms: 0.0,
            hits,
            facets: None,
        }
    }

    fn request(text: &str) -> Request {
        Request { text: text.to_owned(), ..Request::default() }
    }

    #[test]
    fn what_is_asked_again_is_kept_and_a_favourite() {
        let answers = Answers::new();
        let ask = |text: &str| {
            let answered = answers.get(&request(text), || Ok(response()));
            answered.map(|(_, is_kept)| is_kept).ok()
        };
        assert_eq!(ask("knee"), Some(false));
        for text in ["hip", "hip", "neck", "hip", "neck"] {
            ask(text);
        }
        assert_eq!(ask("knee"), Some(true));
        assert_eq!(answers.len(), 3);
        let favourites = answers.favourites();
        assert_eq!(favourites.len(), 3);
        assert_eq!(favourites[0], (request("hip"), 2));
        answers.count_again(&request("neck"), 2);
        assert_eq!(answers.favourites()[0], (request("neck"), 3));
        assert!(answers.get(&request("x"), || Err(Problem::internal())).is_err());
        assert_eq!(answers.len(), 3);
    }
}
