//! What a reader of rates should know of how their items were chosen.

use super::rates::{RatesRequest, tally};
use crate::search::{Engine, Population, Request, SearchError, treatment_named};
use crate::vocabulary::Vocabularies;

/// Of items that a filter by outcome chooses.
pub(super) const CHOSEN: &str =
    "the items are chosen by how they came out: a rate among them says nothing";

/// Notes on the items that rates are of.
pub(super) fn remarks(
    engine: &Engine<'_>,
    vocabularies: &Vocabularies,
    asked: &RatesRequest<'_>,
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
    notes.extend(requests(engine, vocabularies, population)?);
    Ok(notes)
}

/// How many of the items ask for the treatment that the words name; the others speak of it.
fn requests(
    engine: &Engine<'_>,
    vocabularies: &Vocabularies,
    population: &Population<'_>,
) -> Result<Option<String>, SearchError> {
    let about = &population.info().about;
    let Some((filter, label)) = treatment_named(about, vocabularies) else { return Ok(None) };
    let filters = filter.split_once(':').map(|(name, path)| (name.to_owned(), path.to_owned()));
    let all = Request { filters: filters.into_iter().collect(), ..Request::default() };
    let requests = engine.population(&all)?.intersect(population);
    if requests.is_empty() || requests.len() == population.len() {
        return Ok(None);
    }
    let tally = tally(&requests, vocabularies)?;
    Ok(Some(format!(
        "{} of the {} ask for {label}, {} of {} overturned: {filter}; the others speak of it",
        requests.len(),
        population.len(),
        tally.overturned,
        tally.decided
    )))
}
