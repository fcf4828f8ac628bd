//! The letters of the generator are read as they were meant, whatever their layout and texture.

use crate::support::pipeline;
use crate::synthetic::texture::{TEXTURES, Texture};
use crate::synthetic::{Generator, Letter};
use imr_search::letter::Layout;
use imr_search::record::LetterRecord;
use std::collections::HashSet;

const LETTERS: u64 = 700;

/// What was read otherwise than meant.
fn differences(letter: &Letter, read: &LetterRecord) -> Vec<String> {
    let truth = &letter.truth;
    let mut found = Vec::new();
    let mut compare = |what: &str, meant: &str, read: &str| {
        if meant != read {
            let name = &letter.name;
            let texture = letter.texture;
            found.push(format!("{name} {texture:?} {what}\n  meant: {meant}\n  read:  {read}"));
        }
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    compare("layout", truth.layout.as_str(), &read.layout);
    compare("case", &text(&truth.case_number), &text(&read.case_number));
    compare("decision", &text(&truth.decided), &text(&read.dates.decision));
    compare("specialty", &truth.specialties, &text(&read.reviewer.printed));
    compare("states", &truth.states.join(", "), &read.reviewer.states.join(", "));
    compare("summary", &truth.summary, &text(&read.summary));
    compare("items", &truth.items.len().to_string(), &read.items.len().to_string());
    for (meant, read) in truth.items.iter().zip(&read.items) {
        compare("title", &meant.title, &read.title);
        compare("outcome", meant.outcome.as_str(), &read.outcome);
        compare("rationale", &meant.rationale, &text(&read.rationale));
        compare("reviewer's guideline", &meant.reviewer, &text(&read.guidelines.reviewer_printed));
        // Reviews print one side only.
        if truth.layout != Layout::Review2013 {
            let printed = text(&read.guidelines.claims_administrator_printed);
            compare("denial's guideline", &meant.claims, &printed);
        }
    }
    found
}

fn check(found: &[String]) {
    let first = found[..found.len().min(8)].join("\n");
    assert!(found.is_empty(), "{} differences:\n{first}", found.len());
}

#[test]
fn letters_are_read_as_meant() {
    let (generator, pipeline) = (Generator::new(7), pipeline());
    let mut found = Vec::new();
    let (mut layouts, mut textures) = (HashSet::new(), Vec::<Texture>::new());
    for number in 0..LETTERS {
        let letter = generator.letter(number, 0);
        let read = pipeline.letter(&letter.text, &letter.name, "source").unwrap();
        layouts.insert(read.layout.clone());
        textures.push(letter.texture);
        found.extend(differences(&letter, &read));
    }
    check(&found);
    assert_eq!(layouts.len(), Layout::ALL.len(), "{layouts:?}");
    assert!(TEXTURES.iter().all(|texture| textures.contains(texture)));
}

#[test]
fn letters_as_pdf_are_read_as_meant() {
    let (generator, pipeline) = (Generator::new(8), pipeline());
    let folder = tempfile::tempdir().unwrap();
    let mut found = Vec::new();
    for number in 0..40 {
        let letter = generator.letter(number, 0);
        let path = folder.path().join(format!("{}.pdf", letter.name));
        std::fs::write(&path, letter.pdf()).unwrap();
        found.extend(differences(&letter, &pipeline.read(&path, "source").unwrap().record));
    }
    check(&found);
}

#[test]
fn a_seed_and_a_number_give_one_letter() {
    let generator = Generator::new(1);
    let mut hasher = blake3::Hasher::new();
    for number in (0..50).rev() {
        hasher.update(generator.letter(number, 0).text.as_bytes());
    }
    let hash = hasher.finalize().to_hex();
    assert_eq!(&hash[..16], "9dfe1b5d9f29514a", "the letters of a seed have changed");
    let other = Generator::new(2).letter(0, 0);
    assert_ne!(generator.letter(0, 0).text, other.text);
}

#[test]
fn a_revision_keeps_requests_and_outcomes() {
    let generator = Generator::new(1);
    let (first, revised) = (generator.letter(5, 0), generator.letter(5, 1));
    assert_eq!(first.name, revised.name);
    assert_ne!(first.text, revised.text);
    let asked = |letter: &Letter| {
        let items = letter.truth.items.iter();
        items.map(|item| (item.title.clone(), item.outcome)).collect::<Vec<_>>()
    };
    assert_eq!(asked(&first), asked(&revised));
    assert_eq!(first.truth.summary, revised.truth.summary);
}
