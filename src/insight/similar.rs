//! What is most like an item or a text, why, and how it came out.
//!
//! Likeness is of the request, its facets and the clinical words of the reasons; what states an
//! outcome takes no part in it. The words are those with the highest tf-idf, at most so many that the
//! first places are found without looking at every item.

use super::tally::Tally;
use super::verdict::VerdictRule;
use crate::index::{ItemDocument, stems_once};
use crate::search::{Engine, LeftOut, Place, Population, Request, SearchError, Trait};
use crate::vocabulary::{Ending, Facet, Vocabularies, names};
use foldhash::{HashMap, HashSet};
use schemars::JsonSchema;
use serde::Serialize;

/// Words of the request and of the rationale that are looked for, at most.
const TITLE_WORDS: usize = 8;
const RATIONALE_WORDS: usize = 10;
/// What a word of the request and one of the rationale are worth. The field that ranks counts both more often than
/// they stand there, which facet values do not gain from.
const TITLE_WEIGHT: f32 = 1.6;
const RATIONALE_WEIGHT: f32 = 0.6;
/// What sharing a facet value is worth, by facet.
const FACETS: [(&str, f32); 3] = [("treatment", 3.5), ("region", 2.5), ("guideline", 0.4)];
/// Values looked for, at most: those first named.
const MAX_VALUES: usize = 7;
/// A word in more of all items than this says little of one.
const COMMON: f64 = 0.25;
/// How many are fetched for each wanted, since some stand for others.
const SPARE: usize = 4;

/// Decisions that are less alike than this on average say little.
const HARDLY: f32 = 0.1;

/// What likeness is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The request and the reasons.
    Whole,
    /// The request alone: of decisions that came out otherwise the reasons differ.
    Request,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct SimilarRequest {
    /// What likeness is of.
    pub likeness: Likeness,
    /// Filters for what may be similar.
    pub filters: Request,
    /// What is left out; the item itself where nothing is said.
    pub leave_out: Option<LeftOut>,
    /// How many.
    pub limit: usize,
}

/// How many are found where nothing else is asked for.
const USUAL: usize = 10;
/// How many that came out the other way.
const USUAL_OPPOSITE: usize = 3;

impl SimilarRequest {
    /// The decisions most like one, among those that meet filters.
    pub fn alike(filters: Vec<(String, String)>, limit: Option<usize>) -> Self {
        Self {
            likeness: Likeness::Whole,
            filters: Request { filters, ..Request::default() },
            leave_out: None,
            limit: limit.unwrap_or(USUAL),
        }
    }

    /// The decisions on requests most like that of an item that came out the other way; `None` where
    /// it is not known how this one did.
    pub fn opposite(
        of: &ItemDocument,
        vocabularies: &Vocabularies,
        filters: Vec<(String, String)>,
        limit: Option<usize>,
    ) -> Option<Self> {
        let (facet, others) = other_outcome(of, vocabularies)?;
        // A filter by outcome chooses among the others; where it wants none of them, nothing is found.
        let is_choice = |(name, value): &(String, String)| {
            names(name, &facet.name) && !value.starts_with('!') && facet.resolve(value).is_ok()
        };
        let (chosen, rest): (Vec<_>, Vec<_>) = filters.into_iter().partition(is_choice);
        let path = |(_, value): &(String, String)| Some(facet.resolve(value).ok()?.path);
        let chosen: Vec<String> = chosen.iter().filter_map(path).collect();
        let is_wanted = |path: &&String| chosen.is_empty() || chosen.contains(path);
        let mut outcomes: Vec<String> = others.iter().filter(is_wanted).cloned().collect();
        if outcomes.is_empty() {
            outcomes.extend(
                others.first().into_iter().flat_map(|path| [path.clone(), format!("!{path}")]),
            );
        }
        let outcomes = outcomes.into_iter().map(|path| (facet.name.clone(), path));
        let filters = rest.into_iter().chain(outcomes).collect();
        let limit = limit.or(Some(USUAL_OPPOSITE));
        Some(Self { likeness: Likeness::Request, ..Self::alike(filters, limit) })
    }
}

/// The items most like one.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Similar {
    /// The item that they are like; without identity where it is of no letter of the index.
    pub of: ItemDocument,
    /// How those listed came out.
    pub outcomes: Tally,
    /// Nearest first.
    pub nearest: Vec<Alike>,
    /// What else a reader should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// An item like another.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Alike {
    /// The item.
    #[serde(flatten)]
    pub item: ItemDocument,
    /// The share of what was looked for that it has, by weight.
    pub likeness: f32,
    /// The facet values that both have.
    pub shared_values: Vec<SharedValue>,
    /// The words that both have, as printed in the first.
    pub shared_words: Vec<String>,
    /// How many more items it stands for: those with the same rationale.
    #[serde(skip_serializing_if = "is_zero")]
    pub folded: u64,
}

