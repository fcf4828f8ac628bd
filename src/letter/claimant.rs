//! Reads age, sex and date of injury from the clinical case summary.
//!
//! Only words that state them count: a pronoun does not make a sex.

use super::date::Date;
use super::model::{Claimant, Sex};

/// How far into the summary the claimant is introduced, in words.
const OPENING: usize = 120;

/// No opening is longer, in bytes.
const OPENING_BYTES: usize = 20 * OPENING;

/// Words for the person a summary is about: an age stands near one of them.
const PERSONS: [&str; 22] = [
    "male",
    "female",
    "man",
    "woman",
    "gentleman",
    "lady",
    "patient",
    "worker",
    "claimant",
    "applicant",
    "employee",
    "individual",
    "person",
    "iw",
    "who",
    "he",
    "she",
    "his",
    "her",
    "this",
    "handed",
    "dominant",
];

/// Reads age and sex from the opening of a summary.
pub(super) fn read(summary: &str) -> Claimant {
    let opening = &summary[..summary.floor_char_boundary(OPENING_BYTES)];
    let lower = opening.to_ascii_lowercase();
    let printed: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '\u{2011}' | '/'))
        .filter(|word| !word.is_empty())
        .take(OPENING)
        .collect();
    let words: Vec<&str> = printed.iter().copied().map(bare).collect();
    let title = title(summary);
    let later = |from: usize| {
        let ages = (from..words.len()).filter_map(|at| age_at(&words, at));
        ages.into_iter().find(|(at, _)| !is_of_thing(&printed[at + 1..]))
    };
    let age = later(0)
        .filter(|(at, _)| title.is_some() && *at < 8 || is_person(&words, *at))
        .or_else(|| {
            let (first, _) = later(0)?;
            later(first + 1).filter(|(at, _)| is_person(&words, *at))
        });
    let start = age.map_or_else(|| lead_in(&printed), |(at, _)| at.saturating_sub(8));
    let sex = age.and_then(|(at, _)| initial(&words[at + 1..])).or(title);
    let sex = sex.or_else(|| introduced(&printed[start..], age.map_or(0, |(at, _)| at - start)));
    Claimant { age: age.map(|(_, age)| age), sex: sex.or_else(|| stated(&words)) }
}

/// Where a summary begins after a line that leads in and speaks of nobody.
fn lead_in(printed: &[&str]) -> usize {
    let colon = printed.iter().take(24).position(|word| word.ends_with(':'));
    let is_person = |word: &&str| PERSONS.contains(&bare(word));
    colon.filter(|at| !printed[..*at].iter().any(is_person)).map_or(0, |at| at + 1)
}

/// Words after which somebody else may be spoken of.
const OTHERS: [&str; 10] =
    ["who", "whom", "whose", "when", "while", "for", "by", "after", "because", "where"];

/// The sex that is said with an age: in its sentence, of nobody who comes in later.
fn introduced(words: &[&str], age_at: usize) -> Option<Sex> {
    let ends = |at: usize| {
        let word = words[at];
        let is_short = word.contains('.') && bare(word).len() <= 3 && bare(word) != "old";
        at >= age_at && word.ends_with('.') && !is_short
    };
    let end = (0..words.len())
        .find(|at| *at >= age_at && OTHERS.contains(&bare(words[*at])) || *at > 0 && ends(at - 1));
    words[..end.unwrap_or(words.len())].iter().take(24).find_map(|word| sex(bare(word)))
}

/// What an age may be of beside a person.
const THINGS: [&str; 10] = [
    "claim", "injury", "case", "date", "accident", "incident", "fusion", "fracture", "surgery",
    "report",
];

/// Whether the words after the number of an age, as printed, say that it is of no person: "15-year-old claim", but
/// not "52-year-old case manager".
fn is_of_thing(after: &[&str]) -> bool {
    let units = ["year", "years", "yr", "yrs", "old", "yo", "y", "o", "work", "industrial"];
    let ends = |word: &str| word.ends_with(['.', ',', ';', ':']);
    let Some(next) = after.iter().position(|word| !units.contains(word)) else { return false };
    let goes_on = !ends(after[next])
        && after.get(next + 1).is_some_and(|word| {
            ["manager", "writer", "victim", "patient", "worker", "claimant"].contains(&bare(word))
        });
    let before = next == 0 || !ends(after[next - 1]);
    before && THINGS.contains(&bare(after[next])) && !goes_on
}

