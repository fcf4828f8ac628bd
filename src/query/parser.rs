//! Reads tokens into a syntax tree.
//!
//! Words side by side must all be there; `OR` binds weaker than that, `NOT` and `-` stronger, `NEAR`
//! stronger still, marks right after a word (`~1`, `^2`) strongest.

use super::error::QueryError;
use super::lexer::{Token, cut};
use super::refuse::refuse_unknown_operator;
use super::syntax::{Field, Node, Query, Span};
use super::word;
use crate::vocabulary::names;

/// The longest query that is read, in bytes.
pub const MAX_LENGTH: usize = 64 << 10;

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 100;

/// The most typing slips that are seen through at once.
const MAX_SLIPS: u32 = 2;

/// The most words that may stand between the words of a phrase.
const MAX_SLOP: u32 = 100;

/// Reads a query; `facets` are the names that a facet value may follow.
///
/// # Errors
/// With the place of the first thing that cannot be read.
pub fn parse(query: &str, facets: &[&str]) -> Result<Query, QueryError> {
    if query.len() > MAX_LENGTH {
        let message = format!("the query is longer than {} KiB", MAX_LENGTH >> 10);
        return Err(
            QueryError::new(message, 0..query.ceil_char_boundary(1)).hint("search for fewer words")
        );
    }
    let is_name = |name: &str| {
        let name = name.to_ascii_lowercase();
        Field::named(&name).is_some() || facet_named(&name, facets).is_some()
    };
    let tokens = cut(query, &is_name)?;
    let end = query.len();
    let mut parser =
        Parser { tokens: &tokens, at: 0, end, facets, ignored: Vec::new(), depth: 0, name: None };
    let root = parser.any()?;
    if let Some((_, span)) = parser.tokens.get(parser.at) {
        return Err(QueryError::new("this bracket closes nothing", span.clone())
            .hint("remove it, or open one before"));
    }
    Ok(Query { root, ignored: parser.ignored })
}

struct Parser<'t, 'q> {
    tokens: &'t [(Token<'q>, Span)],
    at: usize,
    end: usize,
    facets: &'t [&'t str],
    ignored: Vec<String>,
    depth: usize,
    /// The name that what is read stands after.
    name: Option<Name<'t>>,
}

/// What a name before a colon names; one may be that of a field and of a facet.
#[derive(Clone, Copy)]
struct Name<'t> {
    field: Option<Field>,
    facet: Option<&'t str>,
}

/// What may follow an operator that asks for it.
const OPERAND: &str = "a word, a \"phrase\" or a group in brackets";

impl<'t, 'q> Parser<'t, 'q> {
    fn peek(&self) -> Option<&Token<'q>> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// The span of the token last taken.
    fn last_span(&self) -> Span {
        self.at.checked_sub(1).map_or(0..0, |last| self.tokens[last].1.clone())
    }

    /// Alternatives; `None` where nothing was typed.
    fn any(&mut self) -> Result<Option<Node>, QueryError> {
        let mut nodes = Vec::new();
        let mut operator: Option<Span> = None;
        loop {
            let before = self.at;
            match (self.all()?, &operator) {
                (Some(node), _) => nodes.push(node),
                (None, Some(span)) => return Err(self.lacks_since("OR", span, "after", before)),
                (None, None) if self.peek() == Some(&Token::Or) => {
                    let span = self.tokens[self.at].1.clone();
                    return Err(self.lacks_since("OR", &span, "before", before));
                }
                (None, None) => {}
            }
            if self.peek() != Some(&Token::Or) || self.at < before {
                break;
            }
            self.at += 1;
            operator = Some(self.last_span());
        }
        Ok(one_or(nodes, Node::Any))
    }

