//! Reads what a request asks for in numbers: sessions, units of a drug, strengths.
//!
//! A number that is not clearly one of these is left out.

use super::model::Quantities;

const WORDS: [&str; 25] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "twenty-one",
    "twenty-two",
    "twenty-three",
    "twenty-four",
];
const SESSIONS: [&str; 7] =
    ["session", "sessions", "visit", "visits", "treatment", "treatments", "appointments"];
/// What is asked for several times and is no session.
const TESTS: [&str; 26] = [
    "mri",
    "mris",
    "x-ray",
    "x-rays",
    "xray",
    "xrays",
    "radiograph",
    "radiographs",
    "scan",
    "scans",
    "view",
    "views",
    "ekg",
    "ecg",
    "electrocardiogram",
    "emg",
    "injection",
    "injections",
    "block",
    "blocks",
    "screen",
    "screens",
    "test",
    "tests",
    "study",
    "studies",
];
/// Words that a rate goes on with.
const PER: [&str; 6] = ["a", "per", "each", "every", "weekly", "week"];
/// What drugs are counted in.
const PIECES: [&str; 7] = ["tablets", "tabs", "capsules", "caps", "pills", "patches", "count"];
/// Fewer pieces are a dose.
const FEW_PIECES: u32 = 10;

/// Reads the quantities of a request.
pub(super) fn read(request: &str) -> Quantities {
    // A slash after a percentage only joins it to the next drug.
    let lower = request.to_ascii_lowercase().replace("%/", "% ");
    let tokens = tokens(&lower);
    let strengths = strengths(&tokens);
    let (mut count, mut sessions) = (count(&tokens), sessions(&tokens));
    if !strengths.is_empty() {
        // "x 120" after a drug's strength is a number of pieces.
        let times = (0..tokens.len()).find_map(|at| times(&tokens, at));
        if sessions.is_some() && sessions == times {
            count = count.or(sessions.map(|(pieces, _)| pieces));
            sessions = None;
        }
    }
    let (sessions, sessions_max) = match sessions {
        Some((low, high)) => (Some(low), (high > low).then_some(high)),
        None => (None, None),
    };
    Quantities { sessions, sessions_max, count, strengths }
}

/// Words and numbers; brackets and commas are dropped, `#` and `%` stay with their number.
fn tokens(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | ':' | '[' | ']'))
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !word.is_empty())
        .collect()
}

/// A number or a range of numbers.
fn number(word: &str) -> Option<(u32, u32)> {
    if let Some((low, high)) = word.split_once('-')
        && let (Ok(low), Ok(high)) = (low.parse(), high.parse())
    {
        return (low < high && high < 1000).then_some((low, high));
    }
    let value = match word {
        "once" => 1,
        "twice" => 2,
        _ if word.starts_with(|c: char| c.is_ascii_digit()) => word.parse().ok()?,
        _ => WORDS.iter().position(|known| *known == word)? as u32,
    };
    (value < 1000).then_some((value, value))
}

fn sessions(tokens: &[&str]) -> Option<(u32, u32)> {
    let counts: Vec<Count<'_>> = (0..tokens.len()).filter_map(|at| counted(tokens, at)).collect();
    if !counts.is_empty() {
        return total(&counts, tokens);
    }
    let rated = (0..tokens.len()).find_map(|at| frequency(tokens, at));
    rated.or_else(|| {
        let tests = tokens.iter().any(|word| TESTS.contains(word));
        let times = (0..tokens.len()).find_map(|at| times(tokens, at));
        // "Times 1" is said of anything.
        times.filter(|times| !tests && *times != (1, 1))
    })
}

/// A number of sessions, and the words between it and "sessions".
struct Count<'t> {
    at: usize,
    value: (u32, u32),
    service: &'t [&'t str],
}