/// Words for nobody but the claimant.
const CLAIMANT: [&str; 6] = ["patient", "claimant", "applicant", "worker", "employee", "iw"];

/// The sex that a sentence of its own states: "the applicant is female".
fn stated(words: &[&str]) -> Option<Sex> {
    let after = |at: usize| words.get(at).copied().unwrap_or_default();
    (1..words.len()).find_map(|at| {
        let is_claimant = CLAIMANT.contains(&words[at - 1]);
        // A co-worker is another one.
        let is_other = at > 1 && words[at - 2] == "co";
        let sex = if after(at + 1) == "a" { after(at + 2) } else { after(at + 1) };
        (words[at] == "is" && is_claimant && !is_other).then(|| self::sex(sex)).flatten().or_else(
            || {
                // "The female patient".
                let is_this = matches!(words[at - 1], "the" | "this");
                (is_this && CLAIMANT.contains(&after(at + 1)))
                    .then(|| self::sex(words[at]))
                    .flatten()
            },
        )
    })
}

/// The sex that the title says by which a summary begins to speak of somebody.
fn title(summary: &str) -> Option<Sex> {
    match summary.trim_start().split([' ', '.']).next()? {
        "Mr" => Some(Sex::Male),
        "Ms" | "Mrs" => Some(Sex::Female),
        _ => None,
    }
}

/// The sex that stands right after an age as one letter: "33 yo F", "41-year-old M".
fn initial(after_age: &[&str]) -> Option<Sex> {
    let units = ["year", "years", "yr", "yrs", "old", "yo", "y.o", "y", "o"];
    let of_age = |word: &str| units.contains(&word) || ONES.contains(&word);
    let at = after_age.iter().position(|word| !of_age(word) && word.parse::<u32>().is_err())?;
    match (after_age[at], after_age.get(at + 1)) {
        // "F/u" is a visit.
        (_, Some(&"u")) => None,
        ("m", _) => Some(Sex::Male),
        ("f", _) => Some(Sex::Female),
        _ => None,
    }
}

/// Whether an age is that of the person the summary is about: such a word stands right before it,
/// or soon after.
fn is_person(words: &[&str], at: usize) -> bool {
    let near = |words: &[&str]| words.iter().any(|word| PERSONS.contains(word));
    let relative = |word: &&str| {
        matches!(
            *word,
            "father" | "mother" | "son" | "daughter" | "brother" | "sister" | "wife" | "husband"
        )
    };
    let before = &words[at.saturating_sub(4)..at];
    let after = &words[at + 1..(at + 9).min(words.len())];
    let of_a_thing = |word: &&str| matches!(*word, "has" | "had" | "with");
    let of_age = words.get(at + 2).is_some_and(|word| *word == "of");
    let named = of_age || near(before) && !before.iter().any(of_a_thing);
    // "Struck by a 30-year-old man", "a 12-year-old daughter".
    let of_other = before.ends_with(&["by", "a"]) || after.iter().take(4).any(relative);
    !before.iter().any(relative) && !of_other && (named || near(after))
}