    /// Parts that must all be there.
    fn all(&mut self) -> Result<Option<Node>, QueryError> {
        let mut nodes = Vec::new();
        let mut operator: Option<Span> = None;
        loop {
            if self.peek() == Some(&Token::And) {
                self.at += 1;
                let span = self.last_span();
                if let Some(before) = operator {
                    return Err(lacks("AND", &before, "after"));
                }
                if nodes.is_empty() {
                    return Err(lacks("AND", &span, "before"));
                }
                operator = Some(span);
            }
            match self.peek() {
                None | Some(Token::Or | Token::Close) => break,
                Some(Token::And) => {}
                Some(_) => {
                    if let Some(node) = self.negated()? {
                        nodes.push(node);
                        operator = None;
                    }
                }
            }
        }
        match operator {
            Some(span) => Err(lacks("AND", &span, "after")),
            None => Ok(one_or(nodes, Node::All)),
        }
    }

    /// An operator without what it asks for: nothing was typed from a token on, or nothing that holds a word.
    fn lacks_since(&self, operator: &str, span: &Span, side: &str, start: usize) -> QueryError {
        if self.at <= start {
            return lacks(operator, span, side);
        }
        let typed = self.tokens[start].1.start..self.last_span().end;
        QueryError::new(format!("what stands {side} {operator} holds no word"), typed)
            .hint(format!("write {OPERAND} in its place, or leave {operator} out"))
    }

    fn negated(&mut self) -> Result<Option<Node>, QueryError> {
        if self.peek() != Some(&Token::Not) {
            return self.near();
        }
        self.at += 1;
        let (span, start) = (self.last_span(), self.at);
        self.enter(&span)?;
        let node = match self.peek() {
            None | Some(Token::Or | Token::Close | Token::And) => None,
            Some(_) => self.negated()?,
        };
        self.depth -= 1;
        let Some(node) = node else {
            return Err(self.lacks_since("NOT", &span, "after", start));
        };
        Ok(Some(match node {
            Node::Not(inner) => *inner,
            node => Node::Not(Box::new(node)),
        }))
    }

    /// Operands near each other.
    fn near(&mut self) -> Result<Option<Node>, QueryError> {
        let start = self.at;
        let named = self.name.is_some();
        // After a name each word was read as what it may be a value of.
        let words = |node| if named { words(node) } else { node };
        let mut left = self.operand()?;
        let depth = self.depth;
        while let Some((Token::Near { distance, ordered }, span)) = self.tokens.get(self.at) {
            let (distance, ordered, span) = (*distance, *ordered, &span.clone());
            // Each takes what stands before it into itself.
            self.enter(span)?;
            let name = if ordered { "BEFORE" } else { "NEAR" };
            let Some(first) = left.map(words) else { return Err(lacks(name, span, "before")) };
            self.at += 1;
            let right_start = self.at;
            let second = match self.peek() {
                None | Some(Token::Or | Token::Close | Token::And) => None,
                Some(Token::Not) => {
                    let span = self.tokens[self.at].1.clone();
                    return Err(cannot_take(name, span));
                }
                Some(_) => self.operand()?,
            };
            let Some(second) = second.map(words) else {
                return Err(self.lacks_since(name, span, "after", right_start));
            };
            for (node, from) in [(&first, start), (&second, right_start)] {
                if !has_place(node) {
                    return Err(cannot_take(name, self.tokens[from].1.start..self.last_span().end));
                }
            }
            left = Some(Node::Near { nodes: Box::new([first, second]), distance, ordered });
        }
        self.depth = depth;
        // After a name that may be a facet's, words near each other can only be the field's.
        Ok(match (left, self.name) {
            (Some(near @ Node::Near { .. }), Some(Name { field: Some(field), facet: Some(_) })) => {
                Some(Node::In(field, Box::new(near)))
            }
            (left, _) => left,
        })
    }

