//! Reads what a request asks for in numbers: sessions, units of a drug, strengths.
//!
//! A number that is not clearly one of these is left out.

use super::model::Quantities;
use super::strength::strengths;

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
const TENS: [&str; 7] = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SESSIONS: [&str; 7] =
    ["session", "sessions", "visit", "visits", "treatment", "treatments", "appointments"];
/// How words begin that name what is given in sessions. Other things are asked for several times, too.
const SERVICES: [&str; 26] = [
    "therap",
    "physiotherap",
    "psychotherap",
    "acupunct",
    "electroacupunct",
    "chiro",
    "massage",
    "aqua",
    "pool",
    "counsel",
    "biofeedback",
    "hypno",
    "manipulat",
    "rehab",
    "harden",
    "condition",
    "exercise",
    "traction",
    "stimulation",
    "yoga",
    "pilates",
    "cognitive",
    "eswt",
    "shockwave",
    "psych",
    "functional",
];
/// The same as whole words.
const SERVICE_WORDS: [&str; 4] = ["pt", "ot", "cbt", "pt/ot"];
/// Words that a rate goes on with.
const PER: [&str; 6] = ["a", "per", "each", "every", "weekly", "week"];
/// What drugs are counted in.
const PIECES: [&str; 7] = ["tablets", "tabs", "capsules", "caps", "pills", "patches", "count"];
/// Fewer pieces are a dose.
const FEW_PIECES: u32 = 10;

/// A longer text in bytes is no request that counts anything.
const LONGEST: usize = 4 << 10;
/// More are no number of sessions.
const MOST_SESSIONS: u32 = 400;

/// Reads the quantities of a request.
pub(super) fn read(request: &str) -> Quantities {
    if request.len() > LONGEST {
        return Quantities::default();
    }
    let plain = plain(request);
    let tokens = tokens(&plain);
    let strengths = strengths(&tokens);
    let service = tokens.iter().any(|word| is_service(word));
    let mut sessions = sessions(&tokens, &clauses(&plain, &tokens), service);
    let (mut count, is_known) = count(&tokens);
    if let Some(number) = count.filter(|number| counts_service(&tokens, *number)) {
        // "Therapy #12": right after a service the number is of sessions.
        sessions = sessions.or(Some((number, number)));
        count = None;
    } else if count.is_some() && sessions.map(|(low, _)| low) == count && strengths.is_empty() {
        // "Quantity: 12 sessions".
        count = None;
    } else if !is_known && !service && !strengths.is_empty() {
        // "x 120" after a drug's strength is a number of pieces.
        let numbers = (0..tokens.len()).filter_map(|at| Some((at, times(&tokens, at)?.0)));
        count = of_one_drug(&tokens, &numbers.collect::<Vec<_>>());
    }
    let (sessions, sessions_max) = match sessions.filter(|(_, high)| *high <= MOST_SESSIONS) {
        Some((low, high)) => (Some(low), (high > low).then_some(high)),
        None => (None, None),
    };
    Quantities { sessions, sessions_max, count, strengths }
}

/// A request in lower case, with numbers without commas, dashes as hyphens, and without what joins a percentage or a
/// strength to the next drug.
fn plain(request: &str) -> String {
    let lower =
        request.to_ascii_lowercase().replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}'], "-");
    let lower = lower.replace('\u{d7}', "x").replace("%/", "% ").replace("%-", "% ");
    let bytes = lower.as_bytes();
    let digits =
        |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let in_number = |at: usize| at > 0 && bytes[at - 1].is_ascii_digit() && digits(at + 1) == 3;
    lower.char_indices().filter(|(at, c)| *c != ',' || !in_number(*at)).map(|(_, c)| c).collect()
}

/// Whether a word names what is given in sessions.
fn is_service(word: &str) -> bool {
    word.split(['/', '-']).any(|word| SERVICES.iter().any(|start| word.starts_with(start)))
        || SERVICE_WORDS.contains(&word)
        || SESSIONS.contains(&word)
}

/// Whether a number stands right after a service with its sign, or with its name after one that is asked for in no
/// other way; and no other number stands there.
fn counts_service(tokens: &[&str], number: u32) -> bool {
    let is_it = |word: &str| whole(word.trim_start_matches('#')) == Some(number);
    let named = |at: usize| {
        let follows = tokens.get(at + 2).is_some_and(|word| is_it(word));
        let others = tokens.iter().filter(|word| word.contains(|c: char| c.is_ascii_digit()));
        follows && COUNTS.contains(&tokens[at + 1]) && others.count() == 1 && is_visited(tokens, at)
    };
    (0..tokens.len().saturating_sub(1)).any(|at| {
        let signed = tokens[at + 1].starts_with('#') && is_it(tokens[at + 1]);
        is_service(tokens[at]) && (signed || named(at))
    })
}

