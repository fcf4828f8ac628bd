//! Words that stand near each other in the query and in an item: the first hits are put in a better
//! order by it.
//!
//! Only the first hits of a list are looked at, always as many, so that pages stay what they are.

use super::top::Ranked;
use crate::index::Snapshot;
use std::collections::BTreeMap;
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, DocSet};

/// How many hits of a list are looked at.
pub(super) const LOOKED_AT: usize = 100;

/// What pairs of words near each other are worth beside the words themselves.
const WORTH: f32 = 0.1;

/// Puts the first hits in the order of their scores and of the pairs of words that they hold near
/// each other.
pub(super) fn reorder(
    snapshot: &Snapshot,
    pairs: &[Box<dyn Query>],
    ranked: &mut [Ranked],
) -> tantivy::Result<()> {
    let first = ranked.len().min(LOOKED_AT);
    let ranked = &mut ranked[..first];
    let mut by_segment: BTreeMap<u32, Vec<(DocAddress, usize)>> = BTreeMap::new();
    for (at, hit) in ranked.iter().enumerate() {
        by_segment.entry(hit.address.segment_ord).or_default().push((hit.address, at));
    }
    for places in by_segment.values_mut() {
        places.sort_unstable();
    }
    let mut added = vec![0.0; ranked.len()];
    for pair in pairs {
        let weight = pair.weight(EnableScoring::enabled_from_searcher(&snapshot.searcher))?;
        for (segment, places) in &by_segment {
            let mut scorer = weight.scorer(snapshot.searcher.segment_reader(*segment), 1.0)?;
            for (address, at) in places {
                if scorer.doc() < address.doc_id {
                    scorer.seek(address.doc_id);
                }
                if scorer.doc() == address.doc_id {
                    added[*at] += scorer.score() * WORTH;
                }
            }
        }
    }
    for (hit, added) in ranked.iter_mut().zip(added) {
        hit.add(added);
    }
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    Ok(())
}
