//! The facet values of a segment's items, as numbers of the segment's terms.

use crate::index::facet_terms::{FacetTerms, Rows, Sets};
use std::borrow::Cow;
use std::ops::Range;
use tantivy::columnar::StrColumn;

/// Reads the values of items one after the other.
pub struct Ordinals<'a> {
    known: Cow<'a, Sets>,
    rows: Option<&'a Rows>,
    column: Option<&'a StrColumn>,
    sets: Vec<u64>,
    values: Vec<u32>,
}

impl<'a> Ordinals<'a> {
    pub(super) fn new(terms: &'a FacetTerms, column: Option<&'a StrColumn>) -> Self {
        let known = Cow::Borrowed(terms.sets());
        Self { known, rows: terms.rows(), column, sets: Vec::new(), values: Vec::new() }
    }

    /// Passes over values that do not lie in ranges.
    #[must_use]
    pub fn within(self, ranges: &[Range<u32>]) -> Self {
        Self { known: Cow::Owned(self.known.within(ranges)), ..self }
    }

    /// The numbers of all values of an item, those of all its facets, parents included; each once.
    pub fn of(&mut self, doc: u32) -> &[u32] {
        self.read_sets(doc);
        self.values.clear();
        for &set in &self.sets {
            self.values.extend_from_slice(self.known.members(set));
        }
        &self.values
    }

    /// The sets that an item's values stand in.
    pub(super) fn sets_of(&mut self, doc: u32) -> &[u64] {
        self.read_sets(doc);
        &self.sets
    }

    fn read_sets(&mut self, doc: u32) {
        self.sets.clear();
        if let Some(rows) = self.rows {
            self.sets.extend(rows.of(doc).iter().copied().map(u64::from));
        } else if let Some(column) = self.column {
            // They stand together: one call reads them all.
            let rows = column.ords().index.value_row_ids(doc);
            self.sets.resize(rows.len(), 0);
            column.ords().values.get_range(rows.start.into(), &mut self.sets);
        }
    }
}
