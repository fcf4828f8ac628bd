//! What a reader should know of an answer: what its items are, and why there is none.

use super::engine::{Engine, SearchError};
use super::matches::Matches;
use super::plan::Plan;
use super::rank::of;
use super::request::Request;
use super::response::Matched;
use crate::letter::case_number;
use crate::vocabulary::Vocabularies;

/// The facet of what is asked for.
const REQUESTS: &str = "treatment";

/// The first treatment that a query's words name, as a filter that asks for it, and its label; `about` is what they name.
pub fn treatment_named<'a>(
    about: &'a [String],
    vocabularies: &Vocabularies,
) -> Option<(&'a str, String)> {
    about.iter().find_map(|filter| {
        let (name, path) = filter.split_once(':')?;
        let facet = vocabularies.facet(name).filter(|facet| facet.name == REQUESTS)?;
        Some((filter.as_str(), facet.label_of(path)))
    })
}

impl Engine<'_> {
    /// Notes on what matches; `counted`: whether the items are counted by facet, too.
    pub(super) fn notes(
        &self,
        request: &Request,
        plan: &Plan,
        matches: &Matches,
        counted: bool,
    ) -> Result<Vec<String>, SearchError> {
        let mut notes = self.unknown_in_ranges(request, plan, matches)?;
        if counted {
            notes.extend(self.requests(plan, matches)?);
        }
        if matches.count(Matched::Full) == 0 {
            notes.extend(self.no_such_letter(&request.text)?);
            notes.extend(with_slash(&request.text));
            if matches.count(Matched::Most) == 0 {
                notes.extend(what_leaves_nothing(plan, matches));
            }
        }
        Ok(notes)
    }

    /// How many of the items ask for the treatment that words name: the others only speak of it.
    fn requests(&self, plan: &Plan, matches: &Matches) -> Result<Option<String>, SearchError> {
        let Some((filter, label)) = treatment_named(&plan.info.about, self.vocabularies) else {
            return Ok(None);
        };
        let topics = &plan.compiled.topics;
        let Some(topic) = topics.iter().find(|topic| topic.text == filter) else { return Ok(None) };
        let about = of(&*topic.query, &self.snapshot.searcher)?;
        let pairs = matches.segments.iter().zip(&about);
        let asked: u64 =
            pairs.map(|(segment, about)| segment.listed(Matched::Full).anded(about).count()).sum();
        let total = matches.count(Matched::Full);
        Ok((0 < asked && asked < total)
            .then(|| format!("{asked} of {total} ask for {label}: {filter}")))
    }

    /// A case number in a query that no letter has.
    fn no_such_letter(&self, text: &str) -> Result<Option<String>, SearchError> {
        let text = text.to_uppercase();
        let Some(number) = case_number(&text) else { return Ok(None) };
        let known = self.snapshot.letter(number)?.is_some();
        Ok((!known).then(|| format!("the index holds no letter {number}")))
    }
}

/// Words with a slash between them, which are looked for side by side.
fn with_slash(text: &str) -> Option<String> {
    let is_word = |word: &str| word.len() > 2 && word.chars().all(char::is_alphabetic);
    text.split_whitespace().find_map(|typed| {
        let (first, second) = typed.split_once('/').filter(|(a, b)| is_word(a) && is_word(b))?;
        Some(format!("{typed} is looked for side by side: write {first} OR {second} for either"))
    })
}

/// Which filter leaves nothing.
fn what_leaves_nothing(plan: &Plan, matches: &Matches) -> impl Iterator<Item = String> {
    plan.conditions.iter().enumerate().filter_map(|(at, filter)| {
        let others = matches.failing_only(Matched::Full, at);
        (others > 0).then(|| format!("without {filter}: {others} match"))
    })
}
