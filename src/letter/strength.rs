//! The strengths that a request names: numbers with a unit of a drug's amount or share.

/// Numbers with a unit, such as `7.5mg`, `10/325 mg`, `5%`, `10mg/1ml` or `20mcg/hr`. An amount in millilitres, or
/// of more than a few grams, is the size of a package.
pub(super) fn strengths(tokens: &[&str]) -> Vec<String> {
    let share = tokens.iter().any(|word| word.contains('%'));
    let mut found = Vec::new();
    for (at, word) in tokens.iter().enumerate() {
        let bare = word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '/' | '-'));
        let unit = if bare { tokens.get(at + 1).copied().unwrap_or_default() } else { "" };
        let strength = format!("{word}{}", without_next_drug(unit));
        let strength = without_next_drug(&strength);
        if is_strength(strength, share) && !found.iter().any(|known| known == strength) {
            found.push(strength.to_owned());
        }
    }
    found
}

/// Without the drug that a slash joins to a strength: `10mg/acetaminophen`.
fn without_next_drug(strength: &str) -> &str {
    let of_what = ["ml", "hr", "hour", "h", "dose", "spray", "mg", "mcg", "gm", "g"];
    match strength.rsplit_once('/') {
        Some((before, next))
            if next.starts_with(|c: char| c.is_ascii_alphabetic()) && !of_what.contains(&next) =>
        {
            before
        }
        _ => strength,
    }
}

/// Whether a number with its unit is a strength; `share`: of something whose strength is a percentage.
fn is_strength(word: &str, share: bool) -> bool {
    let mut parts = word.split('/').map(|part| {
        let unit = part.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-'));
        part.split_at(unit.unwrap_or(part.len()))
    });
    let Some((number, mut unit)) = parts.next() else { return false };
    let mut numbers = number.trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit());
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