/// A facet value that two items have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SharedValue {
    /// The facet.
    pub facet: String,
    /// The path.
    pub path: String,
    /// Its name for a person.
    pub label: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "asked for by serde")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What is looked for, with its weight among all.
struct Wanted {
    what: Trait,
    /// The word as printed; empty for values.
    printed: String,
    boost: f32,
    rarity: f32,
}

/// Finds the items most like one; `place` is where it stands, if it is of the index.
///
/// # Errors
/// If a filter cannot be used, or the index cannot be read.
pub fn similar(
    engine: &Engine<'_>,
    vocabularies: &Vocabularies,
    of: &ItemDocument,
    place: Option<Place>,
    asked: &SimilarRequest,
) -> Result<Similar, SearchError> {
    let wanted = wanted(engine, vocabularies, of, asked.likeness)?;
    let everything = Request::default();
    let is_filtered = asked.filters.filters != everything.filters || !asked.filters.text.is_empty();
    let within = is_filtered.then(|| engine.population(&asked.filters)).transpose()?;
    let mut notes = within.as_ref().map(|within| notes(within, asked.likeness)).unwrap_or_default();
    let traits: Vec<(Trait, f32)> =
        wanted.iter().map(|wanted| (wanted.what.clone(), wanted.boost)).collect();
    let left_out = asked.leave_out.unwrap_or(LeftOut { item: place, letter: None });
    let found = engine.nearest(&traits, within.as_ref(), left_out, asked.limit * SPARE)?;
    let reader = Population::none(engine);
    let mut nearest: Vec<Alike> = Vec::new();
    let mut places: HashMap<u64, usize> = HashMap::default();
    for near in found {
        if let Some(first) = near.alike.and_then(|alike| places.get(&alike)) {
            nearest[*first].folded += 1;
            continue;
        }
        if let Some(alike) = near.alike {
            places.insert(alike, nearest.len());
        }
        nearest.push(alike(reader.item(near.place)?, &wanted, vocabularies));
    }
    // The best at first sight are put in the order of what they share, which is what is shown.
    nearest.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    nearest.truncate(asked.limit);
    if nearest.iter().map(|near| near.likeness).sum::<f32>() < HARDLY * nearest.len() as f32 {
        notes.push("these share little with it: how they came out says little of it".to_owned());
    }
    let mut outcomes = Tally::default();
    for near in &nearest {
        outcomes.add(ending(&near.item, vocabularies));
    }
    Ok(Similar { of: of.clone(), outcomes, nearest, notes })
}

/// What there is to say of a choice of items.
fn notes(within: &Population<'_>, likeness: Likeness) -> Vec<String> {
    let mut notes = within.info().notes.clone();
    if within.info().by_outcome && likeness == Likeness::Whole {
        notes.push(
            "the items are chosen by how they came out: that says nothing of the chances"
                .to_owned(),
        );
    }
    notes
}

/// How an item came out.
fn ending(item: &ItemDocument, vocabularies: &Vocabularies) -> Option<Ending> {
    vocabularies.outcome().and_then(|facet| facet.ending(&item.item.outcome))
}

/// The filter for items that came out the other way; `None` where it is not known how this one did.
fn other_outcome<'v>(
    item: &ItemDocument,
    vocabularies: &'v Vocabularies,
) -> Option<(&'v Facet, Vec<String>)> {
    let facet = vocabularies.outcome()?;
    let is_upheld = facet.ending(&item.item.outcome)? == Ending::Upheld;
    let others = facet.vocabulary.values.iter().filter(|value| match value.ending {
        Some(Ending::Upheld) => !is_upheld,
        Some(Ending::Overturned | Ending::Partly) => is_upheld,
        None => false,
    });
    Some((facet, others.map(|value| value.path.clone()).collect()))
}

