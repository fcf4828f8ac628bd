//! The facet values of a segment by number, and which of them each set holds, read once a snapshot:
//! unpacking the dictionary costs more than counting on it. A snapshot that is asked again also keeps which
//! sets each document has: two bytes each, which are counted many times as fast as they are unpacked.

use super::facet_sets::terms;
use super::schema::facet_term;
use super::store::Snapshot;
use foldhash::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use tantivy::columnar::{Column, StrColumn};
use tantivy::error::DataCorruption;

/// The terms of a segment's facet values, numbered in their order, and its sets of them.
#[derive(Debug, Default)]
pub(crate) struct FacetTerms {
    terms: Vec<Box<str>>,
    sets: Sets,
    /// `None` inside where there are more sets than two bytes tell apart.
    rows: OnceLock<Option<Rows>>,
}

/// The sets that each document of a segment has.
#[derive(Debug)]
pub(crate) struct Rows {
    /// Those of all documents, one document after the other.
    sets: Vec<u16>,
    /// Where those of each document end.
    ends: Vec<u32>,
}

impl Rows {
    fn read(column: &StrColumn) -> Option<Self> {
        u16::try_from(column.num_terms().saturating_sub(1)).ok()?;
        let Column { index, values } = column.ords();
        // A document without a set has an empty range somewhere.
        let mut end = 0;
        let end_of = |doc| {
            end = index.value_row_ids(doc).end.max(end);
            end
        };
        let ends = (0..column.num_rows()).map(end_of).collect();
        let mut sets = Vec::with_capacity(values.num_vals() as usize);
        let mut some = [0; AT_ONCE];
        while sets.len() < values.num_vals() as usize {
            let some = &mut some[..AT_ONCE.min(values.num_vals() as usize - sets.len())];
            values.get_range(sets.len() as u64, some);
            sets.extend(some.iter().map(|set| *set as u16));
        }
        Some(Self { sets, ends })
    }

    /// The sets of a document.
    pub(crate) fn of(&self, doc: u32) -> &[u16] {
        let at = doc as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.sets[start as usize..self.ends[at] as usize]
    }
}

/// How many numbers are unpacked at once.
const AT_ONCE: usize = 1_024;

/// The numbers of the terms of each set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sets {
    /// Those of all sets, one set after the other.
    members: Vec<u32>,
    /// Where those of each set end.
    ends: Vec<usize>,
}

impl Sets {
    fn push(&mut self, members: impl IntoIterator<Item = u32>) {
        self.members.extend(members);
        self.ends.push(self.members.len());
    }

    /// How many sets there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The terms of a set.
    pub(crate) fn members(&self, set: u64) -> &[u32] {
        let at = set as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.members[start..self.ends[at]]
    }

    /// The sets with those of their terms only that lie in ranges.
    pub(crate) fn within(&self, ranges: &[Range<u32>]) -> Self {
        let wanted = |term: &u32| ranges.iter().any(|range| range.contains(term));
        let mut sets = Self::default();
        for set in 0..self.len() as u64 {
            sets.push(self.members(set).iter().copied().filter(|term| wanted(term)));
        }
        sets
    }
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
    /// Whether those of all segments have been read.
    pub(crate) fn knows_facet_terms(&self) -> bool {
        self.facet_terms.0.iter().all(|terms| terms.get().is_some())
    }

    /// The facet terms of a segment by its number, and the column of its sets; no term without a column.
    pub(crate) fn facet_terms(
        &self,
        segment: u32,
    ) -> tantivy::Result<(&FacetTerms, Option<StrColumn>)> {
        let name = self.searcher.schema().get_field_name(self.fields.facet_sets);
        let column = self.searcher.segment_reader(segment).fast_fields().str(name)?;
        let kept = &self.facet_terms.0[segment as usize];
        if let Some(terms) = kept.get() {
            terms.rows.get_or_init(|| column.as_ref().and_then(Rows::read));
            return Ok((terms, column));
        }
        let terms = column.as_ref().map(FacetTerms::read).transpose()?.unwrap_or_default();
        Ok((kept.get_or_init(|| terms), column))
    }
}

impl FacetTerms {
    fn read(column: &StrColumn) -> tantivy::Result<Self> {
        let (mut texts, mut ends) = (Vec::new(), Vec::with_capacity(column.num_terms()));
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            texts.extend_from_slice(stream.key());
            ends.push(texts.len());
        }
        let texts = String::from_utf8(texts)
            .map_err(|_| DataCorruption::comment_only("facet values that are no text"))?;
        let starts = [0].into_iter().chain(ends.iter().copied());
        Ok(Self::of_sets(
            starts.zip(&ends).map(|(start, end)| texts.get(start..*end).unwrap_or_default()),
        ))
    }

    /// The terms of sets given as texts; most sets share their terms.
    fn of_sets<'s>(texts: impl Iterator<Item = &'s str>) -> Self {
        let mut seen: HashMap<&str, u32> = HashMap::default();
        let mut sets = Sets::default();
        for text in texts {
            sets.push(terms(text).map(|term| {
                let next = seen.len() as u32;
                *seen.entry(term).or_insert(next)
            }));
        }
        let mut sorted: Vec<(&str, u32)> = seen.into_iter().collect();
        sorted.sort_unstable();
        let mut numbers = vec![0; sorted.len()];
        for (number, (_, seen)) in (0..).zip(&sorted) {
            numbers[*seen as usize] = number;
        }
        for member in &mut sets.members {
            *member = numbers[*member as usize];
        }
        let terms = sorted.into_iter().map(|(term, _)| term.into()).collect();
        Self { terms, sets, rows: OnceLock::new() }
    }

    /// How many terms there are.
    pub(crate) fn len(&self) -> usize {
        self.terms.len()
    }

    /// Its sets.
    pub(crate) fn sets(&self) -> &Sets {
        &self.sets
    }

    /// The sets of each document, where they have been read.
    pub(crate) fn rows(&self) -> Option<&Rows> {
        self.rows.get()?.as_ref()
    }

    /// A term by its number.
    pub(crate) fn term(&self, number: u32) -> &str {
        &self.terms[number as usize]
    }

    /// The number of a term.
    pub(crate) fn number(&self, term: &str) -> Option<u32> {
        self.terms.binary_search_by(|known| (**known).cmp(term)).ok().map(|number| number as u32)
    }

    /// The numbers of a facet's values: they lie side by side.
    pub(crate) fn of(&self, facet: &str) -> Range<u32> {
        let prefix = facet_term(facet, "");
        let start = self.terms.partition_point(|term| **term < *prefix);
        let values = self.terms[start..].iter().take_while(|term| term.starts_with(&prefix));
        start as u32..(start + values.count()) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_a_facet_lie_side_by_side() {
        let sets = [
            "guideline-topic:x",
            "guideline:a\u{1f}guideline:a/b",
            "guideline:a\u{1f}outcome:upheld",
        ];
        let terms = FacetTerms::of_sets(sets.into_iter());
        assert_eq!(terms.of("guideline"), 1..3);
        assert_eq!(terms.of("guideline-topic"), 0..1);
        assert_eq!(terms.of("outcome"), 3..4);
        assert!(terms.of("region").is_empty() && terms.of("a").is_empty());
        assert_eq!((terms.term(2), terms.len(), terms.sets().len()), ("guideline:a/b", 4, 3));
        assert_eq!((terms.sets().members(0), terms.sets().members(2)), (&[0][..], &[1, 3][..]));
        assert_eq!(terms.sets().within(&[3..4, 0..0]).members(2), [3]);
    }
}
