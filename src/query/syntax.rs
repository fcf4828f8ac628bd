//! The syntax tree of a query.

use std::fmt;
use std::ops::Range;

/// A place in the query's text, in bytes.
pub type Span = Range<usize>;

/// A query as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The tree; `None` for a query without words, which every item matches.
    pub root: Option<Node>,
    /// What was typed and says nothing, such as a lone `&`.
    pub ignored: Vec<String>,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A word.
    Word(Word),
    /// Words that stand one after the other.
    Phrase {
        /// The words as typed.
        text: String,
        /// Where.
        span: Span,
    },
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
            Node::Word(word) if word.exact => write!(f, "={}", word.text),
            Node::Word(word) => f.write_str(&word.text),
            Node::Phrase { text, .. } => write!(f, "\"{text}\""),
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

/// A node inside another, in brackets where they are needed.
struct Inner<'a>(&'a Node);

impl fmt::Display for Inner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            node @ (Node::All(_) | Node::Any(_)) => write!(f, "({node})"),
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
