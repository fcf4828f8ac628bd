//! Queries and their trees, errors and their places.

use super::cases::{ERRORS, TREES};
use super::*;
use proptest::prelude::*;

const FACETS: [&str; 8] =
    ["outcome", "region", "guideline", "age", "decided", "sessions", "quantity", "injured"];

fn read(query: &str) -> String {
    match parse(query, &FACETS) {
        Ok(query) => query.to_string(),
        Err(error) => format!("{} at {:?}", error.message, error.span),
    }
}

#[test]
fn queries_and_their_trees() {
    for (query, tree) in TREES {
        assert_eq!(read(query), *tree, "{query}");
        assert_eq!(read(tree), *tree, "a tree written out is a query for the same");
        let (typed, written) = (placeless(query), placeless(tree));
        assert_eq!(typed, written, "{query}: written out it is {tree}");
    }
}

/// A query's tree without the places in the query.
fn placeless(query: &str) -> String {
    let tree = format!("{:?}", parse(query, &FACETS).map(|query| query.root));
    let mut parts = tree.split("span: ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| {
        text.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'));
    });
    text
}

#[test]
fn errors_and_their_places() {
    for (query, error) in ERRORS {
        assert_eq!(read(query), *error, "{query}");
    }
}

#[test]
fn deep_and_long_queries_are_refused() {
    assert!(read(&"(".repeat(1000)).starts_with("more than"));
    for near in ["knee w/1 ", "knee BEFORE/2 "] {
        assert!(read(&format!("{}knee", near.repeat(200))).starts_with("more than"), "{near}");
    }
    assert!(read(&"a ".repeat(MAX_LENGTH)).starts_with("the query is longer"));
}

#[test]
fn a_caret_marks_the_place() {
    let query = "knee (brace";
    let error = parse(query, &FACETS).expect_err("the bracket is open");
    assert_eq!(error.caret(query).to_string(), "  knee (brace\n       ^^^^^^");
}

/// Pieces that a query may be made of, sense or not.
const PIECES: [&str; 34] = [
    "knee",
    "L4-5",
    "10/325",
    "#60",
    "\u{e9}t\u{e9}",
    "\u{1f9b5}",
    "AND",
    "OR",
    "NOT",
    "-",
    "!",
    "+",
    "--",
    "\u{2013}",
    "(",
    ")",
    "\"",
    "\u{201c}",
    "title:",
    "Outcome:",
    "guideline:",
    "region:(",
    "x:",
    "*",
    "?",
    "~2",
    "^",
    "[",
    "}",
    "|",
    "&&",
    "=",
    " ",
    "\u{a0}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn any_query_is_read_or_refused_at_a_place(
        pieces in prop::collection::vec((prop::sample::select(&PIECES), any::<bool>()), 0..12)
    ) {
        let query: String =
            pieces.iter().flat_map(|(piece, space)| [*piece, if *space { " " } else { "" }]).collect();
        match parse(&query, &FACETS) {
            Ok(parsed) => drop(parsed.to_string()),
            Err(error) => {
                let span = &error.span;
                prop_assert!(span.start < span.end && span.end <= query.len(), "{query:?} {error:?}");
                prop_assert!(query.is_char_boundary(span.start) && query.is_char_boundary(span.end));
                drop(error.caret(&query).to_string());
            }
        }
    }
}
