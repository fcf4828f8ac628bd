//! From a query's tree to what the index matches and what passages mark.

mod places;
mod weight;

use super::conditions::{condition, every_item, unscored};
use super::excluded::excluded;
use super::filter::conditions;
use super::forms::{Form, joined, text_field, union};
use super::response::ExpandedWord;
use super::topic::{related, topics};
use super::values::Known;
use crate::index::Snapshot;
use crate::index::analyzer::plain;
use crate::index::read::term;
use crate::index::schema::facet_term;
use crate::query::{Field, Node, QueryError, Span, Word};
use std::collections::HashSet;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query};
use tantivy::{TantivyError, Term};

/// How much a match in a field is worth: the request most, the summary least, for it names every
/// complaint.
const WEIGHTS: [(Field, f32); 4] = [
    (Field::Title, 1.75),
    (Field::Rationale, 1.0),
    (Field::Guideline, 0.5),
    (Field::Summary, 0.15),
];

/// How much an expansion is worth beside the typed form.
const EXPANSION_WEIGHT: f32 = 0.7;

/// How near words of a pair must stand, and of how many words of a query pairs are made.
const PAIR_DISTANCE: u32 = 2;
const MAX_PAIRS: usize = 16;

/// What being about something that the query names is worth: about what a rare word is.
const TOPIC_WEIGHT: f32 = 3.5;

/// How much a word counts that only makes a question of its query.
const OPTIONAL_WEIGHT: f32 = 0.1;

/// What a letter's identity is worth: more than any word.
const IDENTITY_WEIGHT: f32 = 100.0;

/// The most alternatives that one query may hold, expansions included.
const MAX_WORDS: usize = 1024;

/// A query made ready.
#[derive(Default)]
pub(super) struct Compiled {
    /// Parts that an item must hold in full matches.
    pub(super) required: Vec<Part>,
    /// Parts that only add to the score.
    pub(super) optional: Vec<Box<dyn Query>>,
    /// Parts that an item must not hold.
    pub(super) excluded: Vec<Box<dyn Query>>,
    /// Pairs of words that stand side by side, found near each other.
    pub(super) pairs: Vec<Box<dyn Query>>,
    /// Parts that every match meets and that say nothing of relevance.
    pub(super) conditions: Vec<Box<dyn Query>>,
    /// What passages mark.
    pub(super) marks: Vec<Mark>,
    /// What was also searched.
    pub(super) expanded: Vec<ExpandedWord>,
    /// Phrases of the query with others that mean much the same, which are not searched.
    pub(super) related: Vec<ExpandedWord>,
    /// Words that only add to the score, as typed.
    pub(super) optional_words: Vec<String>,
    /// What scores are the sum of.
    pub(super) leaves: Vec<Leaf>,
    /// Words that hardly any item holds, with words that they may have been meant to be.
    pub(super) guesses: Vec<ExpandedWord>,
}

/// A part of the outermost conjunction.
pub(super) struct Part {
    /// The words as typed.
    pub(super) words: String,
    pub(super) query: Box<dyn Query>,
    /// How much it tells: more the fewer items hold it, nothing if none does.
    pub(super) weight: f32,
    /// What stands in for it in items with most of the parts, where no item holds it: words that it
    /// may have been meant to be.
    pub(super) guess: Option<Guess>,
}

/// Words that another may have been meant to be, and how much they tell.
pub(super) type Guess = (Box<dyn Query>, f32);

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
    /// Tokens that stand one after the other; of each, the forms in alphabetical order.
    pub(super) tokens: Vec<Vec<String>>,
    /// How many other words may stand between them.
    pub(super) slop: u32,
    /// Whether they are words as printed and not stems.
    pub(super) exact: bool,
    /// The only field that they count in.
    pub(super) field: Option<Field>,
}

/// Why a query cannot be made ready.
pub(super) enum Refused {
    /// It holds more words than this.
    TooLarge(usize),
    /// A word of it stands for too many.
    Word(QueryError),
    Index(TantivyError),
}

