//! Answers computed over all items that match: rates, contrasts, what is similar.
//!
//! Nothing here knows how the index is made or how an answer is written.

mod axis;
mod difference;
mod outcome;
mod rates;
mod tally;
mod verdict;
mod wilson;

pub use axis::Axis;
pub use difference::{Counts, Difference, Test, difference, test};
pub use outcome::Outcomes;
pub use rates::{AxisInfo, Compared, Comparison, Items, Order, Rates, RatesRequest, Row, rates};
pub use tally::Tally;
pub use verdict::{Sentence, VerdictRule};
pub use wilson::{Proportion, proportion};
