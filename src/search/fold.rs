//! Hits that stand for others, with one rationale or of one letter: what they have in common, and how many they
//! are.

use super::best::Ranked;
use super::bits::Bits;
use super::request::Fold;
use crate::index::Snapshot;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED, Term};

/// The field in which hits that are alike have one value; `None` where every item is a hit.
pub(super) fn field(snapshot: &Snapshot, fold: Fold) -> Option<Field> {
    match fold {
        Fold::Letter => Some(snapshot.fields.letter_key),
        Fold::Alike => Some(snapshot.fields.alike),
        Fold::None => None,
    }
}

/// How many other items of some sets a hit stands for.
pub(super) fn like_it(
    snapshot: &Snapshot,
    fold: Fold,
    hit: &Ranked,
    sets: &[Bits],
) -> tantivy::Result<u64> {
    let (Some(field), Some(like)) = (field(snapshot, fold), hit.like) else { return Ok(0) };
    let term = Term::from_field_u64(field, like);
    let mut items = 0;
    for (set, reader) in sets.iter().zip(snapshot.searcher.segment_readers()) {
        let index = reader.inverted_index(term.field())?;
        let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else {
            continue;
        };
        while postings.doc() != TERMINATED {
            items += u64::from(set.contains(postings.doc()));
            postings.advance();
        }
    }
    Ok(items.saturating_sub(1))
}
