//! Words as queries: one form in one field, and unions of forms.

use crate::index::Snapshot;
use crate::index::schema::TextField;
use crate::query::Field;
use tantivy::Term;
use tantivy::query::{BooleanQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

/// The form without hyphen of a hyphenated word.
pub(super) fn joined(word: &str) -> Option<String> {
    let parts: Vec<&str> = word.split(['-', '\u{2010}', '\u{2011}']).collect();
    let letters = |part: &&str| !part.is_empty() && part.chars().all(char::is_alphabetic);
    ((2..=3).contains(&parts.len()) && parts.iter().all(letters)).then(|| parts.concat())
}

pub(super) fn text_field(snapshot: &Snapshot, field: Field) -> TextField {
    let fields = &snapshot.fields;
    match field {
        Field::Title => fields.title,
        Field::Disputed => fields.disputed,
        Field::Rationale => fields.rationale,
        Field::Guideline => fields.guideline,
        Field::Summary => fields.summary,
    }
}

/// One token, or tokens one after the other.
pub(super) fn sequence(field: TextField, exact: bool, tokens: &[String]) -> Box<dyn Query> {
    let field = if exact { field.exact } else { field.stemmed };
    let mut terms: Vec<Term> =
        tokens.iter().map(|token| Term::from_field_text(field, token)).collect();
    match (terms.len(), terms.pop()) {
        (1, Some(term)) => Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
        (_, Some(last)) => {
            terms.push(last);
            Box::new(PhraseQuery::new(terms))
        }
        (_, None) => Box::new(tantivy::query::EmptyQuery),
    }
}

pub(super) fn union(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match (queries.len(), queries.pop()) {
        (1, Some(query)) => query,
        (_, Some(last)) => {
            queries.push(last);
            Box::new(BooleanQuery::union(queries))
        }
        (_, None) => Box::new(tantivy::query::EmptyQuery),
    }
}
