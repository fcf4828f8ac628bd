//! Every operator of the query language finds what a reading of every text finds.

use crate::support::{index, pipeline, vocabularies};
use imr_search::index::{Snapshot, Store};
use imr_search::search::{Engine, Fold, Match, Request};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Words that have no stem but themselves and that nothing expands to; some are slips of others, and some so frequent
/// in real letters that pairs of them are indexed.
const WORDS: [&str; 12] = [
    "balk", "balt", "cerk", "cerkt", "dimp", "dimk", "lift", "gait", "grip", "jelk", "jelkt",
    "kimt",
];

/// A letter's item: the words of its parts, in the order of [`FIELDS`].
#[derive(Debug, Clone)]
struct Item {
    id: String,
    fields: [Vec<&'static str>; 4],
}

const FIELDS: [&str; 4] = ["title", "rationale", "guideline", "summary"];

struct Loaded {
    _place: tempfile::TempDir,
    snapshot: Snapshot,
    items: Vec<Item>,
}

/// Numbers that look random and are always the same (a linear congruential generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) as usize % end
    }

    fn words(&mut self, most: usize) -> Vec<&'static str> {
        let count = 1 + self.below(most);
        (0..count).map(|_| WORDS[self.below(WORDS.len())]).collect()
    }
}

fn letter(item: &Item) -> String {
    let [title, rationale, guideline, summary] =
        item.fields.each_ref().map(|words| words.join(" "));
    let case = item.id.trim_end_matches("/1");
    format!(
        "Case Number: {case}\n\nHOW THE IMR FINAL DETERMINATION WAS MADE\n\nThe Expert Reviewer has the following \
         credentials:\nState(s) of Licensure: Ohio\nCertification(s)/Specialty: Neurology\n\nCLINICAL CASE \
         SUMMARY\n\n{summary}\n\nIMR ISSUES, DECISIONS AND RATIONALES\n\nThe items set forth below:\n\n{title}: \
         Upheld\n\nClaims Administrator guideline: none\n\nMAXIMUS guideline: {guideline}\n\nDecision rationale: \
         {rationale}\n"
    )
}

fn loaded() -> &'static Loaded {
    static LOADED: OnceLock<Loaded> = OnceLock::new();
    LOADED.get_or_init(|| {
        let place = tempfile::tempdir().unwrap();
        let mut numbers = Numbers(7);
        let items: Vec<Item> = (0..120)
            .map(|at| Item {
                id: format!("CM15-09{at:05}/1"),
                fields: [numbers.words(4), numbers.words(25), numbers.words(5), numbers.words(8)],
            })
            .collect();
        for item in &items {
            let name = item.id.trim_end_matches("/1");
            std::fs::create_dir_all(place.path().join("letters")).unwrap();
            std::fs::write(place.path().join(format!("letters/{name}.txt")), letter(item)).unwrap();
        }
        let store = Store::new(place.path().join("index"));
        index(&store, &pipeline(), &place.path().join("letters"));
        Loaded { snapshot: store.open().unwrap(), _place: place, items }
    })
}

