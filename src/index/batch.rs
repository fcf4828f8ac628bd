//! When what has been written so far is committed, so that a run that is broken off loses little.

use super::settings::Batches;
use std::time::Instant;

/// What has been written since the last commit.
pub(super) struct Batch {
    limits: Batches,
    bytes: u64,
    since: Instant,
}

impl Batch {
    pub(super) fn new(limits: Batches) -> Self {
        Self { limits, bytes: 0, since: Instant::now() }
    }

    /// Counts a text; whether it is time to commit.
    pub(super) fn is_due(&mut self, bytes: usize) -> bool {
        self.bytes += bytes as u64;
        let due = self.bytes >= self.limits.bytes || self.since.elapsed() >= self.limits.time;
        if due {
            *self = Self::new(self.limits);
        }
        due
    }
}
