//! The rows of a facet: most frequent first, children after their parents, numbers in order.

use super::counts::Counted;
use super::filter::Condition;
use super::response::{FacetRow, FacetRows};
use crate::index::schema::facet_term;
use crate::vocabulary::{Facet, Values, lineage};
use foldhash::{HashMap, HashSet};
use std::borrow::Cow;
use std::cmp::Reverse;

/// The rows of one facet: values with counts, and those that a filter names.
pub(super) fn rows(facet: &Facet, counted: &Counted<'_>, conditions: &[Condition]) -> FacetRows {
    let prefix = facet_term(&facet.name, "");
    let counts = counted.terms.range(Cow::from(&prefix)..);
    let counts = counts.take_while(|(term, _)| term.starts_with(&prefix));
    let rows = counts.map(|(term, count)| {
        let path = &term[prefix.len()..];
        FacetRow { count: *count, ..FacetRow::unused(facet, path) }
    });
    let mut rows =
        FacetRows { name: facet.name.clone(), label: facet.label.clone(), rows: rows.collect() };
    for condition in conditions {
        match condition {
            Condition::Facet { facet: name, include } if *name == facet.name => {
                for path in include {
                    rows.row(facet, path).selected = true;
                }
            }
            Condition::NoFacet { facet: name, exclude } if *name == facet.name => {
                for path in exclude {
                    rows.row(facet, path).excluded = true;
                }
            }
            _ => {}
        }
    }
    rows.sort(facet);
    rows
}

impl FacetRow {
    fn unused(facet: &Facet, path: &str) -> Self {
        let (path, label) = (path.to_owned(), facet.label_of(path));
        Self { path, label, count: 0, selected: false, excluded: false }
    }
}

impl FacetRows {
    /// The rows of values that items which meet all filters have; of a facet with one value an item, such as outcomes.
    /// Counts of other values are of what a reader would find who chose these too.
    pub fn met(&self) -> impl Iterator<Item = &FacetRow> {
        let chosen = self.rows.iter().any(|row| row.selected);
        self.rows.iter().filter(move |row| !row.excluded && (row.selected || !chosen))
    }

    /// Adds the values that no item has.
    pub fn add_unused(&mut self, facet: &Facet) {
        for value in &facet.vocabulary.values {
            self.row(facet, &value.path);
        }
        self.sort(facet);
    }

    /// Leaves so many of the most frequent values, in their order, and those chosen; of numbers the first. A whole is at
    /// least as frequent as its parts, so none loses it.
    pub(super) fn keep_most(&mut self, most: usize) {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        if self.rows.iter().any(|row| !row.path.starts_with(|c: char| c.is_ascii_digit())) {
            order.sort_by_key(|at| Reverse(self.rows[*at].count));
        }
        let kept: HashSet<usize> = order.into_iter().take(most).collect();
        let mut place = 0..;
        self.rows.retain(|row| {
            place.next().is_some_and(|at| kept.contains(&at)) || row.selected || row.excluded
        });
    }

    /// The row of a path; where there is none, one with count 0 and its parents'.
    fn row(&mut self, facet: &Facet, path: &str) -> &mut FacetRow {
        let mut place = 0;
        for path in lineage(path) {
            place = self.rows.iter().position(|row| row.path == path).unwrap_or_else(|| {
                self.rows.push(FacetRow::unused(facet, path));
                self.rows.len() - 1
            });
        }
        &mut self.rows[place]
    }

    fn sort(&mut self, facet: &Facet) {
        if facet.values == Values::Numbers {
            self.rows.sort_by(|a, b| a.path.cmp(&b.path));
            return;
        }
        let rows = std::mem::take(&mut self.rows);
        let counts: HashMap<&str, u64> =
            rows.iter().map(|row| (row.path.as_str(), row.count)).collect();
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_cached_key(|at| way(&rows[*at].path, &counts));
        let mut rows: Vec<Option<FacetRow>> = rows.into_iter().map(Some).collect();
        self.rows = order.into_iter().filter_map(|at| rows[at].take()).collect();
    }
}

/// The counts and names on the way to a value, so that it sorts after its parent.
fn way<'p>(path: &'p str, counts: &HashMap<&str, u64>) -> Vec<(Reverse<u64>, &'p str)> {
    lineage(path).map(|name| (Reverse(counts.get(name).copied().unwrap_or(0)), name)).collect()
}