impl From<TantivyError> for Refused {
    fn from(error: TantivyError) -> Self {
        Refused::Index(error)
    }
}

pub(super) struct Compiler<'a> {
    known: Known<'a>,
    exact: bool,
    marks: Vec<Mark>,
    expanded: Vec<ExpandedWord>,
    leaves: Vec<Leaf>,
    guesses: Vec<ExpandedWord>,
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
    /// How many times as much they count.
    weight: f32,
}

impl Scope {
    fn negated(self) -> Self {
        Self { marked: false, scored: false, ..self }
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn new(known: Known<'a>, exact: bool) -> Self {
        let (marks, expanded, leaves) = (Vec::new(), Vec::new(), Vec::new());
        let shapes = HashSet::new();
        Self { known, exact, marks, expanded, leaves, guesses: Vec::new(), shapes, words: 0 }
    }

    fn snapshot(&self) -> &'a Snapshot {
        self.known.snapshot
    }

    /// Makes a resolved tree ready. The parts of its outermost conjunction stay apart, so that
    /// items with most of them can be found.
    pub(super) fn compile(mut self, root: Option<&Node>) -> Result<Compiled, Refused> {
        let nodes = match root {
            None => &[],
            Some(Node::All(nodes)) => nodes.as_slice(),
            Some(node) => std::slice::from_ref(node),
        };
        let words = nodes.iter().filter(|node| self.is_wanted(node)).count();
        let scope = Scope { field: None, marked: true, scored: true, weight: 1.0 };
        let mut compiled = Compiled::default();
        for node in nodes {
            match node {
                Node::Not(inner) => {
                    compiled.excluded.push(excluded(self.node(inner, scope.negated())?));
                }
                Node::Facet { .. } => compiled.conditions.push(self.node(node, scope)?),
                Node::Word(word) if words > 0 && self.is_optional(word) => {
                    let scope = Scope { marked: false, ..scope };
                    let scope = Scope { weight: OPTIONAL_WEIGHT, ..scope };
                    compiled.optional.push(self.word(word, scope)?);
                    compiled.optional_words.push(word.text.clone());
                }
                node => self.require(node, scope, &mut compiled.required)?,
            }
        }
        if !self.exact {
            self.topics(nodes, &mut compiled);
        }
        compiled.pairs = self.pairs(nodes);
        let offered = related(nodes, self.known.vocabularies).into_iter();
        compiled.related = offered.map(|(from, to)| ExpandedWord { from, to }).collect();
        compiled.marks = self.marks;
        compiled.expanded = self.expanded;
        compiled.leaves = self.leaves;
        compiled.guesses = self.guesses;
        Ok(compiled)
    }

    /// Words that stand side by side, to be found near each other in title or rationale.
    fn pairs(&self, nodes: &[Node]) -> Vec<Box<dyn Query>> {
        let word = |node: &Node| match node {
            Node::Word(word) if !self.is_optional(word) => {
                let exact = self.exact || word.exact;
                let words = plain(&word.text, !exact).into_iter().map(|token| vec![token]);
                let form = |words| Form::Words { words, exact };
                Some(Form::Sequence(words.map(form).collect(), 0))
            }
            _ => None,
        };
        let words: Vec<Option<Form>> = nodes.iter().map(word).take(MAX_PAIRS + 1).collect();
        let mut pairs = Vec::new();
        for pair in words.windows(2) {
            let [Some(first), Some(second)] = pair else { continue };
            let near = Form::Near(Box::new([first.clone(), second.clone()]), PAIR_DISTANCE, false);
            for field in [Field::Title, Field::Rationale] {
                pairs.push(near.query(text_field(self.snapshot(), field)));
            }
        }
        pairs
    }

