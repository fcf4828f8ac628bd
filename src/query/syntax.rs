//! The syntax tree of a query.

use super::lexer::is_suffix;
use super::word::is_pattern;
use std::fmt::{self, Write as _};
use std::ops::Range;

/// A place in the query's text, in bytes.
pub type Span = Range<usize>;

/// A query as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The tree; `None` for a query without words, which every item matches.
    pub root: Option<Node>,
    /// What was typed and says nothing, such as a lone `&`.
    pub ignored: Vec<String>,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A word.
    Word(Word),
    /// A word with `*` for any letters or `?` for any one.
    Pattern(Pattern),
    /// Words within so many typing slips of one.
    Fuzzy {
        /// The word as typed.
        text: String,
        /// How many letters may be added, dropped, changed or swapped.
        slips: u8,
        /// Where.
        span: Span,
    },
    /// Words that stand one after the other.
    Phrase(Phrase),
    /// Two things near each other in one part of an item.
    Near {
        /// What is sought near what: words, phrases, patterns, or alternatives of these.
        nodes: Box<[Node; 2]>,
        /// How many words lie between the last word of one and the first of the other, plus one.
        distance: u32,
        /// Whether the first must come first.
        ordered: bool,
    },
    /// A part that counts so many times as much in the ranking.
    Boost(Box<Node>, f32),
    /// All of these.
    All(Vec<Node>),
    /// Any of these.
    Any(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// Within one part of an item.
    In(Field, Box<Node>),
    /// A value of a facet.
    Facet {
        /// The facet's name.
        facet: String,
        /// The value as typed.
        value: String,
        /// Where the value stands.
        span: Span,
    },
    /// After a name that is a facet's and a field's: a value of the facet, if it has one of that
    /// name, else words in the field. Only who knows the values can tell.
    FacetOrWords {
        /// The facet's name.
        facet: String,
        /// The value as typed.
        value: String,
        /// The same as words.
        words: Box<Node>,
        /// Where the value stands.
        span: Span,
    },
}

impl Node {
    /// Whether many words, or places in texts, have to be looked at: for wildcards, slips, words that are near.
    pub fn is_costly(&self) -> bool {
        match self {
            Node::Pattern(_) | Node::Fuzzy { .. } | Node::Near { .. } => true,
            Node::Phrase(phrase) => phrase.slop > 0 || phrase.words().any(|(_, pattern)| pattern),
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(Node::is_costly),
            Node::Not(node) | Node::Boost(node, _) | Node::In(_, node) => node.is_costly(),
            Node::FacetOrWords { words, .. } => words.is_costly(),
            Node::Word(_) | Node::Facet { .. } => false,
        }
    }

    /// Whether it names values of facets and ranges only: every match meets it, and it says nothing of relevance.
    pub fn is_condition(&self) -> bool {
        match self {
            Node::Facet { .. } => true,
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().all(Node::is_condition),
            Node::Not(node) | Node::Boost(node, _) | Node::In(_, node) => node.is_condition(),
            _ => false,
        }
    }
}

/// A word with wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// As typed.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// Words that stand one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The words as typed; one may be a pattern.
    pub text: String,
    /// How many other words may stand between them, over all.
    pub slop: u32,
    /// Whether only these forms are meant, without stems.
    pub exact: bool,
    /// Where.
    pub span: Span,
}

impl Phrase {
    /// Its words, and whether each is a pattern.
    pub fn words(&self) -> impl Iterator<Item = (&str, bool)> {
        self.text.split(' ').map(|word| (word, is_pattern(word)))
    }
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As typed, without marks around it.
    pub text: String,
    /// Whether only this form is meant, without stems and expansions.
    pub exact: bool,
    /// Where.
    pub span: Span,
}

/// A part of an item that a query can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The request as printed.
    Title,
    /// The portion in dispute.
    Disputed,
    /// Why it was decided so.
    Rationale,
    /// What both sides cite.
    Guideline,
    /// The case summary.
    Summary,
}

impl Field {
    /// All fields.
    pub const ALL: [Field; 5] =
        [Field::Title, Field::Disputed, Field::Rationale, Field::Guideline, Field::Summary];

    /// The name typed.
    pub fn as_str(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Disputed => "disputed",
            Field::Rationale => "rationale",
            Field::Guideline => "guideline",
            Field::Summary => "summary",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.as_ref().map_or(Ok(()), |root| root.fmt(f))
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Word(word) => {
                let operator = matches!(word.text.as_str(), "AND" | "OR" | "NOT");
                f.write_str(if word.exact { "=" } else { "" })?;
                f.write_str(if operator { "\\" } else { "" })?;
                escaped(f, &word.text)
            }
            Node::Pattern(pattern) => f.write_str(&pattern.text),
            Node::Fuzzy { text, slips, .. } => write!(f, "{text}~{slips}"),
            Node::Phrase(Phrase { text, slop, exact, .. }) => {
                f.write_str(if *exact { "=" } else { "" })?;
                write!(f, "\"{text}\"")?;
                if *slop > 0 { write!(f, "~{slop}") } else { Ok(()) }
            }
            Node::Near { nodes, distance, ordered } => {
                let operator = if *ordered { "BEFORE" } else { "NEAR" };
                write!(f, "{} {operator}/{distance} {}", Inner(&nodes[0]), Inner(&nodes[1]))
            }
            Node::Boost(node, weight) => write!(f, "{}^{weight}", Inner(node)),
            Node::All(nodes) => join(f, nodes, " AND "),
            Node::Any(nodes) => join(f, nodes, " OR "),
            Node::Not(node) => write!(f, "NOT {}", Inner(node)),
            Node::In(field, node) => write!(f, "{}:{}", field.as_str(), Inner(node)),
            Node::Facet { facet, value, .. } if value.contains(char::is_whitespace) => {
                write!(f, "{facet}:\"{value}\"")
            }
            Node::Facet { facet, value, .. } => write!(f, "{facet}:{value}"),
            Node::FacetOrWords { words, .. } => words.fmt(f),
        }
    }
}

/// Writes a word so that no character of it is read as an operator.
fn escaped(f: &mut fmt::Formatter<'_>, word: &str) -> fmt::Result {
    for (at, c) in word.char_indices() {
        let first = at == 0 && matches!(c, '-' | '!' | '+' | '=');
        let within = matches!(c, ':' | '*' | '?' | '(' | ')' | '"' | '\\');
        if first || within || is_suffix(c, &word[..at]) {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    Ok(())
}

/// A node inside another, in brackets where they are needed.
struct Inner<'a>(&'a Node);

impl fmt::Display for Inner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            node @ (Node::All(_) | Node::Any(_) | Node::Near { .. }) => write!(f, "({node})"),
            node => node.fmt(f),
        }
    }
}

fn join(f: &mut fmt::Formatter<'_>, nodes: &[Node], separator: &str) -> fmt::Result {
    for (at, node) in nodes.iter().enumerate() {
        if at > 0 {
            f.write_str(separator)?;
        }
        write!(f, "{}", Inner(node))?;
    }
    Ok(())
}
