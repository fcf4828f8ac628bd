//! Hits that stand for others, with one rationale or of one letter: what they have in common, and how many they
//! are.

use super::best::Ranked;
use super::bits::Bits;
use super::request::Fold;
use super::top::column;
use crate::index::Snapshot;
use foldhash::HashSet;
use tantivy::columnar::Column;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, TERMINATED, Term};

/// The field in which hits that are alike have one value; `None` where every item is a hit.
pub(super) fn field(snapshot: &Snapshot, fold: Fold) -> Option<Field> {
    match fold {
        Fold::Letter => Some(snapshot.fields.letter_key),
        Fold::Alike => Some(snapshot.fields.alike),
        Fold::None => None,
    }
}

/// Leaves the items alone of letters that others of some sets are not of: a letter has one hit, in whichever list.
pub(super) fn leave_letters_of(
    snapshot: &Snapshot,
    before: &[Bits],
    items: &mut [Bits],
) -> tantivy::Result<()> {
    let name = snapshot.searcher.schema().get_field_name(snapshot.fields.letter_key);
    let segments = snapshot.searcher.segment_readers().iter();
    let keys: Vec<Column<u64>> =
        segments.map(|reader| column(reader, name)).collect::<tantivy::Result<_>>()?;
    let held =
        before.iter().zip(&keys).flat_map(|(set, keys)| set.iter().map(|doc| keys.first(doc)));
    let held: HashSet<Option<u64>> = held.collect();
    for (set, keys) in items.iter_mut().zip(&keys) {
        let other = |doc| !held.contains(&keys.first(doc));
        let mut left = Bits::none(keys.num_docs());
        set.iter().filter(|doc| other(*doc)).for_each(|doc| left.insert(doc));
        *set = left;
    }
    Ok(())
}

/// How many letters the items of some sets are of; those of a letter stand side by side.
pub(super) fn letters_of(snapshot: &Snapshot, items: &[Bits]) -> tantivy::Result<u64> {
    let name = snapshot.searcher.schema().get_field_name(snapshot.fields.letter_key);
    let mut letters = 0;
    for (set, reader) in items.iter().zip(snapshot.searcher.segment_readers()) {
        let keys = column(reader, name)?;
        let mut before = None;
        for key in set.iter().map(|doc| keys.first(doc)) {
            letters += u64::from(before != Some(key));
            before = Some(key);
        }
    }
    Ok(letters)
}

/// How many other items of some sets a hit stands for.
pub(super) fn like_it(
    snapshot: &Snapshot,
    fold: Fold,
    hit: &Ranked,
    sets: &[Bits],
) -> tantivy::Result<u64> {
    let items = match (fold, hit.like) {
        (Fold::Letter, Some(_)) => of_its_letter(snapshot, hit, sets)?,
        (Fold::Alike, Some(like)) => of_its_rationale(snapshot, like, sets)?,
        _ => 0,
    };
    Ok(items.saturating_sub(1))
}

/// The items of a hit's letter stand side by side.
fn of_its_letter(snapshot: &Snapshot, hit: &Ranked, sets: &[Bits]) -> tantivy::Result<u64> {
    let DocAddress { segment_ord: segment, doc_id: doc } = hit.address;
    let name = snapshot.searcher.schema().get_field_name(snapshot.fields.letter_key);
    let keys = column(snapshot.searcher.segment_reader(segment), name)?;
    let same = |doc: &DocId| keys.first(*doc) == hit.like;
    let before = (0..doc).rev().take_while(same);
    let after = (doc..keys.num_docs()).take_while(same);
    Ok(before.chain(after).filter(|doc| sets[segment as usize].contains(*doc)).count() as u64)
}

fn of_its_rationale(snapshot: &Snapshot, like: u64, sets: &[Bits]) -> tantivy::Result<u64> {
    let term = Term::from_field_u64(snapshot.fields.alike, like);
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
    Ok(items)
}