    /// Has items about what the query names rank before those that only speak of it.
    fn topics(&mut self, nodes: &[Node], compiled: &mut Compiled) {
        for (facet, path) in topics(nodes, self.known.vocabularies) {
            let text = facet_term(&facet, &path);
            let named = term(self.snapshot().fields.facet, &text);
            let query: Box<dyn Query> = Box::new(ConstScoreQuery::new(named, TOPIC_WEIGHT));
            self.leaves.push(Leaf { text, field: "facet", query: query.box_clone() });
            compiled.optional.push(query);
        }
    }

    /// Adds a part that full matches hold; once, however often it was typed, since an item with
    /// most of the parts is to hold different ones.
    fn require(
        &mut self,
        node: &Node,
        scope: Scope,
        required: &mut Vec<Part>,
    ) -> Result<(), Refused> {
        let leaves = self.leaves.len();
        let query = self.node(node, scope)?;
        if self.shapes.insert(format!("{query:?}")) {
            let weight = self.weight(node, scope)?;
            let guess = self.guess(node, scope)?.filter(|_| weight == 0.0);
            required.push(Part { words: node.to_string(), query, weight, guess });
        } else {
            self.leaves.truncate(leaves);
        }
        Ok(())
    }

    fn is_optional(&self, word: &Word) -> bool {
        !self.exact && !word.exact && self.known.vocabularies.expansions().is_optional(&word.text)
    }

    /// Whether a part of the outermost conjunction says what is looked for.
    fn is_wanted(&self, node: &Node) -> bool {
        match node {
            Node::Word(word) => !self.is_optional(word),
            Node::Not(_) | Node::Facet { .. } => false,
            _ => true,
        }
    }

    fn node(&mut self, node: &Node, scope: Scope) -> Result<Box<dyn Query>, Refused> {
        match node {
            Node::Word(word) => self.word(word, scope),
            Node::Pattern(_) | Node::Fuzzy { .. } | Node::Phrase(_) | Node::Near { .. } => {
                let form = self.placed(node, scope)?;
                Ok(self.in_fields(&node.to_string(), &form, 1.0, scope))
            }
            Node::Boost(node, weight) => {
                self.node(node, Scope { weight: scope.weight * weight, ..scope })
            }
            Node::All(nodes) => self.all(nodes, scope),
            Node::Any(nodes) => {
                let queries: Result<Vec<_>, _> =
                    nodes.iter().map(|node| self.standalone(node, scope)).collect();
                Ok(Box::new(BooleanQuery::union(queries?)))
            }
            Node::Not(_) => self.standalone(node, scope),
            Node::In(field, node) => self.node(node, Scope { field: Some(*field), ..scope }),
            Node::Facet { facet, value, span } => self.value(facet, value, span),
            Node::FacetOrWords { words, .. } => self.node(words, scope),
        }
    }

