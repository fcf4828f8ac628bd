//! From a query's tree to what the index matches and what passages mark.

use super::conditions::{every_item, unscored};
use super::excluded::excluded;
use super::forms::{joined, sequence, text_field, union};
use super::response::ExpandedWord;
use crate::index::Snapshot;
use crate::index::analyzer::plain;
use crate::index::read::term;
use crate::index::schema::facet_term;
use crate::query::{Field, Node, Word};
use crate::vocabulary::Vocabularies;
use std::collections::HashSet;
use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query};

/// How much a match in a field is worth: the request most, the summary least, for it names every
/// complaint.
const WEIGHTS: [(Field, f32); 4] =
    [(Field::Title, 3.0), (Field::Rationale, 1.0), (Field::Guideline, 0.4), (Field::Summary, 0.15)];

/// How much an expansion is worth beside the typed form.
const EXPANSION_WEIGHT: f32 = 0.7;

/// What a letter's identity is worth: more than any word.
const IDENTITY_WEIGHT: f32 = 100.0;

/// The most alternatives that one query may hold, expansions included.
const MAX_WORDS: usize = 1024;

/// A query made ready.
#[derive(Default)]
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
    /// Words that only add to the score, as typed.
    pub(super) optional_words: Vec<String>,
    /// What scores are the sum of.
    pub(super) leaves: Vec<Leaf>,
}

/// A form in one field: the smallest part of a score.
pub(super) struct Leaf {
    /// The form: as typed, or what it expands to.
    pub(super) text: String,
    /// Name of the field.
    pub(super) field: &'static str,
    pub(super) query: Box<dyn Query>,
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

/// The query holds more words than this.
pub(super) struct TooLarge(pub(super) usize);

pub(super) struct Compiler<'a> {
    snapshot: &'a Snapshot,
    vocabularies: &'a Vocabularies,
    exact: bool,
    marks: Vec<Mark>,
    expanded: Vec<ExpandedWord>,
    leaves: Vec<Leaf>,
    /// The required parts so far, written out.
    shapes: HashSet<String>,
    words: usize,
}

/// Where a word is looked for.
#[derive(Clone, Copy)]
struct Scope {
    field: Option<Field>,
    /// Whether matches are to be marked: not inside NOT.
    marked: bool,
    /// Whether matches add to the score: not inside NOT.
    scored: bool,
}

impl Scope {
    fn negated(self) -> Self {
        Self { marked: false, scored: false, ..self }
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, vocabularies: &'a Vocabularies, exact: bool) -> Self {
        let (marks, expanded, leaves) = (Vec::new(), Vec::new(), Vec::new());
        let shapes = HashSet::new();
        Self { snapshot, vocabularies, exact, marks, expanded, leaves, shapes, words: 0 }
    }

    /// Makes a resolved tree ready. The parts of its outermost conjunction stay apart, so that
    /// items with most of them can be found.
    pub(super) fn compile(mut self, root: Option<&Node>) -> Result<Compiled, TooLarge> {
        let nodes = match root {
            None => &[],
            Some(Node::All(nodes)) => nodes.as_slice(),
            Some(node) => std::slice::from_ref(node),
        };
        let words = nodes.iter().filter(|node| self.is_wanted(node)).count();
        let scope = Scope { field: None, marked: true, scored: true };
        let mut compiled = Compiled::default();
        for node in nodes {
            match node {
                Node::Not(inner) => {
                    compiled.excluded.push(excluded(self.node(inner, scope.negated())?));
                }
                Node::Facet { .. } => compiled.conditions.push(self.node(node, scope)?),
                Node::Word(word) if words > 0 && self.is_optional(word) => {
                    let scope = Scope { marked: false, ..scope };
                    compiled.optional.push(self.word(word, scope)?);
                    compiled.optional_words.push(word.text.clone());
                }
                node => self.require(node, scope, &mut compiled.required)?,
            }
        }
        compiled.marks = self.marks;
        compiled.expanded = self.expanded;
        compiled.leaves = self.leaves;
        Ok(compiled)
    }

    /// Adds a part that full matches hold; once, however often it was typed, since an item with
    /// most of the parts is to hold different ones.
    fn require(
        &mut self,
        node: &Node,
        scope: Scope,
        required: &mut Vec<(String, Box<dyn Query>)>,
    ) -> Result<(), TooLarge> {
        let leaves = self.leaves.len();
        let query = self.node(node, scope)?;
        if self.shapes.insert(format!("{query:?}")) {
            required.push((node.to_string(), query));
        } else {
            self.leaves.truncate(leaves);
        }
        Ok(())
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

    fn node(&mut self, node: &Node, scope: Scope) -> Result<Box<dyn Query>, TooLarge> {
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
            Node::Facet { facet, value, .. } => {
                Ok(unscored(term(self.snapshot.fields.facet, &facet_term(facet, value))))
            }
            Node::FacetOrWords { words, .. } => self.node(words, scope),
        }
    }

