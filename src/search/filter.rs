//! Filters as typed to conditions on an item.
//!
//! Values of one filter are alternatives, filters must all hold, `!` excludes.

use super::values::Known;
use crate::index::document::alike;
use crate::index::{NameError, Named, StoreError};
use crate::letter::Date;
use crate::vocabulary::{UnknownValue, is_hyphen};
use std::fmt;

/// Filters whose values are numbers or dates in ranges.
const RANGES: [(&str, RangeField); 6] = [
    ("age", RangeField::Age),
    ("sessions", RangeField::Sessions),
    ("quantity", RangeField::Count),
    ("strength", RangeField::Strength),
    ("decided", RangeField::Decided),
    ("injured", RangeField::Injured),
];

/// The names of filters with ranges.
pub const RANGE_NAMES: [&str; RANGES.len()] = {
    let mut names = [""; RANGES.len()];
    let mut at = 0;
    while at < RANGES.len() {
        names[at] = RANGES[at].0;
        at += 1;
    }
    names
};

/// Whether a filter takes ranges.
pub(super) fn is_range(name: &str) -> bool {
    RANGE_NAMES.contains(&name)
}

/// What a filter's ranges are of, if it takes any.
pub(super) fn range_field(name: &str) -> Option<RangeField> {
    RANGES.iter().find_map(|(known, field)| (*known == name).then_some(*field))
}

/// A field with ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RangeField {
    /// Claimant's age in years.
    Age,
    /// Sessions asked for.
    Sessions,
    /// Units of a drug asked for.
    Count,
    /// Strength of a drug, in micrograms.
    Strength,
    /// Date of decision.
    Decided,
    /// Date of injury.
    Injured,
}

impl RangeField {
    /// The facet that shows the same in bands.
    pub(crate) fn facet(self) -> Option<&'static str> {
        match self {
            RangeField::Age => Some("age-band"),
            RangeField::Decided => Some("year"),
            RangeField::Sessions
            | RangeField::Count
            | RangeField::Strength
            | RangeField::Injured => None,
        }
    }
}

/// The filter by the reasons of an item.
pub const SAME_REASONS: &str = "same-reasons";

/// What a filter asks of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Values of a facet.
    Facet {
        /// The facet's name.
        facet: String,
        /// Any of these paths.
        include: Vec<String>,
    },
    /// Values that a facet must not have.
    NoFacet {
        /// The facet's name.
        facet: String,
        /// None of these paths.
        exclude: Vec<String>,
    },
    /// The reasons of any of these items, word for word, and their outcome.
    Reasons {
        /// The items, or their letters.
        of: Vec<String>,
        /// What they have in common with others, as the index has it.
        alike: Vec<u64>,
    },
    /// Ranges of a number.
    Range {
        /// The field.
        field: RangeField,
        /// Any of these ranges, ends included.
        include: Vec<(u64, u64)>,
        /// None of these ranges.
        exclude: Vec<(u64, u64)>,
    },
}

/// A filter that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// There is no such filter.
    #[error("there is no filter \"{0}\"")]
    Name(String),
    /// The facet has no such value.
    #[error(transparent)]
    Value(#[from] UnknownValue),
    /// There is no such item.
    #[error(transparent)]
    Item(NameError),
    /// The index cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A range cannot be read.
    #[error("\"{typed}\" is no {what}")]
    Range {
        /// What was typed.
        typed: String,
        /// What was expected.
        what: &'static str,
        /// Examples.
        example: &'static str,
    },
}

impl FilterError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            FilterError::Name(_) => None,
            FilterError::Item(error) => error.hint(),
            FilterError::Store(error) => error.hint().map(str::to_owned),
            FilterError::Value(unknown) => {
                let marked = unknown.typed.trim().starts_with(['!', '-', '+']);
                let mark = if marked { "one `!` before a value excludes it; " } else { "" };
                Some(format!(
                    "{mark}nearest: {}; `imr facets {} --all-values` lists all",
                    unknown.nearest.join(", "),
                    unknown.facet
                ))
            }
            FilterError::Range { example, .. } => Some(format!("write for example {example}")),
        }
    }
}

