//! What a request asks for.
//!
//! Words that identify a treatment all count, but for those that another treatment explains (an
//! arthroscopy's "surgery"); general words ("unit", "evaluation") count only where nothing else is
//! identified. Only where no word identifies anything are typing slips seen through.

use super::{Found, Lexicon, Place, add};
use crate::vocabulary::{Hit, Strength};

/// Reads the treatments of the portion in dispute.
pub(super) fn read(treatments: &Lexicon, disputed: &str) -> Vec<Found> {
    let values = &treatments.vocabulary.values;
    let hits = treatments.hits(disputed);
    let (strong, weak): (Vec<Hit>, Vec<Hit>) =
        hits.into_iter().partition(|hit| hit.strength == Strength::Strong);
    let hidden = |path: &str| {
        strong.iter().flat_map(|hit| &values[hit.value].hides).any(|hides| {
            path == hides || (hides.ends_with('/') && path.starts_with(hides.as_str()))
        })
    };
    let slips = if strong.is_empty() { treatments.slips(disputed) } else { Vec::new() };
    let decided = !slips.is_empty() || strong.iter().any(|hit| !values[hit.value].aside);
    let mut found = Vec::new();
    let mut counted: Vec<&Hit> =
        strong.iter().chain(&slips).filter(|hit| !hidden(treatments.path(hit))).collect();
    if !decided {
        // The first general word says what the request is; others describe it.
        counted.extend(weak.iter().find(|hit| !hidden(treatments.path(hit))));
    }
    counted.sort_by_key(|hit| hit.source.start);
    for hit in counted {
        add(&mut found, treatments.found(hit, disputed, Place::Disputed));
    }
    found
}
