//! Citations: what is quoted stands in the letter, and no mark of the letter's text breaks the form.

use crate::support::{Imr, root};

fn with_corpus() -> Imr {
    let imr = Imr::new();
    assert_eq!(imr.run(["index", &root().join("corpus/letters").display().to_string()]).code, 0);
    imr
}

/// Letters and figures alone: lines may end anywhere, and hyphens at their ends are no part of a word.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The line of the last heading of an item with this title, if the title stands in one line.
fn heading(source: &str, title: &str) -> Option<usize> {
    let is_heading = |line: &&str| line.contains(title) && line.contains(':');
    let place = source.lines().zip(1..).filter(|(line, _)| is_heading(line)).map(|(_, at)| at);
    place.last()
}

#[test]
fn quotes_stand_word_for_word_in_the_letter_at_the_lines_named() {
    let imr = with_corpus();
    let ids = imr.run(["search", "--ids", "--no-fold", "-n", "1000"]).out;
    let ids: Vec<&str> = ids.lines().collect();
    assert!(ids.len() > 400);
    let mut args = vec!["cite"];
    args.extend(&ids);
    let cited = imr.json(&args);
    let (mut placed, mut quotes) = (0, 0);
    for citation in cited.as_array().unwrap() {
        let id = citation["id"].as_str().unwrap();
        let letter = id.rsplit_once('/').unwrap().0;
        for quote in citation["quotes"].as_array().unwrap() {
            quotes += 1;
            let text = quote["text"].as_str().unwrap();
            let Some(lines) = quote["lines"].as_array() else { continue };
            placed += 1;
            if placed % 25 != 1 {
                continue;
            }
            let source = imr.run(["show", "--source", letter]).out;
            if let Some(title) = heading(&source, citation["title"].as_str().unwrap()) {
                let first = lines[0].as_u64().unwrap() as usize;
                assert!(title <= first, "{id}: line {first} is before its heading, line {title}");
            }
            let line = |at: usize| lines[at].as_u64().unwrap() as usize;
            let named: Vec<&str> =
                source.lines().skip(line(0) - 1).take(line(1) - line(0) + 1).collect();
            assert!(letters(&named.concat()).contains(&letters(text)), "{id}: {text}\n{named:#?}");
        }
    }
    assert!(placed * 100 >= quotes * 90, "{placed} of {quotes} placed");
}

#[test]
fn hits_are_cited_with_the_passages_that_match() {
    let imr = with_corpus();
    let cited = imr.run(["search", "acupuncture", "-n", "3", "--cite=json"]);
    let cited: serde_json::Value = serde_json::from_str(&cited.out).unwrap();
    assert_eq!(cited.as_array().unwrap().len(), 3);
    assert!(
        cited[0]["quotes"][0]["text"].as_str().unwrap().to_lowercase().contains("acupunctur"),
        "{cited}"
    );
    for key in ["case", "item", "outcome_label", "title", "source"] {
        assert!(!cited[0][key].is_null(), "{key}: {cited}");
    }
    let html = imr.run(["search", "acupuncture", "--cite=html"]).out;
    assert_eq!(html.matches("<li>\n<p><b>IMR ").count(), 10, "{html}");
    let text = imr.run(["search", "acupuncture", "--cite=text"]).out;
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn a_letter_is_cited_with_all_its_items_and_an_unknown_one_is_said() {
    let imr = with_corpus();
    let id = imr.run(["search", "--ids", "-n", "1"]).out;
    let letter = id.trim().rsplit_once('/').unwrap().0.to_owned();
    let shown = imr.json(&["show", &letter]);
    let cited = imr.json(&["cite", &letter]);
    assert_eq!(cited.as_array().unwrap().len(), shown["items"].as_array().unwrap().len());
    let unknown = imr.run(["cite", "CM99-9999999/1"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("CM99-9999999"), "{}", unknown.err);
}
