//! Rates equal a count by hand over the corpus, and are written as promised.

use crate::counts::{WORDS, filters, holds, loaded, passes};
use crate::support::{Imr, root, vocabularies};
use imr_search::index::ItemDocument;
use imr_search::insight::{Axis, Items, Order, RatesRequest, Tally, rates};
use imr_search::search::{Engine, Request};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The paths under which an item counts on an axis.
fn paths(item: &ItemDocument, by: &str) -> BTreeSet<String> {
    let date = item.decided.as_deref();
    match by {
        "year" => date.map(|date| date[..4].to_owned()).into_iter().collect(),
        "month" => date.map(|date| date[..7].to_owned()).into_iter().collect(),
        "quarter" => {
            let quarter = |date: &str| {
                format!("{}-Q{}", &date[..4], date[5..7].parse::<u32>().unwrap().div_ceil(3))
            };
            date.map(quarter).into_iter().collect()
        }
        _ => {
            let (name, depth) = by
                .split_once(':')
                .map_or((by, usize::MAX), |(name, depth)| (name, depth.parse().unwrap()));
            let values = item.facets().into_iter().filter(|(facet, _)| *facet == name);
            let with_parents = values.flat_map(|(_, path)| {
                let ends: Vec<usize> =
                    path.match_indices('/').map(|(at, _)| at).chain([path.len()]).collect();
                ends.into_iter().map(move |end| path[..end].to_owned()).collect::<Vec<_>>()
            });
            with_parents.filter(|path| path.matches('/').count() < depth).collect()
        }
    }
}

fn add(tally: &mut Tally, outcome: &str) {
    tally.decided += u64::from(outcome != "unknown");
    tally.overturned += u64::from(outcome == "overturned");
    tally.partly += u64::from(outcome == "partially-overturned");
    tally.unknown += u64::from(outcome == "unknown");
}

const AXES: [&str; 9] = [
    "region",
    "treatment:1",
    "treatment",
    "guideline:2",
    "year",
    "quarter",
    "month",
    "age-band",
    "guidelines-agree",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rates_are_those_of_a_count_by_hand(
        word in prop::sample::select(&WORDS),
        filters in filters(),
        first in prop::sample::select(&AXES),
        second in prop::option::of(prop::sample::select(&AXES)),
        primary in any::<bool>(),
    ) {
        let loaded = loaded();
        let vocabularies = vocabularies();
        let text = match word {
            "" => String::new(),
            word => format!("title:={word} OR rationale:={word} OR guideline:={word}"),
        };
        let typed = filters.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone())));
        let by = [Some(first), second];
        let asked = RatesRequest {
            request: Request { text, filters: typed.collect(), ..Request::default() },
            by: by.into_iter().flatten().map(|by| Axis::new(by, &vocabularies).unwrap()).collect(),
            compare: None,
            items: if primary { Items::Primary } else { Items::All },
            order: Order::Count,
            min: 0,
        };
        let found = rates(&Engine::new(&loaded.snapshot, &vocabularies), &vocabularies, &asked).unwrap();

        let aside = ["!surgery/adjunct".to_owned()];
        let items: Vec<&ItemDocument> = loaded
            .items
            .iter()
            .filter(|item| word.is_empty() || holds(item, word))
            .filter(|item| filters.iter().all(|(name, values)| passes(item, name, values)))
            .filter(|item| !primary || passes(item, "treatment", &aside))
            .collect();
        let (mut all, mut without) = (Tally::default(), Tally::default());
        let mut rows: BTreeMap<String, Tally> = BTreeMap::new();
        let mut cells: BTreeMap<(String, String), Tally> = BTreeMap::new();
        let mut rationales = BTreeSet::new();
        let mut repeated = 0;
        for item in &items {
            let outcome = item.item.outcome.as_str();
            add(&mut all, outcome);
            let own = paths(item, first);
            if own.is_empty() {
                add(&mut without, outcome);
            }
            for path in own {
                for column in second.map(|second| paths(item, second)).unwrap_or_default() {
                    add(cells.entry((path.clone(), column)).or_default(), outcome);
                }
                add(rows.entry(path).or_default(), outcome);
            }
            if let Some(rationale) = &item.item.rationale {
                let words: String = rationale.chars().filter(|c| c.is_alphanumeric()).collect();
                repeated += u64::from(!rationales.insert(words));
            }
        }
        prop_assert_eq!(found.total, items.len() as u64);
        prop_assert_eq!(found.all, all);
        prop_assert_eq!(found.without, without);
        prop_assert_eq!(found.repeated, repeated);
        let shown: BTreeMap<String, Tally> = found.rows.iter().map(|row| (row.path.clone(), row.tally)).collect();
        prop_assert_eq!(shown, rows);
        let shown: BTreeMap<(String, String), Tally> = found
            .rows
            .iter()
            .flat_map(|row| row.columns.iter().map(|cell| ((row.path.clone(), cell.path.clone()), cell.tally)))
            .collect();
        prop_assert_eq!(shown, cells);
    }
}

fn with_corpus() -> Imr {
    let imr = Imr::new();
    assert_eq!(imr.run(["index", &root().join("corpus/letters").display().to_string()]).code, 0);
    imr
}

