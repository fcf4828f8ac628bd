//! Words as queries: one form in one field, and unions of forms.

use super::placed::{Placed, PlacedQuery};
use crate::index::Snapshot;
use crate::index::schema::TextField;
use crate::query::Field;
use tantivy::Term;
use tantivy::query::{BooleanQuery, ConstScoreQuery, PhraseQuery, Query, TermQuery, TermSetQuery};
use tantivy::schema::IndexRecordOption;

/// What a word in many forms is worth: about what a word of middling frequency is.
const MANY_FORMS_SCORE: f32 = 3.0;

/// What is looked for in a text, whatever the field.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// One of these words, in alphabetical order; as printed if exact, else as stems.
    Words {
        words: Vec<String>,
        exact: bool,
    },
    /// One after the other, with at most so many words in between.
    Sequence(Vec<Form>, u32),
    /// At most so many words apart; whether in this order.
    Near(Box<[Form; 2]>, u32, bool),
    Any(Vec<Form>),
}

impl Form {
    /// How many words it holds.
    pub(super) fn len(&self) -> usize {
        match self {
            Form::Words { words, .. } => words.len(),
            Form::Sequence(forms, _) | Form::Any(forms) => forms.iter().map(Form::len).sum(),
            Form::Near(forms, ..) => forms.iter().map(Form::len).sum(),
        }
    }

    /// The words of a field that its score is made of; none where they are not scored one by one.
    pub(super) fn terms(&self, field: TextField) -> Vec<Term> {
        match self {
            Form::Words { words, exact } if words.len() == 1 => {
                vec![term(field, &words[0], *exact)]
            }
            Form::Sequence(forms, _) => forms.iter().flat_map(|form| form.terms(field)).collect(),
            _ => Vec::new(),
        }
    }

    /// The query for it in a field.
    pub(super) fn query(&self, field: TextField) -> Box<dyn Query> {
        match self {
            Form::Words { words, exact } => words_query(field, words, *exact),
            Form::Sequence(forms, _) if forms.len() == 1 => forms[0].query(field),
            Form::Sequence(forms, 0) => {
                let single = |form: &Form| match form {
                    Form::Words { words, exact } if words.len() == 1 => {
                        Some(term(field, &words[0], *exact))
                    }
                    _ => None,
                };
                match forms.iter().map(single).collect::<Option<Vec<Term>>>() {
                    Some(terms) if terms.is_empty() => Box::new(tantivy::query::EmptyQuery),
                    Some(terms) => Box::new(PhraseQuery::new(terms)),
                    None => Box::new(PlacedQuery::new(self.placed(field))),
                }
            }
            _ => Box::new(PlacedQuery::new(self.placed(field))),
        }
    }

    fn placed(&self, field: TextField) -> Placed {
        let all = |forms: &[Form]| forms.iter().map(|form| form.placed(field)).collect();
        match self {
            Form::Words { words, exact } => {
                Placed::Words(words.iter().map(|word| term(field, word, *exact)).collect())
            }
            Form::Sequence(forms, slop) => Placed::Sequence(all(forms), *slop),
            Form::Near(forms, distance, ordered) => {
                let pair = Box::new([forms[0].placed(field), forms[1].placed(field)]);
                Placed::Near(pair, *distance, *ordered)
            }
            Form::Any(forms) => Placed::Any(all(forms)),
        }
    }
}

fn term(field: TextField, word: &str, exact: bool) -> Term {
    Term::from_field_text(if exact { field.exact } else { field.stemmed }, word)
}

fn words_query(field: TextField, words: &[String], exact: bool) -> Box<dyn Query> {
    let terms = words.iter().map(|word| term(field, word, exact));
    match words {
        [] => Box::new(tantivy::query::EmptyQuery),
        [word] => Box::new(TermQuery::new(term(field, word, exact), IndexRecordOption::WithFreqs)),
        // A rare spelling is not worth more than the usual one.
        _ => Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), MANY_FORMS_SCORE)),
    }
}

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
