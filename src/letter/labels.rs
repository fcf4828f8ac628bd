//! The fixed phrases that structure a letter, matched whatever their spacing and case.

use super::lines::Line;
use super::model::Outcome;
use std::collections::HashMap;

/// Labels of an item's fields, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Label {
    ClaimsGuideline,
    ReviewerGuideline,
    Rationale,
}

/// The longest label, in bytes.
pub(super) const MAX_LABEL: usize = 60;

/// A label that a line starts with.
struct Found<'l> {
    label: Label,
    /// The name of the organisation or of its reviewer that a guideline's label begins with, in lower case and without spaces.
    name: String,
    /// The rest of the line.
    rest: &'l str,
}

/// Returns the label that a line starts with and the rest of the line.
pub(super) fn label(line: &str) -> Option<(Label, &str)> {
    found(line).map(|found| (found.label, found.rest))
}

/// A label is told by its last words, for the organisation that it names has changed its name; by their letters, for
/// extraction loses and adds spaces.
fn found(line: &str) -> Option<Found<'_>> {
    let colon = memchr::memchr(b':', line.as_bytes()).filter(|colon| *colon <= MAX_LABEL)?;
    let (head, rest) = (&line[..colon], line[colon + 1..].trim_start());
    if let Some(before) = before_letters(head, "rationale") {
        let before = before_letters(before, "decision")?;
        let label = Label::Rationale;
        let few = before.split_whitespace().count() <= 3;
        return few.then_some(Found { label, name: String::new(), rest });
    }
    let before =
        before_letters(head, "guidelines").or_else(|| before_letters(head, "guideline"))?;
    let one_of = |name: &str, own: &str| {
        before_letters(before, name).or_else(|| before_letters(before, own))
    };
    if let Some(first) = one_of("administrator", "administrator's") {
        let claims = ["claims", "claim"].iter().any(|word| compact(first) == *word);
        return claims.then_some(Found {
            label: Label::ClaimsGuideline,
            name: String::new(),
            rest,
        });
    }
    let name = one_of("reviewer", "reviewer's").filter(|name| !name.trim().is_empty());
    let name = name.unwrap_or(before);
    let one_word = name.split_whitespace().count() == 1 || compact(name) == USUAL;
    one_word.then(|| Found { label: Label::ReviewerGuideline, name: compact(name), rest })
}

/// Where a label begins that follows the end of a sentence, or an outcome mark, on one line: extraction has lost the line's
/// end. Only labels as they are usually printed.
pub(super) fn later_label(line: &str) -> Option<usize> {
    memchr::memchr_iter(b':', line.as_bytes()).find_map(|colon| {
        let head = &line[..colon];
        let before = before_words(head, &["decision", "rationale"])
            .or_else(|| before_words(head, &["claims", "administrator", "guideline"]))
            .or_else(|| before_words(head, &[USUAL, "guideline"]))?
            .trim_end();
        let ends = before.ends_with(['.', '?', '!', ')', '"']) || outcome_mark(before).is_some();
        let label = line[before.len()..].trim_start();
        let capital = label.starts_with(|c: char| c.is_ascii_uppercase());
        (ends && capital).then_some(line.len() - label.len())
    })
}

/// What stands before some words at the end of a text.
fn before_words<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().rev().try_fold(text, |rest, word| before_letters(rest, word))
}

/// What stands before some letters at the end of a text, whatever its case and spacing. `letters` are lower case.
fn before_letters<'t>(text: &'t str, letters: &str) -> Option<&'t str> {
    letters.chars().rev().try_fold(text, |rest, letter| {
        let rest = rest.trim_end();
        let last = rest.chars().next_back().filter(|last| last.eq_ignore_ascii_case(&letter));
        last.map(|last| &rest[..rest.len() - last.len_utf8()])
    })
}

/// A text in lower case without its spaces.
fn compact(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_ascii_lowercase()
}

/// The labels of one letter: its reviewer's guideline bears one name throughout.
pub(super) struct Labels {
    /// The name in its label.
    reviewer: String,
}