/// A query and what it means.
#[derive(Debug, Clone)]
enum Asked {
    Word(&'static str),
    Prefix(String),
    Inner(String),
    Fuzzy(String, usize),
    Phrase(Vec<&'static str>, usize),
    Near(Box<Asked>, Box<Asked>, usize, bool),
    All(Vec<Asked>),
    Any(Vec<Asked>),
    Not(Box<Asked>),
    In(usize, Box<Asked>),
    Boost(Box<Asked>),
}

impl Asked {
    fn typed(&self) -> String {
        let list = |asked: &[Asked], between: &str| {
            let each: Vec<String> = asked.iter().map(Asked::typed).collect();
            format!("({})", each.join(between))
        };
        match self {
            Asked::Word(word) => (*word).to_owned(),
            Asked::Prefix(start) => format!("{start}*"),
            Asked::Inner(pattern) => pattern.clone(),
            Asked::Fuzzy(word, slips) => format!("{word}~{slips}"),
            Asked::Phrase(words, 0) => format!("\"{}\"", words.join(" ")),
            Asked::Phrase(words, slop) => format!("\"{}\"~{slop}", words.join(" ")),
            Asked::Near(a, b, distance, ordered) => {
                let operator = if *ordered { "BEFORE" } else { "NEAR" };
                format!("({} {operator}/{distance} {})", a.typed(), b.typed())
            }
            Asked::All(asked) => list(asked, " "),
            Asked::Any(asked) => list(asked, " OR "),
            Asked::Not(asked) => format!("NOT {}", asked.typed()),
            Asked::In(field, asked) => format!("{}:{}", FIELDS[*field], asked.typed()),
            Asked::Boost(asked) => format!("{}^2", asked.typed()),
        }
    }

    /// Whether an item holds it, in one field or any.
    fn holds(&self, item: &Item, field: Option<usize>) -> bool {
        match self {
            Asked::All(asked) => asked.iter().all(|asked| asked.holds(item, field)),
            Asked::Any(asked) => asked.iter().any(|asked| asked.holds(item, field)),
            Asked::Not(asked) => !asked.holds(item, field),
            Asked::In(field, asked) => asked.holds(item, Some(*field)),
            Asked::Boost(asked) => asked.holds(item, field),
            _ => (0..FIELDS.len())
                .filter(|at| field.is_none_or(|field| field == *at))
                .any(|at| !self.places(&item.fields[at]).is_empty()),
        }
    }

    /// First and last place of each match in a text.
    fn places(&self, words: &[&str]) -> BTreeSet<(usize, usize)> {
        let one = |fits: &dyn Fn(&str) -> bool| {
            (0..words.len()).filter(|at| fits(words[*at])).map(|at| (at, at)).collect()
        };
        match self {
            Asked::Word(word) => one(&|other| other == *word),
            Asked::Prefix(start) => one(&|other| other.starts_with(start)),
            Asked::Inner(pattern) => one(&|other| {
                let letters = || pattern.chars().zip(other.chars());
                pattern.len() == other.len() && letters().all(|(p, c)| p == '?' || p == c)
            }),
            Asked::Fuzzy(word, slips) => one(&|other| {
                word.as_bytes()[0] == other.as_bytes()[0] && slips_apart(word, other) <= *slips
            }),
            Asked::Phrase(phrase, slop) => phrase_places(phrase, *slop, words),
            Asked::Near(a, b, distance, ordered) => {
                let (a, b) = (a.places(words), b.places(words));
                let mut found = BTreeSet::new();
                for a in &a {
                    for b in &b {
                        let follows = |x: &(usize, usize), y: &(usize, usize)| {
                            y.0 > x.1 && y.0 - x.1 <= *distance
                        };
                        if follows(a, b) || !ordered && follows(b, a) {
                            found.insert((a.0.min(b.0), a.1.max(b.1)));
                        }
                    }
                }
                found
            }
            Asked::Any(asked) => asked.iter().flat_map(|asked| asked.places(words)).collect(),
            _ => unreachable!("nothing else has a place"),
        }
    }
}

/// The places of a phrase: of each beginning the shortest way to its end.
fn phrase_places(phrase: &[&str], slop: usize, words: &[&str]) -> BTreeSet<(usize, usize)> {
    let mut found = BTreeSet::new();
    for start in (0..words.len()).filter(|at| words[*at] == phrase[0]) {
        let mut end = start;
        let complete = phrase[1..].iter().all(|wanted| {
            let next = (end + 1..words.len()).find(|at| words[*at] == *wanted);
            end = next.unwrap_or(end);
            next.is_some()
        });
        if complete && end - start + 1 - phrase.len() <= slop {
            found.insert((start, end));
        }
    }
    found
}

/// Letters added, dropped, changed or swapped, tried one by one.
fn slips_apart(a: &str, b: &str) -> usize {
    if a == b {
        return 0;
    }
    let neighbours = |word: &str| -> BTreeSet<String> {
        let chars: Vec<char> = word.chars().collect();
        let mut all = BTreeSet::new();
        for at in 0..=chars.len() {
            let (head, tail): (String, Vec<char>) =
                (chars[..at].iter().collect(), chars[at..].to_vec());
            let rest =
                |from: usize| tail.get(from..).unwrap_or_default().iter().collect::<String>();
            all.insert(format!("{head}{}", rest(1)));
            if tail.len() > 1 {
                all.insert(format!("{head}{}{}{}", tail[1], tail[0], rest(2)));
            }
            for c in 'a'..='z' {
                all.insert(format!("{head}{c}{}", rest(1)));
                all.insert(format!("{head}{c}{}", rest(0)));
            }
        }
        all
    };
    let first = neighbours(a);
    if first.contains(b) {
        return 1;
    }
    if first.iter().any(|word| neighbours(word).contains(b)) { 2 } else { 3 }
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&WORDS)
}

/// What stands at places of a text.
fn placed() -> impl Strategy<Value = Asked> {
    let single = prop_oneof![
        4 => word().prop_map(Asked::Word),
        1 => (word(), 2..4_usize).prop_map(|(word, length)| Asked::Prefix(word[..length].to_owned())),
        1 => (word(), 1..3_usize).prop_map(|(word, at)| {
            Asked::Inner(format!("{}?{}", &word[..at], &word[at + 1..]))
        }),
        1 => (word(), 1..2_usize).prop_map(|(word, slips)| Asked::Fuzzy(word.to_owned(), slips)),
        2 => (prop::collection::vec(word(), 2..4), 0..4_usize)
            .prop_map(|(words, slop)| Asked::Phrase(words, slop)),
    ];
    single.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone(), 1..8_usize, any::<bool>()).prop_map(
                |(a, b, distance, ordered)| Asked::Near(
                    Box::new(a),
                    Box::new(b),
                    distance,
                    ordered
                )
            ),
            prop::collection::vec(inner, 2..3).prop_map(Asked::Any),
        ]
    })
}

