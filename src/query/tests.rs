//! Queries and their trees, errors and their places.

use super::*;
use proptest::prelude::*;

const FACETS: [&str; 3] = ["outcome", "region", "guideline"];

fn read(query: &str) -> String {
    match parse(query, &FACETS) {
        Ok(query) => query.to_string(),
        Err(error) => format!("{} at {:?}", error.message, error.span),
    }
}

#[test]
fn queries_and_their_trees() {
    for (query, tree) in [
        ("a b", "a AND b"),
        ("a AND b", "a AND b"),
        ("a b OR c", "(a AND b) OR c"),
        ("a (b OR c)", "a AND (b OR c)"),
        ("a -b", "a AND NOT b"),
        ("a NOT (b c)", "a AND NOT (b AND c)"),
        ("- a", "a"),
        ("\"x  y\" z", "\"x y\" AND z"),
        ("title:knee", "title:knee"),
        ("title:(knee brace)", "title:(knee AND brace)"),
        ("title:\"knee brace\"", "title:\"knee brace\""),
        ("outcome:overturned a", "outcome:overturned AND a"),
        ("region:\"low back\"", "region:\"low back\""),
        ("H-wave L4-5 10/325 #60 5%", "H-wave AND L4-5 AND 10/325 AND #60 AND 5%"),
        ("is it covered?", "is AND it AND covered"),
        ("=tramadol", "=tramadol"),
        ("and or not", "and AND or AND not"),
        ("NOT NOT a", "a"),
        ("\u{201c}x y\u{201d}", "\"x y\""),
        ("", ""),
        ("& a", "a"),
        ("knee !shoulder", "knee AND NOT shoulder"),
        ("knee \u{2013}shoulder \u{2014}hip", "knee AND NOT shoulder AND NOT hip"),
        ("knee !(a b)", "knee AND NOT (a AND b)"),
        ("outcome:!upheld", "NOT outcome:upheld"),
        ("outcome:-upheld", "NOT outcome:upheld"),
        ("-outcome:upheld", "NOT outcome:upheld"),
        ("title:-knee", "NOT title:knee"),
        ("title: knee", "title:knee"),
        ("Outcome: overturned knee", "outcome:overturned AND knee"),
        ("region:(knee OR shoulder)", "region:knee OR region:shoulder"),
        ("region:(knee OR \"low back\") a", "(region:knee OR region:\"low back\") AND a"),
        ("region:(knee !shoulder)", "region:knee AND NOT region:shoulder"),
        ("guideline:knee", "guideline:knee"),
        ("10/325 EMG/NCV PM&R AT&T", "10/325 AND EMG/NCV AND PM&R AND AT&T"),
        ("knee - shoulder", "knee AND shoulder"),
        ("CM14-0012345~2", "CM14-0012345~2"),
        ("https://example.org", "https://example.org"),
    ] {
        assert_eq!(read(query), tree, "{query}");
    }
}

#[test]
fn errors_and_their_places() {
    for (query, error) in [
        ("(a", "this bracket is not closed at 0..2"),
        ("a )", "this bracket closes nothing at 2..3"),
        ("a OR", "OR has nothing after it at 2..4"),
        ("OR a", "OR has nothing before it at 0..2"),
        ("a AND", "AND has nothing after it at 2..5"),
        ("a AND OR b", "AND has nothing after it at 2..5"),
        ("NOT", "NOT has nothing after it at 0..3"),
        ("\"a", "this quotation is not closed at 0..2"),
        ("a ()", "there is nothing in these brackets at 2..4"),
        ("titel:knee", "there is no field \"titel\" at 0..6"),
        ("acupunct*", "`*` for any word ending is not supported at 0..9"),
        ("knee --shoulder", "`--` before a word is not supported at 5..15"),
        ("!!knee", "`!!` before a word is not supported at 0..6"),
        ("+knee", "`+` before a word is not supported at 0..5"),
        ("==knee", "`=` before a word is not supported at 0..6"),
        ("[2014 TO 2016]", "a bracket other than ( ) is not supported at 0..5"),
        ("{a}", "a bracket other than ( ) is not supported at 0..3"),
        ("/kne.e/", "a pattern between slashes is not supported at 0..7"),
        ("knee|shoulder", "`|` or `&&` within a word is not supported at 0..13"),
        ("knee | shoulder", "`|` or `&&` within a word is not supported at 5..6"),
        ("knee&&shoulder", "`|` or `&&` within a word is not supported at 0..14"),
        ("knee~abc", "`~` or `^` at a word is not supported at 0..8"),
        ("\"knee brace\"~3", "`~` or `^` at a word is not supported at 12..14"),
        ("\"acupunct* trial\"", "`*` for any word ending is not supported at 0..17"),
        ("title:(rationale:knee)", "\"rationale:\" within another name at 7..17"),
        (
            "title:outcome:upheld",
            "a word, a \"phrase\" or a group in brackets must follow \"title:\" at 0..6",
        ),
        ("outcome:", "a value must follow \"outcome:\" at 0..8"),
        ("region:knee|hip", "`|` or `&&` within a word is not supported at 7..15"),
        ("knee-\"x\"", "an operator between a word and what follows it without a space at 0..5"),
        ("a NEAR/5 b", "searching for words near each other is not supported at 2..8"),
    ] {
        assert_eq!(read(query), error, "{query}");
    }
}

#[test]
fn deep_and_long_queries_are_refused() {
    assert!(read(&"(".repeat(1000)).starts_with("more than"));
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
