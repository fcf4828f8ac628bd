//! Request to Response: matching, ranking, filters, facet counts, passages, sorting, paging.
//!
//! One [`Request`] serves command line, page and API. Counts and hits come from the same sets of items.

mod best;
mod bits;
mod compile;
mod conditions;
mod counts;
mod cover;
mod engine;
mod excluded;
mod filter;
mod find;
mod fold;
mod forms;
mod hits;
mod holding;
mod items_of;
mod marks;
mod matches;
mod nearest;
mod notes;
mod number_docs;
mod opened;
mod ordinals;
mod passages;
mod placed;
mod plan;
mod population;
mod rank;
mod readings;
mod request;
mod resolve;
mod response;
mod rows;
mod segments;
mod sentences;
mod slips;
mod spans;
mod top;
mod topic;
mod unknown;
mod values;
mod wanted;
mod words;

pub use engine::{Engine, MAX_DEPTH, SearchError, parsed};
pub use filter::{FilterError, RANGE_NAMES, SAME_REASONS};
pub use marks::Marker;
pub use nearest::{LeftOut, Near, Trait};
pub use notes::treatment_named;
pub use ordinals::Ordinals;
pub use population::{Place, Population, Segment};
pub use request::{Fold, Match, Request, Sort};
pub use response::{
    Contribution, ExpandedWord, FacetRow, FacetRows, Facets, Hit, Letters, Matched, Passage,
    QueryInfo, Response,
};
pub use wanted::Wanted;
