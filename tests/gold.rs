//! The letters of `corpus/` are read as their gold says.

use crate::support::{corpus, pipeline, root};
use imr_search::record::{CitationRecord, ItemRecord, LetterRecord};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Texts are compared without white space, hyphens and case.
fn squash(text: &str) -> String {
    let kept = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{ad}'));
    kept.flat_map(char::to_lowercase).collect()
}

fn read() -> BTreeMap<String, LetterRecord> {
    let pipeline = pipeline();
    let read = corpus().into_iter().map(|path| pipeline.read(&path, "source").unwrap().record);
    read.map(|letter| (letter.id.clone(), letter)).collect()
}

fn gold() -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("corpus/gold.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn structure_is_read_without_a_miss() {
    let (read, gold) = (read(), gold());
    assert!(gold.len() >= 150, "{} letters", gold.len());
    assert_eq!(read.len(), gold.len());
    for expected in &gold {
        let letter = &read[text(expected, "id")];
        same_letter(letter, expected);
        let items = expected["items"].as_array().unwrap();
        assert_eq!(letter.items.len(), items.len(), "{}", letter.id);
        letter.items.iter().zip(items).for_each(|(item, expected)| same_item(item, expected));
    }
}

fn same_letter(letter: &LetterRecord, expected: &Value) {
    let id = &letter.id;
    for (key, found) in [("case_number", &letter.case_number), ("priority", &letter.priority)] {
        assert_eq!(found.as_deref(), expected.get(key).and_then(Value::as_str), "{id} {key}");
    }
    let dates = serde_json::to_value(&letter.dates).unwrap();
    assert_eq!(dates, expected["dates"], "{id} dates");
    assert_eq!(
        letter.claimant.age.map(u64::from),
        expected["claimant"]["age"].as_u64(),
        "{id} age"
    );
    assert_eq!(letter.claimant.sex.as_deref(), expected["claimant"]["sex"].as_str(), "{id} sex");
    let states: Vec<&str> = expected["reviewer"]["states"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(letter.reviewer.states, states, "{id} states");
    if let Some(layout) = expected.get("layout").and_then(Value::as_str) {
        assert_eq!(letter.layout, layout, "{id} layout");
    }
}

fn same_item(item: &ItemRecord, expected: &Value) {
    let id = &item.id;
    for (key, found) in [("title", &item.title), ("disputed", &item.disputed)] {
        assert_eq!(squash(found), squash(text(expected, key)), "{id} {key}");
    }
    for (key, found) in [
        ("outcome", &item.outcome),
        ("ur_action", &item.ur_action),
        ("timing", &item.timing),
        ("laterality", &item.laterality),
    ] {
        assert_eq!(found, text(expected, key), "{id} {key}");
    }
    let rationale = squash(item.rationale.as_deref().unwrap_or_default());
    assert!(
        rationale.starts_with(&squash(text(expected, "rationale_start"))),
        "{id} rationale starts {rationale}"
    );
    assert!(
        rationale.ends_with(&squash(text(expected, "rationale_end"))),
        "{id} rationale ends {rationale}"
    );
    let guidelines = &item.guidelines;
    for (key, found) in [
        ("claims_administrator_printed", &guidelines.claims_administrator_printed),
        ("reviewer_printed", &guidelines.reviewer_printed),
    ] {
        let printed = text(&expected["guidelines"], key);
        assert_eq!(squash(found.as_deref().unwrap_or_default()), squash(printed), "{id} {key}");
    }
}

/// Right, wrong and missed values of a facet.
#[derive(Default)]
struct Tally {
    right: f64,
    wrong: f64,
    missed: f64,
    misses: Vec<String>,
}

impl Tally {
    fn add(&mut self, id: &str, found: &[String], expected: &Value) {
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        let expected: BTreeSet<&str> =
            expected.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        self.right += found.intersection(&expected).count() as f64;
        self.wrong += found.difference(&expected).count() as f64;
        self.missed += expected.difference(&found).count() as f64;
        if found != expected {
            self.misses.push(format!("{id}: {found:?} for {expected:?}"));
        }
    }

    /// Harmonic mean of precision and recall.
    #[track_caller]
    fn assert_f1(&self, least: f64, name: &str) {
        let f1 = 2.0 * self.right / (2.0 * self.right + self.wrong + self.missed);
        assert!(f1 >= least, "{name}: F1 {f1:.4}\n{}", self.misses.join("\n"));
    }
}

fn paths(citations: &[CitationRecord]) -> Vec<String> {
    citations.iter().map(|citation| citation.path.clone()).collect()
}

#[test]
fn facets_are_read_as_well_as_promised() {
    let (read, gold) = (read(), gold());
    let [mut specialties, mut guidelines, mut treatments, mut regions] =
        [(); 4].map(|()| Tally::default());
    let (mut basis, mut items) = (0.0, 0.0);
    for expected in &gold {
        let letter = &read[text(expected, "id")];
        specialties.add(
            &letter.id,
            &letter.reviewer.specialties,
            &expected["reviewer"]["specialties"],
        );
        for (item, expected) in letter.items.iter().zip(expected["items"].as_array().unwrap()) {
            let (id, cited) = (&item.id, &expected["guidelines"]);
            guidelines.add(id, &paths(&item.guidelines.reviewer), &cited["reviewer"]);
            guidelines.add(
                id,
                &paths(&item.guidelines.claims_administrator),
                &cited["claims_administrator"],
            );
            treatments.add(id, &item.treatments, &expected["treatments"]);
            regions.add(id, &item.body_regions, &expected["body_regions"]);
            items += 1.0;
            if item.body_region_basis.as_deref() == expected["body_region_basis"].as_str() {
                basis += 1.0;
            }
        }
    }
    specialties.assert_f1(0.98, "specialties");
    guidelines.assert_f1(0.98, "guidelines");
    treatments.assert_f1(0.95, "treatments");
    regions.assert_f1(0.95, "body regions");
    assert!(basis / items >= 0.9, "basis {}", basis / items);
}
