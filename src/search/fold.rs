//! Hits that stand for others: the best of those with one rationale, or of one letter.

use super::bits::Bits;
use super::request::Fold;
use super::top::{Ranked, column};
use crate::index::Snapshot;
use std::collections::HashSet;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

/// Keeps the first of the hits that are alike.
pub(super) fn fold(
    snapshot: &Snapshot,
    fold: Fold,
    ranked: Vec<Ranked>,
) -> tantivy::Result<Vec<Ranked>> {
    if fold == Fold::None {
        return Ok(ranked);
    }
    let mut known = HashSet::new();
    let mut kept = Vec::with_capacity(ranked.len());
    for hit in ranked {
        let key = key(snapshot, fold, hit.address)?;
        if key.is_none_or(|key| known.insert(key)) {
            kept.push(hit);
        }
    }
    Ok(kept)
}

/// What a hit has in common with those that it stands for.
fn key(snapshot: &Snapshot, fold: Fold, address: DocAddress) -> tantivy::Result<Option<u64>> {
    let name = snapshot.searcher.schema().get_field_name(field(snapshot, fold));
    let reader = snapshot.searcher.segment_reader(address.segment_ord);
    Ok(column(reader, name)?.first(address.doc_id))
}

/// The field in which hits that are alike have one value.
fn field(snapshot: &Snapshot, fold: Fold) -> Field {
    match fold {
        Fold::Letter => snapshot.fields.letter_key,
        Fold::Alike | Fold::None => snapshot.fields.alike,
    }
}

/// How many other items of some sets a hit stands for.
pub(super) fn like_it(
    snapshot: &Snapshot,
    fold: Fold,
    address: DocAddress,
    sets: &[Bits],
) -> tantivy::Result<u64> {
    if fold == Fold::None {
        return Ok(0);
    }
    let Some(key) = key(snapshot, fold, address)? else { return Ok(0) };
    let term = Term::from_field_u64(field(snapshot, fold), key);
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
