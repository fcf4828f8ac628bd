//! Finds the passages of an item that show best why it matches.

use super::compile::Mark;
use super::response::Passage;
use crate::index::ItemDocument;
use crate::index::analyzer::{Piece, Printed};
use crate::letter::{conclusion, sentences};
use crate::query::Field;
use std::ops::Range;

/// The longest passage, in bytes; a longer sentence is cut around its matches.
const MAX_LENGTH: usize = 320;
/// How many passages are shown.
const MAX_PASSAGES: usize = 2;

/// A match: its place in the text and which of the marks it is of.
struct Match {
    range: Range<usize>,
    mark: usize,
}

/// What is shown of an item.
pub(super) struct Shown {
    pub(super) passages: Vec<Passage>,
    /// The sentence of the rationale that states the conclusion: no passage, for it says no reason.
    pub(super) conclusion: Option<Passage>,
}

/// The best passages of an item: of the rationale, else of what else matches.
pub(super) fn passages(item: &ItemDocument, summary: Option<&str>, marks: &[Mark]) -> Shown {
    let rationale = item.item.rationale.as_deref().unwrap_or_default();
    let found = matches(rationale, Field::Rationale, marks);
    let conclusion = conclusion(rationale);
    let (concluding, reasons): (Vec<Match>, Vec<Match>) = found.into_iter().partition(|found| {
        conclusion.as_ref().is_some_and(|place| place.contains(&found.range.start))
    });
    let passages = if reasons.is_empty() {
        others(item, summary, marks)
    } else {
        best(rationale, Field::Rationale, &reasons)
    };
    let conclusion = conclusion.map(|place| {
        let place = cut(rationale, place, &concluding);
        passage(rationale, Field::Rationale, &place, &concluding)
    });
    Shown { passages, conclusion }
}

/// Passages of what else matches; where nothing does, the first sentence of the rationale.
fn others(item: &ItemDocument, summary: Option<&str>, marks: &[Mark]) -> Vec<Passage> {
    let guidelines = &item.item.guidelines;
    let fields = [
        (Field::Guideline, guidelines.reviewer_printed.as_deref()),
        (Field::Guideline, guidelines.claims_administrator_printed.as_deref()),
        (Field::Summary, summary),
    ];
    for (field, text) in fields {
        let Some(text) = text else { continue };
        let matches = matches(text, field, marks);
        if !matches.is_empty() {
            return best(text, field, &matches);
        }
    }
    let rationale = item.item.rationale.as_deref().unwrap_or_default();
    let first = sentences(rationale).into_iter().next().map(|range| cut(rationale, range, &[]));
    first.map(|range| passage(rationale, Field::Rationale, &range, &[])).into_iter().collect()
}

/// Matches in a whole text, as character offsets.
pub(super) fn marks_in(text: &str, field: Field, marks: &[Mark]) -> Vec<[usize; 2]> {
    let matches = matches(text, field, marks);
    passage(text, field, &(0..text.len()), &matches).marks
}

/// All matches in a text, in order.
fn matches(text: &str, field: Field, marks: &[Mark]) -> Vec<Match> {
    let counts = |mark: &&Mark| mark.field.is_none_or(|only| only == field);
    let mut found = Vec::new();
    if !marks.iter().any(|mark| counts(&mark)) {
        return found;
    }
    let words = Printed::of(text);
    for (at, mark) in marks.iter().enumerate().filter(|(_, mark)| counts(mark)) {
        find(&words, at, mark, &mut found);
    }
    found.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
    found
}

/// Finds words that stand one after the other, each in any of its forms, with at most as many others in
/// between as the mark allows.
fn find(words: &Printed, at: usize, mark: &Mark, found: &mut Vec<Match>) {
    let Some((first, rest)) = mark.words.split_first() else { return };
    let (tokens, slop) = (words.tokens(), mark.slop);
    let is = |token: &Piece, forms: &Vec<String>| {
        forms.binary_search_by(|form| form.as_str().cmp(words.text(token))).is_ok()
    };
    for (start, word) in tokens.iter().enumerate().filter(|(_, word)| is(word, first)) {
        let (mut here, mut last, mut between) = (start, word, 0);
        let complete = rest.iter().all(|forms| {
            let furthest = last.position + 1 + slop - between;
            let mut next = tokens[here + 1..].iter().take_while(|next| next.position <= furthest);
            let next = next.position(|next| next.position > last.position && is(next, forms));
            next.is_some_and(|offset| {
                here += offset + 1;
                between += tokens[here].position - last.position - 1;
                last = &tokens[here];
                true
            })
        });
        if complete {
            let range = word.from..last.to.max(word.to);
            found.push(Match { range, mark: at });
        }
    }
}

