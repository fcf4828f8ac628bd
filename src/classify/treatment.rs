//! What a request asks for.
//!
//! Words that identify a treatment all count, but for those that another treatment explains (an
//! arthroscopy's "surgery"); general words ("unit", "evaluation") count only where nothing else is
//! identified. Only where no word identifies anything are typing slips seen through.

use super::slip::Speller;
use super::{Cut, Found, Lexicon, Place, add};
use crate::vocabulary::{Hit, Strength, Vocabulary};

/// Surgeries themselves, of which other things are asked for before and after.
const SURGERIES: [&str; 3] = ["surgery/arthroscopic", "surgery/open", "surgery/spine"];
/// How many tokens may lie between a surgery and the word that says so: "after total left knee replacement".
const OCCASION_REACH: usize = 6;

/// The treatments and the words by which they are known.
#[derive(Debug)]
pub(super) struct Treatments {
    lexicon: Lexicon,
    speller: Speller,
}

impl Treatments {
    pub(super) fn new(
        vocabulary: &Vocabulary,
        regions: &Vocabulary,
    ) -> Result<Self, aho_corasick::BuildError> {
        let speller = Speller::new(vocabulary, regions);
        Ok(Self { lexicon: Lexicon::new(vocabulary)?, speller })
    }

    /// Reads the treatments of the portion in dispute.
    pub(super) fn read(&self, disputed: &Cut<'_>) -> Vec<Found> {
        let values = &self.lexicon.vocabulary.values;
        let hits = self.lexicon.hits(disputed);
        let (mut strong, weak): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(is_strong);
        if strong.is_empty() {
            strong = self.slips(disputed);
        }
        let is_own = |hit: &&Hit| self.is_occasion(hit, &strong, &weak, disputed);
        let occasions: Vec<Hit> = strong.iter().chain(&weak).filter(is_own).cloned().collect();
        let is_asked = |hit: &&Hit| {
            let goes_on =
                || occasions.iter().any(|first| self.goes_on(first, hit, &strong, disputed));
            !occasions.contains(hit) && !goes_on()
        };
        let asked = |hits: &[Hit]| -> Vec<Hit> { hits.iter().filter(is_asked).cloned().collect() };
        let (strong, weak) = (asked(&strong), asked(&weak));
        let hidden = |path: &str| {
            strong
                .iter()
                .flat_map(|hit| &values[hit.value].hides)
                .any(|hides| path == hides || (hides.ends_with('/') && path.starts_with(hides)))
        };
        let shown = |hit: &&Hit| !hidden(self.lexicon.path(hit));
        let mut counted: Vec<&Hit> = strong.iter().filter(shown).collect();
        if strong.iter().all(|hit| values[hit.value].aside) {
            // The first general word says what the request is; others describe it.
            counted.extend(weak.iter().find(shown));
        }
        counted.sort_by_key(|hit| hit.source.start);
        let mut found = Vec::new();
        for hit in counted {
            add(&mut found, self.lexicon.found(hit, disputed, Place::Disputed));
        }
        found
    }

    /// Whether a surgery is only what something else is asked for, before or after it.
    fn is_occasion(&self, hit: &Hit, strong: &[Hit], weak: &[Hit], text: &Cut<'_>) -> bool {
        let is_surgery = |hit: &Hit| SURGERIES.contains(&self.lexicon.path(hit));
        if !is_surgery(hit) {
            return false;
        }
        let asked = strong.iter().filter(|other| !is_surgery(other));
        let evaluated =
            weak.iter().filter(|other| self.lexicon.path(other).starts_with("evaluation/"));
        let asked: Vec<&Hit> = asked.chain(evaluated).collect();
        let is_asked = |at: usize| asked.iter().any(|other| other.tokens.contains(&at));
        let from = hit.tokens.start.saturating_sub(OCCASION_REACH);
        for at in (from..hit.tokens.start).rev() {
            if is_asked(at) {
                return false;
            }
            let before = at.checked_sub(1).map_or("", |at| text.token(at));
            match (before, text.token(at)) {
                (_, "for") => return leads_back(text, at, &is_asked, true),
                (_, "after" | "following" | "before" | "post") | ("prior", "to") | ("s", "p") => {
                    return leads_back(text, at, &is_asked, false);
                }
                (_, "," | ";" | ":" | "." | "(" | ")" | "and" | "or" | "with" | "of") => {
                    return false;
                }
                _ => {}
            }
        }
        false
    }

    /// Whether a surgery only goes on an occasion that another one begins: "after arthroscopy and meniscectomy".
    fn goes_on(&self, first: &Hit, hit: &Hit, strong: &[Hit], text: &Cut<'_>) -> bool {
        let is_surgery = |hit: &Hit| SURGERIES.contains(&self.lexicon.path(hit));
        let between = first.tokens.end..hit.tokens.start;
        is_surgery(hit)
            && first.tokens.end <= hit.tokens.start
            && !strong
                .iter()
                .any(|other| !is_surgery(other) && between.contains(&other.tokens.start))
            && !between.clone().any(|at| parts_requests(text.token(at)))
    }

    /// Hits that appear once typing slips are put right.
    fn slips(&self, text: &Cut<'_>) -> Vec<Hit> {
        let corrected = self.speller.correct(&text.tokens);
        let hits = corrected.map(|tokens| self.lexicon.matcher.find(text.text, &tokens));
        hits.into_iter().flatten().filter(is_strong).collect()
    }

    /// Whether a sentence names one of these treatments.
    pub(super) fn names_one(&self, sentence: &Cut<'_>, treatments: &[Found]) -> bool {
        self.lexicon
            .hits(sentence)
            .iter()
            .filter(|hit| is_strong(hit))
            .any(|hit| treatments.iter().any(|found| found.path == self.lexicon.path(hit)))
    }
}

/// Whether what is asked for stands before a place, with nothing in between that asks for something else.
fn leads_back(text: &Cut<'_>, at: usize, is_asked: &dyn Fn(usize) -> bool, strict: bool) -> bool {
    for at in (0..at).rev() {
        if is_asked(at) {
            return !matches!(text.token(at), "surgery" | "surgical");
        }
        let token = text.token(at);
        let parts =
            matches!(token, "and" | "treat" | "surgery" | "surgical") || token == "," && strict;
        if parts || parts_requests(token) {
            return false;
        }
    }
    false
}

/// Whether a token stands between two requests.
fn parts_requests(token: &str) -> bool {
    matches!(token, ";" | ".") || token.starts_with("request") || token.starts_with("authoriz")
}

fn is_strong(hit: &Hit) -> bool {
    hit.strength == Strength::Strong
}
