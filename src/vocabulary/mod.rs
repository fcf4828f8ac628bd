//! The controlled vocabularies of `index_schema/`: what values a facet has, what they are called,
//! which words identify them.
//!
//! The files are compiled in; a folder of the reader's own may replace any of them. A value is
//! named in the program's source only where a rule gives it a part of its own.

mod expansions;
mod matcher;
mod model;
mod resolve;
mod schema;
mod tokens;

pub use expansions::{joined, short_form};
pub use matcher::{Hit, Matcher, Strength, alternatives};
pub use model::{
    Ending, Expansions, FalseFriend, Phrases, Value, Values, Verdicts, Vocabulary, When,
};
pub use resolve::{Resolved, UnknownValue, nearest};
pub use schema::{Facet, SchemaError, Vocabularies};
pub(crate) use schema::{lineage, names};
pub use tokens::{Token, Tokens, is_hyphen, slug};
