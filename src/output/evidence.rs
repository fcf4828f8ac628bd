//! Where facets come from: which words each value was read from.

use super::style::{BOLD, Painted};
use super::wrap::clean;
use crate::classify::{Facets, Found, ItemFacets};
use schemars::JsonSchema;
use serde::Serialize;
use std::io::{self, Write};

/// Why an item has a value.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Evidence {
    /// The item's number; absent where it is of the whole letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) item: Option<u32>,
    /// The facet.
    pub(crate) facet: &'static str,
    /// The value.
    pub(crate) path: String,
    /// The words; absent where nothing else is named.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) words: String,
    /// Where they stand.
    pub(crate) from: &'static str,
}

/// The evidence of all items and the letter; of one item if `only` names it.
pub(crate) fn evidence(facets: &Facets, only: Option<u32>) -> Vec<Evidence> {
    let mut all = Vec::new();
    for (at, item) in facets.items.iter().enumerate() {
        let number = at as u32 + 1;
        if only.is_none_or(|only| only == number) {
            all.extend(of_item(item).map(|(facet, found)| of(Some(number), facet, found)));
        }
    }
    all.extend(facets.specialties.iter().map(|found| of(None, "specialty", found)));
    all.extend(facets.states.iter().map(|found| of(None, "state", found)));
    all
}

fn of(item: Option<u32>, facet: &'static str, found: &Found) -> Evidence {
    let (path, words) = (found.path.clone(), found.words.clone());
    Evidence { item, facet, path, words, from: found.from.as_str() }
}

fn of_item(item: &ItemFacets) -> impl Iterator<Item = (&'static str, &Found)> {
    let treatments = item.treatments.iter().map(|found| ("treatment", found));
    let regions = item.regions.iter().map(|found| ("region", found));
    let single = [("laterality", &item.laterality), ("timing", &item.timing)];
    let denial = item.claims_guidelines.iter().map(|cited| ("denial-guideline", &cited.found));
    let reviewer = item.reviewer_guidelines.iter().map(|cited| ("guideline", &cited.found));
    treatments.chain(regions).chain(single).chain(denial).chain(reviewer)
}

/// Writes evidence for a person.
pub(crate) fn evidence_text(
    out: &mut dyn Write,
    letter: &str,
    evidence: &[Evidence],
) -> io::Result<()> {
    let mut last = None;
    for row in evidence {
        if last != Some(row.item) {
            let number = row.item.map_or_else(String::new, |number| format!("/{number}"));
            writeln!(out, "{}", Painted(BOLD, clean(&format!("Why: {letter}{number}"))))?;
            last = Some(row.item);
        }
        let why = if row.words.is_empty() {
            "nothing else is named".to_owned()
        } else {
            format!("\"{}\" in the {}", clean(&row.words), row.from)
        };
        writeln!(out, "  {:<17}{:<44} {why}", row.facet, row.path)?;
    }
    Ok(())
}