const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ONES: [&str; 9] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// "N year(s) old", "N years of age", "N yo", "N y/o", "age N" or "aged N"; with its place.
fn age_at(words: &[&str], at: usize) -> Option<(usize, u32)> {
    let word = |offset: usize| words.get(at + offset).copied().unwrap_or_default();
    let number = |word: &str| word.parse().ok().filter(|age| (10..=110).contains(age));
    let old = |from: usize| {
        matches!(word(from), "year" | "years" | "yr" | "yrs")
            && (word(from + 1).starts_with("old")
                || (word(from + 1), word(from + 2)) == ("of", "age"))
    };
    if let Some(tens) = TENS.iter().position(|tens| *tens == word(0)) {
        let tens = (tens as u32 + 2) * 10;
        let ones = ONES.iter().position(|ones| *ones == word(1)).map_or(0, |ones| ones as u32 + 1);
        let next = if ones > 0 { 2 } else { 1 };
        // "Sixty-three (63) year old".
        let said = number(word(next)) == Some(tens + ones);
        return old(next + usize::from(said)).then_some((at, tens + ones));
    }
    let years = old(1);
    let short = matches!(word(1), "yo" | "y.o") || (word(1) == "y" && word(2) == "o");
    if years || short {
        return Some((at, number(word(0))?));
    }
    if let Some(age) = word(0).strip_suffix("yo").and_then(number) {
        return Some((at, age));
    }
    if matches!(word(0), "age" | "aged") && !is_then(&words[..at]) {
        let number = number(word(1)).or_else(|| number(word(2)).filter(|_| word(1) == "of"))?;
        return Some((at, number));
    }
    None
}

/// Whether an age after these words is how old somebody was when hurt: "injured at age 42".
fn is_then(before: &[&str]) -> bool {
    let last = |from_end: usize| before.len().checked_sub(from_end).map_or("", |at| before[at]);
    let at = last(1) == "at" || (last(2), last(1)) == ("at", "the");
    let injury = |word: &&str| word.starts_with("injur") || *word == "hurt";
    at && before.iter().rev().take(5).any(injury)
}

fn sex(word: &str) -> Option<Sex> {
    match word {
        "male" | "man" | "gentleman" => Some(Sex::Male),
        "female" | "woman" | "lady" => Some(Sex::Female),
        _ => None,
    }
}

/// Words after which a date soon follows that is the date of injury, best first.
const INJURY_WORDS: [&str; 5] = ["injur", "accident", "hurt", "claim of", "claimed"];

/// Words for its date, which count before these.
const INJURY_DATES: [&str; 2] = ["date of injury", "doi"];

/// How somebody was injured, which tells the date only where a summary begins with it. Scores fall, too, and people fall asleep.
const EVENTS: [&str; 30] = [
    "struck by",
    "struck on",
    "struck in",
    "struck from",
    "was struck",
    "slipped on",
    "slipped and",
    "slipped in",
    "slipped off",
    "tripped on",
    "tripped over",
    "fell down",
    "fell off",
    "fell from a",
    "fell on",
    "fell through",
    "fall from a",
    "fall down",
    "fall off",
    "twisted his",
    "twisted her",
    "crushed his",
    "crushed her",
    "was crushed",
    "was caught in",
    "vehicle collision",
    "rear-ended",
    "was assaulted",
    "splash of",
    "chemical splash",
];

/// The beginning of a summary, in sentences.
const BEGINNING: usize = 2;

/// Words that stand right before a date of injury.
const BEFORE_DATE: [&str; 13] = [
    "on", "of", "dated", "date", "is", "was", "injury", "doi", "from", "since", "as", "(doi",
    "work",
];

/// Words after which a date is that of something else.
const SOMETHING_ELSE: [&str; 18] = [
    "treated",
    "different",
    "seen",
    "visit",
    "exam",
    "examination",
    "evaluated",
    "evaluation",
    "mri",
    "x-ray",
    "report",
    "noted",
    "denied",
    "surgery",
    "underwent",
    "until",
    "returned",
    "reports",
];

/// The date of injury that the summary states: the date that an injury's sentence leads to.
pub(super) fn injury_date(summary: &str) -> Option<Date> {
    let beginning =
        summary.match_indices(". ").nth(BEGINNING - 1).map_or(summary.len(), |(at, _)| at + 1);
    let events = || {
        let beginning = &summary[..beginning];
        let dated = EVENTS.iter().filter_map(|word| mention_dated(beginning, word));
        dated.min_by_key(|(at, _)| *at)
    };
    let dated = |words: &&str| mention_dated(summary, words);
    let named =
        INJURY_DATES.iter().find_map(|words| before(summary, words).or_else(|| dated(words)));
    let told = || INJURY_WORDS.iter().filter_map(&dated).min_by_key(|(at, _)| *at);
    named.or_else(told).or_else(events).map(|(_, date)| date)
}

