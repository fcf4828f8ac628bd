//! Finds the passages of an item that show best why it matches.

use super::compile::Mark;
use super::response::Passage;
use crate::index::ItemDocument;
use crate::index::analyzer::{exact, stemmed};
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

/// The best passages of an item: of the rationale, else of what else matches.
pub(super) fn passages(item: &ItemDocument, summary: Option<&str>, marks: &[Mark]) -> Vec<Passage> {
    let guidelines = &item.item.guidelines;
    let fields = [
        (Field::Rationale, item.item.rationale.as_deref()),
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
    for is_exact in [false, true] {
        if !marks.iter().filter(counts).any(|mark| mark.exact == is_exact) {
            continue;
        }
        let tokens = tokens(text, is_exact);
        for (at, mark) in marks.iter().enumerate().filter(|(_, mark)| mark.exact == is_exact) {
            if counts(&mark) {
                find(&tokens, at, &mark.tokens, mark.slop, &mut found);
            }
        }
    }
    found.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
    found
}

struct Token {
    position: usize,
    text: String,
    range: Range<usize>,
}

fn tokens(text: &str, is_exact: bool) -> Vec<Token> {
    let mut analyzer = if is_exact { exact() } else { stemmed() };
    let mut stream = analyzer.token_stream(text);
    let mut tokens = Vec::new();
    while let Some(token) = stream.next() {
        let range = token.offset_from..token.offset_to;
        tokens.push(Token { position: token.position, text: token.text.clone(), range });
    }
    tokens
}

/// Finds tokens that stand one after the other, each in any of its forms, with at most `slop` others
/// in between.
fn find(tokens: &[Token], mark: usize, wanted: &[Vec<String>], slop: u32, found: &mut Vec<Match>) {
    let Some((first, rest)) = wanted.split_first() else { return };
    let is = |token: &Token, forms: &Vec<String>| {
        forms.binary_search_by(|form| form.as_str().cmp(&token.text)).is_ok()
    };
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| is(token, first)) {
        let (mut at, mut last, mut between) = (at, token, 0);
        let complete = rest.iter().all(|forms| {
            let furthest = last.position + 1 + slop as usize - between;
            let mut next = tokens[at + 1..].iter().take_while(|next| next.position <= furthest);
            let found = next.position(|next| next.position > last.position && is(next, forms));
            found.is_some_and(|offset| {
                at += offset + 1;
                between += tokens[at].position - last.position - 1;
                last = &tokens[at];
                true
            })
        });
        if complete {
            found.push(Match {
                range: token.range.start..last.range.end.max(token.range.end),
                mark,
            });
        }
    }
}

/// The best sentences, in text order.
fn best(text: &str, field: Field, matches: &[Match]) -> Vec<Passage> {
    let mut scored: Vec<(usize, usize, Range<usize>)> = Vec::new();
    for sentence in sentences(text) {
        let inside = || matches.iter().filter(|m| sentence.contains(&m.range.start));
        let mut marks: Vec<usize> = inside().map(|m| m.mark).collect();
        marks.sort_unstable();
        let count = marks.len();
        marks.dedup();
        if count > 0 {
            let length: usize = inside().map(|m| m.range.len()).sum();
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

/// Cuts a text into sentences.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if !matches!(c, '.' | '?' | '!') {
            continue;
        }
        let rest = &text[at + 1..];
        let closing = rest.len() - rest.trim_start_matches(['"', '\u{201d}', ')', '\'']).len();
        let end = at + 1 + closing;
        let next = text[end..].trim_start();
        let parted = next.len() < text[end..].len() || next.is_empty();
        let begins = next.starts_with(|c: char| !c.is_lowercase()) || next.is_empty();
        if parted && begins && !is_abbreviation(&text[start..at]) {
            sentences.push(start..end);
            start = text.len() - next.len();
        }
    }
    if start < text.len() {
        sentences.push(start..text.len());
    }
    sentences
}

fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit([' ', '(']).next().unwrap_or_default();
    matches!(word, "Dr" | "Mr" | "Ms" | "Mrs" | "No" | "vs" | "e.g" | "i.e" | "pg" | "pp" | "St")
        || (word.len() == 1 && word.chars().all(char::is_uppercase))
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
        if found.range.start < range.start || found.range.end > range.end {
            continue;
        }
        match marks.last_mut() {
            Some(last) if found.range.start < last.end => last.end = last.end.max(found.range.end),
            _ => marks.push(found.range.clone()),
        }
    }
    let before = if ends_sentence(text[..range.start].trim_end()) { "" } else { ELLIPSIS };
    let shown = text[range.clone()].trim_end();
    let after = if ends_sentence(shown) || range.end == text.len() { "" } else { ELLIPSIS };
    let shift = before.chars().count();
    let chars = |end: usize| text[range.start..end].chars().count() + shift;
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

    fn mark(tokens: &[&str]) -> Mark {
        let tokens = tokens.iter().map(|token| vec![(*token).to_owned()]).collect();
        Mark { tokens, slop: 0, exact: false, field: None }
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
        let found = passages(&item, None, &[mark(&["function"]), mark(&["improv"])]);
        assert_eq!(found[0].text, "Functional improvements at 45\u{b0} were documented.");
        assert_eq!(marked(&found[0]), ["Functional", "improvements"]);
    }

    #[test]
    fn marks_of_phrases_cover_all_their_words() {
        let text = "low back, L4-5 and low back pain";
        let found =
            matches(text, Field::Title, &[mark(&["low", "back", "pain"]), mark(&["l4", "l5"])]);
        let found: Vec<&str> = found.into_iter().map(|m| &text[m.range]).collect();
        assert_eq!(found, ["L4-5", "low back pain"]);
    }

    #[test]
    fn sentences_do_not_end_in_numbers_or_names() {
        let text = "Take 7.5 mg. Dr. Smith said (pg. 5) no.\" Then more";
        let cut: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(cut, ["Take 7.5 mg.", "Dr. Smith said (pg. 5) no.\"", "Then more"]);
    }

    #[test]
    fn long_sentences_are_cut_around_a_match() {
        let text = format!("{}needle {}", "word ".repeat(200), "word ".repeat(200));
        let found = matches(&text, Field::Rationale, &[mark(&["needl"])]);
        let passage = &best(&text, Field::Rationale, &found)[0];
        assert!(passage.text.len() <= MAX_LENGTH + 6 && passage.text.contains("needle"));
        assert!(passage.text.starts_with(ELLIPSIS) && passage.text.ends_with(ELLIPSIS));
        assert_eq!(marked(passage), ["needle"]);
    }
}