/// Reads filters as typed.
pub(super) fn conditions(
    filters: &[(String, String)],
    known: Known<'_>,
) -> Result<Vec<Condition>, FilterError> {
    let mut conditions: Vec<Condition> = Vec::new();
    for (name, typed) in filters {
        let (excluded, value) = match typed.trim().strip_prefix('!') {
            Some(value) => (true, value.trim()),
            None => (false, typed.trim()),
        };
        if name == SAME_REASONS {
            add_reasons(&mut conditions, typed.trim(), known)?;
        } else if let Some(field) = range_field(name) {
            let range = match field {
                RangeField::Decided | RangeField::Injured => dates(value)?,
                RangeField::Age | RangeField::Sessions | RangeField::Count => numbers(value)?,
                RangeField::Strength => strengths(value)?,
            };
            add_range(&mut conditions, field, range, excluded);
        } else {
            let facet = known.facet(name)?;
            for path in known.paths(facet, value)? {
                add_value(&mut conditions, &facet.name, path, excluded);
            }
        }
    }
    Ok(conditions)
}

impl fmt::Display for Condition {
    /// As a query would say it; ranges with both ends as they are compared.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, include, exclude) = match self {
            Condition::Facet { facet, include } => (facet.as_str(), include.clone(), Vec::new()),
            Condition::NoFacet { facet, exclude } => (facet.as_str(), Vec::new(), exclude.clone()),
            Condition::Reasons { of, .. } => (SAME_REASONS, of.clone(), Vec::new()),
            Condition::Range { field, include, exclude } => {
                let name = RANGES.iter().find(|(_, known)| known == field).map_or("", |(n, _)| n);
                let shown = |range: &(u64, u64)| shown(*field, *range);
                (name, include.iter().map(shown).collect(), exclude.iter().map(shown).collect())
            }
        };
        let include = include.iter().map(|value| format!("{name}:{value}")).collect::<Vec<_>>();
        let exclude = exclude.iter().map(|value| format!("NOT {name}:{value}"));
        let include = (!include.is_empty()).then(|| include.join(" OR "));
        f.write_str(&include.into_iter().chain(exclude).collect::<Vec<_>>().join(" AND "))
    }
}

/// A range in the units in which it is typed, open where it has no end.
fn shown(field: RangeField, (low, high): (u64, u64)) -> String {
    let end = |number: u64| match field {
        RangeField::Decided | RangeField::Injured => shown_date(number),
        RangeField::Strength => (number as f64 / 1e3).to_string(),
        RangeField::Age | RangeField::Sessions | RangeField::Count => number.to_string(),
    };
    let low = if low == 0 { String::new() } else { end(low) };
    let high = if high == u64::MAX { String::new() } else { end(high) };
    format!("{low}..{high}")
}

/// A day given as `YYYYMMDD`, or its month where that has no such day.
fn shown_date(date: u64) -> String {
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    match Date::new(year as u16, month as u8, day as u8) {
        Some(_) => format!("{year:04}-{month:02}-{day:02}"),
        None => format!("{year:04}-{month:02}"),
    }
}

fn add_value(conditions: &mut Vec<Condition>, name: &str, path: String, excluded: bool) {
    let known = conditions.iter_mut().find_map(|condition| match condition {
        Condition::Facet { facet, include } if !excluded && facet == name => Some(include),
        Condition::NoFacet { facet, exclude } if excluded && facet == name => Some(exclude),
        _ => None,
    });
    let facet = name.to_owned();
    match known {
        Some(paths) if paths.contains(&path) => {}
        Some(paths) => paths.push(path),
        None if excluded => conditions.push(Condition::NoFacet { facet, exclude: vec![path] }),
        None => conditions.push(Condition::Facet { facet, include: vec![path] }),
    }
}

