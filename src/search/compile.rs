//! From a query's tree to what the index matches and what passages mark.

use super::filter::{Condition, FilterError, RangeField, path};
use super::response::ExpandedWord;
use crate::index::Snapshot;
use crate::index::analyzer::plain;
use crate::index::read::term;
use crate::index::schema::{TextField, facet_term};
use crate::query::{Field, Node, Query as Parsed, Span, Word};
use crate::vocabulary::Vocabularies;
use std::ops::Bound;
use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery,
};
use tantivy::schema::IndexRecordOption;

/// How much a match in a field is worth: the request most, the summary least, for it names every
/// complaint.
const WEIGHTS: [(Field, f32); 4] =
    [(Field::Title, 3.0), (Field::Rationale, 1.0), (Field::Guideline, 0.4), (Field::Summary, 0.15)];

/// How much an expansion is worth beside the typed form.
const EXPANSION_WEIGHT: f32 = 0.7;

/// The most alternatives that one query may hold, expansions included.
const MAX_WORDS: usize = 1024;

/// A query made ready.
pub(super) struct Compiled {
    /// Parts that an item must hold in full matches, with the words as typed.
    pub(super) required: Vec<(String, Box<dyn Query>)>,
    /// Parts that only add to the score.
    pub(super) optional: Vec<Box<dyn Query>>,
    /// Parts that an item must not hold.
    pub(super) excluded: Vec<Box<dyn Query>>,
    /// Parts that every match meets and that say nothing of relevance.
    pub(super) conditions: Vec<Box<dyn Query>>,
    /// What passages mark.
    pub(super) marks: Vec<Mark>,
    /// What was also searched.
    pub(super) expanded: Vec<ExpandedWord>,
}

/// Tokens to mark in passages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Tokens that stand one after the other.
    pub(super) tokens: Vec<String>,
    /// Whether they are words as printed and not stems.
    pub(super) exact: bool,
    /// The only field that they count in.
    pub(super) field: Option<Field>,
}

/// Why a tree could not be made ready.
pub(super) enum CompileError {
    /// A facet's value in the query is wrong.
    Facet(FilterError, Span),
    /// The query holds too many words.
    TooLarge(usize),
}

pub(super) struct Compiler<'a> {
    snapshot: &'a Snapshot,
    vocabularies: &'a Vocabularies,
    exact: bool,
    marks: Vec<Mark>,
    expanded: Vec<ExpandedWord>,
    words: usize,
}

/// Where a word is looked for.
#[derive(Clone, Copy)]
struct Scope {
    field: Option<Field>,
    /// Whether matches are to be marked: not inside NOT.
    marked: bool,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, vocabularies: &'a Vocabularies, exact: bool) -> Self {
        Self { snapshot, vocabularies, exact, marks: Vec::new(), expanded: Vec::new(), words: 0 }
    }

    /// Makes a query ready. The parts of its outermost conjunction stay apart, so that items with
    /// most of them can be found.
    pub(super) fn compile(mut self, parsed: &Parsed) -> Result<Compiled, CompileError> {
        let nodes = match &parsed.root {
            None => Vec::new(),
            Some(Node::All(nodes)) => nodes.iter().collect(),
            Some(node) => vec![node],
        };
        let words = nodes.iter().filter(|node| self.is_wanted(node)).count();
        let scope = Scope { field: None, marked: true };
        let mut compiled = Compiled {
            required: Vec::new(),
            optional: Vec::new(),
            excluded: Vec::new(),
            conditions: Vec::new(),
            marks: Vec::new(),
            expanded: Vec::new(),
        };
        for node in nodes {
            match node {
                Node::Not(inner) => {
                    let scope = Scope { marked: false, ..scope };
                    compiled.excluded.push(self.node(inner, scope)?);
                }
                Node::Facet { .. } => compiled.conditions.push(self.node(node, scope)?),
                Node::Word(word) if words > 0 && self.is_optional(word) => {
                    let scope = Scope { marked: false, ..scope };
                    compiled.optional.push(self.word(word, scope)?);
                }
                node => {
                    let query = self.node(node, scope)?;
                    compiled.required.push((node.to_string(), query));
                }
            }
        }
        compiled.marks = self.marks;
        compiled.expanded = self.expanded;
        Ok(compiled)
    }

    fn is_optional(&self, word: &Word) -> bool {
        !self.exact && !word.exact && self.vocabularies.expansions().is_optional(&word.text)
    }

    /// Whether a part of the outermost conjunction says what is looked for.
    fn is_wanted(&self, node: &Node) -> bool {
        match node {
            Node::Word(word) => !self.is_optional(word),
            Node::Not(_) | Node::Facet { .. } => false,
            _ => true,
        }
    }

    fn node(&mut self, node: &Node, scope: Scope) -> Result<Box<dyn Query>, CompileError> {
        match node {
            Node::Word(word) => self.word(word, scope),
            Node::Phrase { text, .. } => self.phrase(text, scope),
            Node::All(nodes) => self.all(nodes, scope),
            Node::Any(nodes) => {
                let queries: Result<Vec<_>, _> =
                    nodes.iter().map(|node| self.standalone(node, scope)).collect();
                Ok(Box::new(BooleanQuery::union(queries?)))
            }
            Node::Not(_) => self.standalone(node, scope),
            Node::In(field, node) => self.node(node, Scope { field: Some(*field), ..scope }),
            Node::Facet { facet, value, span } => {
                let path = path(self.vocabularies, facet, value)
                    .map_err(|error| CompileError::Facet(error, span.clone()))?;
                Ok(unscored(term(self.snapshot.fields.facet, &facet_term(facet, &path))))
            }
        }
    }

    fn all(&mut self, nodes: &[Node], scope: Scope) -> Result<Box<dyn Query>, CompileError> {
        let mut clauses = Vec::new();
        for node in nodes {
            clauses.push(match node {
                Node::Not(inner) => {
                    (Occur::MustNot, self.node(inner, Scope { marked: false, ..scope })?)
                }
                node => (Occur::Must, self.node(node, scope)?),
            });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, self.every_item()));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// A node that may be a negation by itself.
    fn standalone(&mut self, node: &Node, scope: Scope) -> Result<Box<dyn Query>, CompileError> {
        match node {
            Node::Not(_) => self.all(std::slice::from_ref(node), scope),
            node => self.node(node, scope),
        }
    }

    fn every_item(&self) -> Box<dyn Query> {
        every_item(self.snapshot)
    }

    /// A word: its stem in any field, and what it expands to.
    fn word(&mut self, word: &Word, scope: Scope) -> Result<Box<dyn Query>, CompileError> {
        let exact = self.exact || word.exact;
        let mut queries = vec![self.form(&word.text, exact, 1.0, scope)?];
        if let Some(joined) = joined(&word.text) {
            queries.push(self.form(&joined, exact, 1.0, scope)?);
        }
        if !exact {
            let vocabularies = self.vocabularies;
            let forms = vocabularies.expansions().of(&word.text);
            for (_, form) in &forms {
                queries.push(self.form(form, false, EXPANSION_WEIGHT, scope)?);
            }
            if !forms.is_empty() {
                let to = forms.iter().map(|(_, form)| (*form).to_owned()).collect();
                let expanded = ExpandedWord { from: word.text.clone(), to };
                if !self.expanded.contains(&expanded) {
                    self.expanded.push(expanded);
                }
            }
        }
        Ok(union(queries))
    }

    fn phrase(&mut self, text: &str, scope: Scope) -> Result<Box<dyn Query>, CompileError> {
        self.form(text, self.exact, 1.0, scope)
    }

    /// Words that stand one after the other, in any field of the scope.
    fn form(
        &mut self,
        text: &str,
        exact: bool,
        weight: f32,
        scope: Scope,
    ) -> Result<Box<dyn Query>, CompileError> {
        let tokens = plain(text, !exact);
        self.words += tokens.len();
        if self.words > MAX_WORDS {
            return Err(CompileError::TooLarge(MAX_WORDS));
        }
        let fields: Vec<(Field, f32)> = match scope.field {
            Some(field) => vec![(field, 1.0)],
            None => WEIGHTS.to_vec(),
        };
        let queries = fields.into_iter().map(|(field, worth)| {
            let query = sequence(text_field(self.snapshot, field), exact, &tokens);
            Box::new(BoostQuery::new(query, worth * weight)) as Box<dyn Query>
        });
        let query = union(queries.collect());
        let mark = Mark { tokens, exact, field: scope.field };
        if scope.marked && !self.marks.contains(&mark) {
            self.marks.push(mark);
        }
        Ok(query)
    }
}

