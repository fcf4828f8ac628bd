//! The words and phrases that most separate the rationales of two sides: overturned from upheld, or
//! any other two.
//!
//! Candidates are found by reading rationales, all of them up to some hundreds, beyond that an even
//! sample of both sides; what is shown is then counted over all of them.

use super::log_odds::{PRIOR, Side, beyond_chance, log_odds};
use super::phrases::{Kept, Key, Texts};
use super::sides::{SideInfo, Sides, sides};
use super::verdict::VerdictRule;
use crate::search::{Engine, Place, Population, QueryInfo, Request, SearchError, Trait};
use crate::vocabulary::Vocabularies;
use schemars::JsonSchema;
use serde::Serialize;

/// Threads that read.
const THREADS: usize = 2;
/// Candidates of each side that are counted over all rationales.
const CANDIDATES: usize = 80;
/// A phrase nearer to no difference than this is not shown.
const MIN_Z: f64 = 1.0;
/// What a phrase's distance counts by its number of words: a longer one is rarer, and says more exactly
/// what its words hint at.
const EXACTNESS: [f64; 4] = [0.8, 1.2, 1.4, 1.5];
/// A word by itself that stands in more of all items, or in as many letters' summaries, is a common one, and says nothing.
const COMMON: f64 = 0.15;
/// At least so many rationales of the side that a phrase speaks for must hold it.
const MIN_HOLDING: u32 = 3;
/// The share of a phrase's rationales that must hold it in their reasons.
const IN_REASONS: f64 = 0.5;
/// A phrase in a longer one that so large a share of its rationales hold is not shown beside it.
const NESTED: f64 = 0.75;
/// A side with fewer rationales makes every figure uncertain.
const FEW: u64 = 20;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ContrastRequest {
    /// Which items.
    pub request: Request,
    /// Queries that part them; by outcome if `None`.
    pub between: Option<[Request; 2]>,
    /// Which phrases count.
    pub kept: Kept,
    /// How many phrases of each side.
    pub limit: usize,
}

impl ContrastRequest {
    /// Phrases of each side where nothing else is asked for.
    pub const LIMIT: usize = 12;

    /// Queries as the sides.
    pub fn sides(texts: [&str; 2]) -> [Request; 2] {
        texts.map(|text| Request { text: text.to_owned(), ..Request::default() })
    }
}

/// What separates two sides.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Contrast {
    /// How the query was read.
    pub query: QueryInfo,
    /// Items that match.
    pub total: u64,
    /// The sides.
    pub sides: [SideInfo; 2],
    /// Phrases, those that separate most first.
    pub phrases: Vec<Phrase>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// A phrase that one side holds more often.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Phrase {
    /// The words, in lower case.
    pub phrase: String,
    /// The name of the side that holds it more often.
    pub side: String,
    /// Which side that is: 0 or 1.
    #[serde(skip)]
    pub number: usize,
    /// How far the sides differ, in standard deviations; above 0 for the first side.
    pub z: f64,
    /// The difference of the log-odds.
    pub log_odds: f64,
    /// Whether the sides differ by more than chance explains, of as many phrases as were compared (Benjamini and
    /// Hochberg 1995).
    pub beyond_chance: bool,
    /// Rationales of each side that hold it.
    pub counts: [u64; 2],
    /// A sentence that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<Example>,
}

/// A sentence with a phrase.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Example {
    /// The item.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// The phrase in it, as character offsets.
    pub marks: Vec<[usize; 2]>,
}

/// A rationale that was read.
struct Read {
    side: usize,
    id: String,
    text: String,
}

/// A candidate with its counts.
struct Candidate {
    key: Key,
    words: Vec<String>,
    counts: [u64; 2],
    z: f64,
    delta: f64,
}

