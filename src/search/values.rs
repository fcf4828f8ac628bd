//! What a filter's value names: paths of a vocabulary, numbers, or values that only the index knows.

use super::filter::{FilterError, RangeField};
use crate::index::Snapshot;
use crate::index::topic::topic_path;
use crate::vocabulary::{Facet, UnknownValue, Values, Vocabularies, nearest};

/// Where values are looked up.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) vocabularies: &'a Vocabularies,
    pub(super) snapshot: &'a Snapshot,
}

impl Known<'_> {
    /// The facet of a name as typed.
    pub(super) fn facet(&self, name: &str) -> Result<&Facet, FilterError> {
        self.vocabularies.facet(name).ok_or_else(|| FilterError::Name(name.to_owned()))
    }

    /// The paths that a facet's value as typed names: one, or of an open facet all that hold its
    /// words, or that one after `=`.
    pub(super) fn paths(&self, facet: &Facet, typed: &str) -> Result<Vec<String>, FilterError> {
        let (known, facet) = (facet, facet.name.as_str());
        match known.values {
            Values::Listed => Ok(vec![known.resolve(typed)?.path]),
            Values::Numbers
                if RangeField::Decided.facet() == Some(facet) && typed.contains("..") =>
            {
                self.years(facet, typed)
            }
            Values::Numbers => Ok(vec![number(facet, typed)?]),
            Values::Open => self.open(facet, typed),
        }
    }

    /// The years of the index that lie in a range such as `..2015`.
    fn years(&self, facet: &str, typed: &str) -> Result<Vec<String>, FilterError> {
        let (low, high) = typed.split_once("..").unwrap_or((typed, typed));
        let end = |text: &str, open: &str| match text.trim() {
            "" => Ok(open.to_owned()),
            text => number(facet, text),
        };
        let (low, high) = (end(low, "0000")?, end(high, "9999")?);
        if low > high {
            return Err(FilterError::Range {
                typed: typed.to_owned(),
                what: "range of years from early to late",
                example: "2014..2016, 2014.. or 2015",
            });
        }
        let values = self.snapshot.facet_values(facet)?;
        let found: Vec<String> = values.range(low..=high).cloned().collect();
        if found.is_empty() {
            let nearest = values.into_iter().take(MAX_NAMED).collect();
            let (facet, typed) = (facet.to_owned(), typed.to_owned());
            return Err(UnknownValue { facet, typed, nearest }.into());
        }
        Ok(found)
    }

    fn open(&self, facet: &str, typed: &str) -> Result<Vec<String>, FilterError> {
        let values = self.snapshot.facet_values(facet)?;
        if let Some(value) = typed.strip_prefix('=').filter(|value| values.contains(*value)) {
            return Ok(vec![value.to_owned()]);
        }
        let wanted = format!("-{}-", topic_path(typed));
        // Some names keep a plural that a typed word loses: "NSAIDS".
        let named = |value: &str| format!("-{}-", topic_path(value));
        let holds = |value: &&String| wanted.len() > 2 && named(value).contains(&wanted);
        let found: Vec<String> = values.iter().filter(holds).cloned().collect();
        if found.is_empty() {
            let nearest = nearest(values.iter().map(String::as_str), &topic_path(typed));
            let (facet, typed) = (facet.to_owned(), typed.to_owned());
            return Err(UnknownValue { facet, typed, nearest }.into());
        }
        Ok(found)
    }
}

/// How many years are named where a range holds none.
const MAX_NAMED: usize = 3;

/// The value of a facet of numbers.
fn number(facet: &str, typed: &str) -> Result<String, FilterError> {
    let value = typed.trim();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (valid, what, example) = match facet {
        name if RangeField::Decided.facet() == Some(name) => {
            (digits(value) && value.len() == 4, "year", "2014; --decided 2014..2016 is a range")
        }
        name if RangeField::Age.facet() == Some(name) => {
            (is_band(value), "band of ages", "30-39; --age 30..45 is a range")
        }
        _ => (digits(value), "number", "12"),
    };
    let typed = typed.to_owned();
    if valid { Ok(value.to_owned()) } else { Err(FilterError::Range { typed, what, example }) }
}

/// `30-39`.
fn is_band(value: &str) -> bool {
    let band = value
        .split_once('-')
        .and_then(|(low, high)| Some((low.parse::<u32>().ok()?, high.parse::<u32>().ok()?)));
    band.is_some_and(|(low, high)| low % 10 == 0 && low < 200 && high == low + 9)
}