/// The best sentences, in text order.
fn best(text: &str, field: Field, matches: &[Match]) -> Vec<Passage> {
    let mut scored: Vec<(usize, usize, Range<usize>)> = Vec::new();
    let mut rest = matches;
    for sentence in sentences(text) {
        rest = &rest[rest.partition_point(|m| m.range.start < sentence.start)..];
        let inside = &rest[..rest.partition_point(|m| m.range.start < sentence.end)];
        let mut marks: Vec<usize> = inside.iter().map(|m| m.mark).collect();
        marks.sort_unstable();
        marks.dedup();
        if !marks.is_empty() {
            let length: usize = inside.iter().map(|m| m.range.len()).sum();
            // Different words count before repeated ones, longer matches before shorter.
            scored.push((marks.len() * 1_000 + length.min(900), scored.len(), sentence));
        }
    }
    scored.sort_by_key(|(score, at, _)| (std::cmp::Reverse(*score), *at));
    scored.truncate(MAX_PASSAGES);
    scored.sort_by_key(|(_, at, _)| *at);
    let sentences = scored.into_iter().map(|(_, _, sentence)| cut(text, sentence, matches));
    sentences.map(|range| passage(text, field, &range, matches)).collect()
}

/// Cuts a sentence that is too long around its first matches, at words.
fn cut(text: &str, sentence: Range<usize>, matches: &[Match]) -> Range<usize> {
    if sentence.len() <= MAX_LENGTH {
        return sentence;
    }
    let first = matches.iter().find(|m| sentence.contains(&m.range.start));
    let centre = first.map_or(sentence.start, |m| m.range.start);
    let start = centre.saturating_sub(MAX_LENGTH / 3).max(sentence.start);
    let start = start.min(sentence.end - MAX_LENGTH);
    let (start, end) =
        (text.ceil_char_boundary(start), text.floor_char_boundary(start + MAX_LENGTH));
    let start = if start == sentence.start {
        start
    } else {
        text[start..end].find(' ').map_or(start, |space| start + space + 1)
    };
    let end =
        if end >= sentence.end { sentence.end } else { text[..end].rfind(' ').unwrap_or(end) };
    start..end.max(start)
}

/// A passage with the matches inside it, overlapping ones joined. Where a sentence was cut stands
/// an ellipsis.
fn passage(text: &str, field: Field, range: &Range<usize>, matches: &[Match]) -> Passage {
    let mut marks: Vec<Range<usize>> = Vec::new();
    for found in matches {
        // Of a phrase over the end of a sentence there is a part.
        let found = found.range.start.max(range.start)..found.range.end.min(range.end);
        match marks.last_mut() {
            _ if found.is_empty() => {}
            Some(last) if found.start < last.end => last.end = last.end.max(found.end),
            _ => marks.push(found),
        }
    }
    let before = if ends_sentence(text[..range.start].trim_end()) { "" } else { ELLIPSIS };
    let shown = text[range.clone()].trim_end();
    let after = if ends_sentence(shown) || range.end == text.len() { "" } else { ELLIPSIS };
    let shift = before.chars().count();
    let (mut at, mut counted) = (range.start, shift);
    let mut chars = |end: usize| {
        counted += text[at..end].chars().count();
        at = end;
        counted
    };
    let marks = marks.into_iter().map(|mark| [chars(mark.start), chars(mark.end)]).collect();
    Passage { field: field.as_str(), text: format!("{before}{shown}{after}"), marks }
}

const ELLIPSIS: &str = "\u{2026}";

fn ends_sentence(text: &str) -> bool {
    text.is_empty()
        || text.trim_end_matches(['"', '\u{201d}', ')', '\'']).ends_with(['.', '?', '!'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(words: &[&[&str]]) -> Mark {
        let forms = |forms: &&[&str]| forms.iter().map(|form| (*form).to_owned()).collect();
        Mark { words: words.iter().map(forms).collect(), slop: 0, field: None }
    }

    fn marked(passage: &Passage) -> Vec<String> {
        let chars: Vec<char> = passage.text.chars().collect();
        passage.marks.iter().map(|[start, end]| chars[*start..*end].iter().collect()).collect()
    }

    #[test]
    fn the_sentence_with_most_of_the_words_is_shown() {
        let mut item = ItemDocument::default();
        item.item.rationale = Some(
            "Needles were used. Functional improvements at 45\u{b0} were documented. No function."
                .to_owned(),
        );
        let marks = [mark(&[&["function", "functional"]]), mark(&[&["improvements"]])];
        let found = passages(&item, None, &marks).passages;
        assert_eq!(found[0].text, "Functional improvements at 45\u{b0} were documented.");
        assert_eq!(marked(&found[0]), ["Functional", "improvements"]);
    }

    #[test]
    fn marks_of_phrases_cover_all_their_words() {
        let text = "low back, L4-5 and low back pain";
        let marks = [mark(&[&["low"], &["back"], &["pain"]]), mark(&[&["l4"], &["l5"]])];
        let found = matches(text, Field::Title, &marks);
        let found: Vec<&str> = found.into_iter().map(|m| &text[m.range]).collect();
        assert_eq!(found, ["L4-5", "low back pain"]);
    }

    #[test]
    fn long_sentences_are_cut_around_a_match() {
        let text = format!("{}needle {}", "word ".repeat(200), "word ".repeat(200));
        let found = matches(&text, Field::Rationale, &[mark(&[&["needle", "needles"]])]);
        let passage = &best(&text, Field::Rationale, &found)[0];
        assert!(passage.text.len() <= MAX_LENGTH + 6 && passage.text.contains("needle"));
        assert!(passage.text.starts_with(ELLIPSIS) && passage.text.ends_with(ELLIPSIS));
        assert_eq!(marked(passage), ["needle"]);
    }
}
