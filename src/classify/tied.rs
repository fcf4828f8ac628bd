//! The parts of the body that a rationale says its request is for.
//!
//! Those that words tie to the request. Only where there are none: the one part, or the two named together, of which
//! this patient complains; and only where there is none: the one that is named at all outside of what is said of
//! sources. Never what is said of patients in general, of earlier courses or of other complaints.

use super::region::UNSPECIFIED;
use super::{Cut, Found, Lexicon, Place, add};
use crate::vocabulary::{Hit, Matcher, Strength, Vocabulary, alternatives};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::cell::LazyCell;
use std::ops::Range;

/// How many words may lie between what ties a region to the request and the region.
const TIE_REACH: usize = 8;

/// The same in what concludes.
const LINK_REACH: usize = 2;

/// What is asked for.
pub(super) struct Asked<'a> {
    pub(super) title: &'a Cut<'a>,
    pub(super) treatments: &'a [Found],
    /// Tells whether a sentence names it.
    pub(super) is_named: &'a dyn Fn(&Cut<'_>) -> bool,
}

/// The words that tie a region to a request.
#[derive(Debug)]
pub(super) struct Ties {
    tie: Matcher,
    /// As `tie` before the words for this patient, whatever else the sentence says of patients in general.
    own: Matcher,
    person: Matcher,
    /// As `tie`, where the sentence names what is asked for.
    usage: Matcher,
    /// What concludes, and the words by which a conclusion names a part.
    conclusion: Matcher,
    link: Matcher,
    /// What begins the reasons of a conclusion.
    reason: Matcher,
    general: Matcher,
    /// Words after which a clause does not say what the request is for.
    denial: Matcher,
    /// What makes a sentence one on other people.
    others: Matcher,
    /// What makes a part's name that of a trade, after it, or of a person, before it.
    trade: Matcher,
    title: Matcher,
    titles: Vec<String>,
    /// What begins a clause on something else.
    breaks: Vec<String>,
    /// The words of all kinds of ties: most sentences hold none.
    hints: AhoCorasick,
    speaking: Speaking,
}

/// The words by which sentences speak of this patient.
#[derive(Debug)]
struct Speaking {
    patient: Matcher,
    complaint: Matcher,
    /// Words right before a part that make it this patient's.
    definite: Matcher,
    /// What is said of other complaints and other times.
    aside: Matcher,
    /// What says that a request names no part.
    unnamed: Matcher,
    /// Requests that are for no part.
    placeless: Matcher,
    /// What is said of sources.
    sources: Matcher,
    /// Values that are no part.
    states: Vec<String>,
    /// Parts that are named for many a reason, and treatments of the whole body, by how their paths begin.
    incidental: Vec<String>,
    systemic: Vec<String>,
    /// Treatments of whole limbs.
    of_limbs: Vec<String>,
}

/// Which parts of a clause count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spoken {
    /// Those of which the patient complains.
    Suffered,
    /// All.
    Named,
}

impl Ties {
    pub(super) fn new(vocabulary: &Vocabulary) -> Result<Self, aho_corasick::BuildError> {
        let group = |name: &str| vocabulary.markers.get(name).into_iter().flatten();
        let whole = group("tie").chain(group("use")).chain(group("conclusion"));
        let whole = whole.flat_map(alternatives);
        // "Treat" is no hint where "treatment" stands.
        let own = group("own").flat_map(alternatives).map(|term| format!("{term} "));
        // Texts are looked through as printed, before they are cut into words.
        let plain = |term: String| term.split(['*', '-']).next().unwrap_or_default().to_owned();
        let hints = whole.chain(own).map(plain);
        Ok(Self {
            tie: vocabulary.marker("tie")?,
            own: vocabulary.marker("own")?,
            person: vocabulary.marker("person")?,
            usage: vocabulary.marker("use")?,
            conclusion: vocabulary.marker("conclusion")?,
            link: vocabulary.marker("link")?,
            reason: vocabulary.marker("reason")?,
            general: vocabulary.marker("general")?,
            denial: vocabulary.marker("denial")?,
            others: vocabulary.marker("others")?,
            trade: vocabulary.marker("trade")?,
            title: vocabulary.marker("title")?,
            titles: group("title").map(str::to_owned).collect(),
            breaks: group("breaks").map(str::to_owned).collect(),
            hints: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .kind(Some(AhoCorasickKind::DFA))
                .build(hints)?,
            speaking: Speaking {
                patient: vocabulary.marker("patient")?,
                complaint: vocabulary.marker("complaint")?,
                definite: vocabulary.marker("definite")?,
                aside: vocabulary.marker("aside")?,
                unnamed: vocabulary.marker("unnamed")?,
                placeless: vocabulary.marker("placeless")?,
                sources: vocabulary.marker("sources")?,
                states: group("states").map(str::to_owned).collect(),
                incidental: group("incidental").map(str::to_owned).collect(),
                systemic: group("systemic").map(str::to_owned).collect(),
                of_limbs: group("of_limbs").map(str::to_owned).collect(),
            },
        })
    }

