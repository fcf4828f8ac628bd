//! Bytes of a text file: decoding, parsing and classifying never panic; what items hold stands in
//! the letter, and their rationales one after the other.

#![no_main]

use imr_search::classify::Classifier;
use imr_search::letter;
use imr_search::source;
use imr_search::vocabulary::Vocabularies;
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

fn classifier() -> &'static Classifier {
    static CLASSIFIER: OnceLock<Classifier> = OnceLock::new();
    CLASSIFIER.get_or_init(|| {
        let vocabularies = Vocabularies::load(None).expect("the built-in vocabularies load");
        Classifier::new(&vocabularies).expect("they fit an automaton")
    })
}

/// What joining lines neither adds nor drops.
fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A text without the lines that number its pages: they may stand within a field.
fn without_page_marks(text: &str) -> String {
    let lines = text.split(['\n', '\x0c']);
    lines.filter(|line| !letter::is_page_mark(line.trim())).collect()
}

fuzz_target!(|bytes: &[u8]| {
    // A PDF is another target's.
    if is_pdf(bytes) {
        return;
    }
    let Ok(text) = source::text(bytes, None) else { return };
    let letter = letter::parse(&text, "CM14-0900001");
    let facets = classifier().classify(&letter);
    assert_eq!(facets.items.len(), letter.items.len());
    let squashed = squash(&without_page_marks(&text));
    let mut rest = squashed.as_str();
    for item in &letter.items {
        for part in [&item.claims_guideline, &item.reviewer_guideline].into_iter().flatten() {
            assert!(squashed.contains(&squash(part)), "a guideline field stands in the letter");
        }
        if let Some(rationale) = item.rationale.as_deref().map(squash) {
            let at = rest.find(&rationale).expect("rationales stand in the letter in order");
            rest = &rest[at + rationale.len()..];
        }
    }
});

fn is_pdf(bytes: &[u8]) -> bool {
    bytes.windows(5).take(1024).any(|window| window == b"%PDF-")
}