fn asked() -> impl Strategy<Value = Asked> {
    placed().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Asked::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Asked::Any),
            inner.clone().prop_map(|asked| Asked::Not(Box::new(asked))),
            inner.clone().prop_map(|asked| Asked::Boost(Box::new(asked))),
            (0..FIELDS.len(), placed())
                .prop_map(|(field, asked)| Asked::In(field, Box::new(asked))),
        ]
    })
}

/// The items that a query finds in full.
fn found(loaded: &Loaded, text: &str) -> Result<BTreeSet<String>, String> {
    let vocabularies = vocabularies();
    let request = Request {
        text: text.to_owned(),
        matching: Match::All,
        fold: Fold::None,
        limit: 1_000,
        ..Request::default()
    };
    let engine = Engine::new(&loaded.snapshot, &vocabularies);
    let response = engine.search(&request).map_err(|error| error.to_string())?;
    let usual = engine.search(&Request { matching: Match::Most, ..request }).unwrap();
    assert_eq!(response.total, usual.total, "full matches of {text}");
    assert_eq!(response.total, response.hits.len() as u64, "{text}");
    Ok(response.hits.into_iter().map(|hit| hit.item.item.id).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn operators_find_what_a_reading_finds(asked in asked()) {
        let loaded = loaded();
        let typed = asked.typed();
        match found(loaded, &typed) {
            Ok(found) => {
                let expected: BTreeSet<String> = loaded
                    .items
                    .iter()
                    .filter(|item| asked.holds(item, None))
                    .map(|item| item.id.clone())
                    .collect();
                prop_assert_eq!(found, expected, "{}", typed);
            }
            Err(error) => prop_assert!(error.contains("cannot weigh") || error.contains("only"), "{}: {}", typed, error),
        }
    }
}

#[test]
fn hostile_queries_are_answered_or_refused_in_time() {
    let loaded = loaded();
    let started = std::time::Instant::now();
    let deep = format!("{}balk{}", "(".repeat(1_000), ")".repeat(1_000));
    for (query, answered) in [
        (vec!["balk"; 10_000].join(" "), false),
        (deep, false),
        ("*".to_owned(), false),
        ("b*".to_owned(), true),
        ("*a*".to_owned(), true),
        (WORDS.repeat(42).join(" OR "), true),
        ("(a+)+$".to_owned(), true),
        (format!("balk{}", "*a?".repeat(2_000)), true),
        (format!("\"{}\"~100", vec!["balk"; 300].join(" ")), true),
        (vec!["balk"; 60].join(" NEAR/100 "), true),
    ] {
        let shown: String = query.chars().take(30).collect();
        assert_eq!(found(loaded, &query).is_ok(), answered, "{shown}");
        assert!(started.elapsed().as_secs() < 60, "{shown}");
    }
}
