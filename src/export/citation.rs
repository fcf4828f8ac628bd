//! A citation: what identifies a decision, what it was about, and a passage as printed.

use super::place::{ItemText, TextPlace};
use crate::index::{ItemDocument, Snapshot, StoreError};
use crate::insight::{Sentence, VerdictRule};
use crate::letter::{is_disclaimer, sentences};
use crate::query::Field;
use crate::record::{CitationRecord, LetterRecord};
use crate::search::Hit;
use crate::vocabulary::Vocabularies;
use serde::Serialize;

/// A decision to hand on.
#[derive(Debug, Clone, Serialize)]
pub struct Citation {
    /// Identity of the item.
    pub id: String,
    /// Case number, or what the letter is known by.
    pub case: String,
    /// The item's number in the letter.
    pub item: u32,
    /// Date of decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<String>,
    /// The request as printed.
    pub title: String,
    /// The portion in dispute, where it is not all of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disputed: Option<String>,
    /// Path of the outcome.
    pub outcome: String,
    /// The outcome for a person.
    pub outcome_label: String,
    /// What the reviewer cites.
    pub reviewer_guidelines: Vec<Cited>,
    /// What the claims administrator cites.
    pub denial_guidelines: Vec<Cited>,
    /// Passages as printed.
    pub quotes: Vec<Quote>,
    /// The file that the letter was read from.
    pub source: String,
}

/// A guideline cited.
#[derive(Debug, Clone, Serialize)]
pub struct Cited {
    /// Name for a person.
    pub label: String,
    /// Path, year, sections and pages.
    #[serde(flatten)]
    pub citation: CitationRecord,
}

/// A passage.
#[derive(Debug, Clone, Serialize)]
pub struct Quote {
    /// The part of the item that it stands in.
    pub part: String,
    /// The passage as printed, lines joined.
    pub text: String,
    /// First and last sentence of that part, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentences: Option<[usize; 2]>,
    /// Where it stands in the letter's text; absent where it goes over a page's end.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub place: Option<TextPlace>,
}

/// The citation of an item: its conclusion is quoted with the sentence before it.
pub fn cite(
    letter: &LetterRecord,
    item: &ItemDocument,
    text: &str,
    vocabularies: &Vocabularies,
) -> Citation {
    let rationale = item.item.rationale.as_deref().unwrap_or_default();
    let text = ItemText::new(letter, &item.item.id, text);
    let quotes = conclusion(rationale, vocabularies)
        .map(|passage| quote(Field::Rationale.as_str(), passage, rationale, &text));
    citation(letter, item, quotes.into_iter().collect(), vocabularies)
}

/// Citations of items as they come; a letter is read once for those of its items that follow each other.
pub struct Citing<'a, I> {
    snapshot: &'a Snapshot,
    vocabularies: &'a Vocabularies,
    items: I,
    letter: LetterRecord,
    text: String,
}

impl<'a, I> Citing<'a, I> {
    /// Citations of these items.
    pub fn new(snapshot: &'a Snapshot, vocabularies: &'a Vocabularies, items: I) -> Self {
        let (letter, text) = Default::default();
        Self { snapshot, vocabularies, items, letter, text }
    }

    fn cite(&mut self, item: &ItemDocument) -> Result<Citation, StoreError> {
        if self.letter.id != item.letter {
            let unknown = || LetterRecord { id: item.letter.clone(), ..LetterRecord::default() };
            self.letter = self.snapshot.letter(&item.letter)?.unwrap_or_else(unknown);
            self.text = self.snapshot.letter_text(&item.letter)?.unwrap_or_default();
        }
        Ok(cite(&self.letter, item, &self.text, self.vocabularies))
    }
}

impl<I, E> Iterator for Citing<'_, I>
where
    I: Iterator<Item = Result<ItemDocument, E>>,
    E: From<StoreError>,
{
    type Item = Result<Citation, E>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(match self.items.next()? {
            Ok(item) => self.cite(&item).map_err(E::from),
            Err(error) => Err(error),
        })
    }
}

