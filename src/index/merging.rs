//! When segments are merged: so that there are never many of them, and what is deleted goes away.

use tantivy::index::SegmentMeta;
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};

/// The share of deleted documents at which a segment is written anew.
const MOST_DELETED: f64 = 0.2;

/// Segments with fewer documents than this count as of one size.
const SMALL: u32 = 10_000;

/// So many segments of about one size become one.
const ALIKE: usize = 8;

/// Merges segments of about one size when there are eight, and writes those anew of which more than
/// a fifth is deleted: by themselves where they are large, so that a few deletes do not cost the
/// merge of all that are as large.
#[derive(Debug, Clone)]
pub(super) struct Merging {
    levels: LogMergePolicy,
}

impl Merging {
    pub(super) fn new() -> Self {
        let mut levels = LogMergePolicy::default();
        levels.set_min_num_segments(ALIKE);
        levels.set_min_layer_size(SMALL);
        // No segment is too large to lose what is deleted.
        levels.set_max_docs_before_merge(usize::MAX);
        Self { levels }
    }
}

impl MergePolicy for Merging {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let (sparse, dense): (Vec<SegmentMeta>, Vec<SegmentMeta>) =
            segments.iter().cloned().partition(is_sparse);
        let (small, large): (Vec<_>, Vec<_>) =
            sparse.into_iter().partition(|segment| segment.num_docs() < SMALL);
        let mut candidates = self.levels.compute_merge_candidates(&dense);
        candidates.extend(large.iter().map(|segment| MergeCandidate(vec![segment.id()])));
        if !small.is_empty() {
            candidates.push(MergeCandidate(small.iter().map(SegmentMeta::id).collect()));
        }
        candidates
    }
}

fn is_sparse(segment: &SegmentMeta) -> bool {
    f64::from(segment.num_deleted_docs()) > f64::from(segment.max_doc()) * MOST_DELETED
}
