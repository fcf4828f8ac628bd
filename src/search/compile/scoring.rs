//! What hits score by at first sight: words of the field that ranks, whatever their places.
//!
//! Only a flat list of words lets the library pass over documents that cannot reach the page. The order
//! that readers see comes from `rank`, which looks at places.

use super::Compiler;
use crate::search::forms::{Form, stems_of};
use std::cmp::Reverse;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

/// Of many words that one stands for, so many of the most frequent are scored by.
const MAX_FORMS: usize = 8;

/// More words than this are not looked up together in every document.
const MAX_SURE: usize = 32;

/// Words with what each is worth.
#[derive(Debug, Clone, Default)]
pub(in crate::search) struct Scoring {
    terms: Vec<(Term, f32)>,
    /// Whether they may be lacking in what matches.
    open: bool,
}

impl Scoring {
    /// Of things of which any may be there.
    pub(super) fn any(all: Vec<Scoring>) -> Self {
        let open = all.len() > 1 || all.iter().any(|scoring| scoring.open);
        Self { terms: all.into_iter().flat_map(|scoring| scoring.terms).collect(), open }
    }

    /// Of things that are all there.
    pub(super) fn all(all: Vec<Scoring>) -> Self {
        let open = all.iter().any(|scoring| scoring.open);
        Self { terms: all.into_iter().flat_map(|scoring| scoring.terms).collect(), open }
    }

    /// The rarest of the words alone: what has it has hardly ever not the others.
    pub(super) fn rarest(mut self, documents: impl Fn(&Term) -> u64) -> Self {
        let rarest = self.terms.iter().enumerate().min_by_key(|(_, (term, _))| documents(term));
        if let Some((at, _)) = rarest {
            self.terms.swap(0, at);
            self.terms.truncate(1);
        }
        self
    }

    /// Of the parts of a query of which all, or some, are there.
    pub(in crate::search) fn of<'s>(
        parts: impl Iterator<Item = &'s Scoring>,
        whole: bool,
    ) -> Option<FirstSight> {
        let parts: Vec<Scoring> = parts.cloned().collect();
        let Scoring { terms, open } = if whole { Self::all(parts) } else { Self::any(parts) };
        let mut once: Vec<(Term, f32)> = Vec::new();
        for (term, weight) in terms {
            match once.iter_mut().find(|(known, _)| *known == term) {
                Some((_, most)) => *most = most.max(weight),
                None => once.push((term, weight)),
            }
        }
        let sure = !open && once.len() <= MAX_SURE;
        (!once.is_empty()).then_some(FirstSight { terms: once, sure })
    }
}

/// Words that hits score by, each once.
pub(in crate::search) struct FirstSight {
    terms: Vec<(Term, f32)>,
    /// Whether every hit holds all of them.
    pub(in crate::search) sure: bool,
}

impl FirstSight {
    /// One query for all, in the form that the library can prune.
    pub(in crate::search) fn query(&self) -> Box<dyn Query> {
        let occur = if self.sure { Occur::Must } else { Occur::Should };
        let mut queries = self.each();
        match (queries.len(), queries.pop()) {
            (1, Some(query)) => query,
            (_, last) => {
                let clauses = queries.into_iter().chain(last).map(|query| (occur, query));
                Box::new(BooleanQuery::new(clauses.collect()))
            }
        }
    }

    /// A query for each word.
    pub(in crate::search) fn each(&self) -> Vec<Box<dyn Query>> {
        self.terms.iter().map(|(term, weight)| scored(term.clone(), *weight)).collect()
    }

    /// In how many documents the words stand, added up.
    pub(in crate::search) fn documents(&self, searcher: &Searcher) -> u64 {
        self.terms.iter().map(|(term, _)| searcher.doc_freq(term).unwrap_or(0)).sum()
    }
}

fn scored(term: Term, weight: f32) -> Box<dyn Query> {
    let query: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
    if (weight - 1.0).abs() < f32::EPSILON {
        query
    } else {
        Box::new(BoostQuery::new(query, weight))
    }
}

impl Compiler<'_> {
    /// What a form scores by at first sight.
    pub(super) fn scoring(&self, form: &Form, weight: f32) -> Scoring {
        let fields = self.fields();
        match form {
            Form::Stem { .. } => {
                let terms = form.terms(fields).into_iter().map(|term| (term, weight)).collect();
                Scoring { terms, open: false }
            }
            Form::Words(words) => self.scoring_of_words(words, weight),
            Form::Sequence(forms, _) => {
                Scoring::all(forms.iter().map(|form| self.scoring(form, weight)).collect())
            }
            Form::Near(forms, ..) => {
                Scoring::all(forms.iter().map(|form| self.scoring(form, weight)).collect())
            }
            Form::Any(forms) => {
                Scoring::any(forms.iter().map(|form| self.scoring(form, weight)).collect())
            }
        }
    }

    /// The stems of words as printed; of many, of the most frequent.
    fn scoring_of_words(&self, words: &[String], weight: f32) -> Scoring {
        let fields = self.fields();
        let documents = |word: &String| {
            let term = Term::from_field_text(fields.words, word);
            self.frequency(&term).unwrap_or(0)
        };
        let mut words: Vec<&String> = words.iter().collect();
        words.sort_by_cached_key(|word| (Reverse(documents(word)), *word));
        let open = words.len() > 1;
        let stems = words.into_iter().take(MAX_FORMS).flat_map(|word| stems_of(word, fields));
        Scoring { terms: stems.map(|stem| (stem, weight)).collect(), open }
    }
}
