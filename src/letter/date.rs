//! Calendar dates in the forms that letters print.

use std::fmt;
use std::str::FromStr;

/// A calendar date; displayed and parsed as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year with century.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Date {
    /// Returns the date if the calendar has it and its year lies in 1900 to 2099.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let known = (1..=days).contains(&day) && (1900..2100).contains(&year);
        known.then_some(Self { year, month, day })
    }

    /// Reads the date that `text` starts with: `1/2/2013`, `1-2-13`, `January 2, 2013` or
    /// `2013-01-02`.
    pub fn at_start(text: &str) -> Option<Self> {
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return numeric(text);
        }
        let word = text.split(|c: char| !c.is_ascii_alphabetic()).next()?;
        let lower = word.to_ascii_lowercase();
        let long_enough = lower.len() >= 3;
        let month = MONTHS.iter().position(|name| long_enough && name.starts_with(&lower))?;
        let rest = text[word.len()..].trim_start_matches(['.', ' ']);
        let (day, rest) = digits(rest)?;
        let rest =
            rest.trim_start_matches(['s', 't', 'n', 'd', 'r', 'h']).trim_start_matches([',', ' ']);
        let (year, rest) = digits(rest)?;
        let four = year >= 1000 && !rest.starts_with(|c: char| c.is_ascii_digit());
        if four { Self::new(year, month as u8 + 1, day as u8) } else { None }
    }
}

/// Month, day and year, or year, month and day where the first number has four digits.
fn numeric(text: &str) -> Option<Date> {
    let (first, rest) = digits(text)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '/' | '-' | '.'))?;
    let (second, rest) = digits(rest.strip_prefix(separator)?)?;
    let (third, rest) = digits(rest.strip_prefix(separator)?)?;
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if first >= 1000 {
        return Date::new(first, second.try_into().ok()?, third.try_into().ok()?);
    }
    Date::new(century(third), first.try_into().ok()?, second.try_into().ok()?)
}

/// Two-digit years up to 49 are of this century: no claim of these letters is older than 1950.
fn century(year: u16) -> u16 {
    match year {
        0..=49 => year + 2000,
        50..=99 => year + 1900,
        _ => year,
    }
}

/// One to four digits at the start, and what follows.
fn digits(text: &str) -> Option<(u16, &str)> {
    let end = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    Some((text[..end].parse().ok()?, &text[end..]))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match numeric(text) {
            Some(date) if date.to_string() == text => Ok(date),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_printed_form() {
        for (text, iso) in [
            ("1/2/2013", "2013-01-02"),
            ("12-17-09.", "2009-12-17"),
            ("2/28/13 while", "2013-02-28"),
            ("January 4, 2017", "2017-01-04"),
            ("Sept. 30th, 2015", "2015-09-30"),
            ("2016-03-05", "2016-03-05"),
            ("6/1/98", "1998-06-01"),
        ] {
            assert_eq!(Date::at_start(text).map(|d| d.to_string()).as_deref(), Some(iso), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in ["13/1/2013", "2/30/2014", "7/10", "5/325mg", "march on", "may 5", "1/2/20134"]
        {
            assert_eq!(Date::at_start(text), None, "{text}");
        }
    }
}