/// The form without hyphen of a hyphenated word.
fn joined(word: &str) -> Option<String> {
    let parts: Vec<&str> = word.split(['-', '\u{2010}', '\u{2011}']).collect();
    let letters = |part: &&str| !part.is_empty() && part.chars().all(char::is_alphabetic);
    ((2..=3).contains(&parts.len()) && parts.iter().all(letters)).then(|| parts.concat())
}

fn text_field(snapshot: &Snapshot, field: Field) -> TextField {
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
fn sequence(field: TextField, exact: bool, tokens: &[String]) -> Box<dyn Query> {
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

fn union(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match (queries.len(), queries.pop()) {
        (1, Some(query)) => query,
        (_, Some(last)) => {
            queries.push(last);
            Box::new(BooleanQuery::union(queries))
        }
        (_, None) => Box::new(tantivy::query::EmptyQuery),
    }
}

/// A condition that does not change scores.
fn unscored(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

/// Every item of the index.
pub(super) fn every_item(snapshot: &Snapshot) -> Box<dyn Query> {
    unscored(term(snapshot.fields.kind, "item"))
}

/// The name of a ranged field's column.
pub(super) fn range_column(snapshot: &Snapshot, field: RangeField) -> &str {
    let fields = &snapshot.fields;
    snapshot.searcher.schema().get_field_name(match field {
        RangeField::Age => fields.age,
        RangeField::Decided => fields.decided,
        RangeField::Injured => fields.injured,
    })
}

/// A filter as a condition on matches.
pub(super) fn condition(snapshot: &Snapshot, condition: &Condition) -> Box<dyn Query> {
    let (include, exclude): (Vec<_>, Vec<_>) = match condition {
        Condition::Facet { facet, include, exclude } => {
            let term = |path: &String| term(snapshot.fields.facet, &facet_term(facet, path));
            (include.iter().map(term).collect(), exclude.iter().map(term).collect())
        }
        Condition::Range { field, include, exclude } => {
            let range = |(low, high): &(u64, u64)| range(snapshot, *field, *low, *high);
            (include.iter().map(range).collect(), exclude.iter().map(range).collect())
        }
    };
    let wanted = if include.is_empty() { every_item(snapshot) } else { union(include) };
    let mut clauses = vec![(Occur::Must, wanted)];
    clauses.extend(exclude.into_iter().map(|query| (Occur::MustNot, query)));
    unscored(Box::new(BooleanQuery::new(clauses)))
}

fn range(snapshot: &Snapshot, field: RangeField, low: u64, high: u64) -> Box<dyn Query> {
    let fields = &snapshot.fields;
    let field = match field {
        RangeField::Age => fields.age,
        RangeField::Decided => fields.decided,
        RangeField::Injured => fields.injured,
    };
    let term = |value| Bound::Included(Term::from_field_u64(field, value));
    Box::new(RangeQuery::new(term(low), term(high)))
}