/// The sum of counts of one service. Of several services, or of counts that may be the same ones, nothing is
/// known.
fn total(counts: &[Count<'_>], tokens: &[&str]) -> Option<(u32, u32)> {
    let first = &counts[0];
    // "Four acupuncture and six chiropractic sessions".
    let and_before = first.at > 1 && tokens[first.at - 1] == "and";
    if and_before && tokens[..first.at].iter().any(|word| number(word).is_some()) {
        return None;
    }
    if counts.iter().all(|count| count.value == first.value && count.service.is_empty()) {
        return Some(first.value);
    }
    let one = counts.len() == 1
        || !first.service.is_empty() && counts.iter().all(|count| count.service == first.service);
    let sum = |of: fn(&Count<'_>) -> u32| counts.iter().map(of).sum();
    one.then(|| (sum(|count| count.value.0), sum(|count| count.value.1)))
}

/// "12 sessions", "six (6) visits", "8 physical therapy sessions", "sessions, 12"; not "2 visits a week".
fn counted<'t>(tokens: &'t [&'t str], at: usize) -> Option<Count<'t>> {
    let is_session = |word: &&str| SESSIONS.contains(word);
    if is_session(&tokens[at]) && at + 1 < tokens.len() {
        let ends = at + 2 == tokens.len();
        let value = number(tokens[at + 1]).filter(|_| ends)?;
        return Some(Count { at, value, service: &[] });
    }
    let mut value = number(tokens[at])?;
    let before = at.checked_sub(1).map(|before| tokens[before]);
    let said = before.is_some_and(|before| number(before) == Some(value));
    if said || matches!(before, Some("times" | "x" | "to" | "or")) {
        return None;
    }
    let mut start = at + 1;
    if matches!(*tokens.get(start)?, "to" | "or") {
        value.1 = number(tokens.get(at + 2)?)?.0;
        start = at + 3;
    }
    while number(tokens.get(start)?) == Some(value) {
        start += 1;
    }
    let end = start + tokens[start..].iter().take(4).position(is_session)?;
    let service = &tokens[start..end];
    let plain = service.iter().all(|word| {
        number(word).is_none()
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '-'))
            && !matches!(
                *word,
                "times" | "x" | "per" | "a" | "week" | "weeks" | "month" | "for" | "of" | "and"
            )
    });
    let rate = tokens.get(end + 1).is_some_and(|next| PER.contains(next));
    (plain && !rate).then_some(Count { at, value, service })
}

/// "2 times a week for 3 weeks", "twice weekly for three weeks", "2x/week x 6 weeks".
fn frequency(tokens: &[&str], at: usize) -> Option<(u32, u32)> {
    let (first, mut next) = rate(tokens, at)?;
    while matches!(*tokens.get(next)?, "for" | "times" | "x" | "over" | "a" | "per" | "the") {
        next += 1;
    }
    let weeks = weeks(tokens, next)?;
    Some((first.0 * weeks.0, first.1 * weeks.1))
}

/// "6 weeks", "six (6) weeks", "4 to 6 weeks", "x6 wks", "6wks".
fn weeks(tokens: &[&str], at: usize) -> Option<(u32, u32)> {
    let word = tokens[at].trim_start_matches('x');
    if let Some(glued) = WEEKS.iter().find_map(|unit| word.strip_suffix(unit)) {
        return number(glued);
    }
    let (mut weeks, mut unit) = (number(word)?, *tokens.get(at + 1)?);
    if unit == "to" {
        weeks.1 = number(tokens.get(at + 2)?)?.1;
        unit = tokens.get(at + 3)?;
    } else if number(unit) == Some(weeks) {
        unit = tokens.get(at + 2)?;
    }
    WEEKS.contains(&unit).then_some(weeks)
}

const WEEKS: [&str; 4] = ["weeks", "week", "wks", "wk"];

/// How often a week, and the place after it.
fn rate(tokens: &[&str], at: usize) -> Option<((u32, u32), usize)> {
    let word = tokens[at];
    for suffix in ["x/week", "x/wk", "xweek", "xwk", "x/w"] {
        if let Some(value) = word.strip_suffix(suffix).and_then(number) {
            return Some((value, at + 1));
        }
    }
    let glued = word.strip_suffix('x').and_then(number);
    let mut value = glued.or_else(|| number(word))?;
    let mut next = at + 1;
    if *tokens.get(next)? == "to" {
        value.1 = number(tokens.get(next + 1)?)?.1;
        next += 2;
    }
    let said = glued.is_some() || matches!(word, "once" | "twice");
    let times = matches!(*tokens.get(next)?, "times" | "time" | "x" | "visits" | "sessions");
    next += usize::from(times);
    match *tokens.get(next)? {
        "weekly" | "week" | "wk" if said || times => Some((value, next + 1)),
        "a" | "per" | "each" | "/" if said || times => {
            (*tokens.get(next + 1)? == "week").then_some((value, next + 2))
        }
        _ => None,
    }
}

/// "2 times 3 sessions", "2x3", "1 times 6", "therapy times 6".
fn times(tokens: &[&str], at: usize) -> Option<(u32, u32)> {
    if let Some((left, right)) = tokens[at].split_once('x').filter(|(left, _)| !left.is_empty()) {
        let (left, right) = (number(left)?, number(right)?);
        return Some((left.0 * right.0, left.1 * right.1));
    }
    if !matches!(tokens[at], "times" | "x") {
        return None;
    }
    let right = number(tokens.get(at + 1)?)?;
    let unit = tokens.get(at + 2).copied().unwrap_or_default();
    if matches!(unit, "week" | "weeks" | "day" | "days" | "month" | "months" | "a" | "per") {
        return None;
    }
    let left = at.checked_sub(1).and_then(|before| number(tokens[before])).unwrap_or((1, 1));
    Some((left.0 * right.0, left.1 * right.1))
}

/// The number after `#` or "quantity", else before "tablets" and the like.
fn count(tokens: &[&str]) -> Option<u32> {
    let named = tokens.iter().enumerate().find_map(|(at, word)| {
        let next = || tokens.get(at + 1).and_then(|word| whole(word.trim_start_matches('#')));
        match *word {
            "#" | "qty" | "quantity" => next(),
            _ => whole(word.strip_prefix('#')?),
        }
    });
    named.or_else(|| {
        let pieces = tokens.windows(2).filter(|pair| PIECES.contains(&pair[1]));
        pieces.filter_map(|pair| whole(pair[0])).find(|pieces| *pieces >= FEW_PIECES)
    })
}

/// A whole number, with nothing but noughts behind its point.
fn whole(word: &str) -> Option<u32> {
    let (number, rest) = word.split_once('.').unwrap_or((word, ""));
    rest.bytes().all(|byte| byte == b'0').then(|| number.parse().ok())?
}

/// Numbers with a unit, such as `7.5mg`, `10/325 mg`, `5%`, `10mg/1ml` or `20mcg/hr`. An amount in millilitres, or
/// of more than a few grams, is the size of a package.
fn strengths(tokens: &[&str]) -> Vec<String> {
    let share = tokens.iter().any(|word| word.contains('%'));
    let mut found = Vec::new();
    for (at, word) in tokens.iter().enumerate() {
        let bare = word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '/' | '-'));
        let unit = if bare { tokens.get(at + 1).copied().unwrap_or_default() } else { "" };
        let strength = format!("{word}{unit}");
        if is_strength(&strength, share) && !found.contains(&strength) {
            found.push(strength);
        }
    }
    found
}

