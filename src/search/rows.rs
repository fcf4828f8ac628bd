//! The rows of a facet: most frequent first, children after their parents, numbers in order.

use super::counts::Counted;
use super::filter::Condition;
use super::response::{FacetRow, FacetRows};
use crate::vocabulary::{Facet, Values};
use std::cmp::Reverse;
use std::collections::HashMap;

/// The rows of one facet: values with counts, and those that a filter names.
pub(super) fn rows(facet: &Facet, counted: &Counted, conditions: &[Condition]) -> FacetRows {
    let prefix = format!("{}:", facet.name);
    let counts =
        counted.terms.range(prefix.clone()..).take_while(|(term, _)| term.starts_with(&prefix));
    let rows = counts.map(|(term, count)| {
        let path = &term[prefix.len()..];
        FacetRow { count: *count, ..FacetRow::unused(facet, path) }
    });
    let mut rows =
        FacetRows { name: facet.name.clone(), label: facet.label.clone(), rows: rows.collect() };
    for condition in conditions {
        if let Condition::Facet { facet: name, include, exclude } = condition
            && *name == facet.name
        {
            for path in include {
                rows.row(facet, path).selected = true;
            }
            for path in exclude {
                rows.row(facet, path).excluded = true;
            }
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
    /// Adds the values that no item has.
    pub fn add_unused(&mut self, facet: &Facet) {
        for value in &facet.vocabulary.values {
            self.row(facet, &value.path);
        }
        self.sort(facet);
    }

    /// The row of a path; where there is none, one with count 0 and its parents'.
    fn row(&mut self, facet: &Facet, path: &str) -> &mut FacetRow {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let mut place = 0;
        for end in ends {
            let path = &path[..end];
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
        let counts: HashMap<String, u64> =
            self.rows.iter().map(|row| (row.path.clone(), row.count)).collect();
        // A value's key is the counts and names on the way to it, so that it follows its parent.
        self.rows.sort_by_cached_key(|row| {
            let ends = row.path.match_indices('/').map(|(at, _)| at).chain([row.path.len()]);
            let key = ends.map(|end| {
                let name = &row.path[..end];
                (Reverse(counts.get(name).copied().unwrap_or(0)), name.to_owned())
            });
            key.collect::<Vec<_>>()
        });
    }
}
