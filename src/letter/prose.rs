//! The prose of a rationale: its sentences, and the one that states the conclusion. Pure text in, places
//! out; what a sentence says beyond that is not looked at.

use std::ops::Range;

/// Cuts a text into sentences, as places in bytes; what lies between two is white space.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for at in memchr::memchr3_iter(b'.', b'?', b'!', text.as_bytes()) {
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

/// The ways in which reviewers state that something is, or is not, necessary.
const NECESSITY: [&str; 5] = [
    "medically necessary",
    "medical necessity",
    "medically appropriate",
    "medically reasonable",
    "medically indicated",
];

/// What a sentence says that tells what a decision does not mean.
const DISCLAIMERS: [&str; 4] = [
    "not be interpreted as",
    "not be construed as",
    "decision addresses",
    "determination addresses",
];

/// Whether a sentence says what the decision does not mean.
pub(crate) fn is_disclaimer(sentence: &str) -> bool {
    let words = plain(sentence);
    DISCLAIMERS.iter().any(|phrase| words.contains(phrase))
}

/// In lower case, without hyphens and line ends.
fn plain(sentence: &str) -> String {
    sentence.to_ascii_lowercase().replace(['-', '\n'], " ")
}

/// The sentence of a rationale that states its conclusion: the last one that speaks of medical necessity
/// and is no disclaimer. Advice may follow it.
pub(crate) fn conclusion(rationale: &str) -> Option<Range<usize>> {
    let states = |range: &Range<usize>| {
        let sentence = &rationale[range.clone()];
        let words = plain(sentence);
        NECESSITY.iter().any(|phrase| words.contains(phrase)) && !is_disclaimer(sentence)
    };
    sentences(rationale).into_iter().rev().find(states)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_do_not_end_in_numbers_or_names() {
        let text = "Take 7.5 mg. Dr. Smith said (pg. 5) no.\" Then more";
        let cut: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(cut, ["Take 7.5 mg.", "Dr. Smith said (pg. 5) no.\"", "Then more"]);
    }

    #[test]
    fn the_conclusion_is_the_last_sentence_on_necessity() {
        let text = "Was it medically necessary? The brace is not medically-necessary. Wean slowly.";
        let found = conclusion(text).map(|range| &text[range]);
        assert_eq!(found, Some("The brace is not medically-necessary."));
        assert_eq!(conclusion("Nothing was documented."), None);
        let text = "It is not medically necessary. This decision addresses the medical necessity of \
            the drug now. The medical necessity decision must not be construed as advice.";
        let found = conclusion(text).map(|range| &text[range]);
        assert_eq!(found, Some("It is not medically necessary."));
    }
}