    /// The regions that a rationale says the request is for.
    pub(super) fn read(&self, regions: &Lexicon, rationale: &str, asked: &Asked<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        for sentence in self.sentences(rationale) {
            self.tied(regions, sentence, asked, &mut found);
        }
        let limbs = certain(&mut found);
        let of_limb = |found: &Found| begins_with(&found.path, &self.speaking.of_limbs);
        if found.is_empty() && asked.treatments.iter().any(of_limb) && !limbs.is_empty() {
            return limbs;
        }
        if !found.is_empty() || is_in(&self.speaking.placeless, asked.title) {
            return found;
        }
        let naming = self.naming(regions, rationale);
        found = self.spoken_of(regions, &naming, Spoken::Suffered);
        let systemic = |found: &Found| begins_with(&found.path, &self.speaking.systemic);
        if found.is_empty() && !asked.treatments.iter().any(systemic) {
            found = self.spoken_of(regions, &naming, Spoken::Named);
        }
        if found.is_empty() { limbs } else { found }
    }

    /// The regions that a sentence of the rationale ties to the request.
    fn tied(&self, regions: &Lexicon, sentence: &str, asked: &Asked<'_>, found: &mut Vec<Found>) {
        if !self.hints.is_match(sentence) {
            return;
        }
        let whole = Cut::new(sentence);
        // "Is used for" speaks of patients in general, "is used for her" of this one.
        let own = self.own_ties(&whole);
        let within = |general: &Range<usize>| own.iter().any(|tie| is_mostly(general, tie));
        let is_general = ranges(&self.general, &whole).iter().any(|general| !within(general));
        if is_general || is_in(&self.others, &whole) {
            return;
        }
        let named = LazyCell::new(|| (asked.is_named)(&whole));
        for clause in self.clauses(sentence) {
            self.tied_in(regions, &Cut::new(clause), &|| *named, found);
        }
    }

    /// `named`: whether the sentence names what is asked for.
    fn tied_in(
        &self,
        regions: &Lexicon,
        clause: &Cut<'_>,
        named: &dyn Fn() -> bool,
        found: &mut Vec<Found>,
    ) {
        let mut ties = ranges(&self.tie, clause);
        ties.extend(self.own_ties(clause));
        let usage = ranges(&self.usage, clause);
        if !usage.is_empty() && named() {
            ties.extend(usage);
        }
        let links = self.links(clause);
        if ties.is_empty() && links.is_empty() {
            return;
        }
        let denials = ranges(&self.denial, clause);
        // "Not medically necessary for the knee" denies the request, not the part.
        let concluded = ranges(&self.conclusion, clause);
        let for_part: Vec<Range<usize>> = links
            .iter()
            .filter(|link| concluded.iter().any(|words| words.end == link.start))
            .cloned()
            .collect();
        for hit in self.parts(regions, clause) {
            let at = hit.tokens.start;
            let near = |ties: &[Range<usize>], reach: usize| {
                ties.iter().any(|tie| tie.end <= at && at - tie.end <= reach)
            };
            let is_near = near(&ties, TIE_REACH) || near(&links, LINK_REACH);
            // Words of a tie deny nothing: "prescribed by the doctor for".
            let in_tie = |denial: &Range<usize>| {
                ties.iter().any(|tie| tie.start <= denial.start && denial.end <= tie.end)
            };
            let is_denied = denials.iter().any(|denial| denial.end <= at && !in_tie(denial));
            if is_near && !is_denied || near(&for_part, LINK_REACH) {
                add(found, regions.found(&hit, clause, Place::Rationale));
            }
        }
    }

    /// The words by which a clause that concludes names a part, before it comes to its reasons.
    fn links(&self, clause: &Cut<'_>) -> Vec<Range<usize>> {
        if !is_in(&self.conclusion, clause) {
            return Vec::new();
        }
        let reason = ranges(&self.reason, clause).first().map_or(usize::MAX, |words| words.start);
        let mut links = ranges(&self.link, clause);
        links.retain(|link| link.end <= reason);
        links
    }

    /// Ties before the words for this patient.
    fn own_ties(&self, text: &Cut<'_>) -> Vec<Range<usize>> {
        followed(&ranges(&self.own, text), &ranges(&self.person, text))
    }

