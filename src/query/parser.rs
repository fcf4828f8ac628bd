//! Reads tokens into a syntax tree.
//!
//! Words side by side must all be there; `OR` binds weaker than that, `NOT` and `-` stronger.

use super::error::QueryError;
use super::lexer::{Token, cut};
use super::syntax::{Field, Node, Query, Span, Word};

/// The longest query that is read, in bytes.
pub const MAX_LENGTH: usize = 64 << 10;

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 100;

/// Reads a query; `facets` are the names that a facet value may follow.
///
/// # Errors
/// With the place of the first thing that cannot be read.
pub fn parse(query: &str, facets: &[&str]) -> Result<Query, QueryError> {
    if query.len() > MAX_LENGTH {
        let message = format!("the query is longer than {} KiB", MAX_LENGTH >> 10);
        return Err(QueryError::new(message, 0..1).hint("search for fewer words"));
    }
    let is_name = |name: &str| Field::named(name).is_some() || facets.contains(&name);
    let tokens = cut(query, &is_name)?;
    let end = query.len();
    let mut parser = Parser { tokens: &tokens, at: 0, end, facets, ignored: Vec::new(), depth: 0 };
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
}

/// What may follow an operator that asks for it.
const OPERAND: &str = "a word, a \"phrase\" or a group in brackets";

impl<'q> Parser<'_, 'q> {
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
                (None, Some(span)) => return Err(lacks("OR", span, "after")),
                (None, None) if self.peek() == Some(&Token::Or) => {
                    let span = self.tokens[self.at].1.clone();
                    return Err(lacks("OR", &span, "before"));
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

    fn negated(&mut self) -> Result<Option<Node>, QueryError> {
        if self.peek() != Some(&Token::Not) {
            return self.operand();
        }
        self.at += 1;
        let span = self.last_span();
        self.enter(&span)?;
        let node = match self.peek() {
            None | Some(Token::Or | Token::Close | Token::And) => None,
            Some(_) => self.negated()?,
        };
        self.depth -= 1;
        let Some(node) = node else { return Err(lacks("NOT", &span, "after")) };
        Ok(Some(match node {
            Node::Not(inner) => *inner,
            node => Node::Not(Box::new(node)),
        }))
    }

    fn operand(&mut self) -> Result<Option<Node>, QueryError> {
        let Some((token, span)) = self.tokens.get(self.at).cloned() else { return Ok(None) };
        self.at += 1;
        match token {
            Token::Open => self.group(&span),
            Token::Quoted(text) => Ok(self.phrase(text, span)),
            Token::Word(word) => self.word(word, span),
            Token::Name(name) => self.named(name, &span),
            Token::Close | Token::And | Token::Or | Token::Not => Ok(None),
        }
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
            let message = format!("more than {MAX_DEPTH} brackets within each other");
            return Err(QueryError::new(message, span.clone()).hint("use fewer"));
        }
        Ok(())
    }

    fn phrase(&mut self, text: &str, span: Span) -> Option<Node> {
        if !text.contains(char::is_alphanumeric) {
            self.ignored.push(format!("\"{text}\""));
            return None;
        }
        Some(Node::Phrase { text: text.split_whitespace().collect::<Vec<_>>().join(" "), span })
    }

    fn word(&mut self, word: &str, span: Span) -> Result<Option<Node>, QueryError> {
        refuse_unknown_operator(word, &span)?;
        let (exact, text) = word.strip_prefix('=').map_or((false, word), |rest| (true, rest));
        let text =
            text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '#' | '%' | '\u{b0}'));
        if !text.contains(char::is_alphanumeric) {
            self.ignored.push(word.to_owned());
            return Ok(None);
        }
        Ok(Some(Node::Word(Word { text: text.to_owned(), exact, span })))
    }

    fn named(&mut self, name: &str, span: &Span) -> Result<Option<Node>, QueryError> {
        let fields = Field::ALL.map(Field::as_str);
        let facets = self.facets.iter().copied().filter(|name| !fields.contains(name));
        let known: Vec<&str> = fields.into_iter().chain(facets).collect();
        if !known.contains(&name) {
            let colon = span.start..span.start + name.len() + 1;
            return Err(QueryError::new(format!("there is no field \"{name}\""), colon).hint(
                format!(
                    "fields are {}; to search for the words, leave out the colon",
                    known.join(", ")
                ),
            ));
        }
        let mut operand = self.tokens.get(self.at).cloned();
        if let (true, Some((Token::Quoted(text), quoted))) = (self.facets.contains(&name), &operand)
        {
            operand = Some((Token::Word(text), quoted.clone()));
        }
        if let (true, Some((Token::Word(value), span))) = (self.facets.contains(&name), operand) {
            // A name may be that of a field and of a facet: the facet's values are slugs.
            if Field::named(name).is_none() {
                self.at += 1;
                let (facet, value) = (name.to_owned(), value.to_owned());
                return Ok(Some(Node::Facet { facet, value, span }));
            }
        }
        let Some(field) = Field::named(name) else {
            return Err(QueryError::new(format!("a value must follow \"{name}:\""), span.clone()));
        };
        match self.operand()? {
            Some(node) => Ok(Some(Node::In(field, Box::new(node)))),
            None => {
                Err(QueryError::new(format!("{OPERAND} must follow \"{name}:\""), span.clone()))
            }
        }
    }
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

