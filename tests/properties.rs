//! What holds for every text, letter or not.

use crate::support::{corpus, pipeline, small_letter, vocabularies};
use imr_search::classify::Classifier;
use imr_search::letter::{self, Layout, Letter};
use proptest::prelude::*;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

fn texts() -> &'static [String] {
    static TEXTS: OnceLock<Vec<String>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let read = |path: std::path::PathBuf| pipeline().read(&path, "source").unwrap().text;
        corpus().into_iter().map(read).collect()
    })
}

fn classifier() -> &'static Classifier {
    static CLASSIFIER: OnceLock<Classifier> = OnceLock::new();
    CLASSIFIER.get_or_init(|| Classifier::new(&vocabularies()).unwrap())
}

/// A way to spoil a text.
#[derive(Debug, Clone)]
enum Spoil {
    Cut(usize),
    DropLines(usize, usize),
    DoubleLines(usize, usize),
    MoveLine(usize, usize),
    Insert(usize, &'static str),
    JoinLines(usize, usize),
}

const ODD: [&str; 14] = [
    "\u{2010}\n",
    "\u{ad}",
    "\0",
    "\u{1b}[1m",
    "Upheld",
    ": Overturned\n",
    "Decision rationale:",
    "Claims Administrator guideline:",
    "MAXIMUS guideline:",
    "\x0c",
    "\r",
    "1) Regarding the request for ",
    "\u{feff}\u{fffd}",
    "((((((((#%#%%%''''s 's",
];

fn spoil() -> impl Strategy<Value = Spoil> {
    let at = || 0..10_000_usize;
    prop_oneof![
        at().prop_map(Spoil::Cut),
        (at(), 1..12_usize).prop_map(|(at, n)| Spoil::DropLines(at, n)),
        (at(), 1..12_usize).prop_map(|(at, n)| Spoil::DoubleLines(at, n)),
        (at(), at()).prop_map(|(from, to)| Spoil::MoveLine(from, to)),
        (at(), prop::sample::select(&ODD)).prop_map(|(at, odd)| Spoil::Insert(at, odd)),
        (at(), 1..30_usize).prop_map(|(at, n)| Spoil::JoinLines(at, n)),
    ]
}

impl Spoil {
    fn apply(&self, text: &mut String) {
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let count = lines.len();
        let range = |at: usize, n: usize| at % count..(at % count + n).min(count);
        match self {
            Spoil::Cut(at) => {
                text.truncate(text.floor_char_boundary(at % (text.len() + 1)));
                return;
            }
            Spoil::Insert(at, odd) => {
                text.insert_str(text.floor_char_boundary(at % (text.len() + 1)), odd);
                return;
            }
            Spoil::DropLines(at, n) => drop(lines.drain(range(*at, *n))),
            Spoil::DoubleLines(at, n) => {
                let double = lines[range(*at, *n)].to_vec();
                lines.splice(at % count..at % count, double);
            }
            Spoil::MoveLine(from, to) => {
                let line = lines.remove(from % count);
                lines.insert(to % count, line);
            }
            Spoil::JoinLines(at, n) => {
                let joined = lines[range(*at, *n)].concat();
                lines.splice(range(*at, *n), [joined]);
            }
        }
        *text = lines.join("\n");
    }
}

fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A text without the lines that only number its pages: they may stand within a field.
fn without_page_marks(text: &str) -> String {
    let lines = text.split(['\n', '\x0c']).filter(|line| !letter::is_page_mark(line.trim()));
    lines.collect::<Vec<_>>().join("\n")
}

/// Items' texts lie in the letter one after the other; the sections of a review of 2013, which has one
/// item, may come in any order.
fn in_order(letter: &Letter, text: &str) -> Result<(), TestCaseError> {
    let text = squash(&without_page_marks(text));
    let mut from = 0;
    for item in &letter.items {
        for part in [&item.claims_guideline, &item.reviewer_guideline, &item.rationale]
            .into_iter()
            .flatten()
        {
            let part = squash(part);
            if letter.layout == Layout::Review2013 {
                from = 0;
            }
            let found = text[from..].find(&part);
            prop_assert!(found.is_some(), "item {}: {part}", item.number);
            from += found.unwrap_or(0) + part.len();
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spoiled_letters_are_read_without_panic_and_in_order(
        which in 0..1_000_usize,
        spoils in prop::collection::vec(spoil(), 0..6)
    ) {
        let texts = texts();
        let mut text = texts[which % texts.len()].clone();
        for spoil in &spoils {
            spoil.apply(&mut text);
        }
        let letter = letter::parse(&text, "stem");
        in_order(&letter, &text)?;
        let facets = classifier().classify(&letter);
        prop_assert_eq!(facets.items.len(), letter.items.len());
    }

    #[test]
    fn any_text_is_read_without_panic(text in "(?s).{0,300}", glue in prop::sample::select(&ODD)) {
        let text = format!("IMR ISSUES, DECISIONS AND RATIONALES\n{text}{glue}{text}");
        let letter = letter::parse(&text, &text);
        classifier().classify(&letter);
    }
}

/// The time to read a letter of so many copies of one letter's items.
fn time(copies: usize) -> Duration {
    let text = small_letter("CM15-0900001", "apple", "Upheld");
    let at = text.find("below:").unwrap() + "below:".len();
    let long = format!("{}\n{}", &text[..at], text[at..].repeat(copies));
    let started = Instant::now();
    let letter = letter::parse(&long, "stem");
    let facets = classifier().classify(&letter);
    assert!(facets.items.len() >= copies);
    started.elapsed()
}

#[test]
fn time_grows_as_the_letter_does() {
    time(50);
    // Ten times the letter may take ten times as long; thirty leaves room for a busy machine.
    let (short, long) = (time(100).max(Duration::from_millis(5)), time(1_000));
    assert!(long < short * 30, "{short:?} for 100 copies, {long:?} for 1000");
}
