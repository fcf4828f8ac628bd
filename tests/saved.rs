//! Saved searches: what is new is shown once, over updates and rebuilds, and the file stays a person's.

use crate::support::{Imr, small_letter};
use std::fs;

fn letters(imr: &Imr, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let case = format!("CM15-{number:07}");
        imr.write(
            &format!("letters/{case}.txt"),
            small_letter(&case, &format!("Model{number}"), "Upheld"),
        );
    }
    assert_eq!(imr.run(["index", "letters"]).code, 0);
}

fn ids(text: &str) -> Vec<String> {
    let hit = |line: &str| {
        serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned()
    };
    text.lines().map(hit).collect()
}

#[test]
fn searches_saved_at_once_are_all_saved() {
    let imr = Imr::new();
    imr.write("letters/a.txt", small_letter("CM15-0900001", "apple", "Upheld"));
    assert_eq!(imr.json(&["index", "letters"])["letters"], 1);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let imr = &imr;
            let add = move || imr.run(["saved", "add", &format!("s{number}"), "brace"]).code;
            scope.spawn(move || assert_eq!(add(), 0));
        }
    });
    assert_eq!(imr.json(&["saved", "list"]).as_array().unwrap().len(), 8);
}

#[test]
fn what_is_new_is_shown_once() {
    let imr = Imr::new();
    letters(&imr, 1..4);
    assert_eq!(
        imr.run([
            "saved",
            "add",
            "braces",
            "brace",
            "--region",
            "knee",
            "--outcome",
            "!overturned"
        ])
        .code,
        0
    );
    let new = |code: i32| {
        let ran = imr.run(["saved", "run", "braces", "--new", "--format", "jsonl"]);
        assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
        ids(&ran.out)
    };
    assert_eq!(new(0).len(), 3);
    assert!(new(1).is_empty());
    letters(&imr, 4..6);
    assert_eq!(new(0), ["CM15-0000004/1", "CM15-0000005/1"]);
    letters(&imr, 6..7);
    let ran = imr.run(["saved", "run", "braces", "--new", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert!(!told["hits"][0]["passages"][0]["marks"].as_array().unwrap().is_empty(), "{told}");
    // A rebuild makes nothing new.
    assert_eq!(imr.run(["index", "--rebuild", "letters"]).code, 0);
    assert!(new(1).is_empty());
    // Nor does a letter that changes and matches as before; one that did not match is new.
    imr.write("letters/CM15-0000001.txt", small_letter("CM15-0000001", "Changed", "Upheld"));
    imr.write("letters/CM15-0000002.txt", small_letter("CM15-0000002", "Changed2", "Overturned"));
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    assert!(new(1).is_empty());
    imr.write("letters/CM15-0000002.txt", small_letter("CM15-0000002", "Again", "Upheld"));
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    assert_eq!(new(0), ["CM15-0000002/1"]);
}

#[test]
fn the_file_is_a_persons() {
    let imr = Imr::new();
    letters(&imr, 1..3);
    assert_eq!(imr.run(["saved", "list"]).code, 1);
    assert_eq!(imr.run(["saved", "add", "one", "brace"]).code, 0);
    let path = imr.path("index/saved.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("# mine\n{text}\n[[search]]\nname = \"two\"\nquery = \"knee\"\nfilters = [\"sex=male\"]\n")).unwrap();
    assert_eq!(imr.run(["saved", "add", "three", "nothing of the kind"]).code, 0);
    let listed = imr.json(&["saved", "list"]);
    let names: Vec<&str> =
        listed.as_array().unwrap().iter().map(|search| search["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["one", "two", "three"]);
    assert_eq!(imr.json(&["saved", "run", "two"])["total"], 2);
    assert_eq!(imr.run(["saved", "run", "three"]).code, 1);
    assert_eq!(imr.run(["saved", "remove", "two"]).code, 0);
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with("# mine\n") && !text.contains("two") && text.contains("three"),
        "{text}"
    );
    assert_eq!(imr.run(["saved", "run", "two"]).code, 2);
    assert_eq!(imr.run(["saved", "add", "one", "x"]).code, 2);
    assert_eq!(imr.run(["saved", "add", "../one", "x"]).code, 2);
    assert_eq!(imr.run(["saved", "add", "bad", "sex:purple"]).code, 2);
    fs::write(&path, "[[search]] # mine\nname = \"knee\"\n[[ search ]]\nname = \"hip\"\n").unwrap();
    assert_eq!(imr.run(["saved", "remove", "knee"]).code, 0);
    let left = fs::read_to_string(&path).unwrap();
    assert!(left.contains("hip") && !left.contains("knee"), "{left}");
    let inline = "search = [{ name = \"knee\" }, { name = \"hip\" }]\n";
    fs::write(&path, inline).unwrap();
    let ran = imr.run(["saved", "remove", "knee"]);
    assert!(ran.code == 2 && ran.err.contains("by hand"), "{}", ran.err);
    assert_eq!(fs::read_to_string(&path).unwrap(), inline);
    fs::write(&path, "[[search]]\nnme = 1\n").unwrap();
    let broken = imr.run(["saved", "list"]);
    assert_eq!(broken.code, 2);
    assert!(broken.err.contains("saved.toml"), "{}", broken.err);
}