    fn all(&mut self, nodes: &[Node], scope: Scope) -> Result<Box<dyn Query>, TooLarge> {
        let mut clauses = Vec::new();
        for node in nodes {
            clauses.push(match node {
                Node::Not(inner) => (Occur::MustNot, excluded(self.node(inner, scope.negated())?)),
                node => (Occur::Must, self.node(node, scope)?),
            });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, self.every_item()));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// A node that may be a negation by itself.
    fn standalone(&mut self, node: &Node, scope: Scope) -> Result<Box<dyn Query>, TooLarge> {
        match node {
            Node::Not(_) => self.all(std::slice::from_ref(node), scope),
            node => self.node(node, scope),
        }
    }

    fn every_item(&self) -> Box<dyn Query> {
        every_item(self.snapshot)
    }

    /// A word: its stem in any field, and what it expands to.
    fn word(&mut self, word: &Word, scope: Scope) -> Result<Box<dyn Query>, TooLarge> {
        let exact = self.exact || word.exact;
        let mut queries = vec![self.form(&word.text, exact, 1.0, scope)?];
        if let Some(joined) = joined(&word.text) {
            queries.push(self.form(&joined, exact, 1.0, scope)?);
        }
        if !exact {
            let vocabularies = self.vocabularies;
            let forms = vocabularies.expansions().of(&word.text);
            for form in &forms {
                queries.push(self.form(form, false, EXPANSION_WEIGHT, scope)?);
            }
            if !forms.is_empty() {
                let to = forms.iter().map(|form| (*form).to_owned()).collect();
                let expanded = ExpandedWord { from: word.text.clone(), to };
                if !self.expanded.contains(&expanded) {
                    self.expanded.push(expanded);
                }
            }
        }
        queries.extend(self.identity(&word.text, scope));
        Ok(union(queries))
    }

    /// The items of the letter, or the item, that a word is the identity of.
    fn identity(&mut self, word: &str, scope: Scope) -> Option<Box<dyn Query>> {
        if scope.field.is_some() || !word.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let fields = &self.snapshot.fields;
        for (field, name) in [(fields.letter, "letter"), (fields.item, "item")] {
            for id in [word.to_owned(), word.to_uppercase()] {
                let known = self.snapshot.searcher.doc_freq(&Term::from_field_text(field, &id));
                if known.is_ok_and(|documents| documents > 0) {
                    let items = vec![term(field, &id), term(fields.kind, "item")];
                    let items = Box::new(BooleanQuery::intersection(items));
                    let query = Box::new(ConstScoreQuery::new(items, IDENTITY_WEIGHT));
                    self.leaf(word, name, &*query, scope);
                    return Some(query);
                }
            }
        }
        None
    }

    fn leaf(&mut self, text: &str, field: &'static str, query: &dyn Query, scope: Scope) {
        if scope.scored {
            self.leaves.push(Leaf { text: text.to_owned(), field, query: query.box_clone() });
        }
    }

    fn phrase(&mut self, text: &str, scope: Scope) -> Result<Box<dyn Query>, TooLarge> {
        self.form(text, self.exact, 1.0, scope)
    }

    /// Words that stand one after the other, in any field of the scope.
    fn form(
        &mut self,
        text: &str,
        exact: bool,
        weight: f32,
        scope: Scope,
    ) -> Result<Box<dyn Query>, TooLarge> {
        let tokens = plain(text, !exact);
        self.words += tokens.len();
        if self.words > MAX_WORDS {
            return Err(TooLarge(MAX_WORDS));
        }
        let fields: Vec<(Field, f32)> = match scope.field {
            Some(field) => vec![(field, 1.0)],
            None => WEIGHTS.to_vec(),
        };
        let mut queries = Vec::with_capacity(fields.len());
        for (field, worth) in fields {
            let query = sequence(text_field(self.snapshot, field), exact, &tokens);
            let query: Box<dyn Query> = Box::new(BoostQuery::new(query, worth * weight));
            self.leaf(text, field.as_str(), &*query, scope);
            queries.push(query);
        }
        let query = union(queries);
        let mark = Mark { tokens, exact, field: scope.field };
        if scope.marked && !self.marks.contains(&mark) {
            self.marks.push(mark);
        }
        Ok(query)
    }
}
