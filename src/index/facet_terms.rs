//! The facet values of a segment by their ordinals, read once a snapshot: unpacking the dictionary costs
//! more than counting on it.

use super::schema::facet_term;
use super::store::Snapshot;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use tantivy::columnar::StrColumn;

/// The terms of a segment's facet values, in their order.
#[derive(Debug, Default)]
pub(crate) struct FacetTerms {
    /// All terms, one after the other.
    texts: String,
    /// Where each ends.
    ends: Vec<usize>,
}

/// Those of all segments of a snapshot, each read when it is first asked for.
#[derive(Debug, Clone)]
pub(super) struct TermsKept(Arc<[OnceLock<FacetTerms>]>);

impl TermsKept {
    /// Of so many segments.
    pub(super) fn new(segments: usize) -> Self {
        Self((0..segments).map(|_| OnceLock::new()).collect())
    }
}

impl Snapshot {
    /// The facet terms of a segment by its number, and their column; no term without a column.
    pub(crate) fn facet_terms(
        &self,
        segment: u32,
    ) -> tantivy::Result<(&FacetTerms, Option<StrColumn>)> {
        let name = self.searcher.schema().get_field_name(self.fields.facet);
        let column = self.searcher.segment_reader(segment).fast_fields().str(name)?;
        let kept = &self.facet_terms.0[segment as usize];
        if let Some(terms) = kept.get() {
            return Ok((terms, column));
        }
        let terms = column.as_ref().map(FacetTerms::read).transpose()?.unwrap_or_default();
        Ok((kept.get_or_init(|| terms), column))
    }
}

impl FacetTerms {
    fn read(column: &StrColumn) -> tantivy::Result<Self> {
        let mut all = Self::default();
        let mut terms = column.dictionary().stream()?;
        while terms.advance() {
            all.push(&String::from_utf8_lossy(terms.key()));
        }
        Ok(all)
    }

    fn push(&mut self, term: &str) {
        self.texts.push_str(term);
        self.ends.push(self.texts.len());
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A term by its ordinal.
    pub(crate) fn term(&self, ordinal: u32) -> &str {
        let at = ordinal as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.texts[start..self.ends[at]]
    }

    /// The ordinals of a facet's values: they lie side by side.
    pub(crate) fn of(&self, facet: &str) -> Range<u32> {
        let prefix = facet_term(facet, "");
        let start = self.first(|term| term >= prefix.as_str());
        start..self.first(|term| term > prefix.as_str() && !term.starts_with(&prefix)).max(start)
    }

    /// The ordinal of the first term of which something holds that holds of all after it.
    fn first(&self, holds: impl Fn(&str) -> bool) -> u32 {
        let (mut low, mut high) = (0, self.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            if holds(self.term(middle)) { high = middle } else { low = middle + 1 }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_a_facet_lie_side_by_side() {
        let mut terms = FacetTerms::default();
        for term in ["guideline-topic:x", "guideline:a", "guideline:a/b", "outcome:upheld"] {
            terms.push(term);
        }
        assert_eq!(terms.of("guideline"), 1..3);
        assert_eq!(terms.of("guideline-topic"), 0..1);
        assert_eq!(terms.of("outcome"), 3..4);
        assert!(terms.of("region").is_empty() && terms.of("a").is_empty());
        assert_eq!((terms.term(2), terms.len()), ("guideline:a/b", 4));
    }
}