/// Finds what separates two sides.
///
/// # Errors
/// If a query or filter cannot be read, or the index cannot.
pub fn contrast(
    engine: &Engine<'_>,
    vocabularies: &Vocabularies,
    asked: &ContrastRequest,
) -> Result<Contrast, SearchError> {
    let population = engine.population(&asked.request)?;
    let mut notes = population.info().notes.clone();
    notes.extend(population.info().guesses());
    if population.info().by_outcome && asked.between.is_none() {
        notes.push(
            "the items are chosen by how they came out, which is what the sides are parted by"
                .to_owned(),
        );
    }
    if population.partial() > 0 {
        notes.push("no item holds all the words: only full matches are contrasted".to_owned());
    }
    let sides = sides(engine, vocabularies, &population, asked.between.as_ref(), &mut notes)?;
    let chosen = sides.sample();
    let all = sides.places[0].len() + sides.places[1].len();
    if chosen.len() < all {
        notes.push(format!(
            "phrases were looked for in {} of {all} rationales, evenly chosen from both sides, and counted in all",
            chosen.len()
        ));
    }
    for info in sides.infos.iter().filter(|info| info.rationales < FEW) {
        notes.push(format!(
            "{}: only {} different rationales, so chance plays a large part",
            info.label, info.rationales
        ));
    }
    let read = read(&population, &chosen)?;
    let rule = VerdictRule::new(vocabularies.verdicts());
    let texts = cut(&read, &rule, asked.kept);
    let (candidates, compared) = candidates(&texts, vocabularies, asked.kept);
    let counted = counted(engine, &sides, &texts, candidates, asked.kept, chosen.len() < all)?;
    let distances: Vec<f64> = counted.iter().map(|candidate| candidate.z).collect();
    let least = beyond_chance(&distances, compared);
    if sides.infos.iter().all(|info| info.rationales > 0) {
        notes.insert(0, chance(least, compared));
    }
    let example = |candidate: &Candidate| example(candidate, &texts, &read, &rule);
    let phrases = shown(counted, asked, &example).into_iter();
    let phrases = phrases.map(|(candidate, example)| sides.phrase(&candidate, example, least));
    Ok(Contrast {
        query: population.info().clone(),
        total: population.len(),
        phrases: phrases.collect(),
        sides: sides.infos,
        notes,
    })
}

impl Sides<'_> {
    fn phrase(
        &self,
        candidate: &Candidate,
        example: Option<Example>,
        least: Option<f64>,
    ) -> Phrase {
        let number = candidate.side();
        let rounded = |value: f64| (value * 1_000.0).round() / 1_000.0;
        Phrase {
            phrase: candidate.words.join(" "),
            side: self.infos[number].name.clone(),
            number,
            z: rounded(candidate.z),
            log_odds: rounded(candidate.delta),
            beyond_chance: least.is_some_and(|least| candidate.z.abs() >= least),
            counts: candidate.counts,
            example,
        }
    }
}

/// Reads rationales, on several threads.
fn read(population: &Population<'_>, chosen: &[(usize, Place)]) -> Result<Vec<Read>, SearchError> {
    let part = |places: &[(usize, Place)]| -> Result<Vec<Read>, SearchError> {
        let read = places.iter().map(|(side, place)| {
            let item = population.item(*place)?.item;
            Ok(Read { side: *side, id: item.id, text: item.rationale.unwrap_or_default() })
        });
        read.collect()
    };
    let mut all = Vec::with_capacity(chosen.len());
    for read in in_parts(chosen, &part) {
        all.extend(read?);
    }
    Ok(all)
}