/// What to look for.
fn wanted(
    engine: &Engine<'_>,
    vocabularies: &Vocabularies,
    of: &ItemDocument,
    likeness: Likeness,
) -> Result<Vec<Wanted>, SearchError> {
    let rule = VerdictRule::new(vocabularies.verdicts());
    let small: HashSet<&str> = vocabularies.verdicts().small.iter().collect();
    let is_word = |printed: &str| !small.contains(printed) && !rule.is_outcome_word(printed);
    let item = &of.item;
    let request = if item.disputed.is_empty() { item.title.clone() } else { item.disputed.clone() };
    let words = counted(&request, &is_word);
    let mut wanted = picked(engine, words, TITLE_WORDS, TITLE_WEIGHT, Trait::Title)?;
    if let (Likeness::Whole, Some(rationale)) = (likeness, &item.rationale) {
        let sentences = rule.sentences(rationale);
        let reasons = sentences.iter().flat_map(|sentence| &sentence.reasons);
        let reasons: Vec<&str> = reasons.map(|place| &rationale[place.clone()]).collect();
        let words = counted(&reasons.join(". "), &is_word);
        wanted.extend(picked(engine, words, RATIONALE_WORDS, RATIONALE_WEIGHT, Trait::Rationale)?);
    }
    let facets = of.facets();
    let values = FACETS.iter().flat_map(|(name, weight)| {
        facets
            .iter()
            .filter(move |(facet, _)| facet == name)
            .map(move |(facet, path)| (*facet, path, *weight))
    });
    let all = engine.items()?;
    for (facet, path, boost) in values.take(MAX_VALUES) {
        let what = Trait::Value(facet.to_owned(), path.to_string());
        if let Some(rarity) = rarity(engine, all, &what)? {
            wanted.push(Wanted { what, printed: String::new(), boost, rarity });
        }
    }
    Ok(wanted)
}

/// The stems of a text with how often they stand there and how they are first printed.
fn counted(text: &str, is_word: &dyn Fn(&str) -> bool) -> Vec<(String, String, u32)> {
    let mut places: HashMap<String, usize> = HashMap::default();
    let mut words: Vec<(String, String, u32)> = Vec::new();
    for (place, stem) in stems_once(text) {
        let printed = text[place].to_lowercase();
        let is_figure = printed.chars().all(|c| !c.is_alphabetic());
        if is_figure || stem.chars().count() < 2 || !is_word(&printed) {
            continue;
        }
        if let Some(at) = places.get(&stem) {
            words[*at].2 += 1;
        } else {
            places.insert(stem.clone(), words.len());
            words.push((stem, printed, 1));
        }
    }
    words
}

/// The words with the highest tf-idf that other items hold too.
fn picked(
    engine: &Engine<'_>,
    words: Vec<(String, String, u32)>,
    most: usize,
    boost: f32,
    what: fn(String) -> Trait,
) -> Result<Vec<Wanted>, SearchError> {
    let (all, mut picked) = (engine.items()?, Vec::new());
    for (stem, printed, times) in words {
        let what = what(stem);
        let is_common = |rarity: f32| f64::from(rarity) < (1.0 + 1.0 / COMMON).ln();
        let is_request = matches!(what, Trait::Title(_));
        if let Some(rarity) =
            rarity(engine, all, &what)?.filter(|rarity| is_request || !is_common(*rarity))
        {
            let weight = (1.0 + (times as f32).ln()) * rarity;
            picked.push((weight, Wanted { what, printed, boost, rarity }));
        }
    }
    picked.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(picked.into_iter().take(most).map(|(_, wanted)| wanted).collect())
}

/// The inverse document frequency; `None` where at most one item, perhaps the item itself, has it.
fn rarity(engine: &Engine<'_>, all: u64, what: &Trait) -> Result<Option<f32>, SearchError> {
    let holders = engine.holders(what)?;
    Ok((holders > 1).then(|| (1.0 + all as f32 / holders as f32).ln()))
}

/// Why an item is similar.
fn alike(item: ItemDocument, wanted: &[Wanted], vocabularies: &Vocabularies) -> Alike {
    let stems_of = |text: &str| -> HashSet<String> {
        stems_once(text).into_iter().map(|(_, stem)| stem).collect()
    };
    let title = stems_of(&item.item.title);
    let rationale = stems_of(item.item.rationale.as_deref().unwrap_or_default());
    let facets = item.facets();
    let (mut all, mut own) = (0.0, 0.0);
    let (mut shared_values, mut shared_words): (Vec<SharedValue>, Vec<String>) =
        (Vec::new(), Vec::new());
    for wanted in wanted {
        let weight = wanted.boost * wanted.rarity;
        all += weight;
        let is_shared = match &wanted.what {
            Trait::Title(stem) => title.contains(stem),
            Trait::Rationale(stem) | Trait::Printed(stem) => rationale.contains(stem),
            Trait::Value(facet, path) => {
                facets.iter().any(|(name, value)| name == facet && value == path)
            }
        };
        if !is_shared {
            continue;
        }
        own += weight;
        match &wanted.what {
            Trait::Value(facet, path) => {
                let label = vocabularies.label(facet, path);
                shared_values.push(SharedValue { facet: facet.clone(), path: path.clone(), label });
            }
            _ if !shared_words.contains(&wanted.printed) => {
                shared_words.push(wanted.printed.clone());
            }
            _ => {}
        }
    }
    let likeness = if all > 0.0 { own / all } else { 0.0 };
    Alike { item, likeness, shared_values, shared_words, folded: 0 }
}
