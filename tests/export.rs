//! Exports hold every matching item once, in order, and go on where they were cut short.

use crate::counts::{has, loaded};
use crate::support::{Imr, root};
use std::collections::BTreeMap;

fn with_corpus() -> Imr {
    let imr = Imr::new();
    assert_eq!(imr.run(["index", &root().join("corpus/letters").display().to_string()]).code, 0);
    imr
}

fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let records = reader.records().map(|record| {
        head.iter().cloned().zip(record.unwrap().iter().map(str::to_owned)).collect()
    });
    records.collect()
}

#[test]
fn every_item_is_exported_once_with_its_facets() {
    let imr = with_corpus();
    let rows = rows(&imr.run(["export"]).out);
    let items = &loaded().items;
    assert_eq!(rows.len(), items.len());
    let mut known: Vec<&str> = items.iter().map(|item| item.item.id.as_str()).collect();
    let mut ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str()).collect();
    ids.sort_unstable();
    known.sort_unstable();
    assert_eq!(ids, known);
    for row in &rows {
        let item = items.iter().find(|item| item.item.id == row["id"]).unwrap();
        assert_eq!(row["rationale"], item.item.rationale.clone().unwrap_or_default());
        assert_eq!(row["outcome"], item.item.outcome);
        for path in row["region"].split("; ").filter(|path| !path.is_empty()) {
            assert!(has(item, "region", path), "{}: {path}", row["id"]);
        }
        assert_eq!(row["region"].split("; ").count(), row["region_label"].split("; ").count());
    }
}

#[test]
fn an_export_goes_on_where_it_was_cut_short() {
    let imr = with_corpus();
    let whole = imr
        .run([
            "export",
            "pain",
            "--outcome",
            "upheld",
            "--format",
            "jsonl",
            "--fields",
            "id,decided",
        ])
        .out;
    let (mut parts, mut after) = (String::new(), None::<String>);
    loop {
        let mut args = vec![
            "export",
            "pain",
            "--outcome",
            "upheld",
            "--format",
            "jsonl",
            "--fields",
            "id,decided",
            "-n",
            "17",
        ];
        args.extend(after.iter().flat_map(|after| ["--after", after.as_str()]));
        let part = imr.run(&args);
        let Some(last) = part.out.lines().last() else {
            assert_eq!(part.code, 1);
            break;
        };
        let last: serde_json::Value = serde_json::from_str(last).unwrap();
        after = Some(last["id"].as_str().unwrap().to_owned());
        parts.push_str(&part.out);
    }
    assert!(whole.lines().count() > 40);
    assert_eq!(parts, whole);
    let total = imr.run(["search", "pain", "--outcome", "upheld", "--count"]).out;
    assert_eq!(whole.lines().count().to_string(), total.trim());
}

#[test]
fn the_dictionary_explains_every_column() {
    let imr = with_corpus();
    let dictionary = rows(&imr.run(["export", "--dictionary"]).out);
    let head = imr.run(["export", "-n", "0"]).out;
    let columns: Vec<&str> = head.trim().split(',').collect();
    let explained: Vec<&str> = dictionary.iter().map(|row| row["column"].as_str()).collect();
    assert_eq!(explained, columns);
    assert!(dictionary.iter().all(|row| !row["about"].is_empty()));
    let unknown = imr.run(["export", "--fields", "id,colour"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("no column \"colour\"") && unknown.err.contains("rationale"),
        "{}",
        unknown.err
    );
    assert_eq!(imr.run(["export", "--after", "CM14"]).code, 2);
}