/// A date right before words for it: "a 7/18/2013 date of injury".
fn before(summary: &str, words: &str) -> Option<(usize, Date)> {
    let lower = summary.to_ascii_lowercase();
    let mut mentions = lower.match_indices(words).filter(|(at, _)| is_mention(&lower, *at));
    mentions.find_map(|(at, _)| {
        let printed = summary[..at].trim_end().rsplit(char::is_whitespace).next()?;
        let date = Date::at_start(printed)?;
        let is_whole = printed.ends_with(|c: char| c.is_ascii_digit());
        is_whole.then_some((at, date))
    })
}

/// Where one of the first mentions of some words leads to a date, and the date.
fn mention_dated(summary: &str, words: &str) -> Option<(usize, Date)> {
    let lower = summary.to_ascii_lowercase();
    let mentions = lower.match_indices(words).filter(|(at, _)| is_mention(&lower, *at));
    mentions.take(8).find_map(|(at, words)| Some((at, dated(&summary[at + words.len() - 1..])?)))
}

/// Words for an injury that is not the one at issue, which may stand a few words before it.
const EARLIER: [&str; 5] = ["prior", "previous", "earlier", "preexisting", "nonindustrial"];
/// How far before.
const EARLIER_WITHIN: usize = 5;
/// Words over which they do not reach.
const PARTING: [&str; 12] =
    ["who", "was", "were", "is", "when", "and", "since", "for", "to", "no", "of", "the"];

/// Whether a word starts here and speaks of this injury, not of one before.
fn is_mention(lower: &str, at: usize) -> bool {
    let apart = !lower[..at].ends_with(char::is_alphanumeric);
    let sentence = lower[..at].rfind(['.', ';']).map_or(0, |end| end + 1);
    let before = lower[sentence..at].split([' ', '\n', '-']).rev().map(bare);
    let before: Vec<&str> = before.filter(|word| !word.is_empty()).take(EARLIER_WITHIN).collect();
    let word = |at: usize| before.get(at).copied().unwrap_or_default();
    let old = word(0) == "old" && !word(1).starts_with('y');
    // "Non-industrial", "pre-existing": nothing else that is not.
    let industrial = usize::from(word(0) == "industrial");
    let none = matches!(word(industrial), "non" | "existing");
    let reached = before.iter().take_while(|word| !PARTING.contains(word));
    let earlier = reached.into_iter().any(|word| EARLIER.contains(word));
    apart && word(0) != "re" && !old && !none && !earlier
}

