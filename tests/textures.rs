//! The same letter is read whatever tool extracted its text.

use crate::support::render::{TEXTURES, Texture, render, reprint};
use crate::support::{corpus, determinations, files, pipeline};
use imr_search::record::LetterRecord;
use std::path::PathBuf;

/// Takes letters through every texture, in several widths and page lengths.
fn check(letters: &[PathBuf]) {
    let pipeline = pipeline();
    let mut differences = Vec::new();
    for path in letters {
        let read = pipeline.read(path, "source").unwrap().record;
        if !["2014", "2015", "2017"].contains(&read.layout.as_str()) {
            continue;
        }
        let stem = imr_search::source::stem(path);
        for texture in TEXTURES {
            for (width, page) in [(96, 46), (88, 31), (70, 17), (96, 1_000)] {
                let text = render(&read, texture, width, page);
                for text in [text.replace('\n', "\r\n"), text] {
                    let again = pipeline.letter(&text, &stem, "source").unwrap();
                    if let Some(difference) = difference(&read, &again) {
                        differences
                            .push(format!("{stem} {texture:?} {width} {page}: {difference}"));
                    }
                }
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{} differ:\n{}",
        differences.len(),
        differences[..differences.len().min(12)].join("\n")
    );
}

/// The first field in which two readings differ.
fn difference(a: &LetterRecord, b: &LetterRecord) -> Option<String> {
    let (a, b) = (fields(a), fields(b));
    let pair = a.iter().zip(&b).find(|(a, b)| a != b);
    pair.map(|((name, a), (_, b))| format!("{name}\n{}", first_difference(a, b)))
        .or_else(|| (a.len() != b.len()).then(|| format!("{} and {} fields", a.len(), b.len())))
}

/// The first lines that differ, as far as they do.
fn first_difference(a: &str, b: &str) -> String {
    let lines = a.lines().zip(b.lines()).find(|(a, b)| a != b);
    let (a, b) = lines.unwrap_or((a, b));
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let from = same.saturating_sub(40);
    let part = |text: &str| text.chars().skip(from).take(120).collect::<String>();
    format!("  {}\n  {}", part(a), part(b))
}

/// The fields without white space and hyphens: a word that ends in a hyphen at a line's end may
/// be joined to the next.
fn fields(letter: &LetterRecord) -> Vec<(String, String)> {
    let squash = |text: String| text.replace(['-', ' '], "");
    let mut fields = vec![
        ("id".to_owned(), letter.id.clone()),
        ("layout".to_owned(), letter.layout.clone()),
        (
            "header".to_owned(),
            format!("{:?} {:?} {:?}", letter.case_number, letter.priority, letter.dates),
        ),
        ("reviewer".to_owned(), format!("{:?}", letter.reviewer)),
        ("claimant".to_owned(), format!("{:?}", letter.claimant)),
        ("summary".to_owned(), squash(format!("{:?}", letter.summary))),
    ];
    for item in &letter.items {
        fields.push((item.id.clone(), squash(format!("{item:#?}"))));
    }
    fields
}

#[test]
fn corpus_letters_are_read_alike_in_every_texture() {
    check(&corpus());
}

#[test]
fn real_letters_are_read_alike_in_every_texture() {
    let Some(folder) = determinations() else { return };
    let mut letters = files(&folder.join("letters"));
    letters.extend(files(&folder.join("seeds")));
    check(&letters);
}

/// Letters of the other layouts are not written anew: their lines stay, the marks between change.
#[test]
fn letters_of_every_layout_are_read_alike_whatever_parts_their_lines() {
    let pipeline = pipeline();
    let mut differences = Vec::new();
    for path in corpus() {
        let whole = pipeline.read(&path, "source").unwrap();
        if ["2014", "2015", "2017"].contains(&whole.record.layout.as_str()) {
            continue;
        }
        let stem = imr_search::source::stem(&path);
        for texture in TEXTURES.into_iter().filter(|texture| *texture != Texture::Columns) {
            for page in [46, 23, 1_000] {
                let text = reprint(&whole.text, texture, page);
                let again = pipeline.letter(&text, &stem, "source").unwrap();
                if let Some(difference) = difference(&whole.record, &again) {
                    differences.push(format!("{stem} {texture:?} {page}: {difference}"));
                }
            }
        }
    }
    let shown = differences[..differences.len().min(12)].join("\n");
    assert!(differences.is_empty(), "{} differ:\n{shown}", differences.len());
}

#[test]
fn the_textures_differ() {
    let path = &corpus()[0];
    let letter = pipeline().read(path, "source").unwrap().record;
    let texts: std::collections::HashSet<String> =
        TEXTURES.map(|texture: Texture| render(&letter, texture, 96, 46)).into_iter().collect();
    assert_eq!(texts.len(), TEXTURES.len());
}