/// The name of the organisation until letters were last seen.
const USUAL: &str = "maximus";

impl Labels {
    /// Finds the name that the letter's lines give the reviewer's guideline: the usual one if it
    /// occurs, else the most frequent.
    pub(super) fn of(lines: &[Line<'_>]) -> Self {
        let mut names: HashMap<String, usize> = HashMap::new();
        for line in lines {
            if let Some(found) = found(line.text)
                && found.label == Label::ReviewerGuideline
            {
                *names.entry(found.name).or_default() += 1;
            }
        }
        let frequent = names.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse(*name)));
        let frequent = frequent.map(|(name, _)| name.as_str());
        let usual = names.contains_key(USUAL) || frequent.is_none();
        Self { reviewer: if usual { USUAL } else { frequent.unwrap_or(USUAL) }.to_owned() }
    }

    /// Whether the label bears the usual name, or none was found.
    pub(super) fn is_usual(&self) -> bool {
        self.reviewer == USUAL
    }

    /// The label that a line starts with, and the rest of the line.
    pub(super) fn find<'l>(&self, line: &'l str) -> Option<(Label, &'l str)> {
        let Found { label, name, rest } = found(line)?;
        let own = label != Label::ReviewerGuideline || name == self.reviewer;
        own.then_some((label, rest))
    }
}

/// Whether a line holds words, whatever its case. `words` are lower case.
pub(super) fn contains_words(line: &str, words: &str) -> bool {
    let (line, words) = (line.as_bytes(), words.as_bytes());
    let first = words.first().copied().unwrap_or_default();
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), line).any(|at| {
        line.get(at..at + words.len()).is_some_and(|found| found.eq_ignore_ascii_case(words))
    })
}

/// Whether a line starts with words, whatever its case and spacing.
pub(super) fn starts_with_words(line: &str, words: &str) -> bool {
    after_words(line, words).is_some()
}

/// Returns what follows `words` and a colon at the start of `line`. `words` are lower case.
pub(super) fn after_label<'a>(line: &'a str, words: &str) -> Option<&'a str> {
    let rest = after_words(line, words)?;
    rest.trim_start().strip_prefix(':').map(str::trim_start)
}

/// Returns what follows `words` at the start of `line`, whatever its case and spacing.
pub(super) fn after_words<'a>(line: &'a str, words: &str) -> Option<&'a str> {
    let mut rest = line;
    for (i, word) in words.split(' ').enumerate() {
        if i > 0 {
            rest = rest.trim_start();
        }
        let head = rest.get(..word.len())?;
        if !head.eq_ignore_ascii_case(word) {
            return None;
        }
        rest = &rest[word.len()..];
    }
    Some(rest)
}

/// Outcome marks.
const MARKS: [(&str, Outcome); 4] = [
    ("overturned", Outcome::Overturned),
    ("overturn", Outcome::Overturned),
    ("upheld", Outcome::Upheld),
    ("uphold", Outcome::Upheld),
];

/// Before any mark, these say that it is of a part; whether they do so wherever they stand.
const IN_PART: [(&str, bool); 3] = [("partially", true), ("partly", true), ("partial", false)];

/// Returns the outcome mark that ends a line, and what stands before it.
///
/// A mark starts with a capital: lower-case outcome words are prose.
pub(super) fn outcome_mark(line: &str) -> Option<(&str, Outcome)> {
    let line = line.trim_end_matches(['.', ' ']);
    let (mark, outcome) = MARKS.iter().find(|(words, _)| ends_with(line, words).is_some())?;
    let before = ends_with(line, mark)?.trim_end();
    let is_capital =
        |from: &str| line[from.len()..].trim_start().starts_with(|c: char| c.is_ascii_uppercase());
    if !is_capital(before) {
        return None;
    }
    let part = IN_PART.iter().find_map(|(part, alone)| {
        let rest = ends_with(before, part)?.trim_end();
        // "Denture, Partial: Upheld" is what is asked for; "Partial Overturn" is no thing.
        let alone = *alone || !mark.ends_with('d') || *mark == "uphold";
        (alone || rest.is_empty() || rest.ends_with([':', '-', '\u{2013}'])).then_some(rest)
    });
    Some(match part.filter(|part| is_capital(part)) {
        Some(before) => (before, Outcome::PartiallyOverturned),
        None => (before, *outcome),
    })
}

