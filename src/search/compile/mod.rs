//! From a query's tree to what the index matches, what hits score by and what passages mark.

mod places;
mod scoring;
mod weight;

pub(super) use scoring::{FirstSight, Scoring};

use super::conditions::{condition, every_item};
use super::excluded::excluded;
use super::filter::conditions;
use super::forms::{Form, union};
use super::response::ExpandedWord;
use super::topic::{related, topics};
use super::values::Known;
use crate::index::Snapshot;
use crate::index::read::term;
use crate::index::schema::{Fields, facet_term};
use crate::index::term_docs::TermDocs;
use crate::query::{Field, Node, QueryError, Span, Word};
use crate::vocabulary::{is_hyphen, joined};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use tantivy::query::{BooleanQuery, Occur, Query};
use tantivy::{TantivyError, Term};

/// How much an expansion is worth beside the typed form.
const EXPANSION_WEIGHT: f32 = 0.7;

/// Of how many words of a query pairs are made.
const MAX_PAIRS: usize = 16;

/// How much a word counts that only makes a question of its query.
const OPTIONAL_WEIGHT: f32 = 0.1;

/// How much the words of a phrase count each by itself.
const PHRASE_WORD_WEIGHT: f32 = 0.5;

/// The most alternatives that one query may hold, expansions included.
const MAX_WORDS: usize = 1024;

/// A query made ready.
#[derive(Default)]
pub(super) struct Compiled {
    /// Parts that an item must hold in full matches.
    pub(super) required: Vec<Part>,
    /// Parts that an item must not hold.
    pub(super) excluded: Vec<Box<dyn Query>>,
    /// Parts that every match meets and that say nothing of relevance.
    pub(super) conditions: Vec<Box<dyn Query>>,
    /// What scores are the sum of.
    pub(super) leaves: Vec<Leaf>,
    /// Leaves of words that stand side by side, as places in `leaves`.
    pub(super) pairs: Vec<[usize; 2]>,
    /// Facet values that the words name.
    pub(super) topics: Vec<Topic>,
    /// What passages mark.
    pub(super) marks: Vec<Mark>,
    /// What was also searched.
    pub(super) expanded: Vec<ExpandedWord>,
    /// Phrases of the query with others that mean much the same, which are not searched.
    pub(super) related: Vec<ExpandedWord>,
    /// Words that only add to the score, as typed.
    pub(super) optional_words: Vec<String>,
    /// Words that hardly any item holds, with words that they may have been meant to be.
    pub(super) guesses: Vec<ExpandedWord>,
}

impl Compiled {
    /// Whether there are words to rank by.
    pub(super) fn ranks(&self) -> bool {
        !self.leaves.is_empty()
    }
}

/// A part of the outermost conjunction.
pub(super) struct Part {
    /// The words as typed.
    pub(super) words: String,
    pub(super) query: Box<dyn Query>,
    /// What it scores by at first sight.
    pub(super) scoring: Scoring,
    /// How much it tells: more the fewer items hold it, nothing if none does.
    pub(super) weight: f32,
    /// What stands in for it in items with most of the parts, where no item holds it: words that it
    /// may have been meant to be.
    pub(super) guess: Option<Guess>,
    /// What stands in for a share of it there: of a phrase, its words wherever they stand.
    pub(super) loosely: Option<Box<dyn Query>>,
}

/// Words that another may have been meant to be, and how much they tell.
pub(super) struct Guess {
    pub(super) query: Box<dyn Query>,
    pub(super) scoring: Scoring,
    pub(super) weight: f32,
}

/// A form in one part of items or in any: the smallest part of a score.
pub(super) struct Leaf {
    /// The form: as typed, or what it expands to.
    pub(super) text: String,
    pub(super) kind: LeafKind,
    /// The only part of items that it counts in.
    pub(super) field: Option<Field>,
    /// How many times as much it counts.
    pub(super) weight: f32,
    /// Whether items count more that hold more of the parts: not for words that only add.
    pub(super) covers: bool,
    /// The place of the first leaf of those that stand for one word: of these the best counts.
    pub(super) first: usize,
}

/// What a leaf is.
pub(super) enum LeafKind {
    /// Words at places. Its rarity is `None` where it stands for many words.
    Words { form: Form, rarity: Option<f32> },
    /// The identity of a letter or an item: whatever has the term.
    Identity(Term),
}

/// A facet value that words of the query name.
pub(super) struct Topic {
    /// The facet's name and the value's path.
    pub(super) text: String,
    pub(super) query: Box<dyn Query>,
    /// How much the words tell that name it.
    pub(super) weight: f32,
}