/// The date that a mention of the injury leads to in its sentence.
fn dated(text: &str) -> Option<Date> {
    let mut before = "injury";
    let mut rest = text;
    for _ in 0..14 {
        let end = rest.find(char::is_whitespace)?;
        let word = &rest[..end];
        rest = rest[end..].trim_start();
        let plain = bare(word);
        if SOMETHING_ELSE.iter().any(|other| plain.eq_ignore_ascii_case(other)) {
            return None;
        }
        if !plain.is_empty() {
            before = plain;
        }
        let leads = BEFORE_DATE.iter().any(|lead| before.eq_ignore_ascii_case(lead))
            || word.ends_with([':', ',']);
        let date = Date::at_start(rest.trim_start_matches('('));
        if let Some(date) = date.filter(|_| leads || word.len() <= 1) {
            return Some(date);
        }
        if date.is_some() || word.ends_with('.') {
            return None;
        }
    }
    None
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
            (
                "Patient is 45 years old and fell from a ladder in the yard of the store where the stock is kept at \
                 about noon on a Monday; the customer is a man, the co-worker is a man.",
                Some(45),
                None,
            ),
            (
                "The applicant is a 43-year-old school aide who was pushed by a student and fell on both of the knees in a yard of the \
                 school where she works, at noon. The applicant is female.",
                Some(43),
                Some(Sex::Female),
            ),
            ("A 61 y/o right hand dominant lady", Some(61), Some(Sex::Female)),
            ("He has a 15 year old fusion and is now 52 years of age.", Some(52), None),
            (
                "A fifty-two-year-old woman whose father is a 70-year-old man.",
                Some(52),
                Some(Sex::Female),
            ),
            ("Hurt at age 42, this is now a 44-year-old M.", Some(44), Some(Sex::Male)),
            ("IW is a 33 y/o F baker", Some(33), Some(Sex::Female)),
            ("Ms. is a sixty-three (63) year-old baker", Some(63), Some(Sex::Female)),
            ("A forty-one year old F who fell", Some(41), Some(Sex::Female)),
            ("A 44 year-old F/U patient, a man", Some(44), Some(Sex::Male)),
            ("A 52 year old worker takes MS Contin", Some(52), None),
            ("He was hurt at the age of 42. This patient is 50 years old.", Some(50), None),
            ("The patient is, at age 52, a welder.", Some(52), None),
            ("He fell. He is in pain.", None, None),
            ("A 45-year-old nurse who was pushed by a male patient.", Some(45), None),
            ("A 61-year-old caregiver for an old woman.", Some(61), None),
            ("This worker is 47 years old. She was hurt when a man fell on her.", Some(47), None),
            (
                "This is a 15-year-old claim of a baker. The patient is 52 years old.",
                Some(52),
                None,
            ),
            (
                "This is a 20 year old injury. The worker, age 58, is a man.",
                Some(58),
                Some(Sex::Male),
            ),
            ("This 15 year old work injury was settled.", None, None),
            ("Patient is 45 years old. Date of injury 4/5/2010.", Some(45), None),
            ("A 52-year-old case manager who fell.", Some(52), None),
            (
                "The male patient reports the following: a lady drove into him.",
                None,
                Some(Sex::Male),
            ),
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
        assert_eq!(
            date("DOI: 5/6/2010. The work injury was seen; MRI of 3/4/2014").as_deref(),
            Some("2010-05-06")
        );
        assert_eq!(date("The prior knee injury was last seen on 3/4/2014."), None);
        assert_eq!(date("He denied re-injury on 3/4/2014."), None);
        for (text, day) in [
            ("An earlier injury on 5/6/2001; he was hurt again on 2/3/2012.", Some("2012-02-03")),
            (
                "A prior industrial injury on 1/1/2005 and a new injury on 4/4/2013.",
                Some("2013-04-04"),
            ),
            ("A previous low back injury on 3/3/2005. On 2/2/2012 he slipped.", None),
            (
                "A non-industrial injury on 5/5/2011. The claim of injury is 3/3/2010.",
                Some("2010-03-03"),
            ),
            ("A 52-year-old injured on 1/2/2012.", Some("2012-01-02")),
            ("He has an old injury on 1/2/1999.", None),
            (
                "A man who was struck by a pipe on 6/30/2008. He fell on 2/2/2010.",
                Some("2008-06-30"),
            ),
            (
                "A man with a 7/18/2013 date of injury. CT of 7/19/2013 was clear.",
                Some("2013-07-18"),
            ),
            ("She was hurt at work 11.5.2012 and had an accident on 7/9/2005.", Some("2012-11-05")),
            ("The score fell from 8 to 4 on 3/3/2014.", None),
            ("The worker fell asleep on 5/5/2013.", None),
            ("Fall precautions dated 1/1/2015.", None),
            ("A clerk struck on the head by a box on 7/16/2013.", Some("2013-07-16")),
            ("A man with pain. It is dull. It aches. He fell on 2/2/2010.", None),
            ("A non-obese worker injured on 3/3/2012.", Some("2012-03-03")),
            ("Previous treatments since the injury of 3/3/2012.", Some("2012-03-03")),
            ("She had no previous injury and was hurt on 3/3/2012.", Some("2012-03-03")),
        ] {
            assert_eq!(date(text).as_deref(), day, "{text}");
        }
        assert_eq!(date("The injury was healing. On 1/2/2013 he returned."), None);
    }
}
