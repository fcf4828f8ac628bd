//! A typed query: it is understood, or refused at a place within it.

#![no_main]

use imr_search::query;
use libfuzzer_sys::fuzz_target;

const FACETS: [&str; 3] = ["outcome", "region", "guideline"];

fuzz_target!(|text: &str| {
    if let Err(error) = query::parse(text, &FACETS) {
        assert!(error.span.start <= error.span.end && error.span.end <= text.len());
        assert!(!error.caret(text).to_string().is_empty());
    }
});
