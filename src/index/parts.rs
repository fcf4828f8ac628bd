//! The parts of an item's text, laid one after the other into one field, and the marks between them.
//!
//! A word is looked for in one list of documents instead of one a part. Places tell the part: a mark
//! stands between parts as a word of its own, so that no phrase runs over it. Marks of sentences stand
//! at the place of the sentence's first word and part nothing. The last part, the case summary, is its letter's.

use crate::record::ItemRecord;
use std::borrow::Cow;
use std::ops::Range;

/// The token between parts.
pub(crate) const PART: &str = "\u{1e}";
/// The token at the start of each sentence of the rationale.
pub(crate) const SENTENCE: &str = "\u{1f}";

/// A part of an item's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The request as printed.
    Title,
    /// The portion in dispute.
    Disputed,
    /// A guideline field.
    Guideline,
    /// Why it was decided so.
    Rationale,
    /// The case summary.
    Summary,
}

/// The parts in their order; the guideline of the reviewer comes before that of the denial.
pub(crate) const PARTS: [Part; 6] =
    [Part::Title, Part::Disputed, Part::Guideline, Part::Guideline, Part::Rationale, Part::Summary];

/// How many times a word of each part counts in the ranking; `None`: once, if it stands nowhere else. The
/// portion in dispute is part of the title.
pub(crate) const WEIGHTS: [Option<u8>; 6] = [Some(4), Some(0), Some(1), Some(1), Some(2), None];

/// Where the last part of a text begins, which all items of a letter have in common.
pub(crate) fn last_part(text: &str) -> usize {
    memchr::memrchr(PART.as_bytes()[0], text.as_bytes()).map_or(0, |at| at + PART.len())
}

/// The text of an item in parts; `sentences` are those of its rationale.
pub(crate) fn text_of(item: &ItemRecord, sentences: &[Range<usize>], summary: &str) -> String {
    let guidelines = &item.guidelines;
    let rationale = item.rationale.as_deref().unwrap_or_default();
    let parts = [
        item.title.as_str(),
        item.disputed.as_str(),
        guidelines.reviewer_printed.as_deref().unwrap_or_default(),
        guidelines.claims_administrator_printed.as_deref().unwrap_or_default(),
    ];
    let mut text = String::with_capacity(rationale.len() + summary.len() + 512);
    for part in parts {
        text.push_str(&without_marks(part));
        text.push_str(PART);
    }
    for sentence in sentences.iter().cloned() {
        text.push_str(SENTENCE);
        text.push_str(&without_marks(&rationale[sentence]));
        text.push(' ');
    }
    text.push_str(PART);
    text.push_str(&without_marks(summary));
    text
}

/// A text in which no mark stands.
pub(super) fn without_marks(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(0x1e, 0x1f, text.as_bytes()).is_some() {
        text.replace(['\u{1e}', '\u{1f}'], " ").into()
    } else {
        text.into()
    }
}

/// The number of the part, in the order of [`PARTS`], that a place lies in; `marks` are the places of the
/// marks between parts.
pub(crate) fn part_at(position: u32, marks: &[u32]) -> usize {
    marks.partition_point(|mark| *mark < position).min(PARTS.len() - 1)
}
