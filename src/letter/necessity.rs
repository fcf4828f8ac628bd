//! Outcomes stated in words: "is (not) medically necessary", with spaces that extraction lost.

use super::model::Outcome;
use std::ops::Range;

/// The words that state an outcome, and their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// From the verb to the end of the statement.
    pub(super) range: Range<usize>,
    pub(super) outcome: Outcome,
}

const NECESSARY: &str = "medically necessary";
const VERBS: [&str; 5] = [" is", " are", " was", " were", " be"];

/// Finds the first statement in a text.
pub(super) fn find(text: &str) -> Option<Statement> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find(NECESSARY)?;
    let mut before = lower[..at].trim_end();
    let mut outcome = Outcome::Overturned;
    if let Some(rest) = before.strip_suffix("not") {
        (before, outcome) = (rest.trim_end(), Outcome::Upheld);
    } else if let Some(rest) = before.strip_suffix("partially") {
        (before, outcome) = (rest.trim_end(), Outcome::PartiallyOverturned);
    }
    let verb = VERBS.iter().find_map(|verb| before.strip_suffix(verb));
    let start = verb.unwrap_or(before).trim_end().len();
    let rest = &lower[at + NECESSARY.len()..];
    let end = rest.strip_prefix(" and appropriate").map_or(rest.len(), str::len);
    Some(Statement { range: start..lower.len() - end, outcome })
}

/// Splits a heading that ends in a statement into what is asked for and its outcome.
pub(super) fn heading(text: &str) -> Option<(&str, Outcome)> {
    let statement = find(text)?;
    let rest = text[statement.range.end..].trim_matches(['.', ' ']);
    let title = text[..statement.range.start].trim_end_matches([':', ' ', '-', '\u{2013}']);
    rest.is_empty().then_some((title, statement.outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_with_and_without_their_spaces() {
        for (text, title, outcome) in [
            ("A cane is not medically necessary and appropriate.", "A cane", Outcome::Upheld),
            ("A cane is notmedically necessary.", "A cane", Outcome::Upheld),
            ("Canes are medically necessary and appropriate.", "Canes", Outcome::Overturned),
            ("A cane: Not medically necessary", "A cane", Outcome::Upheld),
            (
                "Two canes are partially medically necessary.",
                "Two canes",
                Outcome::PartiallyOverturned,
            ),
        ] {
            assert_eq!(heading(text), Some((title, outcome)), "{text}");
        }
        assert_eq!(heading("A cane is medically necessary, they say, or not"), None);
        assert_eq!(heading("A cane: Upheld"), None);
    }
}
