//! Request to Response: matching, ranking, filters, facet counts, passages, sorting, paging.
//!
//! One [`Request`] serves command line, page and API. Counts and hits come from one query tree.

mod compile;
mod counts;
mod engine;
mod filter;
mod passages;
mod request;
mod response;
mod top;

pub use engine::{Engine, SearchError};
pub use filter::FilterError;
pub use request::{Match, Request, Sort};
pub use response::{
    ExpandedWord, FacetRow, FacetRows, Facets, Hit, Matched, Passage, QueryInfo, Response,
};