    fn operand(&mut self) -> Result<Option<Node>, QueryError> {
        let Some((token, span)) = self.tokens.get(self.at).cloned() else { return Ok(None) };
        self.at += 1;
        let node = match token {
            Token::Open => self.group(&span)?,
            Token::Exact => self.exact_phrase(&span)?,
            Token::Quoted(text) => {
                let slop = self.slips(MAX_SLOP, "words in between")?;
                self.phrase(text, slop, false, span)?
            }
            Token::Word(word) => self.word(word, span)?,
            Token::Name(name) => self.named(name, &span)?,
            Token::Near { ordered, .. } => {
                let name = if ordered { "BEFORE" } else { "NEAR" };
                return Err(lacks(name, &span, "before"));
            }
            Token::Slips(_) => {
                return Err(QueryError::new("`~` cannot follow this", span)
                    .hint("put it right after a word or a phrase, before `^`"));
            }
            Token::Boost(_) => return Err(weighs_nothing(span)),
            Token::Close | Token::And | Token::Or | Token::Not => None,
        };
        self.boosted(node)
    }

    /// Takes a number of slips that stands right after what was taken last.
    fn slips(&mut self, most: u32, what: &str) -> Result<Option<u32>, QueryError> {
        let Some((Token::Slips(slips), span)) = self.tokens.get(self.at) else { return Ok(None) };
        if !(1..=most).contains(slips) {
            let message = format!("`~` takes 1 to {most} {what}");
            return Err(QueryError::new(message, span.clone()).hint("write for example ~1"));
        }
        self.at += 1;
        Ok(Some(*slips))
    }

    /// A node with the weight that stands right after it.
    fn boosted(&mut self, node: Option<Node>) -> Result<Option<Node>, QueryError> {
        let Some((Token::Boost(weight), span)) = self.tokens.get(self.at) else { return Ok(node) };
        self.at += 1;
        match node {
            Some(Node::Facet { .. } | Node::Boost(..)) | None => Err(weighs_nothing(span.clone())),
            Some(Node::FacetOrWords { facet, value, .. }) => {
                let hint = format!(
                    "`{facet}:` may name a value, which has no weight: write {facet}:=\"{value}\"^{weight} for words as typed"
                );
                Err(weighs_nothing(span.clone()).hint(hint))
            }
            Some(node) => Ok(Some(Node::Boost(Box::new(node), *weight))),
        }
    }

    fn exact_phrase(&mut self, mark: &Span) -> Result<Option<Node>, QueryError> {
        let Some((Token::Quoted(text), span)) = self.tokens.get(self.at).cloned() else {
            return Ok(None);
        };
        self.at += 1;
        let slop = self.slips(MAX_SLOP, "words in between")?;
        self.phrase(text, slop, true, mark.start..span.end)
    }

    fn group(&mut self, open: &Span) -> Result<Option<Node>, QueryError> {
        self.enter(open)?;
        let node = self.any()?;
        self.depth -= 1;
        if self.peek() != Some(&Token::Close) {
            return Err(QueryError::new("this bracket is not closed", open.start..self.end)
                .hint("add a closing bracket"));
        }
        self.at += 1;
        let span = open.start..self.last_span().end;
        node.map(Some).ok_or_else(|| {
            QueryError::new("there is nothing in these brackets", span)
                .hint(format!("put {OPERAND} in, or remove them"))
        })
    }

