//! Counts facet values over the items that match, in one pass.
//!
//! Values of one filter are alternatives, so it does not shrink the counts of its own facet: an item that fails
//! exactly that filter still counts for the facet ("drill sideways"). What a filter excludes stays excluded whatever else is
//! chosen: only the excluded value itself tells how many items it leaves out. So does a range, whatever year is chosen.

use super::bits::Bits;
use super::filter::Condition;
use super::matches::Matches;
use super::ordinals::Ordinals;
use super::response::Matched;
use super::segments::each;
use crate::index::Snapshot;
use crate::index::facet_terms::FacetTerms;
use crate::index::schema::facet_term;
use crate::vocabulary::Facet;
use foldhash::HashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use tantivy::TantivyError;
use tantivy::columnar::StrColumn;
use tantivy::schema::IndexRecordOption;

/// More filters are not told apart.
pub(super) const MAX_CONDITIONS: usize = 32;

/// Counts by facet term.
#[derive(Debug, Default)]
pub(super) struct Counted<'a> {
    pub(super) terms: BTreeMap<Cow<'a, str>, u64>,
}

/// Counts the items of a list by the values of some facets.
pub(super) fn count<'a>(
    snapshot: &'a Snapshot,
    matches: &Matches,
    conditions: &[Condition],
    list: Matched,
    facets: &[&Facet],
) -> tantivy::Result<Counted<'a>> {
    if let [facet] = facets
        && !snapshot.knows_facet_terms()
    {
        return count_one(snapshot, matches, conditions, list, facet);
    }
    let counted = each(&snapshot.searcher, |number| {
        let segment = &matches.segments[number as usize];
        let (terms, column) = snapshot.facet_terms(number)?;
        let mut counts = Counts { terms, column: column.as_ref(), by_term: vec![0; terms.len()] };
        counts.add(&segment.listed(list), |_| true);
        for (at, condition) in conditions.iter().enumerate() {
            let Some((facet, only)) = beyond(condition) else { continue };
            let items = segment.failing_only(list, at);
            if let Some(paths) = only {
                let number = |path| terms.number(&facet_term(facet, path));
                let only: Vec<u32> = paths.iter().filter_map(|path| number(path)).collect();
                counts.add(&items, |term| only.contains(&term));
            } else {
                let all = terms.of(facet);
                counts.add(&items, |term| all.contains(&term));
            }
        }
        let terms_of = facets.iter().flat_map(|facet| terms.of(&facet.name));
        let counted = terms_of.map(|term| (terms.term(term), counts.by_term[term as usize]));
        Ok::<_, TantivyError>(counted.filter(|(_, count)| *count > 0).collect::<Vec<_>>())
    })?;
    let mut all: HashMap<&str, u64> = HashMap::default();
    for (term, count) in counted.into_iter().flatten() {
        *all.entry(term).or_default() += count;
    }
    Ok(Counted { terms: all.into_iter().map(|(term, count)| (term.into(), count)).collect() })
}

/// Counts by the values of one facet from their lists of documents. A command asks once, and reading a segment's
/// sets takes longer than that.
fn count_one(
    snapshot: &Snapshot,
    matches: &Matches,
    conditions: &[Condition],
    list: Matched,
    facet: &Facet,
) -> tantivy::Result<Counted<'static>> {
    let prefix = facet_term(&facet.name, "");
    let counted = each(&snapshot.searcher, |number| {
        let segment = &matches.segments[number as usize];
        let listed = segment.listed(list);
        let own = conditions.iter().enumerate().filter_map(|(at, condition)| {
            let (_, only) = beyond(condition).filter(|(name, _)| *name == facet.name)?;
            Some((only, segment.failing_only(list, at)))
        });
        let own: Vec<(Option<&[String]>, Bits)> = own.collect();
        let reader = snapshot.searcher.segment_reader(number);
        let index = reader.inverted_index(snapshot.fields.facet)?;
        let mut terms = index.terms().range().ge(&prefix).into_stream()?;
        let mut counted = Vec::new();
        while terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
            let (term, mut count) = (String::from_utf8_lossy(terms.key()).into_owned(), 0);
            let path = &term[prefix.len()..];
            let is_one = |only: &[String]| only.iter().any(|value| value == path);
            let beyond = own.iter().filter(|(only, _)| only.is_none_or(is_one));
            let items: Vec<&Bits> =
                [&listed].into_iter().chain(beyond.map(|(_, items)| items)).collect();
            let option = IndexRecordOption::Basic;
            let mut blocks = index.read_block_postings_from_terminfo(terms.value(), option)?;
            while !blocks.docs().is_empty() {
                count += items.iter().map(|items| items.held(blocks.docs())).sum::<u64>();
                blocks.advance();
            }
            counted.push((term, count));
        }
        Ok::<_, TantivyError>(counted)
    })?;
    let mut all = Counted::default();
    for (term, count) in counted.into_iter().flatten().filter(|(_, count)| *count > 0) {
        *all.terms.entry(term.into()).or_default() += count;
    }
    Ok(all)
}

/// The facet of which values are counted also over the items that fail a condition and no other, and which values: all, or
/// these.
fn beyond(condition: &Condition) -> Option<(&str, Option<&[String]>)> {
    match condition {
        Condition::Facet { facet, .. } => Some((facet, None)),
        Condition::NoFacet { facet, exclude } => Some((facet, Some(exclude))),
        Condition::Reasons { .. } | Condition::Range { .. } => None,
    }
}

/// How many items of a segment have each term.
struct Counts<'a> {
    terms: &'a FacetTerms,
    column: Option<&'a StrColumn>,
    by_term: Vec<u64>,
}

impl Counts<'_> {
    /// Counts those terms of items that are wanted: the items of each set first, then the terms of the sets. An
    /// item has each of its terms in one set.
    fn add(&mut self, items: &Bits, is_wanted: impl Fn(u32) -> bool) {
        for (set, items) in (0..).zip(self.by_set(items)).filter(|(_, items)| *items > 0) {
            for term in self.terms.sets().members(set) {
                if is_wanted(*term) {
                    self.by_term[*term as usize] += u64::from(items);
                }
            }
        }
    }

    /// How many items have each set.
    fn by_set(&self, items: &Bits) -> Vec<u32> {
        let mut by_set = vec![0; self.terms.sets().len()];
        if let Some(rows) = self.terms.rows() {
            for doc in items.iter() {
                for &set in rows.of(doc) {
                    by_set[usize::from(set)] += 1;
                }
            }
        } else {
            let mut ordinals = Ordinals::new(self.terms, self.column);
            for doc in items.iter() {
                for &set in ordinals.sets_of(doc) {
                    by_set[set as usize] += 1;
                }
            }
        }
        by_set
    }
}