/// What stands before a word, in whatever case, that a line ends with.
fn ends_with<'l>(line: &'l str, word: &str) -> Option<&'l str> {
    let start = line.len().checked_sub(word.len())?;
    let found = line.get(start..)?.eq_ignore_ascii_case(word);
    let apart = line[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    (found && apart).then(|| &line[..start])
}

/// Whether a line is a heading: only its letters count.
pub(super) fn is_heading(line: &str, letters: &str) -> bool {
    if line.len() > 2 * letters.len() + 20 {
        return false;
    }
    let mut found = line.bytes().filter(u8::is_ascii_alphabetic);
    letters.bytes().all(|c| found.next().is_some_and(|f| f.eq_ignore_ascii_case(&c)))
        && found.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_found_whatever_their_spacing() {
        assert_eq!(label("MAXIMUS  Guideline : x y"), Some((Label::ReviewerGuideline, "x y")));
        assert_eq!(label("Claims Administrator guideline:"), Some((Label::ClaimsGuideline, "")));
        assert_eq!(label("ClaimsAdministrator guide line: x"), Some((Label::ClaimsGuideline, "x")));
        assert_eq!(label("Claim Administrator's guidelines:"), Some((Label::ClaimsGuideline, "")));
        assert_eq!(label("MAXI MUSguideline: x"), Some((Label::ReviewerGuideline, "x")));
        assert_eq!(label("Expert Reviewer's guideline: x"), Some((Label::ReviewerGuideline, "x")));
        assert_eq!(label("Decisionrationale: x"), Some((Label::Rationale, "x")));
        assert_eq!(label("the MAXIMUS guideline: x"), None);
        assert_eq!(label("The treatment guideline: x"), None);
        assert_eq!(label("guideline: x"), None);
        assert_eq!(label("Decision rationale was"), None);
        let rest = |line: &'static str| later_label(line).map(|at| &line[at..]);
        assert_eq!(rest("p. 5. MAXIMUS guideline: x"), Some("MAXIMUS guideline: x"));
        assert_eq!(
            rest("Cane: UpheldClaims Administrator guideline: x"),
            Some("Claims Administrator guideline: x")
        );
        assert_eq!(rest("Decision rationale: x"), None);
        assert_eq!(rest("It is the MAXIMUS guideline: x"), None);
        assert_eq!(rest("So it was. The decision rationale: x"), None);
    }

    #[test]
    fn only_capitalised_outcomes_at_a_line_end_are_marks() {
        assert_eq!(outcome_mark("Cane: Upheld"), Some(("Cane:", Outcome::Upheld)));
        assert_eq!(outcome_mark("OVERTURNED"), Some(("", Outcome::Overturned)));
        assert_eq!(
            outcome_mark("Cane: Partially Overturned"),
            Some(("Cane:", Outcome::PartiallyOverturned))
        );
        for mark in
            ["Partially Overturn", "Partial Overturn", "Partially Uphold", "PARTIALLY UPHELD"]
        {
            let line = format!("Cane: {mark}");
            assert_eq!(
                outcome_mark(&line),
                Some(("Cane:", Outcome::PartiallyOverturned)),
                "{mark}"
            );
        }
        let whole = outcome_mark("Denture, Partial Upheld");
        assert_eq!(whole, Some(("Denture, Partial", Outcome::Upheld)));
        let whole = outcome_mark("Meniscectomy, partial Upheld");
        assert_eq!(whole, Some(("Meniscectomy, partial", Outcome::Upheld)));
        assert_eq!(outcome_mark("the denial was upheld"), None);
        assert_eq!(outcome_mark("NotUpheld"), None);
    }
}
