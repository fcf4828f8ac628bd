//! The documents whose numbers of a column lie in a range, as a query.
//!
//! All of them are found at once, from the column's values as they lie side by side; the library's own query looks the
//! place of each value up.

use std::ops::RangeInclusive;
use tantivy::columnar::{Column, ColumnIndex};
use tantivy::query::{
    BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::schema::Field;
use tantivy::{BitSet, DocId, Score, SegmentReader};

/// Documents that are looked up at once.
const BLOCK: usize = 1_024;

/// The documents that have a number of a field within a range.
#[derive(Debug, Clone)]
pub(super) struct NumberDocs {
    field: Field,
    range: RangeInclusive<u64>,
}

impl NumberDocs {
    /// Those with any number.
    pub(super) fn any(field: Field) -> Self {
        Self::new(field, 0, u64::MAX)
    }

    /// Those with a number from `low` to `high`.
    pub(super) fn new(field: Field, low: u64, high: u64) -> Self {
        Self { field, range: low..=high }
    }

    /// The documents of a segment, in their order.
    pub(super) fn docs(&self, reader: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
        let name = reader.schema().get_field_name(self.field);
        let column = reader.fast_fields().column_opt::<u64>(name)?;
        Ok(column.map_or_else(Vec::new, |column| within(&column, &self.range)))
    }
}

/// The documents of a column that have a value within a range.
fn within(column: &Column<u64>, range: &RangeInclusive<u64>) -> Vec<DocId> {
    let mut found = Vec::new();
    let documents = column.num_docs();
    if let ColumnIndex::Multivalued(_) = column.index {
        let holds = |doc: &DocId| column.values_for_doc(*doc).any(|value| range.contains(&value));
        found.extend((0..documents).filter(holds));
        return found;
    }
    let (mut values, mut all, mut known, mut rows) = ([0; BLOCK], vec![], vec![], vec![]);
    let mut row = 0;
    for first in (0..documents).step_by(BLOCK) {
        all.clear();
        all.extend(first..documents.min(first + BLOCK as DocId));
        known.clear();
        rows.clear();
        // The documents that have a value, whose values follow each other.
        column.index.docids_to_rowids(&all, &mut known, &mut rows);
        let values = &mut values[..known.len()];
        column.values.get_range(row, values);
        row += values.len() as u64;
        let fits = values.iter().zip(&known).filter(|(value, _)| range.contains(value));
        found.extend(fits.map(|(_, doc)| *doc));
    }
    found
}

impl Query for NumberDocs {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for NumberDocs {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut found = BitSet::with_max_value(reader.max_doc());
        self.docs(reader)?.into_iter().for_each(|doc| {
            found.insert(doc);
        });
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(found), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let score = Score::from(u8::from(self.docs(reader)?.binary_search(&doc).is_ok()));
        Ok(Explanation::new("a number within a range", score))
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        callback(&self.docs(reader)?);
        Ok(())
    }
}
