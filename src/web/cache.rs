//! Keeps answers for as long as the commit that they came from: readers page, filter and go back.

use super::problem::Problem;
use crate::search::{Request, Response};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes kept, about.
const CAPACITY: u64 = 48 << 20;
/// A guess at how many answers that is.
const ANSWERS: usize = 1_000;
/// About the bytes of a hit, and of a facet's row.
const HIT: usize = 4_000;
const ROW: usize = 160;

/// The commit and the request.
type Key = (u64, String);

/// Answers by request.
pub(super) struct Answers {
    kept: Cache<Key, Arc<Response>, ByLength>,
    /// Asks that were answered from what is kept.
    pub(super) found: AtomicU64,
    /// Asks that were computed.
    pub(super) computed: AtomicU64,
}

#[derive(Clone)]
struct ByLength;

impl Weighter<Key, Arc<Response>> for ByLength {
    fn weight(&self, (_, request): &Key, response: &Arc<Response>) -> u64 {
        let rows = response.facets.iter().flat_map(|facets| &facets.0).map(|f| f.rows.len());
        let parts = response.hits.len() * HIT + rows.sum::<usize>() * ROW;
        (parts + request.len() + HIT) as u64
    }
}

impl Answers {
    pub(super) fn new() -> Self {
        let kept = Cache::with_weighter(ANSWERS, CAPACITY, ByLength);
        Self { kept, found: AtomicU64::new(0), computed: AtomicU64::new(0) }
    }

    /// The answer that is kept, else that of `compute`. Of several who ask the same at once one
    /// computes, and the others wait for it.
    pub(super) fn get(
        &self,
        number: u64,
        request: &Request,
        compute: impl FnOnce() -> Result<Response, Problem>,
    ) -> Result<Arc<Response>, Problem> {
        let key = (number, format!("{request:?}"));
        let mut computed = false;
        let response = self.kept.get_or_insert_with(&key, || {
            computed = true;
            compute().map(Arc::new)
        });
        let counter = if computed { &self.computed } else { &self.found };
        counter.fetch_add(1, Ordering::Relaxed);
        response
    }

    /// How many are kept.
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }
}

/// One value that is made once a commit.
pub(super) struct OnceACommit<T>(Mutex<Option<(u64, Arc<T>)>>);

impl<T> OnceACommit<T> {
    pub(super) fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The value of a commit; others who ask meanwhile wait for it.
    pub(super) fn get(
        &self,
        number: u64,
        make: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<Arc<T>, Problem> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, value)) = &*kept
            && *of == number
        {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(make()?);
        *kept = Some((number, Arc::clone(&value)));
        Ok(value)
    }
}
