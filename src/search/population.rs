//! All items that match a request in full, as plain numbers for what is computed over them.
//!
//! The door from the index to `insight` and `export`: no type of the search library passes it.

use super::engine::{Engine, SearchError};
use super::matches::{Matches, SegmentMatches};
use super::ordinals::Ordinals;
use super::request::Request;
use super::response::{Matched, QueryInfo};
use super::top::column;
use crate::index::facet_terms::FacetTerms;
use crate::index::{ItemDocument, Snapshot};
use std::ops::Range;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, SegmentOrdinal};

/// An item's place in the index as of one snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The segment.
    pub segment: u32,
    /// The document in it.
    pub doc: u32,
}

/// The items that match a request in full.
pub struct Population<'a> {
    snapshot: &'a Snapshot,
    info: QueryInfo,
    partial: u64,
    /// Of each segment: its documents in order.
    segments: Vec<Vec<u32>>,
}

/// The part of a population that lies in one segment, with the columns of its items.
pub struct Segment<'p> {
    number: u32,
    docs: &'p [u32],
    terms: &'p FacetTerms,
    facets: Option<StrColumn>,
    order: Column<u64>,
    decided: Column<u64>,
    alike: Column<u64>,
    letter: Column<u64>,
}

impl<'a> Engine<'a> {
    /// All items that match a request in full and meet its filters; its limits, order and facets
    /// mean nothing here. Where none does, items with most of the words are counted.
    ///
    /// # Errors
    /// If the query or a filter cannot be read, or the index cannot.
    pub fn population(&self, request: &Request) -> Result<Population<'a>, SearchError> {
        let request = Request { limit: 0, offset: 0, ..request.clone() };
        let mut plan = self.plan(&request)?;
        let matches = Matches::new(self.snapshot, &plan)?;
        plan.info.notes.extend(self.unknown_in_ranges(&request, &plan, &matches)?);
        let docs = |segment: &SegmentMatches| segment.listed(Matched::Full).iter().collect();
        let segments: Vec<Vec<u32>> = matches.segments.iter().map(docs).collect();
        let mut population =
            Population { snapshot: self.snapshot, info: plan.info, partial: 0, segments };
        if population.is_empty() {
            population.partial = matches.count(Matched::Most);
        }
        Ok(population)
    }
}

impl<'a> Population<'a> {
    /// How the request was read.
    pub fn info(&self) -> &QueryInfo {
        &self.info
    }

    /// No item, to read single ones by their place.
    pub fn none(engine: &Engine<'a>) -> Self {
        let segments = vec![Vec::new(); engine.snapshot.searcher.segment_readers().len()];
        Self { snapshot: engine.snapshot, info: QueryInfo::default(), partial: 0, segments }
    }

    /// The documents of a segment.
    pub(super) fn docs(&self, segment: SegmentOrdinal) -> &[u32] {
        self.segments.get(segment as usize).map_or(&[], Vec::as_slice)
    }

    /// How many items there are.
    pub fn len(&self) -> u64 {
        self.segments.iter().map(|docs| docs.len() as u64).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.segments.iter().all(Vec::is_empty)
    }

    /// Where no item matches in full: how many hold most of the words.
    pub fn partial(&self) -> u64 {
        self.partial
    }

    /// The items that are also in another population.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let both =
            self.segments.iter().zip(&other.segments).map(|(a, b)| {
                a.iter().copied().filter(|doc| b.binary_search(doc).is_ok()).collect()
            });
        Self {
            snapshot: self.snapshot,
            info: self.info.clone(),
            partial: 0,
            segments: both.collect(),
        }
    }

    /// The items that a test lets through, in order.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn filter(
        &self,
        mut is_kept: impl FnMut(&Segment<'_>, u32) -> bool,
    ) -> Result<Self, SearchError> {
        let segments = self.segments()?;
        let kept = segments.iter().map(|segment| {
            segment.docs.iter().copied().filter(|doc| is_kept(segment, *doc)).collect()
        });
        Ok(Self {
            snapshot: self.snapshot,
            info: self.info.clone(),
            partial: 0,
            segments: kept.collect(),
        })
    }

    /// The population by segment.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn segments(&self) -> Result<Vec<Segment<'_>>, SearchError> {
        let (fields, schema) = (&self.snapshot.fields, self.snapshot.searcher.schema());
        let readers = self.snapshot.searcher.segment_readers().iter();
        let mut segments = Vec::with_capacity(self.segments.len());
        for (number, (reader, docs)) in readers.zip(&self.segments).enumerate() {
            let of = |field| column(reader, schema.get_field_name(field));
            let (terms, facets) = self.snapshot.facet_terms(number as u32)?;
            segments.push(Segment {
                number: number as u32,
                docs,
                terms,
                facets,
                order: of(fields.order)?,
                decided: of(fields.decided)?,
                alike: of(fields.alike)?,
                letter: of(fields.letter_key)?,
            });
        }
        Ok(segments)
    }

    /// An item.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn item(&self, place: Place) -> Result<ItemDocument, SearchError> {
        Ok(self.snapshot.item(DocAddress::new(place.segment, place.doc))?)
    }
}

impl Segment<'_> {
    /// The documents of the population, in order.
    pub fn docs(&self) -> &[u32] {
        self.docs
    }

    /// Where a document stands.
    pub fn place(&self, doc: u32) -> Place {
        Place { segment: self.number, doc }
    }

    /// The ordinals of a facet's values: they lie side by side.
    pub fn ordinals(&self, facet: &str) -> Range<u32> {
        self.terms.of(facet)
    }

    /// The path of a facet's value.
    pub fn path(&self, facet: &str, ordinal: u32) -> &str {
        let term = self.terms.term(ordinal);
        term.strip_prefix(facet).and_then(|term| term.strip_prefix(':')).unwrap_or_default()
    }

    /// Reads the facet values of items.
    pub fn values(&self) -> Ordinals<'_> {
        Ordinals::new(self.terms, self.facets.as_ref())
    }

    /// The place of an item in the order of identities.
    pub fn order(&self, doc: u32) -> u64 {
        self.order.first(doc).unwrap_or(u64::MAX)
    }

    /// The date of decision as `YYYYMMDD`.
    pub fn decided(&self, doc: u32) -> Option<u32> {
        self.decided.first(doc).map(|date| date as u32)
    }

    /// What items with one rationale, word for word, have in common; absent without a rationale.
    pub fn alike(&self, doc: u32) -> Option<u64> {
        self.alike.first(doc)
    }

    /// What items of one letter have in common.
    pub fn letter(&self, doc: u32) -> u64 {
        self.letter.first(doc).unwrap_or(0)
    }
}
