//! The facet values of a segment's items, as ordinals of the segment's terms.

use tantivy::columnar::StrColumn;

/// Reads the values of items one after the other.
pub struct Ordinals<'a> {
    column: Option<&'a StrColumn>,
    values: Vec<u64>,
}

impl<'a> Ordinals<'a> {
    pub(super) fn new(column: Option<&'a StrColumn>) -> Self {
        Self { column, values: Vec::new() }
    }

    /// The ordinals of all values of an item, those of all its facets, parents included; each once.
    pub fn of(&mut self, doc: u32) -> &[u64] {
        self.values.clear();
        if let Some(column) = self.column {
            // They stand together: one call reads them all.
            let rows = column.ords().index.value_row_ids(doc);
            self.values.resize(rows.len(), 0);
            column.ords().values.get_range(rows.start.into(), &mut self.values);
        }
        &self.values
    }
}