/// Whether a service is given in visits only: there are drugs and devices for many a therapy.
fn is_visited(tokens: &[&str], at: usize) -> bool {
    const STARTS: [&str; 7] =
        ["acupunct", "electroacupunct", "chiro", "physiotherap", "psychotherap", "aqua", "counsel"];
    const THERAPIES: [&str; 6] =
        ["physical", "occupational", "massage", "aquatic", "pool", "speech"];
    let before = at.checked_sub(1).map_or("", |before| tokens[before]);
    let word = tokens[at];
    STARTS.iter().any(|start| word.starts_with(start))
        || matches!(word, "pt" | "ot" | "pt/ot" | "massage" | "visits" | "sessions")
        || word == "therapy" && THERAPIES.contains(&before)
}

/// The number that several places have in common, if they count one drug: a word between them names another one.
fn of_one_drug(tokens: &[&str], numbers: &[(usize, u32)]) -> Option<u32> {
    let is_name = |word: &&str| {
        word.len() > 3
            && word.chars().all(char::is_alphabetic)
            && !PIECES.contains(word)
            && !COUNTS.contains(word)
            && number(word).is_none()
            && !BESIDE_COUNTS.contains(word)
    };
    let is_next = |between: &[&str]| between.iter().any(is_name) || !strengths(between).is_empty();
    let several = numbers.windows(2).any(|pair| is_next(&tokens[pair[0].0 + 1..pair[1].0]));
    only(numbers.iter().map(|(_, number)| *number)).filter(|_| !several)
}

/// Words beside numbers of pieces that name no drug.
const BESIDE_COUNTS: [&str; 15] = [
    "with",
    "refill",
    "refills",
    "tablet",
    "capsule",
    "dispense",
    "dispensed",
    "each",
    "daily",
    "times",
    "twice",
    "month",
    "monthly",
    "supply",
    "total",
];

/// The only value of all.
fn single<T>(values: &mut impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.next().is_none().then_some(first)
}

/// The one value that there is, however often; nothing where there are several.
fn only<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
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
        "thrice" => 3,
        _ if word.starts_with(|c: char| c.is_ascii_digit()) => word.parse().ok()?,
        _ => spelled(word)?,
    };
    (value < 1000).then_some((value, value))
}

/// Whether a number written out is only the last word of one: "one hundred twenty", "forty five".
fn goes_on(tokens: &[&str], at: usize) -> bool {
    let before = |by: usize| at.checked_sub(by).map_or("", |at| tokens[at]);
    let word = if before(1) == "and" { before(2) } else { before(1) };
    spelled(tokens[at]).is_some()
        && (matches!(word, "hundred" | "thousand") || TENS.contains(&word))
}

/// A number written out.
fn spelled(word: &str) -> Option<u32> {
    let place = |words: &[&str]| words.iter().position(|known| *known == word);
    let tens = || place(&TENS).map(|tens| tens * 10 + 30);
    place(&WORDS).or_else(tens).map(|number| number as u32)
}

fn sessions(tokens: &[&str], clauses: &[usize], service: bool) -> Option<(u32, u32)> {
    let counts: Vec<Count<'_>> = (0..tokens.len()).filter_map(|at| counted(tokens, at)).collect();
    if !counts.is_empty() {
        return total(&counts, tokens);
    }
    // Drugs, devices and tests have rates and numbers of their own.
    if !service {
        return None;
    }
    let begins = |at: &usize| *at == 0 || !matches!(tokens[at - 1], "to" | "or");
    let rates = (0..tokens.len()).filter(begins).filter_map(|at| frequency(tokens, at));
    let rates: Vec<(u32, u32)> = rates.collect();
    if rates.is_empty() {
        // "Times 1" is said of anything.
        let served = |at: usize| is_served(tokens, clauses, at);
        let mut times =
            (0..tokens.len()).filter(|at| served(*at)).filter_map(|at| times(tokens, at));
        // Two services may have one number each.
        let times = if tokens.contains(&"and") { single(&mut times) } else { only(times) };
        return times.filter(|times| *times != (1, 1));
    }
    only(rates.into_iter())
}

/// In which of the parts between commas and semicolons each token stands; tokens are slices of the text.
fn clauses(text: &str, tokens: &[&str]) -> Vec<usize> {
    let (mut end, mut clause, mut depth) = (0, 0, 0_i32);
    let places = tokens.iter().map(|token| {
        let start = text[end..].find(token).map_or(end, |at| end + at);
        for c in text[end..start].chars() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                // What stands in brackets only tells more.
                ',' | ';' if depth <= 0 => clause += 1,
                _ => {}
            }
        }
        end = start + token.len();
        clause
    });
    places.collect()
}

