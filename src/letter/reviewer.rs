//! Reads who judged: specialties as printed and states of licensure.

use super::join::Joiner;
use super::labels::after_label;
use super::lines::{Gap, Line};
use super::model::Reviewer;

const STATES: &str = "state(s) of licensure";
const SPECIALTY: &str = "certification(s)/specialty";
const CREDENTIALS: &str = "the expert reviewer has the following credentials";

/// Reads the block of credentials, or the sentence that older letters have in its place.
pub(super) fn read(lines: &[Line<'_>], joiner: &Joiner<'_>) -> Reviewer {
    let states = field(lines, STATES, joiner);
    let printed = field(lines, SPECIALTY, joiner);
    if states.is_some() || printed.is_some() {
        return Reviewer { printed, states: states.map(|s| names(&s)).unwrap_or_default() };
    }
    sentence(&joiner.join(lines))
}

/// The value of a labelled field, which may wrap onto the next lines.
fn field(lines: &[Line<'_>], words: &str, joiner: &Joiner<'_>) -> Option<String> {
    let start = lines.iter().position(|line| after_label(line.text, words).is_some())?;
    let first = after_label(lines[start].text, words)?;
    let is_label = |line: &Line<'_>| {
        [STATES, SPECIALTY, CREDENTIALS].iter().any(|w| after_label(line.text, w).is_some())
    };
    let wrapped = lines[start + 1..]
        .iter()
        .take_while(|line| !is_label(line) && (line.gap == Gap::None || first.is_empty()))
        .take(4);
    let value = joiner.join_texts(std::iter::once(first).chain(wrapped.map(|line| line.text)));
    let value = value.trim_end_matches(['.', ',', ' ']);
    (!value.is_empty()).then(|| value.to_owned())
}

/// "Board Certified in X and is licensed to practice in Y."
pub(super) fn sentence(text: &str) -> Reviewer {
    certified(text).or_else(|| profession(text)).unwrap_or_default()
}

const CERTIFIED: &str = "certified in ";

/// What leads in the states, in lower case.
const LICENSED: [&str; 4] =
    ["licensed to practice in ", "licensed in ", "license to practice in ", "license in "];

/// What ends the specialties, in lower case.
const SPECIALTIES_END: [&str; 3] = [" licensed", ". ", ";"];

/// "The reviewer is a X who is licensed to practice in Y", where no certificate is named.
fn profession(text: &str) -> Option<Reviewer> {
    let lower = text.to_ascii_lowercase();
    let start = ["reviewer is a ", "reviewer is an "]
        .iter()
        .find_map(|words| lower.find(words).map(|at| at + words.len()))?;
    let sentence = text[start..].split(". ").next()?;
    let (text, lower) = (sentence, sentence.to_ascii_lowercase());
    let first = ["licensed ", "actively practicing "].iter().find(|word| lower.starts_with(**word));
    let first = first.map_or(0, |word| word.len());
    let end = first + lower[first..].find(" licensed")?;
    let printed = ["is", "who", "and"].iter().fold(&text[first..end], |printed, word| {
        printed.strip_suffix(word).map_or(printed, str::trim_end).trim_end_matches([',', ' '])
    });
    // More words are more than a profession.
    let short = (1..=6).contains(&printed.split_whitespace().count());
    let states = states(text, &lower)?;
    short.then(|| Reviewer { printed: Some(printed.to_owned()), states })
}

/// The states of licensure that a sentence names; `None` where it speaks of none.
fn states(text: &str, lower: &str) -> Option<Vec<String>> {
    let start = LICENSED.iter().find_map(|words| Some(lower.find(words)? + words.len()))?;
    let named = text[start..].split(['.', ';']).next().map(names)?;
    // The sentence may go on about other things.
    let is_name = |name: &String| name.starts_with(char::is_uppercase);
    Some(named.into_iter().take_while(is_name).collect())
}

fn certified(text: &str) -> Option<Reviewer> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find(CERTIFIED)? + CERTIFIED.len();
    let ends = SPECIALTIES_END.iter().filter_map(|words| lower[start..].find(words)).min();
    let printed = &text[start..ends.map_or(text.len(), |end| start + end)];
    let printed = ["is", "and"].iter().fold(printed, |printed, word| {
        printed.strip_suffix(word).map_or(printed, str::trim_end).trim_end_matches([',', '.', ' '])
    });
    let leads = [", has a", ", with a", " and has a", " and a", " with a"];
    let printed = leads.iter().fold(printed.to_owned(), |printed, lead| {
        printed.replace(&format!("{lead} subspecialty in "), ", ")
    });
    let states = states(text, &lower)?;
    Some(Reviewer { printed: (!printed.is_empty()).then_some(printed), states })
}

/// Splits a list of names at commas, with or without a space, and at "and".
fn names(list: &str) -> Vec<String> {
    list.split(',')
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split('&'))
        .map(|name| name.trim().trim_start_matches("and ").trim_start_matches("in "))
        .map(|name| name.trim_matches(['.', ' ']).to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;
    use super::*;

    fn reviewer(text: &str) -> Reviewer {
        let lines = split(text);
        read(&lines, &Joiner::new(&lines))
    }

    #[test]
    fn a_block_with_a_wrapped_value() {
        let read = reviewer(
            "The Expert Reviewer has the following credentials:\nState(s) of Licensure: Ohio,Utah, \
             New York\nCertification(s)/Specialty: Preventive Medicine, Public Health &\nGeneral \
             Preventive Medicine\n \nMore text.\nfollows here\nat length\n",
        );
        assert_eq!(read.states, ["Ohio", "Utah", "New York"]);
        assert_eq!(
            read.printed.as_deref(),
            Some("Preventive Medicine, Public Health & General Preventive Medicine")
        );
    }

    #[test]
    fn a_sentence() {
        let read = reviewer(
            "The expert reviewer is Board Certified in Neurology & Sleep\nMedicine and is licensed \
             to practice in Ohio. He/she has worked.",
        );
        assert_eq!(read.printed.as_deref(), Some("Neurology & Sleep Medicine"));
        assert_eq!(read.states, ["Ohio"]);
        let read = reviewer(
            "The reviewer holds a license in Ohio and in Utah. Board Certified in Neurology, with \
             a subspecialty in Sleep Medicine.",
        );
        assert_eq!(read.printed.as_deref(), Some("Neurology, Sleep Medicine"));
        assert_eq!(read.states, ["Ohio", "Utah"]);
        let read = reviewer(
            "The reviewer is an Optometrist who is licensed to practice in Ohio and who sees",
        );
        assert_eq!(read.printed.as_deref(), Some("Optometrist"));
        assert_eq!(read.states, ["Ohio"]);
        assert!(reviewer("The reviewer is a person with no affiliation.").printed.is_none());
    }
}