/// Whether a number with its unit is a strength; `share`: of something whose strength is a percentage.
fn is_strength(word: &str, share: bool) -> bool {
    let mut parts = word.split('/').map(|part| {
        let unit = part.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-'));
        part.split_at(unit.unwrap_or(part.len()))
    });
    let Some((number, mut unit)) = parts.next() else { return false };
    let mut numbers = number.starts_with(|c: char| c.is_ascii_digit());
    for (number, next) in parts {
        if unit.is_empty() {
            // `10/325mg`: the unit is of both.
            numbers &= number.starts_with(|c: char| c.is_ascii_digit());
            unit = next;
        } else {
            let of_what = matches!(next, "ml" | "hr" | "hour" | "h" | "dose" | "spray");
            numbers &= of_what || matches!(next, "mg" | "mcg" | "gm" | "g");
        }
    }
    let is_few = || number.parse().is_ok_and(|grams: f32| grams <= FEW_GRAMS);
    numbers
        && match unit {
            "mg" | "mcg" | "%" => true,
            "gm" | "g" | "grams" | "gms" | "gram" => !share && is_few(),
            _ => false,
        }
}

/// More grams are no strength.
const FEW_GRAMS: f32 = 4.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_in_their_forms() {
        for (request, low, high) in [
            ("Pilates 2 times a week for 3 weeks", 6, 6),
            ("PILATES 2 TIMES 3 SESSIONS", 6, 6),
            ("Six (6) sessions of pilates", 6, 6),
            ("Eight pilates sessions for the neck", 8, 8),
            ("Pilates sessions, 12", 12, 12),
            ("Pilates twice a week for three weeks", 6, 6),
            ("Pilates 2-3 times a week for 6 weeks", 12, 18),
            ("Pilates 1 to 2 times per week for 4 weeks", 4, 8),
            ("Pilates 2x3", 6, 6),
            ("Pilates times 6", 6, 6),
            ("Pilates 1 times 6 for the head", 6, 6),
            ("Four sessions of pilates two times a week times 2 weeks", 4, 4),
            ("Pilates twice weekly for 4 weeks", 8, 8),
            ("Pilates 2x/week x 6 weeks", 12, 12),
            ("Pilates 2xWk x 6Wks", 12, 12),
            ("Pilates x 12", 12, 12),
            ("Pilates 3 x 4", 12, 12),
            ("Pilates, 2 visits per week for 4 weeks", 8, 8),
            ("Six to eight pilates sessions", 6, 8),
            ("Two hot yoga sessions for the head and eight hot yoga sessions for the toe", 10, 10),
        ] {
            let read = read(request);
            let max = (high > low).then_some(high);
            assert_eq!((read.sessions, read.sessions_max), (Some(low), max), "{request}");
        }
    }

    #[test]
    fn other_numbers_are_no_sessions() {
        for request in [
            "Hospital bed for 3 weeks",
            "Aspirin 50mg #60",
            "Aspirin 50mg x 120",
            "MRI on 10/3/2013",
            "MRI times 1",
            "Knee x-rays times 3 views",
            "L4-5 fusion",
            "Four pilates and six yoga sessions",
            "Two visits to the gym and eight yoga sessions",
        ] {
            assert_eq!(read(request).sessions, None, "{request}");
        }
    }

    #[test]
    fn drugs_with_count_and_strength() {
        let read = read("Codeine/APAP 30/300 mg, one a day (#60), gel 5%");
        assert_eq!(read.count, Some(60));
        assert_eq!(read.strengths, ["30/300mg", "5%"]);
        for (request, count, strengths) in [
            ("Aspirin 50mg x 120", Some(120), &["50mg"][..]),
            ("Aspirin 50 mg, 90 tablets, 2 tablets a day", Some(90), &["50mg"]),
            ("Aspirin 7.5mg QTY 30.00", Some(30), &["7.5mg"]),
            ("Syrup (10mg/1ml) 500ml", None, &["10mg/1ml"]),
            ("Patch 20mcg/hr, film 8mg/2mg", None, &["20mcg/hr", "8mg/2mg"]),
            ("Cream of camphor 10%/menthol 5%/oil, 120grams #1", Some(1), &["10%", "5%"]),
            ("Ointment, 240 grams", None, &[]),
            ("Chalk 1 gm", None, &["1gm"]),
        ] {
            let read = super::read(request);
            assert_eq!(read.count, count, "{request}");
            assert_eq!(read.strengths, strengths, "{request}");
        }
    }
}