/// Adds the reasons of an item, or of all items of a letter.
fn add_reasons(
    conditions: &mut Vec<Condition>,
    id: &str,
    known: Known<'_>,
) -> Result<(), FilterError> {
    let Named { letter, number } = known.snapshot.named(id).map_err(|error| match error {
        NameError::Store(error) => FilterError::Store(error),
        error => FilterError::Item(error),
    })?;
    let items =
        letter.items.iter().filter(|item| number.is_none_or(|number| number == item.number));
    let reasons = items.filter_map(|item| Some(alike(item.rationale.as_deref()?, &item.outcome)));
    let reasons: Vec<u64> = reasons.collect();
    if reasons.is_empty() {
        let (typed, what) = (id.to_owned(), "item with reasons");
        return Err(FilterError::Range { typed, what, example: "CM14-0012345/1" });
    }
    let known = conditions.iter_mut().find_map(|condition| match condition {
        Condition::Reasons { of, alike } => Some((of, alike)),
        _ => None,
    });
    if let Some((of, alike)) = known {
        of.push(id.to_owned());
        alike.extend(reasons);
    } else {
        conditions.push(Condition::Reasons { of: vec![id.to_owned()], alike: reasons });
    }
    Ok(())
}

fn add_range(
    conditions: &mut Vec<Condition>,
    field: RangeField,
    range: (u64, u64),
    excluded: bool,
) {
    for condition in conditions.iter_mut() {
        if let Condition::Range { field: known, include, exclude } = condition
            && *known == field
        {
            if excluded { exclude } else { include }.push(range);
            return;
        }
    }
    let (include, exclude) = if excluded { (vec![], vec![range]) } else { (vec![range], vec![]) };
    conditions.push(Condition::Range { field, include, exclude });
}

