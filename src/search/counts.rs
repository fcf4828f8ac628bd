//! Counts facet values over the items that match, in one pass.
//!
//! A facet's own filter does not shrink its own counts: an item that fails exactly one filter
//! still counts for that filter's facet ("drill sideways").

use super::bits::Bits;
use super::filter::Condition;
use super::matches::Matches;
use super::ordinals::Ordinals;
use super::response::Matched;
use crate::index::Snapshot;
use crate::index::schema::facet_term;
use crate::vocabulary::Facet;
use std::collections::BTreeMap;
use std::ops::Range;
use tantivy::SegmentReader;
use tantivy::columnar::{StrColumn, Streamer};

/// More filters are not told apart.
pub(super) const MAX_CONDITIONS: usize = 32;

/// Counts by facet term.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) terms: BTreeMap<String, u64>,
}

/// Counts the items of a list by the values of some facets.
pub(super) fn count(
    snapshot: &Snapshot,
    matches: &Matches,
    conditions: &[Condition],
    list: Matched,
    facets: &[&Facet],
) -> tantivy::Result<Counted> {
    let mut all = Counted::default();
    let name = snapshot.searcher.schema().get_field_name(snapshot.fields.facet);
    let readers = snapshot.searcher.segment_readers().iter();
    for (segment, reader) in matches.segments.iter().zip(readers) {
        let Some(mut counts) = SegmentCounts::open(reader, name)? else { continue };
        counts.add(&segment.listed(list), None);
        for (at, condition) in conditions.iter().enumerate() {
            if let Some(facet) = own_facet(condition) {
                let terms = counts.terms_of(facet)?;
                counts.add(&segment.failing_only(list, at), Some(&terms));
            }
        }
        for facet in facets {
            counts.add_terms(&facet.name, &mut all.terms)?;
        }
    }
    Ok(all)
}

/// The facet that a filter is on.
fn own_facet(condition: &Condition) -> Option<&str> {
    match condition {
        Condition::Facet { facet, .. } => Some(facet),
        Condition::Range { field, .. } => field.facet(),
    }
}

struct SegmentCounts {
    column: StrColumn,
    counts: Vec<u64>,
}

impl SegmentCounts {
    fn open(reader: &SegmentReader, name: &str) -> tantivy::Result<Option<Self>> {
        let column = reader.fast_fields().str(name)?;
        Ok(column.map(|column| Self { counts: vec![0; column.num_terms()], column }))
    }

    /// Counts the terms of items, or those within a range. An item has each of its terms once.
    fn add(&mut self, items: &Bits, only: Option<&Range<u64>>) {
        let mut ordinals = Ordinals::new(Some(&self.column));
        for doc in items.iter() {
            for &ordinal in ordinals.of(doc) {
                if only.is_none_or(|only| only.contains(&ordinal)) {
                    self.counts[ordinal as usize] += 1;
                }
            }
        }
    }

    /// The ordinals of a facet's terms.
    fn terms_of(&self, facet: &str) -> tantivy::Result<Range<u64>> {
        let mut terms = self.stream(facet)?;
        let mut range = 0..0;
        while terms.advance() {
            let ord = terms.term_ord();
            range = if range.is_empty() { ord..ord + 1 } else { range.start..ord + 1 };
        }
        Ok(range)
    }

    /// Adds the counts of a facet's terms.
    fn add_terms(&self, facet: &str, all: &mut BTreeMap<String, u64>) -> tantivy::Result<()> {
        let mut terms = self.stream(facet)?;
        while terms.advance() {
            let count = self.counts[terms.term_ord() as usize];
            if count > 0 {
                let term = String::from_utf8_lossy(terms.key()).into_owned();
                *all.entry(term).or_default() += count;
            }
        }
        Ok(())
    }

    /// The terms of a facet, in order.
    fn stream(&self, facet: &str) -> tantivy::Result<Streamer<'_>> {
        let prefix = facet_term(facet, "");
        let mut after = prefix.clone().into_bytes();
        // The byte after ':' ends the range of terms that start with the prefix.
        if let Some(last) = after.last_mut() {
            *last += 1;
        }
        Ok(self.column.dictionary().range().ge(&prefix).lt(&after).into_stream()?)
    }
}
