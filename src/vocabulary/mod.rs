//! The controlled vocabularies of `index_schema/`: what values a facet has, what they are called,
//! which words identify them.
//!
//! The files are compiled in; a folder of the reader's own may replace any of them. No value's
//! name stands in the program's source.

mod expansions;
mod matcher;
mod resolve;
mod schema;
mod tokens;
mod verdicts;

pub use expansions::{Expansions, short_form};
pub use matcher::{Hit, Matcher, Strength, alternatives};
pub use resolve::{Resolved, UnknownValue, nearest};
pub use schema::{
    Ending, Facet, FalseFriend, SchemaError, Value, Values, Vocabularies, Vocabulary, When,
};
pub use tokens::{Token, Tokens, is_hyphen, slug};
pub use verdicts::Verdicts;