/// `30..45`, `30..`, `..45` or `37`.
fn numbers(typed: &str) -> Result<(u64, u64), FilterError> {
    let error = || FilterError::Range {
        typed: typed.to_owned(),
        what: "range of numbers from low to high",
        example: "30..45, 60.. or 37",
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    // "40-50" can mean nothing else.
    let joined = typed
        .split_once(is_hyphen)
        .or_else(|| typed.split_once(" to "))
        .filter(|(from, to)| number(from).is_some() && number(to).is_some());
    let typed = joined.map_or_else(|| typed.to_owned(), |(from, to)| format!("{from}..{to}"));
    range(&typed, |text| number(text), |text| number(text)).ok_or_else(error)
}

/// Milligrams, such as `10..50` or `7.5`, in micrograms.
fn strengths(typed: &str) -> Result<(u64, u64), FilterError> {
    let error = || FilterError::Range {
        typed: typed.to_owned(),
        what: "range of milligrams",
        example: "10..50, 7.5 or 60..",
    };
    let micrograms = |text: &str| {
        let number = text.trim().trim_end_matches("mg").trim_end().parse::<f64>().ok()?;
        (0.0..1e9).contains(&number).then(|| (number * 1e3).round() as u64)
    };
    range(typed, micrograms, micrograms).ok_or_else(error)
}

/// `2014..2016`, `2014-03..`, `..2015-06-30` or `2014`.
fn dates(typed: &str) -> Result<(u64, u64), FilterError> {
    let error = || FilterError::Range {
        typed: typed.to_owned(),
        what: "range of dates from early to late",
        example: "2014..2016, 2014-03.., 2015-06-30 or 6/30/2015",
    };
    // "2014-2016" can mean nothing else.
    let year = |text: &str| text.trim().len() == 4 && date(text, false).is_some();
    let years = typed.split_once(is_hyphen).filter(|(from, to)| year(from) && year(to));
    let parts = typed.split_once(" to ").or(years);
    let typed = parts.map_or_else(|| typed.to_owned(), |(from, to)| format!("{from}..{to}"));
    range(&typed, |text| date(text, false), |text| date(text, true)).ok_or_else(error)
}

fn range(
    typed: &str,
    low: impl Fn(&str) -> Option<u64>,
    high: impl Fn(&str) -> Option<u64>,
) -> Option<(u64, u64)> {
    let (from, to) = typed.split_once("..").unwrap_or((typed, typed));
    if from.trim().is_empty() && to.trim().is_empty() {
        return None;
    }
    let from = if from.trim().is_empty() { 0 } else { low(from)? };
    let to = if to.trim().is_empty() { u64::MAX } else { high(to)? };
    (from <= to).then_some((from, to))
}

/// A day as letters print it, `3/15/2015`, in the order of the others.
fn in_order(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('/').collect();
    let [month, day, year] = parts.as_slice() else { return None };
    Some(format!("{year}-{month:0>2}-{day:0>2}"))
}

/// A year, month or day as `YYYYMMDD`: its first day, or its last.
fn date(text: &str, last: bool) -> Option<u64> {
    let text = text.trim();
    let ordered = in_order(text);
    let mut parts = ordered.as_deref().unwrap_or(text).split('-');
    let number = |part: Option<&str>, length: usize| match part {
        None => Some(None),
        Some(part) if part.len() == length => part.parse::<u64>().ok().map(Some),
        Some(_) => None,
    };
    let year = number(parts.next(), 4)??;
    let month = number(parts.next(), 2)?;
    let day = number(parts.next(), 2)?;
    let is_date = |day: u64| {
        let month = u8::try_from(month.unwrap_or(1)).ok()?;
        Date::new(u16::try_from(year).ok()?, month, u8::try_from(day).ok()?)
    };
    // A month has 28 days at least.
    let valid = is_date(day.unwrap_or(28)).is_some();
    let (month, day) = if last {
        (month.unwrap_or(12), day.unwrap_or(31))
    } else {
        (month.unwrap_or(1), day.unwrap_or(1))
    };
    (valid && parts.next().is_none()).then_some(year * 10_000 + month * 100 + day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_dates_and_ages() {
        assert!(dates("2017-02-30").is_err() && dates("2016-02-29").is_ok());
        for (typed, range) in [
            ("2014..2016", Some((20_140_101, 20_161_231))),
            ("2014-03..", Some((20_140_301, u64::MAX))),
            ("..2015-06-30", Some((0, 20_150_630))),
            ("2014", Some((20_140_101, 20_141_231))),
            ("2016..2014", None),
            ("2014-2016", Some((20_140_101, 20_161_231))),
            ("2014 to 2016-03", Some((20_140_101, 20_160_331))),
            ("2016-2014", None),
            ("2014 to", None),
            ("14", None),
            ("2014-13", None),
            ("3/15/2015", Some((20_150_315, 20_150_315))),
            ("03/15/2015..12/1/2015", Some((20_150_315, 20_151_201))),
            ("15/3/2015", None),
            ("..", None),
        ] {
            assert_eq!(dates(typed).ok(), range, "{typed}");
        }
        assert_eq!(numbers("30..45").ok(), Some((30, 45)));
        assert_eq!(numbers("37").ok(), Some((37, 37)));
        assert_eq!(numbers("40-50").ok(), Some((40, 50)));
        assert_eq!(numbers("30 to 45").ok(), Some((30, 45)));
        assert!(numbers("50-40").is_err() && numbers("-5").is_err());
        assert_eq!(strengths("7.5..10mg").ok(), Some((7_500, 10_000)));
        assert!(numbers("old").is_err());
    }

    #[test]
    fn ranges_are_shown_as_they_are_typed() {
        let decided = |typed| dates(typed).ok().map(|range| shown(RangeField::Decided, range));
        assert_eq!(decided("2014..2016").as_deref(), Some("2014-01-01..2016-12-31"));
        assert_eq!(decided("..2016-02").as_deref(), Some("..2016-02"));
        let strength =
            |typed| strengths(typed).ok().map(|range| shown(RangeField::Strength, range));
        assert_eq!(strength("7.5..50").as_deref(), Some("7.5..50"));
        assert_eq!(strength("10..").as_deref(), Some("10.."));
    }
}
