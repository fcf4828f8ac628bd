//! Words as queries: what is looked for in a text, what finds it, and what it scores by at first sight.

use super::items_of::ItemsOf;
use super::placed::{Pairs, Placed, PlacedQuery};
use crate::index::analyzer::plain;
use crate::index::pairs::pairs;
use crate::index::schema::Fields;
use crate::index::term_docs::TermDocs;
use crate::query::Field;
use std::borrow::Cow;
use tantivy::Term;
use tantivy::query::{BooleanQuery, EmptyQuery, Query, TermSetQuery};

/// What is looked for in a text, whatever the part.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// A stem, with the words of the index that have it.
    Stem {
        stem: String,
        words: Vec<String>,
    },
    /// Any of these words as printed, in alphabetical order.
    Words(Vec<String>),
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
            Form::Stem { .. } => 1,
            Form::Words(words) => words.len(),
            Form::Sequence(forms, _) | Form::Any(forms) => forms.iter().map(Form::len).sum(),
            Form::Near(forms, ..) => forms.iter().map(Form::len).sum(),
        }
    }

    /// Whether it is several words one after the other.
    pub(super) fn is_phrase(&self) -> bool {
        matches!(self, Form::Sequence(forms, _) if forms.len() > 1)
    }

    /// The stem that every text with it holds there.
    fn stem(&self) -> Option<Cow<'_, str>> {
        match self {
            Form::Stem { stem, .. } => Some(stem.into()),
            Form::Words(words) if words.len() == 1 => plain(&words[0], true).pop().map(Cow::from),
            _ => None,
        }
    }

    /// The words that every text with it holds, by whose rarity it scores; none where it has
    /// alternatives.
    pub(super) fn terms(&self, fields: &Fields) -> Vec<Term> {
        match self {
            Form::Stem { stem, .. } => vec![Term::from_field_text(fields.ranked, stem)],
            Form::Words(words) if words.len() == 1 => stems_of(&words[0], fields),
            Form::Sequence(forms, _) => {
                let terms: Vec<Vec<Term>> = forms.iter().map(|form| form.terms(fields)).collect();
                let all = terms.iter().all(|terms| !terms.is_empty());
                if all { terms.concat() } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    /// The query for it, in one part of the items or in any.
    pub(super) fn query(&self, fields: &Fields, field: Option<Field>) -> Box<dyn Query> {
        match self {
            Form::Sequence(forms, _) if forms.is_empty() => Box::new(EmptyQuery),
            Form::Sequence(forms, _) if forms.len() == 1 => forms[0].query(fields, field),
            _ => {
                let placed = self.placed(fields);
                if field.is_none() && placed.is_told_by_candidates() {
                    return placed.candidates(fields);
                }
                Box::new(PlacedQuery::new(placed, fields, field))
            }
        }
    }

    /// Its words by their places.
    pub(super) fn placed(&self, fields: &Fields) -> Placed {
        let all = |forms: &[Form]| forms.iter().map(|form| form.placed(fields)).collect();
        let terms = |words: &[String]| -> Vec<Term> {
            words.iter().map(|word| Term::from_field_text(fields.words, word)).collect()
        };
        match self {
            Form::Stem { stem, words } => {
                let stem = Term::from_field_text(fields.ranked, stem);
                Placed::Words { any: vec![stem], words: terms(words) }
            }
            Form::Words(words) => Placed::Words { any: terms(words), words: terms(words) },
            Form::Sequence(forms, _) | Form::Any(forms) if forms.len() == 1 => {
                forms[0].placed(fields)
            }
            Form::Sequence(forms, 0) => Placed::Sequence(all(forms), 0, pairs_of(forms, fields)),
            Form::Sequence(forms, slop) => Placed::Sequence(all(forms), *slop, Pairs::default()),
            Form::Near(forms, distance, ordered) => {
                let pair = Box::new([forms[0].placed(fields), forms[1].placed(fields)]);
                Placed::Near(pair, *distance, *ordered)
            }
            Form::Any(forms) => Placed::any(all(forms)),
        }
    }
}

/// The pairs of frequent words in words one after the other.
fn pairs_of(forms: &[Form], fields: &Fields) -> Pairs {
    let stems: Vec<Option<Cow<'_, str>>> = forms.iter().map(Form::stem).collect();
    let term = |pair: String| Term::from_field_text(fields.pairs, &pair);
    let by_stems = forms.iter().all(|form| matches!(form, Form::Stem { .. }));
    Pairs { terms: pairs(&stems).into_iter().map(|pair| pair.map(term)).collect(), by_stems }
}

/// The terms of a word's stems: every text that holds the word holds them.
pub(super) fn stems_of(word: &str, fields: &Fields) -> Vec<Term> {
    let stems = plain(word, true).into_iter();
    stems.map(|stem| Term::from_field_text(fields.ranked, &stem)).collect()
}

/// Items that hold any of some stems and words as printed.
pub(super) fn any_word(terms: &[Term], fields: &Fields) -> Box<dyn Query> {
    let (printed, stems): (Vec<Term>, Vec<Term>) =
        terms.iter().cloned().partition(|term| term.field() == fields.words);
    let any = |terms: Vec<Term>| -> Option<Box<dyn Query>> {
        match terms.as_slice() {
            [] => None,
            [term] => Some(Box::new(TermDocs::new(term.clone()))),
            _ => Some(Box::new(TermSetQuery::new(terms))),
        }
    };
    let printed = any(printed).map(|query| Box::new(ItemsOf::new(query, fields)) as Box<dyn Query>);
    union(any(stems).into_iter().chain(printed).collect())
}

/// Any of some queries.
pub(super) fn union(queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    joined_by(BooleanQuery::union, queries)
}

/// All of some queries.
pub(super) fn all_of(queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    joined_by(BooleanQuery::intersection, queries)
}

/// A query by itself stays what it is: the library asks it directly.
fn joined_by(
    join: fn(Vec<Box<dyn Query>>) -> BooleanQuery,
    mut queries: Vec<Box<dyn Query>>,
) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.swap_remove(0),
        _ => Box::new(join(queries)),
    }
}