    fn all(&mut self, nodes: &[Node], scope: Scope) -> Result<Box<dyn Query>, Refused> {
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
    fn standalone(&mut self, node: &Node, scope: Scope) -> Result<Box<dyn Query>, Refused> {
        match node {
            Node::Not(_) => self.all(std::slice::from_ref(node), scope),
            node => self.node(node, scope),
        }
    }

    fn every_item(&self) -> Box<dyn Query> {
        every_item(self.snapshot())
    }

    /// A value of a facet, or a range.
    fn value(&self, name: &str, value: &str, span: &Span) -> Result<Box<dyn Query>, Refused> {
        if self.known.vocabularies.facet(name).is_some() {
            return Ok(unscored(term(self.snapshot().fields.facet, &facet_term(name, value))));
        }
        let read = conditions(&[(name.to_owned(), value.to_owned())], self.known);
        let read = read.map_err(|error| {
            let (message, hint) = (error.to_string(), error.hint());
            Refused::Word(QueryError { message, hint, span: span.clone() })
        })?;
        Ok(union(read.iter().map(|read| condition(self.snapshot(), read)).collect()))
    }

    /// A word: its stem in any field, and what it expands to.
    fn word(&mut self, word: &Word, scope: Scope) -> Result<Box<dyn Query>, Refused> {
        let exact = self.exact || word.exact;
        let mut queries = vec![self.form(&word.text, exact, 1.0, scope)?];
        if let Some(joined) = joined(&word.text) {
            queries.push(self.form(&joined, exact, 1.0, scope)?);
        }
        if !exact {
            for form in self.expansions(&word.text) {
                queries.push(self.form(form, false, EXPANSION_WEIGHT, scope)?);
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
        let fields = &self.snapshot().fields;
        for (field, name) in [(fields.letter, "letter"), (fields.item, "item")] {
            for id in [word.to_owned(), word.to_uppercase()] {
                let known = self.snapshot().searcher.doc_freq(&Term::from_field_text(field, &id));
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

    /// What a word is also searched as, noted for the reader.
    fn expansions(&mut self, word: &str) -> Vec<&'a str> {
        let forms = self.known.vocabularies.expansions().of(word);
        self.note(word, forms.iter().map(|form| (*form).to_owned()).collect());
        forms
    }

    fn note(&mut self, from: &str, to: Vec<String>) {
        let expanded = ExpandedWord { from: from.to_owned(), to };
        if !expanded.to.is_empty() && !self.expanded.contains(&expanded) {
            self.expanded.push(expanded);
        }
    }

    fn sequence(
        &mut self,
        text: &str,
        exact: bool,
        slop: u32,
        scope: Scope,
    ) -> Result<Form, Refused> {
        let tokens = plain(text, !exact);
        self.forms(tokens.into_iter().map(|token| vec![token]).collect(), exact, slop, scope)
    }

    /// Words one after the other, each in any of its forms; what passages mark.
    fn forms(
        &mut self,
        tokens: Vec<Vec<String>>,
        exact: bool,
        slop: u32,
        scope: Scope,
    ) -> Result<Form, Refused> {
        let words = tokens.iter().map(|words| Form::Words { words: words.clone(), exact });
        let form = Form::Sequence(words.collect(), slop);
        self.words += if exact { tokens.len() } else { form.len() };
        if self.words > MAX_WORDS {
            return Err(Refused::TooLarge(MAX_WORDS));
        }
        let mark = Mark { tokens, slop, exact, field: scope.field };
        if scope.marked && !self.marks.contains(&mark) {
            self.marks.push(mark);
        }
        Ok(form)
    }

    /// Words one after the other, in any field of the scope.
    fn form(
        &mut self,
        text: &str,
        exact: bool,
        worth: f32,
        scope: Scope,
    ) -> Result<Box<dyn Query>, Refused> {
        let form = self.sequence(text, exact, 0, scope)?;
        Ok(self.in_fields(text, &form, worth, scope))
    }

    /// A form in any field of the scope.
    fn in_fields(&mut self, text: &str, form: &Form, worth: f32, scope: Scope) -> Box<dyn Query> {
        let mut queries = Vec::new();
        let fields = scoped(scope);
        let rarity: Vec<f32> =
            fields.iter().map(|(field, _)| self.rarity_in(form, *field)).collect();
        let shared = rarity.iter().copied().fold(f32::MAX, f32::min);
        for ((field, weight), own) in fields.into_iter().zip(rarity) {
            let query = form.query(text_field(self.snapshot(), field));
            // A word that is rare in short fields only is not a rare word.
            let weight = weight * worth * scope.weight * shared / own;
            let query = BoostQuery::new(query, weight);
            let query: Box<dyn Query> = Box::new(query);
            self.leaf(text, field.as_str(), &*query, scope);
            queries.push(query);
        }
        union(queries)
    }
}

/// The fields of a scope with what a match in each is worth.
fn scoped(scope: Scope) -> Vec<(Field, f32)> {
    scope.field.map_or_else(|| WEIGHTS.to_vec(), |field| vec![(field, 1.0)])
}
