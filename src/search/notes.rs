//! What a reader should know of an answer: what its items are, and why there is none.

use super::engine::{Engine, SearchError};
use super::filter::RangeField;
use super::matches::{Matches, SegmentMatches};
use super::plan::Plan;
use super::rank::of;
use super::request::{Request, Sort};
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
        if request.sort != Sort::Relevance {
            notes.extend(self.undated(matches)?);
        }
        if matches.count(Matched::Full) == 0 {
            notes.extend(self.no_such_letter(&request.text)?);
            notes.extend(with_slash(&request.text));
            notes.extend(with_question_mark(&request.text));
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

    /// How many items an order by date puts last since they have none.
    fn undated(&self, matches: &Matches) -> Result<Option<String>, SearchError> {
        let listed = |segment: &SegmentMatches| segment.listed(Matched::Full);
        let undated = self.without_number(matches, RangeField::Decided, listed)?;
        Ok((undated > 0).then(|| format!("{undated} without a date of decision come last")))
    }

    /// A case number in a query that no letter has.
    fn no_such_letter(&self, text: &str) -> Result<Option<String>, SearchError> {
        let text = text.to_uppercase();
        let Some(number) = case_number(&text) else {
            return Ok(joined_case_number(&text)
                .map(|number| format!("case numbers are written {number}")));
        };
        let known = self.snapshot.letter(number)?.is_some();
        Ok((!known).then(|| format!("the index holds no letter {number}")))
    }
}

/// A case number that is written without its hyphen, as it is printed.
fn joined_case_number(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    plain.match_indices("CM").find_map(|(at, mark)| {
        let rest = &plain[at + mark.len()..];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        (digits == 9).then(|| format!("CM{}-{}", &rest[..2], &rest[2..9]))
    })
}

/// A word with a question mark, which stands for a letter.
fn with_question_mark(text: &str) -> Option<String> {
    let word = text.trim().strip_suffix('?')?;
    word.chars()
        .all(char::is_alphanumeric)
        .then(|| format!("`?` stands for one letter: without it {word} is looked for"))
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