/// Works on parts of a list at once; the results in order.
fn in_parts<T: Sync, R: Send>(list: &[T], work: &(dyn Fn(&[T]) -> R + Sync)) -> Vec<R> {
    let size = list.len().div_ceil(THREADS).max(1);
    std::thread::scope(|scope| {
        let running: Vec<_> =
            list.chunks(size).map(|part| scope.spawn(move || work(part))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

fn cut(read: &[Read], rule: &VerdictRule<'_>, kept: Kept) -> Texts {
    let part = |part: &[Read]| {
        Texts::new(part.iter().map(|read| (read.side, read.text.as_str())), rule, kept)
    };
    let mut all = Texts::default();
    for texts in in_parts(read, &part) {
        all.append(texts);
    }
    all
}

/// A phrase with the rationales of each side whose reasons hold it, and how far the sides differ.
type Compared = (Key, [u32; 2], f64);

/// The phrases that separate the reasons read most, so many of each side, and how many were compared.
fn candidates(texts: &Texts, vocabularies: &Vocabularies, kept: Kept) -> (Vec<Compared>, usize) {
    let mut all = [0_u64; 2];
    for rationale in &texts.rationales {
        all[rationale.side] += 1;
    }
    let least = MIN_HOLDING.max((texts.rationales.len() / 600) as u32);
    let mut found: Vec<Compared> = texts
        .frequent(least, vocabularies.verdicts(), kept)
        .into_iter()
        .map(|(key, holding)| {
            let side = |at: usize| Side { holding: u64::from(holding[at]), all: all[at] };
            (key, holding, log_odds(side(0), side(1), PRIOR).z)
        })
        .collect();
    let compared = found.len();
    found.retain(|(_, holding, z)| holding[usize::from(*z < 0.0)] >= least);
    found.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    let tail = found.len().saturating_sub(CANDIDATES).max(CANDIDATES.min(found.len()));
    let (head, tail) = (found[..CANDIDATES.min(found.len())].to_vec(), found[tail..].to_vec());
    let candidates = head.into_iter().chain(tail).filter(|(.., z)| z.abs() >= MIN_Z / 2.0);
    (candidates.collect(), compared)
}

/// From which distance on phrases differ by more than chance has it of so many.
fn chance(least: Option<f64>, compared: usize) -> String {
    match least {
        Some(least) => format!(
            "of {compared} phrases compared those with z from {least:.1} on differ by more than chance explains"
        ),
        None => {
            format!("of {compared} phrases compared none differs by more than chance explains")
        }
    }
}

/// Candidates with exact counts over all rationales.
fn counted(
    engine: &Engine<'_>,
    sides: &Sides<'_>,
    texts: &Texts,
    candidates: Vec<Compared>,
    kept: Kept,
    is_sample: bool,
) -> Result<Vec<Candidate>, SearchError> {
    let keys: Vec<Key> = candidates.iter().map(|(key, ..)| *key).collect();
    let anywhere = texts.holding(&keys);
    let words: Vec<Vec<String>> = keys.iter().map(|key| texts.words(key)).collect();
    let counts = if is_sample {
        engine.holding(&words, [&sides.populations[0], &sides.populations[1]])?
    } else {
        anywhere.clone()
    };
    let mut counted = Vec::new();
    for (((key, reasons, _), anywhere), (words, counts)) in
        candidates.into_iter().zip(anywhere).zip(words.into_iter().zip(counts))
    {
        let in_reasons =
            f64::from(reasons[0] + reasons[1]) / (anywhere[0] + anywhere[1]).max(1) as f64;
        let side = |at: usize| Side { holding: counts[at], all: sides.infos[at].rationales };
        let found = log_odds(side(0), side(1), PRIOR);
        if kept == Kept::Reasons && words.len() == 1 && is_common(engine, &words[0])? {
            continue;
        }
        if in_reasons >= IN_REASONS && found.z.abs() >= MIN_Z {
            counted.push(Candidate { key, words, counts, z: found.z, delta: found.delta });
        }
    }
    let rank = |candidate: &Candidate| candidate.z.abs() * EXACTNESS[candidate.words.len() - 1];
    counted.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then_with(|| a.words.cmp(&b.words)));
    Ok(counted)
}

/// Whether a word stands in many texts of the index, whatever they are about.
fn is_common(engine: &Engine<'_>, word: &str) -> Result<bool, SearchError> {
    let holders = engine.holders(&Trait::Printed(word.to_owned()))?;
    Ok(holders as f64 > engine.items()? as f64 * COMMON)
}

/// The phrases that are shown, each with an example: each thing once, the best of each side.
fn shown(
    counted: Vec<Candidate>,
    asked: &ContrastRequest,
    example: &dyn Fn(&Candidate) -> Option<Example>,
) -> Vec<(Candidate, Option<Example>)> {
    let is_raw = asked.kept == Kept::All;
    let keep: Vec<bool> =
        counted.iter().map(|short| is_raw || !is_nested(short, &counted)).collect();
    let mut shown: Vec<(Candidate, Option<Example>)> = Vec::new();
    for (candidate, _) in counted.into_iter().zip(keep).filter(|(_, keep)| *keep) {
        let same = || shown.iter().filter(|(other, _)| other.side() == candidate.side());
        let is_said = same().any(|(other, _)| says_the_same(&other.words, &candidate.words));
        if same().count() >= asked.limit || is_said && !is_raw {
            continue;
        }
        let example = example(&candidate);
        let text = |example: &Option<Example>| example.as_ref().map(|example| example.text.clone());
        // Phrases of one sentence are one thing too.
        if is_raw
            || !same().any(|(_, other)| text(other).is_some() && text(other) == text(&example))
        {
            shown.push((candidate, example));
        }
    }
    shown
}

/// Whether a phrase stands in a longer one that most of its rationales hold.
fn is_nested(short: &Candidate, all: &[Candidate]) -> bool {
    let total = |candidate: &Candidate| (candidate.counts[0] + candidate.counts[1]) as f64;
    all.iter().any(|long| {
        long.words.len() > short.words.len()
            && holds(&long.words, &short.words)
            && total(long) >= total(short) * NESTED
    })
}

impl Candidate {
    /// The side that holds it more often.
    fn side(&self) -> usize {
        usize::from(self.z < 0.0)
    }
}

/// Whether words stand in others, one after the other.
fn holds(long: &[String], short: &[String]) -> bool {
    long.windows(short.len()).any(|words| words == short)
}

/// Whether two phrases say one thing: one in the other, or two words on in common.
fn says_the_same(a: &[String], b: &[String]) -> bool {
    holds(a, b) || holds(b, a) || a.windows(2).any(|pair| holds(b, pair))
}

/// The shortest sentence of reasons that holds a phrase, long enough to be understood.
fn example(
    candidate: &Candidate,
    texts: &Texts,
    read: &[Read],
    rule: &VerdictRule<'_>,
) -> Option<Example> {
    const PLEASANT: std::ops::Range<usize> = 40..240;
    /// So many rationales are looked through.
    const ENOUGH: usize = 12;
    let of_side = texts
        .rationales
        .iter()
        .zip(read)
        .filter(|(rationale, _)| rationale.side == candidate.side());
    let holding = of_side.filter(|(rationale, _)| {
        rationale
            .words
            .windows(candidate.words.len())
            .any(|words| words == &candidate.key[..words.len()])
    });
    let mut best: Option<(bool, usize, Example)> = None;
    for (_, read) in holding.take(ENOUGH) {
        for sentence in rule.sentences(&read.text) {
            let text = &read.text[sentence.place.clone()];
            let Some(marks) = place_of(&candidate.words, text) else { continue };
            let rank = (sentence.is_verdict || !PLEASANT.contains(&text.len()), text.len());
            if best.as_ref().is_none_or(|(a, b, _)| rank < (*a, *b)) {
                let example =
                    Example { id: read.id.clone(), text: text.to_owned(), marks: vec![marks] };
                best = Some((rank.0, rank.1, example));
            }
        }
    }
    best.map(|(.., example)| example)
}

/// Where a phrase stands in a sentence, as character offsets.
fn place_of(phrase: &[String], text: &str) -> Option<[usize; 2]> {
    let words = crate::index::printed_once(text);
    let found =
        words.windows(phrase.len()).find(|words| words.iter().map(|(_, word)| word).eq(phrase))?;
    let (start, end) = (found.first()?.0.start, found.last()?.0.end);
    let chars = |end: usize| text[..end].chars().count();
    Some([chars(start), chars(end)])
}
