//! Request to Response: matching, ranking, filters, facet counts, passages, sorting, paging.
//!
//! One [`Request`] serves command line, page and API. Counts and hits come from one query tree.

mod compile;
mod conditions;
mod counts;
mod coverage;
mod engine;
mod excluded;
mod filter;
mod fold;
mod forms;
mod hits;
mod passages;
mod placed;
mod plan;
mod population;
mod proximity;
mod request;
mod resolve;
mod response;
mod rows;
mod spans;
mod top;
mod topic;
mod values;
mod words;

pub use engine::{Engine, SearchError};
pub use filter::FilterError;
pub(crate) use passages::sentences;
pub use population::{Place, Population, Segment};
pub use request::{Fold, Match, Request, Sort};
pub use response::{
    Contribution, ExpandedWord, FacetRow, FacetRows, Facets, Hit, Matched, Passage, QueryInfo,
    Response,
};
