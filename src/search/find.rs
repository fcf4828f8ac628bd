//! Search inside a facet: the values that a text names, typing slips seen through.

use super::response::{FacetRow, FacetRows};
use super::slips::distance;
use crate::vocabulary::{Facet, Phrases};

/// Shorter words are taken as typed.
const SHORTEST: usize = 4;

impl FacetRows {
    /// Leaves the values whose path or label holds a text, in any case; where there is none, those of the facet that are also
    /// called so, as "norco" is an opioid; where there is none, those that hold each of its words with a typing slip or two.
    pub fn keep_with(&mut self, text: &str, facet: Option<&Facet>) {
        let text = text.to_lowercase();
        let holds =
            |row: &FacetRow| row.path.contains(&text) || row.label.to_lowercase().contains(&text);
        let named = facet.map(|facet| called(facet, &text)).unwrap_or_default();
        let is_named = |row: &FacetRow| named.contains(&row.path.as_str());
        if self.rows.iter().any(holds) {
            self.rows.retain(holds);
        } else if self.rows.iter().any(is_named) {
            self.rows.retain(is_named);
        } else {
            let wanted = words(&text);
            self.rows.retain(|row| !wanted.is_empty() && holds_nearly(row, &wanted));
        }
    }
}

/// The values of which another name or a word that identifies them starts with a text in lower case.
fn called<'f>(facet: &'f Facet, text: &str) -> Vec<&'f str> {
    let is_called = |names: &Phrases| {
        text.len() >= SHORTEST_NAME
            && names.iter().any(|name| name.to_lowercase().starts_with(text))
    };
    let values = facet.vocabulary.values.iter();
    values
        .filter(|value| is_called(&value.aliases) || is_called(&value.terms))
        .map(|value| value.path.as_str())
        .collect()
}

/// Shorter beginnings of names are of too many.
const SHORTEST_NAME: usize = 3;

fn holds_nearly(row: &FacetRow, wanted: &[Vec<char>]) -> bool {
    let held = words(&format!("{} {}", row.path, row.label).to_lowercase());
    let is_near = |typed: &Vec<char>, word: &Vec<char>| {
        let slips = match typed.len() {
            length if length < SHORTEST => 0,
            length if length < 6 => 1,
            _ => 2,
        };
        distance(typed, word, slips).is_some()
    };
    wanted.iter().all(|typed| held.iter().any(|word| is_near(typed, word)))
}

fn words(text: &str) -> Vec<Vec<char>> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let row = |path: &str, label: &str| FacetRow {
            path: path.to_owned(),
            label: label.to_owned(),
            count: 1,
            selected: false,
            excluded: false,
        };
        let mut rows = FacetRows {
            name: "treatment".to_owned(),
            label: "Treatment".to_owned(),
            rows: vec![
                row("rehabilitation/acupuncture", "Acupuncture"),
                row("surgery/spine-fusion", "Spinal fusion"),
            ],
        };
        rows.keep_with(text, None);
        rows.rows.into_iter().map(|row| row.path).collect()
    }

    #[test]
    fn values_are_found_by_a_part_and_with_slips() {
        assert_eq!(found("ACUP"), ["rehabilitation/acupuncture"]);
        assert_eq!(found("acupunctrue"), ["rehabilitation/acupuncture"]);
        assert_eq!(found("fussion spine"), ["surgery/spine-fusion"]);
        assert_eq!(found("knee"), Vec::<String>::new());
        assert_eq!(found("?"), Vec::<String>::new());
    }
}
