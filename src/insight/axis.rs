//! What rates are broken down by: a facet, to some depth, or the time of decision.

use crate::search::{SearchError, Segment};
use crate::vocabulary::{Facet, Values, Vocabularies};
use std::ops::Range;

/// A way to break items down.
#[derive(Debug, Clone)]
pub struct Axis<'v> {
    /// As typed.
    name: String,
    kind: Kind<'v>,
}

#[derive(Debug, Clone, Copy)]
enum Kind<'v> {
    /// The values of a facet, down to so many levels.
    Facet(&'v Facet, usize),
    /// Months of decision, so many to a step.
    Months(u32),
}

/// Steps of time, with their months.
const STEPS: [(&str, &str, u32); 3] = [
    ("year", "Year of decision", 12),
    ("quarter", "Quarter of decision", 3),
    ("month", "Month of decision", 1),
];

/// Years outside of these are slips of the pen, and undated.
const YEARS: Range<u32> = 1900..2200;

/// The keys of an axis in one segment.
pub(super) struct Keys {
    kind: KeyKind,
    /// How many keys there are.
    pub(super) width: usize,
}

enum KeyKind {
    Ordinals(Range<u32>),
    Months(u32),
}

impl<'v> Axis<'v> {
    /// Reads `treatment`, `treatment:1` (its first level), `year`, `quarter` or `month`.
    ///
    /// # Errors
    /// If there is no such facet.
    pub fn new(typed: &str, vocabularies: &'v Vocabularies) -> Result<Self, SearchError> {
        let (name, depth) = match typed.split_once(':') {
            Some((name, depth)) => {
                (name.trim(), depth.trim().parse().ok().filter(|depth| *depth > 0))
            }
            None => (typed.trim(), Some(usize::MAX)),
        };
        let step = STEPS.iter().find(|(step, ..)| *step == typed.trim());
        let kind = match (step, vocabularies.facet(name), depth) {
            (Some((_, _, months)), ..) => Kind::Months(*months),
            (None, Some(facet), Some(depth)) => Kind::Facet(facet, depth),
            _ => {
                let facets = vocabularies.facets().iter().map(|facet| facet.name.clone());
                let steps = STEPS.iter().map(|(step, ..)| (*step).to_owned());
                let mut known: Vec<String> =
                    facets.filter(|name| name != "year").chain(steps).collect();
                known.push("treatment:1 for its first level".to_owned());
                return Err(SearchError::Facet { name: typed.to_owned(), known });
            }
        };
        Ok(Self { name: typed.trim().to_owned(), kind })
    }

    /// As typed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its name for a person.
    pub fn label(&self) -> &str {
        match self.kind {
            Kind::Facet(facet, _) => &facet.label,
            Kind::Months(months) => {
                STEPS.iter().find(|(.., step)| *step == months).map_or("", |(_, label, _)| label)
            }
        }
    }

    /// Whether its values are steps of time.
    pub fn is_time(&self) -> bool {
        matches!(self.kind, Kind::Months(_))
    }

    /// Whether its values say how items came out.
    pub(super) fn tells_outcome(&self, vocabularies: &Vocabularies) -> bool {
        matches!(self.kind, Kind::Facet(facet, _) if vocabularies.tells_outcome(&facet.name))
    }

    /// Whether its values stand in their own order, such as ages.
    pub(super) fn is_ordered(&self) -> bool {
        match self.kind {
            Kind::Facet(facet, _) => facet.values == Values::Numbers,
            Kind::Months(_) => true,
        }
    }

    /// The label of a path.
    pub(super) fn label_of(&self, path: &str) -> String {
        match self.kind {
            Kind::Facet(facet, _) => facet.label_of(path),
            Kind::Months(_) => path.to_owned(),
        }
    }

    pub(super) fn keys(&self, segment: &Segment<'_>) -> Keys {
        match self.kind {
            Kind::Facet(facet, _) => {
                let range = segment.ordinals(&facet.name);
                Keys { width: range.len(), kind: KeyKind::Ordinals(range) }
            }
            Kind::Months(months) => Keys {
                width: (YEARS.len() as u32 * 12 / months) as usize,
                kind: KeyKind::Months(months),
            },
        }
    }

    /// The path of a key; `None` where it lies deeper than asked for.
    pub(super) fn path(&self, segment: &Segment<'_>, keys: &Keys, key: u32) -> Option<String> {
        match (self.kind, &keys.kind) {
            (Kind::Facet(facet, depth), KeyKind::Ordinals(range)) => {
                let path = segment.path(&facet.name, range.start + key);
                let is_shown = path.matches('/').count() < depth;
                is_shown.then(|| path.to_owned())
            }
            (Kind::Months(months), _) => Some(step(key * months, months)),
            (Kind::Facet(..), KeyKind::Months(_)) => None,
        }
    }
}

impl Keys {
    /// Whether keys come from facet values rather than from dates.
    pub(super) fn of_value(&self, ordinal: u32) -> Option<u32> {
        match &self.kind {
            KeyKind::Ordinals(range) => range.contains(&ordinal).then(|| ordinal - range.start),
            KeyKind::Months(_) => None,
        }
    }

    /// The ordinals of the values that are keys.
    pub(super) fn ordinals(&self) -> Option<Range<u32>> {
        match &self.kind {
            KeyKind::Ordinals(range) => Some(range.clone()),
            KeyKind::Months(_) => None,
        }
    }

    /// Whether keys are steps of time.
    pub(super) fn is_time(&self) -> bool {
        matches!(self.kind, KeyKind::Months(_))
    }

    pub(super) fn of_date(&self, decided: Option<u32>) -> Option<u32> {
        let KeyKind::Months(months) = self.kind else { return None };
        let (year, month) = decided.map(|date| (date / 10_000, date / 100 % 100))?;
        let is_date = YEARS.contains(&year) && (1..=12).contains(&month);
        is_date.then(|| ((year - YEARS.start) * 12 + month - 1) / months)
    }
}

/// The name of a step of time by its first month since the first of [`YEARS`].
fn step(month: u32, months: u32) -> String {
    let (year, month) = (YEARS.start + month / 12, month % 12);
    match months {
        12 => year.to_string(),
        1 => format!("{year}-{:02}", month + 1),
        _ => format!("{year}-Q{}", month / months + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_fall_into_steps() {
        for (months, date, name) in [
            (12, 20_150_630, Some("2015")),
            (3, 20_150_630, Some("2015-Q2")),
            (3, 20_151_231, Some("2015-Q4")),
            (1, 20_150_101, Some("2015-01")),
            (1, 18_150_101, None),
            (1, 20_151_301, None),
        ] {
            let keys = Keys { kind: KeyKind::Months(months), width: 0 };
            let found = keys.of_date(Some(date)).map(|key| step(key * months, months));
            assert_eq!(found.as_deref(), name, "{date} by {months}");
        }
    }
}
