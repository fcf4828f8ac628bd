//! Reads age, sex and date of injury from the clinical case summary.
//!
//! Only words that state them count: a pronoun does not make a sex.

use super::date::Date;
use super::model::{Claimant, Sex};

/// How far into the summary the claimant is introduced, in words.
const OPENING: usize = 120;

/// Reads age and sex from the opening of a summary.
pub(super) fn read(summary: &str) -> Claimant {
    let words: Vec<String> = summary
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '\u{2011}' | '/'))
        .filter(|word| !word.is_empty())
        .take(OPENING)
        .map(str::to_ascii_lowercase)
        .collect();
    let age = (0..words.len()).find_map(|at| age_at(&words, at));
    let start = age.map_or(0, |(at, _)| at.saturating_sub(8));
    let sex = words[start..].iter().take(24).find_map(|word| sex(bare(word)));
    Claimant { age: age.map(|(_, age)| age), sex }
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// "N year(s) old", "N yo", "N y/o", "age N" or "aged N"; with its place.
fn age_at(words: &[String], at: usize) -> Option<(usize, u32)> {
    let word = |offset: usize| words.get(at + offset).map_or("", |w| bare(w));
    let number = |word: &str| word.parse().ok().filter(|age| (10..=110).contains(age));
    let years = matches!(word(1), "year" | "years" | "yr" | "yrs") && word(2).starts_with("old");
    let short = matches!(word(1), "yo" | "y.o") || (word(1) == "y" && word(2) == "o");
    if years || short {
        return Some((at, number(word(0))?));
    }
    if let Some(age) = word(0).strip_suffix("yo").and_then(number) {
        return Some((at, age));
    }
    if matches!(word(0), "age" | "aged") {
        let number = number(word(1)).or_else(|| number(word(2)).filter(|_| word(1) == "of"))?;
        return Some((at, number));
    }
    None
}

fn sex(word: &str) -> Option<Sex> {
    match word {
        "male" | "man" | "gentleman" => Some(Sex::Male),
        "female" | "woman" | "lady" => Some(Sex::Female),
        _ => None,
    }
}

/// Words after which a date soon follows that is the date of injury, best first.
const INJURY_WORDS: [&str; 4] = ["injur", "accident", " hurt ", " claim of "];

/// The date of injury that the summary states: the first date soon after "injury" or its like.
pub(super) fn injury_date(summary: &str) -> Option<Date> {
    let lower = summary.to_ascii_lowercase();
    INJURY_WORDS.iter().find_map(|word| {
        let mentions = lower.match_indices(word).map(|(at, word)| at + word.len() - 1);
        mentions.take(8).find_map(|at| date_within(&summary[at..], 14))
    })
}

/// The first date within some words after a phrase in lower case.
pub(super) fn date_after(text: &str, phrase: &str, words: usize) -> Option<Date> {
    let at = text.to_ascii_lowercase().find(phrase)? + phrase.len();
    date_within(&text[at - 1..], words)
}

/// The first date among the next words of the same sentence.
fn date_within(text: &str, words: usize) -> Option<Date> {
    let mut rest = text;
    for _ in 0..words {
        let end = rest.find(char::is_whitespace)?;
        let sentence_ends = rest[..end].ends_with('.');
        rest = rest[end..].trim_start();
        if sentence_ends {
            return None;
        }
        if let Some(date) = Date::at_start(rest.trim_start_matches('(')) {
            return Some(date);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_and_sex_in_their_forms() {
        let cases = [
            ("Claimant is a 37-year old male who", Some(37), Some(Sex::Male)),
            ("This 40 year-old patient slipped.", Some(40), None),
            ("The patient, aged 52, is a woman who", Some(52), Some(Sex::Female)),
            ("A 61 y/o right hand dominant lady", Some(61), Some(Sex::Female)),
            ("He fell. He is in pain.", None, None),
        ];
        for (text, age, sex) in cases {
            assert_eq!(read(text), Claimant { age, sex }, "{text}");
        }
    }

    #[test]
    fn the_date_of_injury_stands_near_the_injury() {
        let date = |text| injury_date(text).map(|d| d.to_string());
        assert_eq!(date("He was injured on 1/2/2013.").as_deref(), Some("2013-01-02"));
        let text = "a work injury. An MRI of 3/4/2014 was read. Date of injury: March 5, 2012.";
        assert_eq!(date(text).as_deref(), Some("2012-03-05"));
        assert_eq!(date("The injury was healing. On 1/2/2013 he returned."), None);
    }
}