/// Operators of other search programs that this one does not have must not be taken for words.
fn refuse_unknown_operator(word: &str, span: &Span) -> Result<(), QueryError> {
    let refuse = |what: &str| {
        Err(QueryError::new(format!("{what} is not supported"), span.clone())
            .hint("put the words in quotation marks to search for them as they are"))
    };
    let proximity = ["NEAR/", "BEFORE/", "w/", "W/", "NEAR"].iter().any(|operator| {
        word.strip_prefix(operator).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
    });
    if proximity {
        return refuse("searching for words near each other");
    }
    if word.contains('*') {
        return refuse("`*` for any word ending");
    }
    let inner = word.trim_end_matches(['?', '.', '!', ',']);
    if inner.contains('?') {
        return refuse("`?` for any letter");
    }
    if let Some((_, after)) = word.rsplit_once(['~', '^'])
        && after.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    {
        return refuse("`~` and `^` after a word");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACETS: [&str; 2] = ["outcome", "region"];

    fn read(query: &str) -> String {
        match parse(query, &FACETS) {
            Ok(query) => query.to_string(),
            Err(error) => format!("{} at {:?}", error.message, error.span),
        }
    }

    #[test]
    fn queries_and_their_trees() {
        for (query, tree) in [
            ("a b", "a AND b"),
            ("a AND b", "a AND b"),
            ("a b OR c", "(a AND b) OR c"),
            ("a (b OR c)", "a AND (b OR c)"),
            ("a -b", "a AND NOT b"),
            ("a NOT (b c)", "a AND NOT (b AND c)"),
            ("- a", "a"),
            ("\"x  y\" z", "\"x y\" AND z"),
            ("title:knee", "title:knee"),
            ("title:(knee brace)", "title:(knee AND brace)"),
            ("title:\"knee brace\"", "title:\"knee brace\""),
            ("outcome:overturned a", "outcome:overturned AND a"),
            ("region:\"low back\"", "region:\"low back\""),
            ("H-wave L4-5 10/325 #60 5%", "H-wave AND L4-5 AND 10/325 AND #60 AND 5%"),
            ("is it covered?", "is AND it AND covered"),
            ("=tramadol", "=tramadol"),
            ("and or not", "and AND or AND not"),
            ("NOT NOT a", "a"),
            ("\u{201c}x y\u{201d}", "\"x y\""),
            ("", ""),
            ("& a", "a"),
        ] {
            assert_eq!(read(query), tree, "{query}");
        }
    }

    #[test]
    fn errors_and_their_places() {
        for (query, error) in [
            ("(a", "this bracket is not closed at 0..2"),
            ("a )", "this bracket closes nothing at 2..3"),
            ("a OR", "OR has nothing after it at 2..4"),
            ("OR a", "OR has nothing before it at 0..2"),
            ("a AND", "AND has nothing after it at 2..5"),
            ("a AND OR b", "AND has nothing after it at 2..5"),
            ("NOT", "NOT has nothing after it at 0..3"),
            ("\"a", "this quotation is not closed at 0..2"),
            ("a ()", "there is nothing in these brackets at 2..4"),
            ("titel:knee", "there is no field \"titel\" at 0..6"),
            ("acupunct*", "`*` for any word ending is not supported at 0..9"),
            ("a NEAR/5 b", "searching for words near each other is not supported at 2..8"),
        ] {
            assert_eq!(read(query), error, "{query}");
        }
    }

    #[test]
    fn deep_and_long_queries_are_refused() {
        assert!(read(&"(".repeat(1000)).starts_with("more than"));
        assert!(read(&"a ".repeat(MAX_LENGTH)).starts_with("the query is longer"));
    }

    #[test]
    fn a_caret_marks_the_place() {
        let query = "knee (brace";
        let error = parse(query, &FACETS).expect_err("the bracket is open");
        assert_eq!(error.caret(query).to_string(), "  knee (brace\n       ^^^^^^");
    }
}
