//! Filters as queries: what every match meets and what says nothing of relevance.

use super::excluded::excluded;
use super::filter::{Condition, RangeField};
use super::forms::union;
use super::number_docs::NumberDocs;
use crate::index::Snapshot;
use crate::index::read::term;
use crate::index::schema::facet_term;
use crate::index::term_docs::TermDocs;
use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur, Query};
use tantivy::schema::Field;

/// Every item of the index.
pub(super) fn every_item(snapshot: &Snapshot) -> Box<dyn Query> {
    term(snapshot.fields.kind, "item")
}

/// The column of a range.
pub(super) fn range_field(snapshot: &Snapshot, field: RangeField) -> Field {
    let fields = &snapshot.fields;
    match field {
        RangeField::Age => fields.age,
        RangeField::Sessions => fields.sessions,
        RangeField::Count => fields.count,
        RangeField::Strength => fields.strength,
        RangeField::Decided => fields.decided,
        RangeField::Injured => fields.injured,
    }
}

/// A filter as a condition on matches.
pub(super) fn condition(snapshot: &Snapshot, condition: &Condition) -> Box<dyn Query> {
    let value = |facet: &str, path: &str| term(snapshot.fields.facet, &facet_term(facet, path));
    let (include, exclude): (Vec<_>, Vec<_>) = match condition {
        Condition::Facet { facet, include } => {
            (include.iter().map(|path| value(facet, path)).collect(), Vec::new())
        }
        Condition::NoFacet { facet, exclude } => {
            (Vec::new(), exclude.iter().map(|path| value(facet, path)).collect())
        }
        Condition::Reasons { alike, .. } => {
            let field = snapshot.fields.alike;
            let of = |alike: &u64| -> Box<dyn Query> {
                Box::new(TermDocs::new(Term::from_field_u64(field, *alike)))
            };
            (alike.iter().map(of).collect(), Vec::new())
        }
        Condition::Range { field, include, exclude } => {
            let range = |(low, high): &(u64, u64)| range(snapshot, *field, *low, *high);
            (include.iter().map(range).collect(), exclude.iter().map(range).collect())
        }
    };
    let wanted = if include.is_empty() { every_item(snapshot) } else { union(include) };
    if exclude.is_empty() {
        return wanted;
    }
    let mut clauses = vec![(Occur::Must, wanted)];
    clauses.extend(exclude.into_iter().map(|query| (Occur::MustNot, excluded(query))));
    Box::new(BooleanQuery::new(clauses))
}

fn range(snapshot: &Snapshot, field: RangeField, low: u64, high: u64) -> Box<dyn Query> {
    Box::new(NumberDocs::new(range_field(snapshot, field), low, high))
}
