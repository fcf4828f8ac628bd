//! How fast letters are read on one core, their text already extracted: parsing, classifying,
//! both; and how time grows with a letter's length.
//!
//! `cargo bench --bench reading [-- FOLDER]` reads the letters of a folder, else of `corpus/`.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use imr_search::classify::Classifier;
use imr_search::letter;
use imr_search::source;
use imr_search::vocabulary::Vocabularies;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(700);

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/letters");
    let texts = texts(Path::new(folder.as_deref().unwrap_or(default)));
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("{} letters, {:.2} MB of text", texts.len(), bytes as f64 / 1e6);
    let vocabularies = Vocabularies::load(None).unwrap();
    let started = Instant::now();
    let classifier = Classifier::new(&vocabularies).unwrap();
    println!("classifier made in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let letters: Vec<letter::Letter> = texts.iter().map(|text| letter::parse(text, "")).collect();
    let parse = rate(bytes, || {
        for text in &texts {
            black_box(letter::parse(text, ""));
        }
    });
    let classify = rate(bytes, || {
        for letter in &letters {
            black_box(classifier.classify(letter));
        }
    });
    let both = rate(bytes, || {
        for text in &texts {
            black_box(classifier.classify(&letter::parse(text, "")));
        }
    });
    println!("parse               {parse:6.1} MB/s");
    println!("classify            {classify:6.1} MB/s");
    println!("parse and classify  {both:6.1} MB/s");
    for megabytes in [1, 10, 100] {
        let long = long_letter(&texts, megabytes * 1_000_000);
        let started = Instant::now();
        let letter = letter::parse(&long, "");
        let facets = classifier.classify(&letter);
        let seconds = started.elapsed().as_secs_f64();
        let items = facets.items.len();
        println!("a letter of {megabytes:3} MB: {items:6} items, {seconds:6.2} s");
    }
}

fn texts(folder: &Path) -> Vec<String> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().filter_map(|path| Some(source::read(path, None).ok()?.text)).collect()
}

/// Megabytes a second, the median of rounds.
fn rate(bytes: usize, mut work: impl FnMut()) -> f64 {
    let mut rates: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            let mut passes = 0;
            while started.elapsed() < ROUND {
                work();
                passes += 1;
            }
            (bytes * passes) as f64 / 1e6 / started.elapsed().as_secs_f64()
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// A letter of so many bytes: one letter's head and the items of many.
fn long_letter(texts: &[String], bytes: usize) -> String {
    let parts = |text: &str| text.find("set forth below:").map(|at| at + "set forth below:".len());
    let short: Vec<(&str, usize)> =
        texts.iter().filter_map(|text| Some((text.as_str(), parts(text)?))).collect();
    let (first, at) = short[0];
    let mut long = first[..at].to_owned();
    for (text, at) in short.iter().cycle() {
        if long.len() >= bytes {
            break;
        }
        long.push_str(text[*at..].trim_end());
        long.push_str("\n\n");
    }
    long
}
