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
const VERBS: [&str; 8] = ["is", "are", "was", "were", "be", "been", "remains", "remain"];
const HELPERS: [&str; 12] =
    ["can", "could", "would", "should", "will", "does", "did", "do", "has", "have", "ca", "wo"];
const NEGATIONS: [&str; 11] = [
    "not", "cannot", "never", "no", "neither", "nor", "non", "unlikely", "fails", "failed",
    "ceased",
];
/// Words that leave open what is so.
const OPEN: [&str; 4] = ["may", "might", "possibly", "perhaps"];
/// Words that begin a sentence which speaks of a part of what is asked for.
const OF_SOME: [&str; 6] = ["only", "some", "part", "half", "most", "portions"];
/// Other words that may stand between the verb and what it says.
const BETWEEN: &str = "to found considered determined deemed judged felt thought shown proven established \
    certified approved documented demonstrated believed said appear appears seem seems \
    partially partly part longer as therefore thus hence hereby indeed likewise clearly \
    certainly currently presently still now only also each all in this case at time both \
    either reasonable appropriate and again";
/// Words by which a sentence speaks of what is thought or shown: a denial before them is of that.
const THOUGHT: [&str; 10] =
    ["that", "whether", "believe", "think", "feel", "find", "agree", "support", "supports", "show"];

/// Finds the first statement in a text; its outcome is unknown where it is not clear what it says.
pub(super) fn find(text: &str) -> Option<Statement> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find(NECESSARY)?;
    let said = Said::of(lower[..at].trim_end());
    // "Medically necessary" as a remark of its own.
    let is_remark = said.start == lower[..at].trim_end().len() && text[at..].starts_with('M');
    let outcome = if said.negated {
        Outcome::Upheld
    } else if said.doubtful && !is_remark {
        Outcome::Unknown
    } else if said.partially {
        Outcome::PartiallyOverturned
    } else {
        Outcome::Overturned
    };
    let rest = &lower[at + NECESSARY.len()..];
    let rest = rest.strip_prefix(" and appropriate").unwrap_or(rest);
    let in_part = rest.starts_with(" in part") && outcome == Outcome::Overturned;
    let outcome = if in_part { Outcome::PartiallyOverturned } else { outcome };
    Some(Statement { range: said.start..lower.len() - rest.len(), outcome })
}

/// What the words before "medically necessary" say of it.
#[derive(Debug, Default)]
struct Said {
    /// Where the verb stands, or else the end of what is spoken of.
    start: usize,
    negated: bool,
    partially: bool,
    /// Whether the sentence denies something else, or has no verb here.
    doubtful: bool,
}

impl Said {
    /// Goes back over the words, in lower case, as long as they can belong to the verb.
    fn of(before: &str) -> Self {
        let (mut said, mut rest, mut verb) = (Self::default(), before, None);
        let mut of_all = false;
        while let Some((start, word)) = last_word(rest) {
            let word = word.trim_end_matches([',', '-']);
            let plain = without_not(word);
            let negates = plain != word || NEGATIONS.contains(&word);
            let is_verb = VERBS.contains(&plain) || HELPERS.contains(&plain);
            if !negates && !is_verb && !BETWEEN.split(' ').any(|known| known == word) {
                break;
            }
            said.negated |= negates;
            said.partially |= matches!(word, "partially" | "partly" | "part");
            of_all |= word == "all";
            if is_verb || negates && verb.is_some() {
                verb = Some(start);
            }
            rest = rest[..start].trim_end();
        }
        said.start = verb.map_or(rest.len(), |verb| before[..verb].trim_end().len());
        let is_label = rest.is_empty() || rest.ends_with([':', '-', '\u{2013}']);
        let sentence = rest.rfind(['.', ';']).map_or(rest, |at| &rest[at + 1..]);
        let mut words = sentence.split_whitespace();
        // "None of the visits is", "neither is"; but "no more than six are" grants six.
        let first = words.clone().next().unwrap_or_default();
        let second = words.clone().nth(1).unwrap_or_default();
        let of_some =
            OF_SOME.contains(&first) || matches!((first, second), ("no", "more") | ("not", "all"));
        said.negated |= !of_some
            && (matches!(first, "no" | "none" | "neither" | "nothing")
                || (first, second) == ("not", "one"));
        let denies = words.any(|word| matches!(word, "not" | "cannot" | "never"));
        let of_thought = denies && words.any(|word| THOUGHT.contains(&word));
        let is_open = last_word(rest).is_some_and(|(_, word)| OPEN.contains(&word));
        said.doubtful = of_thought || of_some || is_open || verb.is_none() && !is_label;
        if of_all && said.negated {
            // "Not all are" grants some.
            (said.negated, said.doubtful) = (false, true);
        }
        said
    }
}