    fn enter(&mut self, span: &Span) -> Result<(), QueryError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} brackets or operators within each other");
            return Err(QueryError::new(message, span.clone()).hint("use fewer"));
        }
        Ok(())
    }

    fn phrase(
        &mut self,
        text: &str,
        slop: Option<u32>,
        exact: bool,
        span: Span,
    ) -> Result<Option<Node>, QueryError> {
        if let Some(word) = text.split_whitespace().find(|word| has_slips(word)) {
            let hint = match text.split_whitespace().collect::<Vec<_>>().as_slice() {
                [first, second] => format!("write {first} BEFORE/1 {second}"),
                _ => format!("put {word} outside the quotation marks, with BEFORE/1 beside it"),
            };
            return Err(QueryError::new("a phrase takes no `~` within it", span).hint(hint));
        }
        let node = word::phrase(text, slop.unwrap_or(0), exact, span.clone());
        if node.is_none() {
            self.ignore(format!("\"{text}\""));
        }
        let mark = if exact { "=" } else { "" };
        let value = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.leaf(node, format!("{mark}{value}"), span)
    }

    fn word(&mut self, typed: &str, span: Span) -> Result<Option<Node>, QueryError> {
        let bare = word::without_escaped(typed);
        if self.name.is_none_or(|name| name.facet.is_none() || !bare.contains("..")) {
            refuse_unknown_operator(&bare, &span)?;
        }
        let slips = self.slips(MAX_SLIPS, "typing slips")?;
        let node = word::word(typed, slips, self.ends_question(), &span)?;
        if node.is_none() {
            self.ignore(typed.to_owned());
        } else if typed.len() > 1 && typed.ends_with('!') {
            let bare = typed.trim_end_matches('!');
            self.ignore(format!("! after {bare} (for any ending write {bare}*)"));
        }
        self.leaf(node, typed.to_owned(), span)
    }

    /// Whether what was taken last ends a query of several words without operators, as a question's last word does.
    fn ends_question(&self) -> bool {
        let plain =
            |(token, _): &(Token<'_>, Span)| matches!(token, Token::Word(_) | Token::Quoted(_));
        self.at == self.tokens.len() && self.tokens.len() > 1 && self.tokens.iter().all(plain)
    }

    /// Notes what says nothing, unless it is a facet's value.
    fn ignore(&mut self, typed: String) {
        if self.name.is_none_or(|name| name.facet.is_none()) {
            self.ignored.push(typed);
        }
    }

    /// A word or phrase by itself, or what it means after a facet's name.
    fn leaf(
        &self,
        words: Option<Node>,
        value: String,
        span: Span,
    ) -> Result<Option<Node>, QueryError> {
        let Some(Name { field, facet: Some(facet) }) = self.name else { return Ok(words) };
        let operator = words.as_ref().and_then(operator_of_words);
        let facet = facet.to_owned();
        Ok(Some(match (field, words, operator) {
            // Only words can be meant.
            (Some(field), Some(words), operator) if operator.is_some() || is_exact(&words) => {
                Node::In(field, Box::new(words))
            }
            (Some(field), Some(words), _) => {
                let words = Box::new(Node::In(field, Box::new(words)));
                Node::FacetOrWords { facet, value, words, span }
            }
            (None, _, Some(operator)) => {
                let message = format!("`{operator}` cannot stand at a value of {facet}");
                let hint = "leave it out, or the name before it to search for words";
                return Err(QueryError::new(message, span).hint(hint));
            }
            _ => Node::Facet { facet, value, span },
        }))
    }

    /// What a name stands for, whatever its case.
    fn known(&self, typed: &str, span: &Span) -> Result<Name<'t>, QueryError> {
        let lower = typed.to_ascii_lowercase();
        let field = Field::named(&lower);
        let facet = facet_named(&lower, self.facets);
        if field.is_some() || facet.is_some() {
            return Ok(Name { field, facet });
        }
        let fields = Field::ALL.map(Field::as_str);
        let facets = self.facets.iter().copied().filter(|name| !fields.contains(name));
        let known: Vec<&str> = fields.into_iter().chain(facets).collect();
        let known = known.join(", ");
        let colon = span.start..span.start + typed.len() + 1;
        Err(QueryError::new(format!("there is no field \"{typed}\""), colon)
            .hint(format!("fields are {known}; to search for the words, leave out the colon")))
    }

    fn named(&mut self, typed: &str, span: &Span) -> Result<Option<Node>, QueryError> {
        let name = self.known(typed, span)?;
        if self.name.is_some() {
            return Err(QueryError::new(format!("\"{typed}:\" within another name"), span.clone())
                .hint("close the brackets before it, or leave one of the names out"));
        }
        let before = self.ignored.len();
        let node = match self.peek() {
            Some(Token::Word(_) | Token::Quoted(_) | Token::Open | Token::Not | Token::Exact) => {
                self.name = Some(name);
                let node = self.negated();
                self.name = None;
                node?
            }
            _ => None,
        };
        let Some(node) = node else {
            self.ignored.truncate(before);
            let what = if name.field.is_some() { OPERAND } else { "a value" };
            return Err(QueryError::new(format!("{what} must follow \"{typed}:\""), span.clone())
                .hint(format!("write for example {typed}:word, or leave out the colon")));
        };
        Ok(Some(match (name, node) {
            (Name { facet: Some(_), .. }, node) => node,
            // The negation is of the whole: what does not hold the word in that part.
            (Name { field: Some(field), .. }, Node::Not(node)) => {
                Node::Not(Box::new(Node::In(field, node)))
            }
            (Name { field: Some(field), .. }, Node::Boost(node, weight)) => {
                Node::Boost(Box::new(Node::In(field, node)), weight)
            }
            (Name { field: Some(field), .. }, node) => Node::In(field, Box::new(node)),
            (_, node) => node,
        }))
    }
}