/// Whether a number of times is that of a service: it stands before in the same clause, or right after; or the clause
/// says nothing but numbers.
fn is_served(tokens: &[&str], clauses: &[usize], at: usize) -> bool {
    let own: Vec<usize> =
        (0..tokens.len()).filter(|other| clauses[*other] == clauses[at]).collect();
    let before = own.iter().any(|other| *other < at && is_service(tokens[*other]));
    let after = tokens.iter().skip(at + 1).take(2).any(|word| is_service(word));
    let is_number = |word: &str| {
        word.contains(|c: char| c.is_ascii_digit())
            || number(word).is_some()
            || word == "x"
            || word == "times"
    };
    let bare = own.iter().all(|other| is_number(tokens[*other]));
    before || after || bare && tokens[..at].iter().any(|word| is_service(word))
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
        let last = counts[counts.len() - 1].at;
        let once = counts.len() == 1
            || tokens.contains(&"total")
            || is_said_again(&tokens[first.at..last]);
        return once.then_some(first.value);
    }
    let one = counts.len() == 1
        || !first.service.is_empty() && counts.iter().all(|count| count.service == first.service);
    let sum = |of: fn(&Count<'_>) -> u32| counts.iter().map(of).sum();
    one.then(|| (sum(|count| count.value.0), sum(|count| count.value.1)))
}

/// Whether the words between two equal counts leave them one: no other service is named, nor another purpose.
fn is_said_again(between: &[&str]) -> bool {
    let mut services: Vec<&&str> =
        between.iter().filter(|word| is_service(word) && !SESSIONS.contains(word)).collect();
    services.dedup();
    if between.iter().any(|word| matches!(*word, "and" | "+")) {
        return false;
    }
    // "8 visits of aqua therapy for the back": the first count's own.
    if between.get(2) == Some(&"of") {
        return services.len() <= 2;
    }
    let is_purpose = |pair: &[&str]| pair[0] == "for" && number(pair[1]).is_none();
    services.is_empty() && !between.windows(2).any(is_purpose)
}

/// After these a number is none of sessions.
const BEFORE_OTHERS: [&str; 9] =
    ["times", "x", "to", "or", "level", "type", "phase", "stage", "grade"];
