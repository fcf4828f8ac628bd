//! The two sides of a contrast: the rationales of each, and which of them are read.

use super::outcome::Outcomes;
use crate::search::{Engine, Place, Population, Request, SearchError};
use crate::vocabulary::{Ending, Vocabularies};
use foldhash::HashMap;
use schemars::JsonSchema;
use serde::Serialize;

/// Up to so many rationales, all are read.
const READ_ALL: usize = 1_500;
/// Beyond, so many of each side.
const SAMPLE: usize = 700;

/// A side.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SideInfo {
    /// Path of the outcome, or the query.
    pub name: String,
    /// Name for a person.
    pub label: String,
    /// Its items.
    pub items: u64,
    /// Its rationales: those given word for word to several items once.
    pub rationales: u64,
}

/// The rationales of two sides.
pub(super) struct Sides<'a> {
    pub(super) populations: [Population<'a>; 2],
    /// Where one of each rationale stands, in the order of identities.
    pub(super) places: [Vec<(u64, Place)>; 2],
    pub(super) infos: [SideInfo; 2],
}

/// Parts a population by outcome or by two queries.
pub(super) fn sides<'a>(
    engine: &Engine<'a>,
    vocabularies: &Vocabularies,
    population: &Population<'a>,
    between: Option<&[Request; 2]>,
    notes: &mut Vec<String>,
) -> Result<Sides<'a>, SearchError> {
    let (populations, names) = match between {
        Some([a, b]) => {
            let parts = [
                engine.population(a)?.intersect(population),
                engine.population(b)?.intersect(population),
            ];
            let shared = parts[0].intersect(&parts[1]).len();
            if shared > 0 {
                notes.push(format!("{shared} items are on both sides"));
            }
            (parts, [(a.text.clone(), a.text.clone()), (b.text.clone(), b.text.clone())])
        }
        None => by_outcome(vocabularies, population)?,
    };
    let mut places = [Vec::new(), Vec::new()];
    let mut parts = Vec::new();
    for (population, places) in populations.iter().zip(&mut places) {
        // Where items stand differs from build to build, so of one rationale the first identity counts.
        let mut firsts: HashMap<u64, (u64, Place)> = HashMap::default();
        parts.push(population.filter(|segment, doc| {
            let Some(alike) = segment.alike(doc) else { return false };
            let item = (segment.order(doc), segment.place(doc));
            let known = firsts.insert(alike, item);
            if let Some(known) = known {
                firsts.insert(alike, known.min(item));
            }
            known.is_none()
        })?);
        places.extend(firsts.into_values());
        places.sort_unstable();
    }
    let items = [populations[0].len(), populations[1].len()];
    let mut at = 0;
    let infos = names.map(|(name, label)| {
        let info = SideInfo { name, label, items: items[at], rationales: places[at].len() as u64 };
        at += 1;
        info
    });
    let populations: [Population<'a>; 2] = parts.try_into().unwrap_or(populations);
    Ok(Sides { populations, places, infos })
}

type Named<'a> = ([Population<'a>; 2], [(String, String); 2]);

/// The overturned and the upheld; what is neither is on no side.
fn by_outcome<'a>(
    vocabularies: &Vocabularies,
    population: &Population<'a>,
) -> Result<Named<'a>, SearchError> {
    let outcomes = population
        .segments()?
        .iter()
        .map(|segment| Outcomes::new(segment, vocabularies))
        .collect::<Vec<_>>();
    let part = |ending| {
        population.filter(|segment, doc| {
            outcomes[segment.place(doc).segment as usize].of_item(segment, doc) == Some(ending)
        })
    };
    let name = |ending| {
        let values = vocabularies.outcome().into_iter().flat_map(|facet| &facet.vocabulary.values);
        let value = values.into_iter().find(|value| value.ending == Some(ending));
        value.map(|value| (value.path.clone(), value.label.clone())).unwrap_or_default()
    };
    let endings = [Ending::Overturned, Ending::Upheld];
    Ok(([part(endings[0])?, part(endings[1])?], endings.map(name)))
}

impl Sides<'_> {
    /// The rationales to read, with their sides: all, or an even sample of each side.
    pub(super) fn sample(&self) -> Vec<(usize, Place)> {
        let all: usize = self.places.iter().map(Vec::len).sum();
        let most = if all <= READ_ALL { READ_ALL } else { SAMPLE };
        let mut chosen: Vec<(u64, Place, usize)> = Vec::new();
        for (side, places) in self.places.iter().enumerate() {
            let count = places.len().min(most);
            let even = (0..count).map(|at| places[at * places.len() / count]);
            chosen.extend(even.map(|(order, place)| (order, place, side)));
        }
        chosen.sort_unstable();
        chosen.into_iter().map(|(_, place, side)| (side, place)).collect()
    }
}
