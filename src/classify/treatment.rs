//! What a request asks for.
//!
//! Words that identify a treatment all count, but for those that another treatment explains (an
//! arthroscopy's "surgery"); general words ("unit", "evaluation") count only where nothing else is
//! identified. Only where no word identifies anything are typing slips seen through.

use super::occasion::{Kind, Occasions, Words};
use super::slip::Speller;
use super::{Cut, Found, Lexicon, Place, add};
use crate::vocabulary::{Hit, Strength, Vocabulary};
use std::collections::BTreeSet;

/// Surgeries themselves, of which other things are asked for before and after.
const SURGERIES: [&str; 3] = ["surgery/arthroscopic", "surgery/open", "surgery/spine"];

/// What a treatment is among occasions.
fn kind(path: &str) -> Kind {
    match path.split_once('/') {
        _ if SURGERIES.contains(&path) => Kind::Surgery,
        Some(("injection", _)) => Kind::Injection,
        Some(("diagnostic", "imaging" | "electrodiagnostic")) => Kind::Study,
        Some(("evaluation", _) | ("surgery", "consult") | ("psych", "evaluation")) => Kind::Visit,
        Some(("pharmaceutical", _)) => Kind::Drug,
        _ => Kind::Other,
    }
}

/// The treatments and the words by which they are known.
#[derive(Debug)]
pub(super) struct Treatments {
    lexicon: Lexicon,
    speller: Speller,
    occasion: Words,
}

impl Treatments {
    pub(super) fn new(
        vocabulary: &Vocabulary,
        regions: &Vocabulary,
    ) -> Result<Self, aho_corasick::BuildError> {
        let speller = Speller::new(vocabulary, regions);
        let occasion = Words::new(vocabulary);
        Ok(Self { lexicon: Lexicon::new(vocabulary)?, speller, occasion })
    }

    /// Reads the treatments of the portion in dispute.
    pub(super) fn read(&self, disputed: &Cut<'_>) -> Vec<Found> {
        let values = &self.lexicon.vocabulary.values;
        let hits = self.lexicon.hits(disputed);
        let (mut strong, weak): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(is_strong);
        if strong.is_empty() {
            strong = self.slips(disputed);
        }
        let lexicon = &self.lexicon;
        let kind = |hit: &Hit| kind(lexicon.path(hit));
        let occasions = Occasions::new(&self.occasion, disputed, &strong, &weak, &kind);
        let asked = |hits: Vec<Hit>| -> Vec<Hit> {
            hits.into_iter().filter(|hit| !occasions.hold(hit)).collect()
        };
        let (strong, weak) = (asked(strong), asked(weak));
        let named: BTreeSet<usize> = strong.iter().map(|hit| hit.value).collect();
        let hidden = |path: &str| {
            named
                .iter()
                .flat_map(|value| &values[*value].hides)
                .any(|hides| path == hides || (hides.ends_with('/') && path.starts_with(hides)))
        };
        let shown = |hit: &&Hit| !hidden(self.lexicon.path(hit));
        let mut counted: Vec<&Hit> = strong.iter().filter(shown).collect();
        if strong.iter().all(|hit| values[hit.value].aside) {
            // The first general word says what the request is; others describe it. On the occasion of a procedure it is
            // a visit, if one is named.
            let visit = weak.iter().find(|hit| occasions.any() && kind(hit) == Kind::Visit);
            counted.extend(visit.filter(shown).or_else(|| weak.iter().find(shown)));
        }
        counted.sort_by_key(|hit| hit.source.start);
        let mut found = Vec::new();
        for hit in counted {
            add(&mut found, self.lexicon.found(hit, disputed, Place::Disputed));
        }
        found
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

fn is_strong(hit: &Hit) -> bool {
    hit.strength == Strength::Strong
}