    /// The sentences that name parts and do not speak of patients in general or of others; none where one says that the
    /// request names no part.
    fn naming<'t>(&self, regions: &Lexicon, rationale: &'t str) -> Vec<Cut<'t>> {
        let mut naming = Vec::new();
        for sentence in self.sentences(rationale) {
            let sentence = Cut::new(sentence);
            if is_in(&self.speaking.unnamed, &sentence) {
                return Vec::new();
            }
            // Most sentences name no part.
            if !regions.hits(&sentence).is_empty()
                && !is_in(&self.general, &sentence)
                && !is_in(&self.others, &sentence)
            {
                naming.push(sentence);
            }
        }
        naming
    }

    /// The parts that sentences speak of, if these are few enough to be what the request is for.
    fn spoken_of(&self, regions: &Lexicon, naming: &[Cut<'_>], spoken: Spoken) -> Vec<Found> {
        let mut clauses: Vec<Vec<Found>> = Vec::new();
        for sentence in naming {
            if spoken == Spoken::Named && is_in(&self.speaking.sources, sentence) {
                continue;
            }
            for clause in self.clauses(sentence.text) {
                let found = self.of_clause(regions, &Cut::new(clause), spoken);
                if !found.is_empty() {
                    clauses.push(found);
                }
            }
        }
        let mut all = Vec::new();
        clauses.iter().flatten().for_each(|found| add(&mut all, found.clone()));
        let together = clauses.iter().any(|clause| clause.len() == all.len());
        if together && all.len() <= spoken.most() { all } else { Vec::new() }
    }

    /// Cuts a text after each full stop that a space follows, but not after a title before a name.
    fn sentences<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let ends = text.match_indices(". ").map(|(at, _)| at);
        let is_title = |end: &usize| {
            let word = text[..*end].rsplit(char::is_whitespace).next().unwrap_or_default();
            self.titles.iter().any(|title| title.eq_ignore_ascii_case(word))
        };
        let ends = ends.filter(move |end| !is_title(end)).map(|end| end + 1);
        let mut from = 0;
        ends.chain([text.len()]).map(move |end| {
            let sentence = text[from..end].trim();
            from = end;
            sentence
        })
    }

    /// Cuts a sentence where it goes on to something else.
    fn clauses<'t>(&self, sentence: &'t str) -> Vec<&'t str> {
        let mut clauses = vec![sentence];
        for at in &self.breaks {
            clauses = clauses.into_iter().flat_map(|clause| clause.split(at.as_str())).collect();
        }
        clauses
    }

    /// The parts of the body that a text names; a trade's or a person's name is left out.
    fn parts(&self, regions: &Lexicon, text: &Cut<'_>) -> Vec<Hit> {
        let mut hits = regions.hits(text);
        hits.retain(|hit| hit.strength == Strength::Strong);
        if !hits.is_empty() {
            let (trades, titles) = (ranges(&self.trade, text), ranges(&self.title, text));
            hits.retain(|hit| {
                !trades.iter().any(|trade| trade.start == hit.tokens.end)
                    && !titles
                        .iter()
                        .any(|title| (title.end..=title.end + 1).contains(&hit.tokens.start))
            });
        }
        hits
    }

    /// The parts of this patient that a clause speaks of.
    fn of_clause(&self, regions: &Lexicon, clause: &Cut<'_>, spoken: Spoken) -> Vec<Found> {
        let speaking = &self.speaking;
        let mut found = Vec::new();
        let hits = self.parts(regions, clause);
        if hits.is_empty() || is_in(&speaking.aside, clause) {
            return found;
        }
        let suffers = is_in(&speaking.patient, clause) && is_in(&speaking.complaint, clause);
        let definite = ranges(&speaking.definite, clause);
        for hit in hits {
            let is_definite = definite.iter().any(|word| word.end == hit.tokens.start);
            let path = regions.path(&hit);
            let is_part =
                !path.ends_with(UNSPECIFIED) && !speaking.states.iter().any(|state| state == path);
            let counts = suffers
                || is_definite
                || spoken == Spoken::Named && !begins_with(path, &speaking.incidental);
            if is_part && counts {
                add(&mut found, regions.found(&hit, clause, Place::Rationale));
            }
        }
        found
    }
}

/// Leaves the named parts; gives the limbs without their part, which count where no part is found at all.
fn certain(found: &mut Vec<Found>) -> Vec<Found> {
    let (vague, parts): (Vec<Found>, Vec<Found>) =
        std::mem::take(found).into_iter().partition(|found| found.path.ends_with(UNSPECIFIED));
    *found = parts;
    if vague.iter().any(|found| found.path.starts_with(SPINE)) { Vec::new() } else { vague }
}

/// The root of the parts of the spine: "back" alone may be any of them.
const SPINE: &str = "spine";

impl Spoken {
    /// The most parts that are so spoken of where the request is for these.
    fn most(self) -> usize {
        match self {
            Spoken::Suffered => 2,
            Spoken::Named => 1,
        }
    }
}

/// Where a text holds words, in tokens.
fn ranges(words: &Matcher, text: &Cut<'_>) -> Vec<Range<usize>> {
    words.find(text.text, &text.tokens).into_iter().map(|hit| hit.tokens).collect()
}

fn is_in(words: &Matcher, text: &Cut<'_>) -> bool {
    !words.find(text.text, &text.tokens).is_empty()
}

/// Whether a path is one of some or lies below one.
fn begins_with(path: &str, roots: &[String]) -> bool {
    let below = |root: &String| {
        path.strip_prefix(root.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    roots.iter().any(below)
}

/// Words with others that follow on them.
fn followed(words: &[Range<usize>], others: &[Range<usize>]) -> Vec<Range<usize>> {
    let after = |words: &Range<usize>| others.iter().find(|other| other.start == words.end);
    words.iter().filter_map(|words| Some(words.start..after(words)?.end)).collect()
}

/// Whether more than half of some words are others'.
fn is_mostly(words: &Range<usize>, others: &Range<usize>) -> bool {
    let shared = words.end.min(others.end).saturating_sub(words.start.max(others.start));
    shared * 2 > words.len()
}
