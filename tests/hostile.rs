//! Files that harm the programs that read them cost only themselves.

use crate::support::{Imr, small_letter};
use imr_search::source::{Isolated, read};
use std::path::Path;
use std::time::{Duration, Instant};

/// A PDF of these objects, numbered from 1; the first is the catalogue.
fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj{object}endobj\n", at + 1).bytes());
    }
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    bytes
        .extend(format!("trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}

const CATALOGUE: &str = "<</Type/Catalog/Pages 2 0 R>>";
const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";

/// A form that draws itself.
fn draws_itself() -> Vec<u8> {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>";
    let draw = "<</Length 5>>stream\n/F Do\nendstream ";
    let form = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>/Length 5>>stream\n/F \
                Do\nendstream ";
    pdf(&[CATALOGUE, PAGES, page, draw, form])
}

/// A page that is its own parent, without what a parent would give it.
fn own_parent() -> Vec<u8> {
    pdf(&[
        CATALOGUE,
        PAGES,
        "<</Type/Page/Parent 3 0 R/Contents 4 0 R>>",
        "<</Length 2>>stream\nBT\nendstream ",
    ])
}

fn isolated(patience: Duration) -> Isolated {
    Isolated::with(env!("CARGO_BIN_EXE_imr").into(), patience)
}

#[test]
fn a_pdf_that_ends_its_reader_costs_only_itself() {
    let imr = Imr::new();
    imr.write("letters/a-crash.pdf", draws_itself());
    imr.write("letters/b.txt", small_letter("CM15-0900001", "apple", "Upheld"));
    let report = imr.json(&["index", "letters"]);
    assert_eq!(report["letters"], 1, "{report}");
    assert_eq!(report["failed"][0]["code"], "pdf-crash", "{report}");
}

#[test]
fn a_pdf_that_never_ends_is_given_up() {
    let imr = Imr::new();
    let hangs = imr.write("hangs.pdf", own_parent());
    let good = crate::support::root().join("corpus/letters/CM14-0900158.pdf");
    let isolated = isolated(Duration::from_secs(1));
    let started = Instant::now();
    let error = read(&hangs, Some(&isolated)).expect_err("it has no end");
    assert_eq!(error.code, "pdf-timeout");
    assert!(started.elapsed() < Duration::from_secs(5));
    // The next file has a new worker.
    assert!(read(&good, Some(&isolated)).is_ok());
    assert!(error.content_hash.is_some(), "it is not tried again until it changes");
}

#[test]
fn isolated_and_direct_extraction_agree() {
    let isolated = isolated(Duration::from_secs(20));
    for path in
        crate::support::corpus().iter().filter(|path| path.extension().is_some_and(|e| e == "pdf"))
    {
        let text = |isolated: Option<&Isolated>| read(path, isolated).unwrap().text;
        assert_eq!(text(Some(&isolated)), text(None), "{}", path.display());
    }
}

fn took(path: &Path, imr: &Imr) -> (serde_json::Value, Duration) {
    let started = Instant::now();
    let parsed = imr.json(&["parse", path.to_str().unwrap()]);
    (parsed, started.elapsed())
}

#[test]
fn large_letters_take_time_as_they_are_long() {
    let imr = Imr::new();
    let letter = small_letter("CM15-0900001", "apple", "Upheld");
    let (top, item) = letter.split_at(letter.find("apple brace").unwrap());
    let path = imr.write("many.txt", format!("{top}{}", format!("{item}\n").repeat(10_000)));
    let (parsed, time) = took(&path, &imr);
    assert_eq!(parsed["items"].as_array().unwrap().len(), 10_000);
    assert!(time < Duration::from_secs(30), "{time:?}");
    let line = "needle ".repeat(1_500_000);
    let path = imr.write("line.txt", letter.replace("those of apple", &line));
    let (parsed, time) = took(&path, &imr);
    assert!(parsed["items"][0]["rationale"].as_str().unwrap().len() > 10_000_000);
    assert!(time < Duration::from_secs(30), "{time:?}");
}

#[test]
fn odd_bytes_in_a_letter_do_no_harm() {
    let imr = Imr::new();
    let letter = small_letter("CM15-0900001", "apple", "Upheld");
    for (at, odd) in [
        "\0",
        "\u{2010}\nx",
        "non\u{2011}\ninvasive",
        "\u{ad}\n",
        "\u{1b}[2J",
        "\u{feff}",
        "\r\r",
        "\x0c\x0c",
    ]
    .iter()
    .enumerate()
    {
        let path = imr
            .write(&format!("{at}.txt"), letter.replace("was asked", &format!("was {odd} asked")));
        let (parsed, _) = took(&path, &imr);
        assert_eq!(parsed["id"], "CM15-0900001", "{odd:?}: {parsed}");
        assert!(
            parsed["items"][0]["rationale"].as_str().unwrap().ends_with("of apple."),
            "{odd:?}"
        );
    }
}
