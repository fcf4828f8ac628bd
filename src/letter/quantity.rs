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
const UNITS: [&str; 8] = ["mg", "mcg", "ml", "gm", "g", "grams", "gms", "%"];

/// Reads the quantities of a request.
pub(super) fn read(request: &str) -> Quantities {
    let lower = request.to_ascii_lowercase();
    let tokens = tokens(&lower);
    let (sessions, sessions_max) = match sessions(&tokens) {
        Some((low, high)) => (Some(low), (high > low).then_some(high)),
        None => (None, None),
    };
    Quantities { sessions, sessions_max, count: count(&tokens), strengths: strengths(&tokens) }
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
    (0..tokens.len()).find_map(|at| counted(tokens, at)).or_else(|| {
        (0..tokens.len()).find_map(|at| frequency(tokens, at).or_else(|| times(tokens, at)))
    })
}

/// "12 sessions", "six (6) visits", "8 physical therapy sessions", "sessions, 12".
fn counted(tokens: &[&str], at: usize) -> Option<(u32, u32)> {
    let is_session = |word: &&str| SESSIONS.contains(word);
    if is_session(&tokens[at]) && at + 1 < tokens.len() {
        let ends = at + 2 == tokens.len();
        return number(tokens[at + 1]).filter(|_| ends);
    }
    let value = number(tokens[at])?;
    if at > 0 && matches!(tokens[at - 1], "times" | "x") {
        return None;
    }
    let next = tokens.get(at + 1)?;
    if matches!(*next, "to" | "or") {
        let (high, _) = number(tokens.get(at + 2)?)?;
        return tokens.get(at + 3).filter(|w| is_session(w)).map(|_| (value.0, high));
    }
    let named = tokens[at + 1..].iter().take(4);
    let plain = named.clone().take_while(|w| !is_session(w)).all(|w| {
        number(w).is_none_or(|n| n == value)
            && w.chars().all(|c| c.is_alphanumeric() || c == '/')
            && !matches!(
                *w,
                "times" | "x" | "per" | "a" | "week" | "weeks" | "month" | "for" | "of"
            )
    });
    (plain && named.clone().any(is_session)).then_some(value)
}

/// "2 times a week for 3 weeks", "twice weekly for three weeks", "2x/week x 6 weeks".
fn frequency(tokens: &[&str], at: usize) -> Option<(u32, u32)> {
    let (first, mut next) = rate(tokens, at)?;
    while matches!(*tokens.get(next)?, "for" | "times" | "x" | "over" | "a" | "per" | "the") {
        next += 1;
    }
    let (mut weeks, unit) = (number(tokens[next].trim_start_matches('x'))?, tokens.get(next + 1)?);
    let mut unit = *unit;
    if unit == "to" {
        weeks.1 = number(tokens.get(next + 2)?)?.1;
        unit = tokens.get(next + 3)?;
    } else if number(unit) == Some(weeks) {
        unit = tokens.get(next + 2)?;
    }
    matches!(unit, "week" | "weeks" | "wks" | "wk")
        .then_some((first.0 * weeks.0, first.1 * weeks.1))
}

/// How often a week, and the place after it.
fn rate(tokens: &[&str], at: usize) -> Option<((u32, u32), usize)> {
    let word = tokens[at];
    for suffix in ["x/week", "x/wk", "xweek", "x/w"] {
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
    if let Some((left, right)) = tokens[at].split_once('x') {
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

/// The number after `#` or "quantity".
fn count(tokens: &[&str]) -> Option<u32> {
    tokens.iter().enumerate().find_map(|(at, word)| {
        let next = || tokens.get(at + 1).and_then(|word| word.trim_start_matches('#').parse().ok());
        match *word {
            "#" | "qty" | "quantity" => next(),
            _ => word.strip_prefix('#')?.parse().ok(),
        }
    })
}

/// Numbers with a unit, such as `7.5mg`, `10/325 mg` or `5%`.
fn strengths(tokens: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, word) in tokens.iter().enumerate() {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
        let numeric = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '/' | '-'));
        let unit = match &word[digits.len()..] {
            "" => tokens.get(at + 1).copied().unwrap_or_default(),
            unit => unit,
        };
        let strength = format!("{digits}{unit}");
        if numeric && UNITS.contains(&unit) && !found.contains(&strength) {
            found.push(strength);
        }
    }
    found
}

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
        ] {
            let read = read(request);
            let max = (high > low).then_some(high);
            assert_eq!((read.sessions, read.sessions_max), (Some(low), max), "{request}");
        }
    }

    #[test]
    fn other_numbers_are_no_sessions() {
        for request in
            ["Hospital bed for 3 weeks", "Aspirin 50mg #60", "MRI on 10/3/2013", "L4-5 fusion"]
        {
            assert_eq!(read(request).sessions, None, "{request}");
        }
    }

    #[test]
    fn drugs_with_count_and_strength() {
        let read = read("Codeine/APAP 30/300 mg, one a day (#60), gel 5%");
        assert_eq!(read.count, Some(60));
        assert_eq!(read.strengths, ["30/300mg", "5%"]);
    }
}