/// Words to mark in passages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Words that stand one after the other; of each, the forms as printed, in alphabetical order.
    pub(super) words: Vec<Vec<String>>,
    /// How many other words may stand between them.
    pub(super) slop: u32,
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
    made: Compiled,
    /// The required parts so far, written out.
    shapes: HashSet<String>,
    /// The words of the index that have a stem.
    stems: HashMap<String, Vec<String>>,
    /// In how many documents each term stands that was asked for.
    frequencies: RefCell<HashMap<Term, u64>>,
    words: usize,
    /// Patterns for which all words of the index were looked at.
    open_patterns: usize,
}

/// What finds a node, and what it scores by at first sight.
pub(super) struct Made {
    query: Box<dyn Query>,
    scoring: Scoring,
}

impl Made {
    fn unscored(query: Box<dyn Query>) -> Self {
        Self { query, scoring: Scoring::default() }
    }

    /// Any of several.
    fn any(made: Vec<Made>) -> Self {
        let (queries, scoring): (Vec<_>, Vec<_>) =
            made.into_iter().map(|made| (made.query, made.scoring)).unzip();
        Self { query: union(queries), scoring: Scoring::any(scoring) }
    }
}

/// Where a word is looked for.
#[derive(Clone, Copy)]
struct Scope {
    field: Option<Field>,
    /// Whether matches are to be marked: not inside NOT.
    marked: bool,
    /// Whether matches add to the score: not inside NOT.
    scored: bool,
    /// Whether items count more for holding it.
    covers: bool,
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
        let (made, shapes, stems) = (Compiled::default(), HashSet::new(), HashMap::new());
        let frequencies = RefCell::default();
        Self { known, exact, made, shapes, stems, frequencies, words: 0, open_patterns: 0 }
    }

    fn snapshot(&self) -> &'a Snapshot {
        self.known.snapshot
    }

    fn fields(&self) -> &'a Fields {
        &self.known.snapshot.fields
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
        let scope = Scope { field: None, marked: true, scored: true, covers: true, weight: 1.0 };
        let mut before = None;
        for node in nodes {
            let mut leaf = None;
            match node {
                Node::Not(inner) => {
                    let inner = self.node(inner, scope.negated())?;
                    self.made.excluded.push(excluded(inner.query));
                }
                node if node.is_condition() => {
                    let condition = self.standalone(node, scope)?;
                    self.made.conditions.push(condition.query);
                }
                node if words > 0 && self.is_optional(node) => self.optional(node, scope)?,
                node => leaf = self.require(node, scope)?,
            }
            if let (Some(before), Some(leaf)) = (before, leaf)
                && self.made.pairs.len() < MAX_PAIRS
            {
                self.made.pairs.push([before, leaf]);
            }
            before = leaf;
        }
        if !self.exact {
            self.topics(nodes)?;
        }
        let offered = related(nodes, self.known.vocabularies).into_iter();
        self.made.related = offered.map(|(from, to)| ExpandedWord { from, to }).collect();
        Ok(self.made)
    }

    /// Has items about what the query names rank before those that only speak of it.
    fn topics(&mut self, nodes: &[Node]) -> Result<(), Refused> {
        for ((facet, path), words) in topics(nodes, self.known.vocabularies) {
            let text = facet_term(&facet, &path);
            let query = term(self.fields().facet, &text);
            let words = nodes[words].iter().filter(|node| self.is_wanted(node));
            let weights: Result<Vec<f32>, _> = words.map(|node| self.weight(node)).collect();
            self.made.topics.push(Topic { text, query, weight: weights?.iter().sum() });
        }
        Ok(())
    }

    /// Adds a part that full matches hold; once, however often it was typed, since an item with
    /// most of the parts is to hold different ones. Returns the leaf of a single word.
    fn require(&mut self, node: &Node, scope: Scope) -> Result<Option<usize>, Refused> {
        let leaves = self.made.leaves.len();
        let Made { query, scoring } = self.node(node, scope)?;
        if !self.shapes.insert(format!("{query:?}")) {
            self.made.leaves.truncate(leaves);
            return Ok(None);
        }
        let weight = self.weight(node)?;
        let meant = self.meant(node)?;
        let guess = if weight > 0.0 { None } else { self.guess(&meant, scope)? };
        let loosely = self.loosely(node, scope)?;
        let words = node.to_string();
        self.made.required.push(Part { words, query, scoring, weight, guess, loosely });
        Ok(matches!(node, Node::Word(_)).then_some(leaves))
    }

    /// The words of a phrase, which add a little also where they stand apart.
    fn loosely(&mut self, node: &Node, scope: Scope) -> Result<Option<Box<dyn Query>>, Refused> {
        let Node::Phrase(phrase) = node else { return Ok(None) };
        let weight = scope.weight * PHRASE_WORD_WEIGHT;
        let scope = Scope { marked: false, covers: false, weight, ..scope };
        let mut words = Vec::new();
        for word in phrase.words().filter(|(_, pattern)| !pattern).map(|(word, _)| word) {
            words.push(self.form(word, self.exact || phrase.exact, 1.0, scope)?.query);
        }
        let apart = words.len() > 1;
        Ok(apart.then(|| -> Box<dyn Query> { Box::new(BooleanQuery::intersection(words)) }))
    }

    /// A word that only makes a question of the words beside it: it adds a little to the score.
    fn optional(&mut self, node: &Node, scope: Scope) -> Result<(), Refused> {
        let weight = scope.weight * OPTIONAL_WEIGHT;
        self.node(node, Scope { marked: false, covers: false, weight, ..scope })?;
        let word = node.to_string();
        if !self.made.optional_words.contains(&word) {
            self.made.optional_words.push(word);
        }
        Ok(())
    }

    fn is_optional(&self, node: &Node) -> bool {
        let expansions = self.known.vocabularies.expansions();
        match node {
            Node::Word(word) => !self.exact && !word.exact && expansions.is_optional(&word.text),
            _ => false,
        }
    }

    /// Whether a part of a conjunction says what is looked for.
    fn is_wanted(&self, node: &Node) -> bool {
        !matches!(node, Node::Not(_)) && !node.is_condition() && !self.is_optional(node)
    }

    fn node(&mut self, node: &Node, scope: Scope) -> Result<Made, Refused> {
        match node {
            Node::Word(word) => self.word(word, scope),
            Node::Pattern(_) | Node::Fuzzy { .. } | Node::Near { .. } => {
                let form = self.placed(node, scope)?;
                Ok(self.leaf(node.to_string(), form, 1.0, scope))
            }
            Node::Phrase(phrase) => {
                let forms = self.phrases(phrase, scope)?;
                let forms = forms.into_iter().map(|form| (node.to_string(), form, 1.0));
                Ok(self.one_of(forms.collect(), &phrase.text, scope))
            }
            Node::Boost(node, weight) => {
                self.node(node, Scope { weight: scope.weight * weight, ..scope })
            }
            Node::All(nodes) => self.all(nodes, scope),
            Node::Any(nodes) => {
                let made: Result<Vec<_>, _> =
                    nodes.iter().map(|node| self.standalone(node, scope)).collect();
                Ok(Made::any(made?))
            }
            Node::Not(_) => self.standalone(node, scope),
            Node::In(field, node) => self.node(node, Scope { field: Some(*field), ..scope }),
            Node::Facet { facet, value, span } => {
                Ok(Made::unscored(self.value(facet, value, span)?))
            }
            Node::FacetOrWords { words, .. } => self.node(words, scope),
        }
    }

    fn all(&mut self, nodes: &[Node], scope: Scope) -> Result<Made, Refused> {
        let (mut clauses, mut scorings) = (Vec::new(), Vec::new());
        let says_more = nodes.iter().any(|node| self.is_wanted(node));
        for node in nodes {
            match node {
                Node::Not(inner) => {
                    let inner = self.node(inner, scope.negated())?;
                    clauses.push((Occur::MustNot, excluded(inner.query)));
                }
                node if says_more && scope.scored && self.is_optional(node) => {
                    self.optional(node, scope)?;
                }
                node => {
                    let made = self.node(node, scope)?;
                    clauses.push((Occur::Must, made.query));
                    scorings.push(made.scoring);
                }
            }
        }
        if scorings.is_empty() {
            clauses.push((Occur::Must, every_item(self.snapshot())));
        }
        let query = Box::new(BooleanQuery::new(clauses));
        Ok(Made { query, scoring: Scoring::all(scorings) })
    }

    /// A node that may be a negation by itself.
    fn standalone(&mut self, node: &Node, scope: Scope) -> Result<Made, Refused> {
        match node {
            Node::Not(_) => self.all(std::slice::from_ref(node), scope),
            node => self.node(node, scope),
        }
    }

    /// A value of a facet, or a range.
    fn value(&self, name: &str, value: &str, span: &Span) -> Result<Box<dyn Query>, Refused> {
        if self.known.vocabularies.facet(name).is_some() {
            return Ok(term(self.fields().facet, &facet_term(name, value)));
        }
        let read = conditions(&[(name.to_owned(), value.to_owned())], self.known);
        let read = read.map_err(|error| {
            let (message, hint) = (error.to_string(), error.hint());
            Refused::Word(QueryError { message, hint, span: span.clone() })
        })?;
        Ok(union(read.iter().map(|read| condition(self.snapshot(), read)).collect()))
    }

    /// A word: its stem in any part, and what it expands to.
    fn word(&mut self, word: &Word, scope: Scope) -> Result<Made, Refused> {
        let exact = self.exact || word.exact;
        let mut texts = vec![(word.text.clone(), exact, 1.0)];
        texts.extend(joined(&word.text).map(|joined| (joined, exact, 1.0)));
        if !exact {
            let expansions = self.expansions(&word.text, scope).into_iter();
            texts.extend(expansions.map(|text| (text.to_owned(), false, EXPANSION_WEIGHT)));
        }
        let mut forms = Vec::new();
        for (text, exact, worth) in texts {
            let form = self.sequence(&text, exact, 0, scope)?;
            forms.push((text, form, worth));
        }
        Ok(self.one_of(forms, &word.text, scope))
    }

    /// What was typed in any of some forms, each with what it is worth; the best of them counts. It may be an identity, too.
    fn one_of(&mut self, all: Vec<(String, Form, f32)>, typed: &str, scope: Scope) -> Made {
        let first = self.made.leaves.len();
        let (mut forms, mut made) = (Vec::new(), Vec::new());
        for (text, form, worth) in all {
            let mut one = self.leaf(text, form.clone(), worth, scope);
            if form.is_phrase() && !made.is_empty() {
                one.scoring = one.scoring.rarest(|term| self.frequency(term).unwrap_or(0));
            }
            made.push(one);
            forms.push(form);
        }
        self.made.leaves[first..].iter_mut().for_each(|leaf| leaf.first = first);
        let mut made = Made::any(made);
        if forms.len() > 1 && forms.iter().any(Form::is_phrase) {
            // As one query, places are compared only where all else holds.
            made.query = Form::Any(forms).query(self.fields(), scope.field);
        }
        if let Some(identity) = self.identity(typed, scope) {
            made.query = union(vec![made.query, identity]);
        }
        made
    }

    /// The items of the letter, or the item, that a word is the identity of.
    fn identity(&mut self, word: &str, scope: Scope) -> Option<Box<dyn Query>> {
        let name = self.name(word).filter(|_| scope.field.is_none())?;
        self.push_leaf(word.to_owned(), LeafKind::Identity(name.clone()), 1.0, scope);
        let named = Box::new(TermDocs::new(name)) as Box<dyn Query>;
        let items = vec![named, term(self.fields().kind, "item")];
        Some(Box::new(BooleanQuery::intersection(items)))
    }

    /// The identity of a letter or an item that a word is, as the index has it.
    fn name(&self, word: &str) -> Option<Term> {
        if word.contains(' ') || !word.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let word = word.replace(is_hyphen, "-");
        let ids = [word.to_uppercase(), word];
        let fields = [self.fields().letter, self.fields().item].into_iter();
        let mut names = fields.flat_map(|field| {
            let ids = ids.iter().rev();
            ids.map(move |id| Term::from_field_text(field, id))
        });
        names.find(|name| self.frequency(name).is_ok_and(|documents| documents > 0))
    }

    /// What a word is also searched as, noted for the reader.
    fn expansions(&mut self, word: &str, scope: Scope) -> Vec<&'a str> {
        let forms = self.known.vocabularies.expansions().of(word);
        if scope.marked {
            self.note(word, forms.iter().map(|form| (*form).to_owned()).collect());
        }
        forms
    }

    fn note(&mut self, from: &str, to: Vec<String>) {
        let expanded = ExpandedWord { from: from.to_owned(), to };
        if !expanded.to.is_empty() && !self.made.expanded.contains(&expanded) {
            self.made.expanded.push(expanded);
        }
    }

    /// Words one after the other.
    fn form(&mut self, text: &str, exact: bool, worth: f32, scope: Scope) -> Result<Made, Refused> {
        let form = self.sequence(text, exact, 0, scope)?;
        Ok(self.leaf(text.to_owned(), form, worth, scope))
    }

    /// A form where the scope looks, with the leaf that scores it.
    fn leaf(&mut self, text: String, form: Form, worth: f32, scope: Scope) -> Made {
        let query = form.query(self.fields(), scope.field);
        let scoring = self.scoring(&form, worth * scope.weight);
        let rarity = self.rarity_of(&form);
        self.push_leaf(text, LeafKind::Words { form, rarity }, worth, scope);
        Made { query, scoring }
    }

    fn push_leaf(&mut self, text: String, kind: LeafKind, worth: f32, scope: Scope) {
        if scope.scored {
            let Scope { field, covers, weight, .. } = scope;
            let weight = weight * worth;
            let first = self.made.leaves.len();
            self.made.leaves.push(Leaf { text, kind, field, weight, covers, first });
        }
    }
}
