//! What a reader of rates should know of how their items were chosen.

use super::rates::{RatesRequest, tally};
use crate::search::{Engine, Population, Request, SearchError};
use crate::vocabulary::Vocabularies;

/// Of items that a filter by outcome chooses.
pub(super) const CHOSEN: &str =
    "the items are chosen by how they came out: a rate among them says nothing";

/// The facet of what is asked for.
const REQUESTS: &str = "treatment";

/// Notes on the items that rates are of; `request` is what they match.
pub(super) fn remarks(
    engine: &Engine<'_>,
    vocabularies: &Vocabularies,
    asked: &RatesRequest<'_>,
    request: &Request,
    population: &Population<'_>,
) -> Result<Vec<String>, SearchError> {
    let info = population.info();
    let mut notes = info.notes.clone();
    notes.extend(info.guesses());
    if info.by_outcome {
        notes.push(CHOSEN.to_owned());
    }
    if asked.by.iter().any(|axis| axis.tells_outcome(vocabularies)) {
        notes.push(
            "rows are of how items came out: only their numbers say something, not the rates"
                .to_owned(),
        );
    }
    if population.partial() > 0 {
        notes.push(format!(
            "no item holds all the words: rates are of full matches only, {} items with most of the words are not counted",
            population.partial()
        ));
    }
    notes.extend(requests(engine, vocabularies, request, population)?);
    Ok(notes)
}

/// How many of the items ask for the treatment that the words name; the others speak of it.
fn requests(
    engine: &Engine<'_>,
    vocabularies: &Vocabularies,
    request: &Request,
    population: &Population<'_>,
) -> Result<Option<String>, SearchError> {
    let named = population.info().about.iter().find_map(|about| {
        let (facet, path) = about.split_once(':')?;
        (facet == REQUESTS).then_some(path)
    });
    let (Some(path), Some(facet)) = (named, vocabularies.facet(REQUESTS)) else { return Ok(None) };
    let mut request = request.clone();
    request.filters.push((REQUESTS.to_owned(), path.to_owned()));
    let requests = engine.population(&request)?;
    if requests.len() == population.len() || population.is_empty() {
        return Ok(None);
    }
    let tally = tally(&requests, vocabularies)?;
    Ok(Some(format!(
        "{} of the {} ask for {}, {} of {} overturned: {REQUESTS}:{path}; the others speak of it",
        requests.len(),
        population.len(),
        facet.label_of(path),
        tally.overturned,
        tally.decided
    )))
}
