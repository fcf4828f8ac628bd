//! Files that harm the programs that read them cost only themselves.

use crate::support::{Imr, crafted, small_letter};
use imr_search::source::{Isolated, read};
use std::path::Path;
use std::time::{Duration, Instant};

fn isolated(patience: Duration) -> Isolated {
    Isolated::with(env!("CARGO_BIN_EXE_imr").into(), patience)
}

#[test]
fn a_pdf_that_ends_its_reader_costs_only_itself() {
    let imr = Imr::new();
    imr.write("letters/a-crash.pdf", crafted::draws_itself());
    imr.write("letters/b.txt", small_letter("CM15-0900001", "apple", "Upheld"));
    let report = imr.json(&["index", "letters"]);
    assert_eq!(report["letters"], 1, "{report}");
    assert_eq!(report["failed"][0]["code"], "pdf-crash", "{report}");
}

#[test]
fn a_pdf_that_never_ends_is_given_up() {
    let imr = Imr::new();
    let hangs = imr.write("hangs.pdf", crafted::own_parent());
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

#[test]
fn each_hostile_pdf_ends_with_its_reason() {
    let imr = Imr::new();
    let password = include_bytes!("corpus_pdf/password.pdf").to_vec();
    let files: [(&str, Vec<u8>, &[&str]); 6] = [
        ("bomb", crafted::expands(3 << 30), &["pdf-crash", "pdf-damaged", "pdf-timeout"]),
        ("password", password, &["pdf-password"]),
        ("picture", crafted::picture_only(), &["no-text"]),
        ("pages", crafted::many_pages(20_000), &["no-text"]),
        ("objects", crafted::many_objects(20_000), &["no-text"]),
        ("lies", crafted::lies_about_its_length(), &["no-text", "pdf-damaged"]),
    ];
    for (name, bytes, _) in &files {
        imr.write(&format!("letters/{name}.pdf"), bytes);
    }
    imr.write("letters/z.txt", small_letter("CM15-0900001", "apple", "Upheld"));
    let report = imr.json(&["index", "letters"]);
    assert_eq!(report["letters"], 1, "{report}");
    let failed = report["failed"].as_array().unwrap();
    for (name, _, codes) in &files {
        let of_file = |f: &&serde_json::Value| {
            f["source"].as_str().unwrap().ends_with(&format!("{name}.pdf"))
        };
        let failure = failed.iter().find(of_file).unwrap_or_else(|| panic!("{name}: {failed:#?}"));
        assert!(codes.contains(&failure["code"].as_str().unwrap()), "{name}: {failure}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_is_not_waited_for() {
    let imr = Imr::new();
    imr.write("letters/a.txt", small_letter("CM15-0900001", "apple", "Upheld"));
    let pipe = imr.path("letters/pipe.txt");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let report = imr.json(&["index", "letters"]);
    assert_eq!(report["letters"], 1, "{report}");
    assert_eq!(report["failed"][0]["code"], "not-a-file", "{report}");
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
    let path = imr.write("many.txt", format!("{top}{}", format!("{item}\n").repeat(9_000)));
    let (parsed, time) = took(&path, &imr);
    assert_eq!(parsed["items"].as_array().unwrap().len(), 9_000);
    assert!(time < Duration::from_secs(30), "{time:?}");
    let line = "needle ".repeat(1_500_000);
    let path = imr.write("line.txt", letter.replace("those of apple", &line));
    let (parsed, time) = took(&path, &imr);
    assert!(parsed["items"][0]["rationale"].as_str().unwrap().len() > 10_000_000);
    assert!(time < Duration::from_secs(30), "{time:?}");
}

#[test]
fn titles_that_name_much_take_time_as_they_are_long() {
    let imr = Imr::new();
    let letter = small_letter("CM15-0900001", "apple", "Upheld");
    for words in ["x yoga ", "aspirin 10mg ", "acupunctrue ", "knee MRI prior to "] {
        let title = words.repeat(200_000 / words.len());
        let path = imr.write("title.txt", letter.replace("apple brace", &title));
        let (parsed, time) = took(&path, &imr);
        assert!(parsed["items"][0]["title"].as_str().unwrap().len() > 190_000, "{words}");
        assert!(time < Duration::from_secs(20), "{words}: {time:?}");
    }
}

#[test]
fn letters_out_of_all_proportion_are_refused() {
    let imr = Imr::new();
    let letter = small_letter("CM15-0900001", "apple", "Upheld");
    let (top, item) = letter.split_at(letter.find("apple brace").unwrap());
    imr.write("letters/many.txt", format!("{top}{}", format!("{item}\n").repeat(10_100)));
    let long = top.replace(
        "CLINICAL CASE SUMMARY",
        &format!("CLINICAL CASE SUMMARY\n{}", "He limps. ".repeat(40_000)),
    );
    imr.write("letters/long.txt", format!("{long}{}", format!("{item}\n").repeat(300)));
    let often = letter.replace("apple brace", "Yoga 1-999 times a week for 999 weeks");
    imr.write("letters/often.txt", often.replace("0900001", "0900002"));
    let report = imr.json(&["index", "letters"]);
    assert_eq!(report["letters"], 1, "{report}");
    for failed in report["failed"].as_array().unwrap() {
        assert_eq!(failed["code"], "too-large", "{report}");
    }
    let item = &imr.json(&["search", "yoga"])["hits"][0];
    assert_eq!(item["quantities"]["sessions"], serde_json::Value::Null, "{item}");
}

#[test]
fn a_long_rationale_of_short_sentences_is_searched_and_shown() {
    let imr = Imr::new();
    let letter = small_letter("CM15-0900001", "apple", "Upheld");
    imr.write("letters/a.txt", letter.replace("those of apple", &"Pain is. ".repeat(100_000)));
    assert_eq!(imr.json(&["index", "letters"])["letters"], 1);
    for arguments in [
        &["search", "pain"][..],
        &["search", "rationale:(pain NEAR/100 pain)"],
        &["show", "CM15-0900001/1", "--query", "pain"],
    ] {
        let started = Instant::now();
        assert_eq!(imr.run(arguments).code, 0, "{arguments:?}");
        assert!(started.elapsed() < Duration::from_secs(20), "{arguments:?}");
    }
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
