//! What is similar: never the item itself, never by outcome words, with the other outcome where asked for.

use crate::support::{Imr, root};

fn with_corpus() -> Imr {
    let imr = Imr::new();
    assert_eq!(imr.run(["index", &root().join("corpus/letters").display().to_string()]).code, 0);
    imr
}

fn ids(similar: &serde_json::Value) -> Vec<String> {
    similar["nearest"]
        .as_array()
        .unwrap()
        .iter()
        .map(|near| near["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_item_is_like_others_and_why_is_said() {
    let imr = with_corpus();
    let similar = imr.json(&["similar", "CM14-0900101/2"]);
    let found = ids(&similar);
    assert_eq!(found.len(), 10);
    assert!(!found.contains(&"CM14-0900101/2".to_owned()), "{found:?}");
    let first = &similar["nearest"][0];
    assert_eq!(first["treatments"][0], "rehabilitation/acupuncture", "{first}");
    assert!(
        first["shared_values"]
            .as_array()
            .unwrap()
            .iter()
            .any(|value| value["facet"] == "treatment"),
        "{first}"
    );
    assert!(!first["shared_words"].as_array().unwrap().is_empty());
    let overturned = similar["nearest"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|near| near["outcome"] == "overturned")
        .count();
    assert_eq!(similar["outcomes"]["overturned"], overturned);
}

#[test]
fn outcome_words_take_no_part() {
    let imr = with_corpus();
    let text = "Acupuncture for the knee, six visits. The worker improved with needles and walks further. ";
    let granted = imr
        .fed(
            &["similar", "-", "--format", "json"],
            &format!("{text}Therefore, the request is medically necessary and approved."),
        )
        .out;
    let refused = imr
        .fed(
            &["similar", "-", "--format", "json"],
            &format!("{text}Therefore, the request is not medically necessary and denied."),
        )
        .out;
    let read = |text: &str| -> serde_json::Value { serde_json::from_str(text).unwrap() };
    let (granted, refused) = (read(&granted), read(&refused));
    assert_eq!(ids(&granted), ids(&refused));
    assert_eq!(granted["nearest"][0]["treatments"][0], "rehabilitation/acupuncture", "{granted}");
}

#[test]
fn the_request_of_a_denial_letter_is_found_in_it() {
    let imr = with_corpus();
    let letter = "Dear Dr. Nobody,\n\nWe are sorry.\nWe cannot certify your request for acupuncture 2x6 for the low back.\n";
    let ran = imr.fed(&["similar", "-", "--format", "json"], letter);
    let similar: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        similar["of"]["treatments"],
        serde_json::json!(["rehabilitation/acupuncture"]),
        "{similar}"
    );
    assert_eq!(similar["nearest"][0]["treatments"][0], "rehabilitation/acupuncture", "{similar}");
}

#[test]
fn the_opposite_came_out_the_other_way_and_stands_beside() {
    let imr = with_corpus();
    let similar = imr.json(&["similar", "CM14-0900101/2", "--opposite"]);
    let nearest = similar["nearest"].as_array().unwrap();
    assert_eq!(nearest.len(), 3);
    assert!(nearest.iter().all(|near| near["outcome"] == "upheld"), "{similar}");
    for width in ["40", "100"] {
        let output = imr
            .command()
            .args(["similar", "CM14-0900101/2", "--opposite"])
            .env("COLUMNS", width)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= width.parse().unwrap()), "{text}");
    }
    let unknown = imr.fed(&["similar", "-", "--opposite"], "a knee brace");
    assert_eq!(unknown.code, 2, "{}", unknown.out);
}

#[test]
fn a_letter_is_answered_item_by_item() {
    let imr = with_corpus();
    let file = root().join("corpus/letters/CM14-0900101.txt").display().to_string();
    let similar = imr.json(&["similar", &file, "-n", "2"]);
    let items = imr.json(&["show", "CM14-0900101"])["items"].as_array().unwrap().len();
    let all = similar.as_array().unwrap();
    assert_eq!(all.len(), items);
    for similar in all {
        assert!(
            !ids(similar).contains(&similar["of"]["id"].as_str().unwrap().to_owned()),
            "{similar}"
        );
    }
}

#[test]
fn a_filter_by_outcome_chooses_among_the_opposite() {
    let imr = with_corpus();
    let upheld = imr.run(["search", "knee", "--outcome", "upheld", "--ids", "-n", "1"]).out;
    let like = |outcome: &str| {
        imr.json(&["similar", upheld.trim(), "--opposite", "--outcome", outcome])["nearest"].clone()
    };
    let overturned = like("overturned");
    let overturned = overturned.as_array().unwrap();
    assert!(!overturned.is_empty());
    assert!(overturned.iter().all(|near| near["outcome"] == "overturned"), "{overturned:?}");
    assert_eq!(like("upheld").as_array().map(Vec::len), Some(0));
}