/// With these between a number and "sessions" it is none of them.
const BETWEEN_OTHERS: [&str; 24] = [
    "times", "x", "per", "a", "for", "of", "and", "week", "weeks", "month", "months", "minute",
    "minutes", "min", "mins", "hr", "hrs", "hour", "hours", "day", "days", "year", "years", "time",
];

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
    if goes_on(tokens, at) {
        return None;
    }
    let said = before.is_some_and(|before| number(before) == Some(value));
    let up_to = before == Some("to") && at > 1 && tokens[at - 2] == "up";
    if said || !up_to && before.is_some_and(|before| BEFORE_OTHERS.contains(&before)) {
        return None;
    }
    if before == Some("of") {
        // "4 of 12 visits".
        value = at.checked_sub(2).and_then(|before| number(tokens[before])).unwrap_or(value);
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
            && !BETWEEN_OTHERS.contains(word)
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
    for suffix in ["x/week", "x/wk", "xweek", "xwk", "x/w", "/week", "/wk"] {
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
    let said = glued.is_some() || matches!(word, "once" | "twice" | "thrice");
    let times = matches!(*tokens.get(next)?, "times" | "time" | "x" | "visits" | "sessions");
    next += usize::from(times);
    match *tokens.get(next)? {
        "times/week" | "time/week" | "times/wk" | "x/week" | "visits/week" | "visits/wk"
        | "sessions/week" | "sessions/wk" => Some((value, next + 1)),
        "weekly" | "week" | "wk" if said || times => Some((value, next + 1)),
        per @ ("a" | "per" | "each" | "/") if said || times || per == "per" => {
            matches!(*tokens.get(next + 1)?, "week" | "wk").then_some((value, next + 2))
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
    if let Some(right) = tokens[at].strip_prefix('x').and_then(number) {
        return Some(right);
    }
    if !matches!(tokens[at], "times" | "x") {
        return None;
    }
    let right = number(tokens.get(at + 1)?)?;
    let unit = tokens.get(at + 2).copied().unwrap_or_default();
    if NO_PIECES.contains(&unit) {
        return None;
    }
    let left = at.checked_sub(1).and_then(|before| number(tokens[before])).unwrap_or((1, 1));
    Some((left.0 * right.0, left.1 * right.1))
}

/// What a number is of that is no number of sessions or pieces.
const NO_PIECES: [&str; 42] = [
    "week", "weeks", "wk", "wks", "day", "days", "month", "months", "a", "per", "daily", "refill",
    "refills", "bottle", "bottles", "box", "boxes", "tube", "tubes", "pack", "packs", "set",
    "sets", "pair", "pairs", "view", "views", "minute", "minutes", "min", "mins", "hour", "hours",
    "hr", "hrs", "unit", "units", "region", "regions", "level", "levels", "areas",
];

/// The number after `#` or "quantity", else before "tablets" and the like, nothing where there are several; and whether
/// any is said.
fn count(tokens: &[&str]) -> (Option<u32>, bool) {
    let is_of =
        |others: &[&str], after: usize| tokens.get(after).is_some_and(|unit| others.contains(unit));
    let named = tokens.iter().enumerate().filter_map(|(at, word)| {
        let next = || tokens.get(at + 1).and_then(|word| whole(word.trim_start_matches('#')));
        let (number, after) = match *word {
            name if COUNTS.contains(&name) => (next()?, at + 2),
            _ => (whole(word.strip_prefix('#')?)?, at + 1),
        };
        // "Tylenol #3" is a drug's name, and teeth and injections have numbers.
        let before = &tokens[at.saturating_sub(2)..at];
        let follows = |things: &[&str]| before.iter().any(|word| things.contains(word));
        let is_tooth = number <= LAST_TOOTH && tokens.iter().any(|word| TEETH.contains(word));
        let name = number < 5 && (follows(&NUMBERED) || follows(&REPEATED)) || is_tooth;
        (!name && !is_of(&NOT_COUNTED, after)).then_some((at, number))
    });
    let named: Vec<(usize, u32)> = named.collect();
    if !named.is_empty() {
        return (of_one_drug(tokens, &named), true);
    }
    let pieces =
        (1..tokens.len()).filter(|&at| PIECES.contains(&tokens[at]) && !is_of(&NO_PIECES, at + 1));
    let counted = |at: usize| {
        whole(tokens[at - 1])
            .or_else(|| spelled(tokens[at - 1]).filter(|_| !goes_on(tokens, at - 1)))
    };
    let pieces = pieces.filter_map(|at| Some((at, counted(at)?)));
    let pieces: Vec<(usize, u32)> = pieces.filter(|(_, pieces)| *pieces >= FEW_PIECES).collect();
    (of_one_drug(tokens, &pieces), !pieces.is_empty())
}

/// What stands before a number of pieces.
const COUNTS: [&str; 3] = ["#", "qty", "quantity"];
/// What a number after `#` is of that is no number of pieces.
const NOT_COUNTED: [&str; 7] = ["days", "weeks", "months", "bottle", "bottles", "box", "boxes"];
/// Drugs whose strengths bear a number.
const NUMBERED: [&str; 2] = ["tylenol", "codeine"];

/// Words of requests in which numbers name teeth.
const TEETH: [&str; 14] = [
    "tooth",
    "teeth",
    "crown",
    "crowns",
    "implant",
    "implants",
    "dental",
    "denture",
    "dentures",
    "canal",
    "extraction",
    "extractions",
    "bridge",
    "filling",
];
/// The highest number that a tooth has.
const LAST_TOOTH: u32 = 32;
/// What a small number says the how manieth of is asked for.
const REPEATED: [&str; 5] = ["injection", "injections", "esi", "block", "blocks"];

/// A whole number, with nothing but noughts behind its point.
fn whole(word: &str) -> Option<u32> {
    let (number, rest) = word.split_once('.').unwrap_or((word, ""));
    rest.bytes().all(|byte| byte == b'0').then(|| number.parse().ok())?
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
            ("Pilates thrice weekly for 4 weeks", 12, 12),
            ("Pilates 2x/week x 6 weeks", 12, 12),
            ("Pilates 2xWk x 6Wks", 12, 12),
            ("Pilates 2 times/week for 6 weeks", 12, 12),
            ("Pilates 2/week x 6 weeks", 12, 12),
            ("Pilates x12", 12, 12),
            ("Pilates #12", 12, 12),
            ("Massage therapy (qty: 6)", 6, 6),
            ("Pilates 2 \u{d7} 6", 12, 12),
            ("Pilates 6\u{2013}8 sessions", 6, 8),
            ("Remaining 4 of 12 pilates visits", 4, 4),
            ("Pilates, 60 minute sessions, 1 time a week for 6 weeks", 6, 6),
            ("Pilates x 12", 12, 12),
            ("Pilates 3 x 4", 12, 12),
            ("Pilates, 2 visits per week for 4 weeks", 8, 8),
            ("Six to eight pilates sessions", 6, 8),
            ("Up to 6 pilates sessions", 6, 6),
            ("Up to thirty (30) visits of pilates", 30, 30),
            ("Massage therapy, 60 min sessions, once a week for 6 weeks", 6, 6),
            ("6 sessions of yoga, 6 visits total", 6, 6),
            ("Pilates three per week for 4 weeks", 12, 12),
            ("Yoga 6 sessions (6 sessions)", 6, 6),
            ("8 visits of yoga for the head (8 visits)", 8, 8),
            ("Yoga 12 visits, 2 times a week for 6 weeks, 12 visits", 12, 12),
            ("Yoga, 2 x 6", 12, 12),
            ("Acupuncture (initial 15 min, additional 15 min) x 6", 6, 6),
            ("Pilates 2 visits/wk x 2 wks", 4, 4),
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
            "Forty five pilates sessions",
            "Two visits to the gym and eight yoga sessions",
            "Yoga 6 sessions, pilates 6 sessions",
            "Steroid injection x 3 with physical therapy",
            "Physical therapy, steroid injection x 2",
            "Acupuncture x 15 minutes",
            "Yoga 12 visits to the neck and 12 visits to the back",
            "Yoga x 8 and acupuncture x 8",
            "Muscle stimulation electrodes x 8 packs",
            "Cold therapy (qty 1)",
            "Pilates 1-999 times a week for 999 weeks",
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
            ("Aspirin 50mg, sixty tablets", Some(60), &["50mg"]),
            ("Aspirin 50mg, one hundred twenty tablets", None, &["50mg"]),
            ("Syrup (10mg/1ml) 500ml", None, &["10mg/1ml"]),
            ("Patch 20mcg/hr, film 8mg/2mg", None, &["20mcg/hr", "8mg/2mg"]),
            ("Cream of camphor 10%/menthol 5%/oil, 120grams #1", Some(1), &["10%", "5%"]),
            ("Ointment, 240 grams", None, &[]),
            ("Tylenol #3 #60", Some(60), &[]),
            ("Massage chair #1", Some(1), &[]),
            ("Aspirin #60 after therapy", Some(60), &[]),
            ("Therapy #12", None, &[]),
            ("Yoga, quantity: 12 sessions", None, &[]),
            ("Aspirin 50mg, #60, day supply: 30 (refills: 2)", Some(60), &["50mg"]),
            ("Tylenol with codeine #3, 60 tablets", Some(60), &[]),
            ("Aspirin 550 mg x 3 refills", None, &["550mg"]),
            ("Aspirin 1,000 mg #1,200", Some(1200), &["1000mg"]),
            ("Aspirin 10/325mg #60, chalk 350mg #30", None, &["10/325mg", "350mg"]),
            ("Aspirin 10mg #60; chalk 350mg #60", None, &["10mg", "350mg"]),
            ("Aspirin #60 and chalk #60", None, &[]),
            ("Aspirin 10mg #60 (one a day), qty: 60", Some(60), &["10mg"]),
            ("Massage (qty 6)", None, &[]),
            ("Aspirin #60, chalk #60", None, &[]),
            ("Aspirin 60 tablets, chalk 60 tablets", None, &[]),
            ("Aspirin 10mg x 60; chalk 350mg x 60", None, &["10mg", "350mg"]),
            ("Aspirin 10mg #60 x 2; chalk 350mg #60 x 2", None, &["10mg", "350mg"]),
            ("Aspirin 10mg #60, 60 tablets with 2 refills, quantity: 60", Some(60), &["10mg"]),
            ("Physical therapy (quantity unspecified), aspirin 10mg #60", Some(60), &["10mg"]),
            ("Cold therapy (qty 1)", Some(1), &[]),
            ("Codeine 10 mg/acetaminophen 325 mg", None, &["10mg", "325mg"]),
            ("Camphor 25%-menthol 10%, salt .05%", None, &["25%", "10%", ".05%"]),
            ("Cold unit rental #14 days", None, &[]),
            ("Chalk 1 gm", None, &["1gm"]),
            ("Porcelain crown tooth #19", None, &[]),
            ("Lumbar injection #2", None, &[]),
            ("Insulin injection #12", Some(12), &[]),
            ("Dental implant #19 and #30", None, &[]),
            ("Crown #30", None, &[]),
        ] {
            let read = super::read(request);
            assert_eq!(read.count, count, "{request}");
            assert_eq!(read.strengths, strengths, "{request}");
        }
    }
}
