//! Answers computed over all items that match: rates, contrasts, what is similar.
//!
//! Nothing here knows how the index is made or how an answer is written.

mod axis;
mod contrast;
mod difference;
mod log_odds;
mod outcome;
mod phrases;
mod rates;
mod remarks;
mod sides;
mod similar;
mod tally;
mod verdict;
mod wilson;

pub use axis::Axis;
pub use contrast::{Contrast, ContrastRequest, Example, Phrase, contrast};
pub use difference::{Counts, Difference, Test, difference, test};
pub use log_odds::{LogOdds, PRIOR, Side, log_odds};
pub use outcome::Outcomes;
pub use phrases::Kept;
pub(crate) use rates::asides;
pub use rates::{AxisInfo, Compared, Comparison, Items, Order, Rates, RatesRequest, Row, rates};
pub use sides::SideInfo;
pub use similar::{Alike, Likeness, SharedValue, Similar, SimilarRequest, similar};
pub use tally::Tally;
pub use verdict::{Sentence, VerdictRule};
pub use wilson::{Proportion, proportion};
