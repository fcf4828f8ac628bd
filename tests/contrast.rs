//! Contrasts: counts by hand, reasons and not verdicts, exact also where candidates are found in a sample.

use crate::counts::loaded;
use crate::support::{Imr, root, small_letter, vocabularies};
use imr_search::insight::{PRIOR, Side, log_odds};
use imr_search::search::{Engine, Request};
use serde_json::Value;

fn rationale(number: usize, reason: &str, verdict: &str) -> String {
    let words = ["amber", "birch", "cedar", "dune", "ember", "fern", "grove", "heath"];
    format!(
        "{reason} Worker {} is {} {number}. Therefore, the request {verdict}.",
        number + 1,
        words[number % 8]
    )
}

/// Twelve letters that were overturned, twelve that were upheld.
fn with_letters() -> Imr {
    let imr = Imr::new();
    for number in 0..24 {
        let (outcome, verdict) = if number < 12 {
            ("Overturned", "is medically necessary")
        } else {
            ("Upheld", "is not medically necessary")
        };
        let reason = match number {
            0..9 => "By that count, documented functional gains, it was said.",
            12..20 => "By that count, no record of gains, it was said.",
            _ => "The knee is stiff.",
        };
        let case = format!("CM15-{:07}", 700_000 + number);
        let letter = small_letter(&case, "Elastic", outcome);
        let (before, _) = letter.split_once("The Elastic brace was asked for.").unwrap();
        imr.write(
            &format!("letters/{case}.txt"),
            format!("{before}{}\n", rationale(number, reason, verdict)),
        );
    }
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    imr
}

fn phrase<'a>(answer: &'a Value, phrase: &str) -> Option<&'a Value> {
    answer["phrases"].as_array().unwrap().iter().find(|found| found["phrase"] == phrase)
}

#[test]
fn phrases_and_counts_are_those_by_hand() {
    let imr = with_letters();
    let answer = imr.json(&["contrast"]);
    assert_eq!(
        (&answer["sides"][0]["rationales"], &answer["sides"][1]["rationales"]),
        (&Value::from(12), &Value::from(12))
    );
    let found = phrase(&answer, "documented functional gains");
    let found = found.unwrap_or_else(|| panic!("{answer:#}"));
    assert_eq!(
        (&found["side"], &found["counts"]),
        (&Value::from("overturned"), &serde_json::json!([9, 0]))
    );
    let expected = log_odds(Side { holding: 9, all: 12 }, Side { holding: 0, all: 12 }, PRIOR).z;
    assert!((found["z"].as_f64().unwrap() - expected).abs() < 1e-3);
    assert!(found["example"]["text"].as_str().unwrap().contains("documented functional gains"));
    let refused = phrase(&answer, "no record of gains");
    let refused = refused.unwrap_or_else(|| panic!("{answer:#}"));
    assert_eq!(
        (&refused["side"], &refused["counts"]),
        (&Value::from("upheld"), &serde_json::json!([0, 8]))
    );
    // Nothing says how it came out.
    for found in answer["phrases"].as_array().unwrap() {
        let words = found["phrase"].as_str().unwrap();
        assert!(!words.contains("necessary") && !words.contains("medically"), "{words}");
    }
    let raw = imr.json(&["contrast", "--raw", "-n", "40"]);
    assert!(phrase(&raw, "not medically necessary").is_some(), "{raw:#}");
}

#[test]
fn any_two_queries_can_be_the_sides() {
    let imr = with_letters();
    let answer = imr.json(&["contrast", "--between", "outcome:upheld", "outcome:overturned"]);
    assert_eq!(answer["sides"][0]["name"], "outcome:upheld");
    let gains = phrase(&answer, "documented functional gains");
    assert_eq!(gains.unwrap()["counts"], serde_json::json!([0, 9]));
    let wrong = imr.run(["contrast", "--between", "pain", "sex:purple"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("  sex:purple"), "{}", wrong.err);
}

#[test]
fn counts_are_what_a_search_for_the_phrase_finds() {
    let imr = Imr::new();
    assert_eq!(imr.run(["index", &root().join("corpus/letters").display().to_string()]).code, 0);
    let answer = imr.json(&["contrast", "-n", "8"]);
    let phrases = answer["phrases"].as_array().unwrap();
    assert!(phrases.len() >= 10, "{answer:#}");
    for found in phrases {
        let words = found["phrase"].as_str().unwrap();
        for (side, outcome) in ["overturned", "upheld"].into_iter().enumerate() {
            let query = format!("rationale:=\"{words}\"");
            let listed = imr
                .run([
                    "export",
                    &query,
                    "--outcome",
                    outcome,
                    "--format",
                    "jsonl",
                    "--fields",
                    "rationale",
                ])
                .out;
            let mut rationales: Vec<String> = listed
                .lines()
                .map(|line| line.chars().filter(|c| c.is_alphanumeric()).collect())
                .collect();
            rationales.sort();
            rationales.dedup();
            assert_eq!(found["counts"][side], rationales.len(), "{words} {outcome}");
        }
    }
}

/// What contrasts of many items are counted by.
#[test]
fn phrases_are_counted_by_the_index_as_by_hand() {
    let (loaded, vocabularies) = (loaded(), vocabularies());
    let engine = Engine::new(&loaded.snapshot, &vocabularies);
    let side = |outcome: &str| {
        let filters = vec![("outcome".to_owned(), outcome.to_owned())];
        engine.population(&Request { filters, ..Request::default() }).unwrap()
    };
    let phrases = [
        "acupuncture",
        "functional improvement",
        "not medically necessary",
        "is not medically necessary",
        "of the",
        "unheardof words",
    ];
    let phrases: Vec<Vec<String>> =
        phrases.iter().map(|phrase| phrase.split(' ').map(str::to_owned).collect()).collect();
    let counts = engine.holding(&phrases, [&side("overturned"), &side("upheld")]).unwrap();
    assert!(counts[2][1] > 50 && counts[5] == [0, 0], "{counts:?}");
    for (phrase, counts) in phrases.iter().zip(counts) {
        for (outcome, count) in ["overturned", "upheld"].into_iter().zip(counts) {
            let rationales = loaded.items.iter().filter(|item| item.item.outcome == outcome);
            let holding = rationales.filter(|item| {
                let text = item.item.rationale.clone().unwrap_or_default().to_lowercase();
                let words: Vec<&str> = text
                    .split(|c: char| !c.is_alphanumeric())
                    .filter(|word| !word.is_empty())
                    .collect();
                words.windows(phrase.len()).any(|words| words == phrase.as_slice())
            });
            assert_eq!(count, holding.count() as u64, "{phrase:?} {outcome}");
        }
    }
}