#[test]
fn rates_json_is_as_promised() {
    let imr = with_corpus();
    let answer = imr.json(&["rates", "--by", "treatment:1", "--min", "5"]);
    let rows = answer["rows"].as_array().unwrap();
    assert!(rows.len() > 3 && answer["total"].as_u64().unwrap() > 300, "{answer}");
    for row in rows {
        let (decided, overturned) =
            (row["decided"].as_f64().unwrap(), row["overturned"].as_f64().unwrap());
        assert!(decided >= 5.0 && !row["path"].as_str().unwrap().contains('/'), "{row}");
        assert!((row["rate"].as_f64().unwrap() - overturned / decided).abs() < 1e-6, "{row}");
        assert!(
            row["low"].as_f64() <= row["rate"].as_f64()
                && row["rate"].as_f64() < row["high"].as_f64(),
            "{row}"
        );
        // A row is what a search with the filter finds.
        let path = row["path"].as_str().unwrap();
        let search =
            imr.json(&["search", "--treatment", path, "--outcome", "overturned", "-n", "0"]);
        assert_eq!(search["total"], row["overturned"], "{path}");
    }
    let counts: Vec<u64> = rows.iter().map(|row| row["decided"].as_u64().unwrap()).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    let by_rate = imr.json(&["rates", "--by", "treatment:1", "--sort", "rate"]);
    let rates: Vec<f64> = by_rate["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["rate"].as_f64().unwrap())
        .collect();
    assert!(rates.is_sorted_by(|a, b| a >= b), "{rates:?}");
}

#[test]
fn rates_fit_every_terminal_and_are_plain_in_a_pipe() {
    let imr = with_corpus();
    for width in ["30", "60", "80", "100"] {
        for args in [
            &["rates", "--by", "treatment"][..],
            &["rates", "--by", "quarter"],
            &["rates", "--by", "region:1", "--by", "sex"],
            &["rates", "pain", "--compare", "brace", "--by", "region"],
        ] {
            let output = imr.command().args(args).env("COLUMNS", width).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width.parse().unwrap(), "{args:?} at {width}: {widest}\n{text}");
            assert!(!text.contains('\u{1b}'), "no colour in a pipe");
        }
    }
}

#[test]
fn two_populations_stand_side_by_side() {
    let imr = with_corpus();
    let answer = imr.json(&["rates", "year:..2014", "--compare", "year:2015..", "--by", "sex"]);
    let other = imr.json(&["rates", "year:2015..", "--by", "sex"]);
    let comparison = &answer["comparison"];
    assert_eq!(comparison["decided"], other["all"]["decided"], "{answer}");
    assert_eq!(comparison["overturned"], other["all"]["overturned"]);
    assert_eq!(comparison["shared"], 0);
    let apart = answer["all"]["rate"].as_f64().unwrap() - comparison["rate"].as_f64().unwrap();
    assert!((comparison["difference"]["difference"].as_f64().unwrap() - apart).abs() < 2e-6);
    assert!(comparison["test"]["p"].as_f64().unwrap() <= 1.0);
    assert_eq!(answer["rows"][0]["compared"]["decided"], other["rows"][0]["decided"]);
}

#[test]
fn what_cannot_be_answered_is_said() {
    let imr = with_corpus();
    let none = imr.run(["rates", "acupuncture unheardofword"]);
    assert_eq!(none.code, 1);
    assert!(none.out.contains("full matches only"), "{}", none.out);
    let unknown = imr.run(["rates", "--by", "colour"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("no facet \"colour\"") && unknown.err.contains("quarter"),
        "{}",
        unknown.err
    );
    assert_eq!(imr.run(["rates", "--by", "sex", "--by", "year", "--by", "state"]).code, 2);
    let compared = imr.run(["rates", "pain", "--compare", "sex:purple"]);
    assert_eq!(compared.code, 2);
    assert!(compared.err.contains("  sex:purple\n      ^^^^^^"), "{}", compared.err);
    assert_eq!(imr.run(["rates", "year:1801..1802"]).code, 2);
}

#[test]
fn programs_are_told_all_and_what_has_no_value() {
    let imr = with_corpus();
    let lines = |args: &[&str]| -> Vec<serde_json::Value> {
        let out = imr.run(args).out;
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let whole = imr.json(&["rates", "--by", "year"]);
    let rows = lines(&["rates", "--by", "year", "--format", "jsonl"]);
    let last = rows.len() - 1;
    assert_eq!(rows[last]["label"], "All");
    assert_eq!(rows[last]["decided"], whole["all"]["decided"]);
    assert_eq!(rows[last - 1]["decided"], whole["without"]["decided"]);
    assert!(whole["without"]["decided"].as_u64() > Some(0));
    let decided: u64 = rows[..last].iter().map(|row| row["decided"].as_u64().unwrap()).sum();
    assert_eq!(Some(decided), whole["all"]["decided"].as_u64());
    assert_eq!(lines(&["rates", "knee", "--format", "jsonl"]).len(), 1);
    let csv = imr.run(["rates", "--by", "year", "--format", "csv"]).out;
    assert_eq!(csv.lines().count(), rows.len() + 1, "{csv}");
    // A cross table says what is in none of its columns.
    let notes = imr.json(&["rates", "--by", "outcome", "--by", "year"])["notes"].to_string();
    assert!(notes.contains("in no column"), "{notes}");
    let compared = imr.json(&["rates", "--compare", "outcome:overturned"])["notes"].to_string();
    assert!(compared.contains("of what is compared: the items are chosen"), "{compared}");
    let asked = imr.json(&["rates", "acupuncture"])["notes"].to_string();
    assert!(asked.contains("ask for Acupuncture"), "{asked}");
}