fn is_exact(node: &Node) -> bool {
    match node {
        Node::Word(word) => word.exact,
        Node::Phrase(phrase) => phrase.exact,
        _ => false,
    }
}

/// What is asked of words that a facet's values know nothing of.
fn operator_of_words(node: &Node) -> Option<&'static str> {
    match node {
        Node::Pattern(pattern) if pattern.text.contains('*') => Some("*"),
        Node::Pattern(_) => Some("?"),
        Node::Fuzzy { .. } => Some("~"),
        Node::Phrase(phrase) if phrase.slop > 0 => Some("~"),
        _ => None,
    }
}

/// Whether a word asks for typing slips.
fn has_slips(word: &str) -> bool {
    word.split_once('~').is_some_and(|(word, slips)| {
        word.ends_with(char::is_alphanumeric) && slips.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The facet that a name in lower case means.
fn facet_named<'t>(name: &str, facets: &[&'t str]) -> Option<&'t str> {
    facets.iter().copied().find(|facet| names(name, facet))
}

/// What may be a facet's value, as words.
fn words(node: Node) -> Node {
    match node {
        Node::FacetOrWords { words, .. } => match *words {
            Node::In(_, words) => *words,
            words => words,
        },
        Node::Any(nodes) => Node::Any(nodes.into_iter().map(words).collect()),
        Node::In(_, node) if has_place(&node) => *node,
        node => node,
    }
}

/// What NEAR takes on either side.
const PLACED: &str =
    "NEAR and BEFORE take words, phrases, words with * ? or ~, and (a OR b) of these";

/// Whether a node is found at places in a text.
fn has_place(node: &Node) -> bool {
    match node {
        Node::Word(_)
        | Node::Pattern(_)
        | Node::Fuzzy { .. }
        | Node::Phrase(_)
        | Node::Near { .. } => true,
        Node::Any(nodes) => nodes.iter().all(has_place),
        _ => false,
    }
}

fn cannot_take(operator: &str, span: Span) -> QueryError {
    QueryError::new(format!("{operator} cannot take this"), span).hint(PLACED)
}

fn weighs_nothing(span: Span) -> QueryError {
    QueryError::new("`^` cannot weigh this", span)
        .hint("put it once after a word, a phrase or a group")
}

fn lacks(operator: &str, span: &Span, side: &str) -> QueryError {
    QueryError::new(format!("{operator} has nothing {side} it"), span.clone()).hint(format!(
        "write {OPERAND} {side} it, or \"{}\" to search for the word",
        operator.to_lowercase()
    ))
}

fn one_or(mut nodes: Vec<Node>, many: impl Fn(Vec<Node>) -> Node) -> Option<Node> {
    match nodes.len() {
        0 => None,
        1 => nodes.pop(),
        _ => Some(many(nodes)),
    }
}
