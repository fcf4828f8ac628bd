//! Counts facet values in one pass over the query's matches.
//!
//! A facet's own filter does not shrink its own counts: an item that fails exactly one filter
//! still counts for that filter's facet ("drill sideways").

use super::filter::{Condition, RangeField};
use super::top::column;
use crate::index::schema::facet_term;
use std::collections::BTreeMap;
use std::sync::Arc;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

/// Filters beyond this many could not be told apart in a mask.
pub(super) const MAX_CONDITIONS: usize = 32;

/// Counts by facet term.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) terms: BTreeMap<String, u64>,
}

/// Collects counts under conditions.
pub(super) struct Counts<'a> {
    pub(super) conditions: &'a [Condition],
    /// Name of the column of facet terms.
    pub(super) facet: &'a str,
    /// Name of the column of a field with ranges.
    pub(super) range_column: &'a (dyn Fn(RangeField) -> &'a str + Sync + Send),
}

/// What a condition needs in one segment.
struct Range {
    bit: u32,
    column: Column<u64>,
    include: Arc<[(u64, u64)]>,
    exclude: Arc<[(u64, u64)]>,
}

/// Counts in one segment.
pub(super) struct CountsSegment {
    column: Option<StrColumn>,
    /// Of each ordinal: the conditions that it meets, and those that it breaks.
    meets: Vec<u32>,
    breaks: Vec<u32>,
    /// Of each ordinal: the condition on its own facet, if any.
    own: Vec<u32>,
    ranges: Vec<Range>,
    /// Conditions on facets that are met unless broken.
    unless_broken: u32,
    all: u32,
    counts: Vec<u64>,
    ords: Vec<u64>,
}

impl Collector for Counts<'_> {
    type Fruit = Counted;
    type Child = CountsSegment;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<CountsSegment> {
        let column = reader.fast_fields().str(self.facet)?;
        let terms = column.as_ref().map_or(0, |column| column.num_terms());
        let mut segment = CountsSegment {
            column,
            meets: vec![0; terms],
            breaks: vec![0; terms],
            own: vec![0; terms],
            ranges: Vec::new(),
            unless_broken: 0,
            all: 0,
            counts: vec![0; terms],
            ords: Vec::new(),
        };
        for (at, condition) in self.conditions.iter().enumerate() {
            self.prepare(&mut segment, 1 << at, condition, reader)?;
        }
        Ok(segment)
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Counted>>) -> tantivy::Result<Counted> {
        let mut all = Counted::default();
        for segment in segments {
            let segment = segment?;
            for (term, count) in segment.terms {
                *all.terms.entry(term).or_default() += count;
            }
        }
        Ok(all)
    }
}

impl Counts<'_> {
    fn prepare(
        &self,
        segment: &mut CountsSegment,
        bit: u32,
        condition: &Condition,
        reader: &SegmentReader,
    ) -> tantivy::Result<()> {
        segment.all |= bit;
        match condition {
            Condition::Facet { facet, include, exclude } => {
                segment.mark_own(facet, bit)?;
                for path in include {
                    segment.mark(&facet_term(facet, path), bit, true)?;
                }
                for path in exclude {
                    segment.mark(&facet_term(facet, path), bit, false)?;
                }
                segment.unless_broken |= if include.is_empty() { bit } else { 0 };
            }
            Condition::Range { field, include, exclude } => {
                if let Some(facet) = field.facet() {
                    segment.mark_own(facet, bit)?;
                }
                let column = column(reader, (self.range_column)(*field))?;
                let (include, exclude) = (include.clone().into(), exclude.clone().into());
                segment.ranges.push(Range { bit, column, include, exclude });
            }
        }
        Ok(())
    }
}

impl CountsSegment {
    fn mark(&mut self, term: &str, bit: u32, meets: bool) -> tantivy::Result<()> {
        let Some(column) = &self.column else { return Ok(()) };
        if let Some(ord) = column.dictionary().term_ord(term)? {
            let masks = if meets { &mut self.meets } else { &mut self.breaks };
            masks[ord as usize] |= bit;
        }
        Ok(())
    }

    fn mark_own(&mut self, facet: &str, bit: u32) -> tantivy::Result<()> {
        let Some(column) = &self.column else { return Ok(()) };
        let prefix = facet_term(facet, "");
        let mut after = prefix.clone().into_bytes();
        // The byte after ':' ends the range of terms that start with the prefix.
        if let Some(last) = after.last_mut() {
            *last += 1;
        }
        let mut terms = column.dictionary().range().ge(&prefix).lt(&after).into_stream()?;
        while terms.advance() {
            self.own[terms.term_ord() as usize] |= bit;
        }
        Ok(())
    }

    fn failed(&self, doc: DocId) -> u32 {
        let (mut meets, mut breaks) = (self.unless_broken, 0);
        for &ord in &self.ords {
            meets |= self.meets[ord as usize];
            breaks |= self.breaks[ord as usize];
        }
        for range in &self.ranges {
            let value = range.column.first(doc);
            let within = |ranges: &[(u64, u64)]| {
                value.is_some_and(|value| ranges.iter().any(|(l, h)| (*l..=*h).contains(&value)))
            };
            let included = range.include.is_empty() || within(&range.include);
            if included && !within(&range.exclude) {
                meets |= range.bit;
            }
        }
        self.all & !(meets & !breaks)
    }
}

impl SegmentCollector for CountsSegment {
    type Fruit = tantivy::Result<Counted>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.ords.clear();
        if let Some(column) = &self.column {
            self.ords.extend(column.ords().values_for_doc(doc));
        }
        let failed = self.failed(doc);
        // A mask with one bit: what fails two filters counts nowhere.
        if failed.count_ones() > 1 {
            return;
        }
        for &ord in &self.ords {
            if failed == 0 || self.own[ord as usize] & failed != 0 {
                self.counts[ord as usize] += 1;
            }
        }
    }

    fn harvest(self) -> tantivy::Result<Counted> {
        let mut terms = BTreeMap::new();
        let mut term = String::new();
        if let Some(column) = &self.column {
            for (ord, count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                column.ord_to_str(ord as u64, &mut term).map_err(TantivyError::from)?;
                terms.insert(term.clone(), *count);
            }
        }
        Ok(Counted { terms })
    }
}