/// The last word of a text, and where it starts.
fn last_word(text: &str) -> Option<(usize, &str)> {
    let start = text.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    Some((start, &text[start..])).filter(|(_, word)| !word.is_empty())
}

/// A verb without the negation that stands at its end: "isn't", and "isnot" where a space was lost.
fn without_not(word: &str) -> &str {
    let plain = ["n't", "n\u{2019}t", "not"].iter().find_map(|not| word.strip_suffix(not));
    plain.filter(|plain| VERBS.contains(plain) || HELPERS.contains(plain)).unwrap_or(word)
}

/// Splits a heading that ends in a statement into what is asked for and its outcome.
pub(super) fn heading(text: &str) -> Option<(&str, Outcome)> {
    let statement = find(text)?;
    let rest = text[statement.range.end..].trim_matches(['.', ' ']);
    let title = text[..statement.range.start].trim_end_matches([':', ' ', '-', '\u{2013}']);
    let is_clear = rest.is_empty() && statement.outcome != Outcome::Unknown;
    is_clear.then_some((title, statement.outcome))
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
            ("A cane is not found to be medically necessary.", "A cane", Outcome::Upheld),
            ("A cane is not considered medically necessary", "A cane", Outcome::Upheld),
            ("A cane was determined not to be medically necessary.", "A cane", Outcome::Upheld),
            ("A cane isn't medically necessary.", "A cane", Outcome::Upheld),
            ("A cane isnot medically necessary.", "A cane", Outcome::Upheld),
            ("A cane cannot be considered medically necessary.", "A cane", Outcome::Upheld),
            ("A cane is no longer medically necessary.", "A cane", Outcome::Upheld),
            ("A cane is not, in this case, medically necessary.", "A cane", Outcome::Upheld),
            ("A cane is found to be medically necessary.", "A cane", Outcome::Overturned),
            ("A cane: Medically necessary", "A cane", Outcome::Overturned),
            ("A cane Medically Necessary", "A cane", Outcome::Overturned),
            ("None of six visits is medically necessary.", "None of six visits", Outcome::Upheld),
            ("An MRI, not open, is medically necessary.", "An MRI, not open,", Outcome::Overturned),
            (
                "A cane is only partially medically necessary.",
                "A cane",
                Outcome::PartiallyOverturned,
            ),
            ("A cane is reasonable and medically necessary.", "A cane", Outcome::Overturned),
            ("A cane would not be medically necessary.", "A cane", Outcome::Upheld),
            ("A cane does not appear to be medically necessary.", "A cane", Outcome::Upheld),
            ("A cane can't be considered medically necessary.", "A cane", Outcome::Upheld),
            ("A cane is non-medically necessary.", "A cane", Outcome::Upheld),
            ("A cane: non-medically necessary", "A cane", Outcome::Upheld),
            ("Nothing of it is medically necessary.", "Nothing of it", Outcome::Upheld),
            ("A cane is clearly medically necessary.", "A cane", Outcome::Overturned),
            ("A cane is certified as medically necessary.", "A cane", Outcome::Overturned),
        ] {
            assert_eq!(heading(text), Some((title, outcome)), "{text}");
        }
        assert_eq!(heading("A cane is medically necessary, they say, or not"), None);
        assert_eq!(heading("A cane: Upheld"), None);
        // What is not clear is not read.
        for text in [
            "A cane is, by the schedule that was quoted, medically necessary",
            "It was not shown that a cane is medically necessary",
            "No more than six visits are medically necessary",
            "Only six of the twelve visits are medically necessary",
            "A cane may be medically necessary",
            "Two canes are not all medically necessary",
        ] {
            assert_eq!(heading(text), None, "{text}");
        }
    }
}