/// The citation of a hit: its best passages are quoted, and the conclusion, so that no passage stands for more than it says.
///
/// # Errors
/// If the index cannot be read.
pub fn quote_hit(
    snapshot: &Snapshot,
    hit: &Hit,
    vocabularies: &Vocabularies,
) -> Result<Option<Citation>, StoreError> {
    let document = &hit.item;
    let Some(letter) = snapshot.letter(&document.letter)? else { return Ok(None) };
    let text = snapshot.letter_text(&document.letter)?.unwrap_or_default();
    let text = ItemText::new(&letter, &document.item.id, &text);
    let item = letter.items.iter().find(|item| item.id == document.item.id);
    let rationale = item.and_then(|item| item.rationale.as_deref()).unwrap_or_default();
    let quotes = hit.passages.iter().map(|passage| {
        let shown = passage.text.trim_matches(|c: char| c == '\u{2026}' || c.is_whitespace());
        quote(passage.field, shown, rationale, &text)
    });
    let mut quotes: Vec<Quote> = quotes.collect();
    let conclusion = conclusion(rationale, vocabularies);
    let is_quoted = |part: &str| quotes.iter().any(|quote| quote.text.contains(part));
    if let Some(conclusion) = conclusion.filter(|part| !is_quoted(part)) {
        quotes.push(quote(Field::Rationale.as_str(), conclusion, rationale, &text));
    }
    Ok(Some(citation(&letter, document, quotes, vocabularies)))
}

fn citation(
    letter: &LetterRecord,
    item: &ItemDocument,
    quotes: Vec<Quote>,
    vocabularies: &Vocabularies,
) -> Citation {
    let record = &item.item;
    let cited = |citations: &[CitationRecord]| -> Vec<Cited> {
        let cited = |citation: &CitationRecord| Cited {
            label: vocabularies.label("guideline", &citation.path),
            citation: citation.clone(),
        };
        citations.iter().map(cited).collect()
    };
    Citation {
        id: record.id.clone(),
        case: letter.case_number.clone().unwrap_or_else(|| letter.id.clone()),
        item: record.number,
        decided: item.decided.clone(),
        title: record.title.clone(),
        disputed: (record.disputed != record.title).then(|| record.disputed.clone()),
        outcome: record.outcome.clone(),
        outcome_label: vocabularies.label("outcome", &record.outcome),
        reviewer_guidelines: cited(&record.guidelines.reviewer),
        denial_guidelines: cited(&record.guidelines.claims_administrator),
        quotes,
        source: item.source.clone(),
    }
}

/// The last sentence that states the outcome with the one before it; without one, the last two.
fn conclusion<'t>(rationale: &'t str, vocabularies: &Vocabularies) -> Option<&'t str> {
    let sentences = VerdictRule::new(vocabularies.verdicts()).sentences(rationale);
    let states = |sentence: &Sentence| {
        sentence.is_verdict && !is_disclaimer(&rationale[sentence.place.clone()])
    };
    let last = sentences.iter().rposition(states);
    let last = last.unwrap_or(sentences.len().checked_sub(1)?);
    let first = last.saturating_sub(1);
    Some(rationale[sentences[first].place.start..sentences[last].place.end].trim())
}

/// A passage with its places.
fn quote(part: &str, passage: &str, rationale: &str, text: &ItemText<'_>) -> Quote {
    let start = rationale.find(passage).filter(|_| !passage.is_empty());
    let numbered = start.map(|start| {
        let starts: Vec<usize> = sentences(rationale).iter().map(|place| place.start).collect();
        let number = |at: usize| starts.iter().filter(|start| **start <= at).count();
        [number(start), number(start + passage.len() - 1)]
    });
    Quote {
        part: part.to_owned(),
        text: passage.to_owned(),
        sentences: numbered.filter(|_| part == Field::Rationale.as_str()),
        place: if part == Field::Summary.as_str() {
            text.locate_common(passage)
        } else {
            text.locate(passage)
        },
    }
}
