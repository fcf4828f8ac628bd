//! The commands as a person runs them.

use crate::support::{Imr, determinations, root, small_letter};
use std::path::Path;
use std::process::Stdio;

fn corpus() -> String {
    root().join("corpus/letters").display().to_string()
}

fn letters() -> u64 {
    crate::support::corpus().len() as u64
}

/// A program with the corpus indexed.
fn with_corpus() -> Imr {
    let imr = Imr::new();
    assert_eq!(imr.run(["index", &corpus()]).code, 0);
    imr
}

#[test]
fn one_command_leads_from_nothing_to_an_answer() {
    let imr = Imr::new();
    let corpus = root().join("corpus").display().to_string();
    let ran =
        imr.run(["search", "acupuncture functional improvement", "--corpus", &corpus, "--facets"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let first = ran.out.lines().next().unwrap();
    assert!(
        first.contains("items:") && first.contains("Upheld") && first.contains("Overturned"),
        "{first}"
    );
    for part in ["Acupuncture", "Body region", "Lumbar spine (low back)", "\u{2588}"] {
        assert!(ran.out.contains(part), "{part}\n{}", ran.out);
    }
    assert!(ran.out.lines().all(|line| line.chars().count() <= 80), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'), "no colour in a pipe");
}

#[test]
fn a_second_run_does_nothing() {
    let imr = Imr::new();
    let first = imr.json(&["index", &corpus()]);
    assert_eq!(
        (first["added"].as_u64(), first["letters"].as_u64()),
        (Some(letters()), Some(letters()))
    );
    let second = imr.json(&["index", &corpus()]);
    for key in ["added", "changed", "removed"] {
        assert_eq!(second[key], 0, "{key}");
    }
    assert_eq!(second["unchanged"], letters());
    assert_eq!(second["items"], first["items"]);
    // Without a path the folders known are looked at.
    assert_eq!(imr.json(&["index"])["unchanged"], letters());
}

#[test]
fn search_json_is_as_promised() {
    let imr = with_corpus();
    let answer =
        imr.json(&["search", "acupuncture functional improvement", "--facets", "--limit", "5"]);
    let total = answer["total"].as_u64().unwrap();
    assert!(total >= 3, "{answer}");
    let hit = &answer["hits"][0];
    assert_eq!(hit["treatments"][0], "rehabilitation/acupuncture", "{hit}");
    for key in [
        "id",
        "letter",
        "score",
        "title",
        "disputed",
        "outcome",
        "specialties",
        "source",
        "passages",
        "guidelines",
    ] {
        assert!(!hit[key].is_null(), "{key}: {hit}");
    }
    let passage = &hit["passages"][0];
    let text: Vec<char> = passage["text"].as_str().unwrap().chars().collect();
    for mark in passage["marks"].as_array().unwrap() {
        let at = |end: usize| mark[end].as_u64().unwrap() as usize;
        let marked: String = text[at(0)..at(1)].iter().collect::<String>().to_lowercase();
        assert!(
            ["acupunct", "funct", "improv"].iter().any(|stem| marked.starts_with(stem)),
            "{marked}"
        );
    }
    let outcomes = answer["facets"]["outcome"].as_array().unwrap();
    let counted: u64 = outcomes.iter().map(|row| row["count"].as_u64().unwrap()).sum();
    assert_eq!(counted, total);
    assert_eq!(answer["query"]["interpreted"], "acupuncture AND functional AND improvement");
}

#[test]
fn a_filter_leaves_its_own_facet_as_it_is() {
    let imr = with_corpus();
    let query = ["search", "acupuncture", "--facets=outcome"];
    let all = imr.json(&query);
    let overturned = imr.json(&[&query[..], &["--outcome", "overturned"]].concat());
    assert!(overturned["total"].as_u64() < all["total"].as_u64());
    let counts = |answer: &serde_json::Value| -> Vec<(String, u64)> {
        let rows = answer["facets"]["outcome"].as_array().unwrap().iter();
        rows.map(|row| (row["path"].as_str().unwrap().to_owned(), row["count"].as_u64().unwrap()))
            .collect()
    };
    assert_eq!(counts(&all), counts(&overturned));
    assert!(
        overturned["hits"].as_array().unwrap().iter().all(|hit| hit["outcome"] == "overturned")
    );
    let rows = overturned["facets"]["outcome"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["path"] == "overturned" && row["selected"] == true));
}

#[test]
fn a_value_counts_what_choosing_it_gives_beside_what_is_left_out() {
    let imr = with_corpus();
    let counts = |args: &[&str], facet: &str| -> Vec<(String, u64)> {
        let answer = imr.json(&[&["search", &format!("--facets={facet}")], args].concat());
        let rows = answer["facets"][facet].as_array().unwrap().clone().into_iter();
        let is_left_out = |row: &serde_json::Value| row["excluded"] == true;
        rows.filter(|row| !is_left_out(row))
            .map(|row| (row["path"].as_str().unwrap().to_owned(), row["count"].as_u64().unwrap()))
            .collect()
    };
    let total = |args: &[&str]| imr.json(&[&["search"], args].concat())["total"].as_u64().unwrap();
    for (given, facet) in [
        (["pain", "--region", "!spine"], "region"),
        (["pain", "--treatment", "!pharmaceutical"], "treatment"),
        (["pain", "--decided", "2014..2015"], "year"),
        (["pain", "--age", "40..55"], "age-band"),
    ] {
        let shown = counts(&given, facet);
        assert!(!shown.is_empty(), "{facet}");
        for (path, count) in shown {
            let filter = format!("{facet}:{path}");
            let chosen = [&given[..], &[&filter]].concat();
            assert_eq!(total(&chosen), count, "{chosen:?}");
        }
    }
    let left_out = imr.json(&["search", "--facets=region", "--region", "!spine"]);
    let rows = left_out["facets"]["region"].as_array().unwrap();
    let spine = rows.iter().find(|row| row["path"] == "spine").unwrap();
    assert_eq!(spine["count"].as_u64().unwrap(), total(&["--region", "spine"]));
    assert!(!rows.iter().any(|row| row["path"] == "spine/lumbar"));
}

#[test]
fn filters_take_labels_aliases_and_last_parts() {
    let imr = with_corpus();
    let total = |args: &[&str]| imr.json(&[&["search"], args].concat())["total"].as_u64().unwrap();
    let lumbar = total(&["--region", "spine/lumbar"]);
    assert!(lumbar > 0);
    for same in ["lumbar", "LOW BACK", "Lumbar spine (low back)"] {
        assert_eq!(total(&["--region", same]), lumbar, "{same}");
    }
    assert_eq!(total(&["region:lumbar"]), lumbar);
    assert!(total(&["--region", "spine"]) > lumbar);
    let without = total(&["--region", "!spine"]);
    assert_eq!(without + total(&["--region", "spine"]), total(&[]));
    assert_eq!(total(&["--outcome", "denied"]), total(&["--outcome", "upheld"]));
    assert!(total(&["--specialty", "PM&R"]) > 0);
    assert_eq!(
        total(&["--decided", "2014", "--decided", "2015"]),
        total(&["--decided", "2014..2015"])
    );
    assert!(total(&["--age", "30..45"]) > 0);
}

#[test]
fn partial_matches_follow_and_are_marked() {
    let imr = with_corpus();
    let query = "acupuncture functional improvement lumbar xylophone";
    let answer = imr.json(&["search", query]);
    assert_eq!(answer["total"], 0);
    assert!(answer["partial_total"].as_u64() > Some(0));
    for hit in answer["hits"].as_array().unwrap() {
        let missing = hit["missing"].as_array().unwrap().len();
        assert_eq!(hit["matched"], if missing * 2 < 5 { "most" } else { "some" });
        assert!(hit["missing"].as_array().unwrap().iter().any(|word| word == "xylophone"), "{hit}");
    }
    assert_eq!(imr.json(&["search", query, "--all"])["partial_total"], 0);
    assert_eq!(imr.run(["search", query, "--all"]).code, 1);
    assert!(
        imr.json(&["search", query, "--any"])["total"].as_u64() > answer["partial_total"].as_u64()
    );
}

#[test]
fn pages_neither_repeat_nor_lose_a_hit() {
    let imr = with_corpus();
    for query in
        [vec!["search"], vec!["search", "pain patient request"], vec!["search", "--sort", "oldest"]]
    {
        let ids = |args: &[&str]| -> Vec<String> {
            let answer = imr.json(&[&query, args].concat());
            let hits = answer["hits"].as_array().unwrap().iter();
            hits.map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
        };
        let whole = ids(&["--limit", "60"]);
        let mut pages = Vec::new();
        for offset in (0..60).step_by(7) {
            let limit = 7.min(60 - offset);
            pages.extend(ids(&["--limit", &limit.to_string(), "--offset", &offset.to_string()]));
        }
        assert_eq!(pages, whole, "{query:?}");
    }
}

#[test]
fn sorting_by_date() {
    let imr = with_corpus();
    let dates = |sort: &str| -> Vec<String> {
        let answer = imr.json(&["search", "--sort", sort, "--limit", "1000"]);
        let hits = answer["hits"].as_array().unwrap().iter();
        hits.map(|hit| hit["decided"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let (newest, oldest) = (dates("newest"), dates("oldest"));
    let known = newest.iter().filter(|date| !date.is_empty()).count();
    assert!(known > 20 && known < newest.len());
    assert!(newest[..known].is_sorted_by(|a, b| a >= b) && oldest[..known].is_sorted());
    assert!(newest[known..].iter().chain(&oldest[known..]).all(String::is_empty));
}

#[test]
fn every_odd_file_ends_in_a_clear_line_and_costs_only_itself() {
    let pdf = std::fs::read(root().join("corpus/letters/CM14-0900158.pdf")).unwrap();
    let noise = |length: u32| -> Vec<u8> {
        (0..length).map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8).collect()
    };
    let headings = "HOW THE IMR FINAL DETERMINATION WAS MADE\n\nCLINICAL CASE SUMMARY\n\nA man.\n\nIMR \
                    ISSUES, DECISIONS AND RATIONALES\n\nThe items set forth below:\n";
    let notice = "Notice of Independent Medical Review Determination\n\nDated: 1/2/2013\n";
    let cases: [(&str, Vec<u8>, &str); 9] = [
        ("empty.txt", Vec::new(), "empty"),
        ("blank.pdf", b" \n\n".to_vec(), "empty"),
        ("cut.pdf", pdf[..pdf.len() / 2].to_vec(), "pdf-damaged"),
        ("noise.bin", noise(10_000_000), "binary"),
        ("long.txt", noise(20_000_000), "too-large"),
        ("no-letter.txt", b"Dear Sir, here is no determination.".to_vec(), "not-a-letter"),
        ("no-items.txt", headings.as_bytes().to_vec(), "items-missing"),
        ("notice.txt", notice.as_bytes().to_vec(), "items-missing"),
        ("no-text.pdf", PDF_WITHOUT_TEXT.to_vec(), "no-text"),
    ];
    let imr = Imr::new();
    imr.write("letters/good.txt", small_letter("CM15-0900001", "apple", "Upheld"));
    for (name, bytes, _) in &cases {
        imr.write(&format!("letters/{name}"), bytes);
    }
    for run in 0..2 {
        let report = imr.json(&["index", "letters"]);
        assert_eq!(
            (report["letters"].as_u64(), report["added"].as_u64()),
            (Some(1), Some(1 - run))
        );
        let failed = report["failed"].as_array().unwrap();
        assert_eq!(failed.len(), cases.len(), "{failed:#?}");
        for (name, _, code) in &cases {
            let of_file = |f: &&serde_json::Value| f["source"].as_str().unwrap().ends_with(name);
            let failure =
                failed.iter().find(of_file).unwrap_or_else(|| panic!("{name}: {failed:#?}"));
            assert_eq!(failure["code"], *code, "{name}");
            assert!(!failure["message"].as_str().unwrap().is_empty());
        }
    }
    let ran = imr.run(["index", "letters"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("9 failed") && ran.out.contains("noise.bin"), "{}", ran.out);
    assert_eq!(imr.run(["search", "apple"]).code, 0);
}

/// One empty page.
const PDF_WITHOUT_TEXT: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages\
/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>endobj\nxref\n0 4\n\
0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n\
startxref\n164\n%%EOF\n";

#[test]
fn copies_and_clashes_are_told_and_nothing_is_lost() {
    let imr = Imr::new();
    let letter = small_letter("CM15-0900001", "apple", "Upheld");
    imr.write("letters/a.txt", &letter);
    imr.write("letters/b.txt", letter.replace('\n', "\r\n"));
    imr.write("letters/c.txt", small_letter("CM15-0900001", "cherry", "Overturned"));
    let report = imr.json(&["index", "letters"]);
    assert_eq!((report["letters"].as_u64(), report["items"].as_u64()), (Some(2), Some(2)));
    assert_eq!(report["failed"][0]["code"], "duplicate");
    assert_eq!(report["notices"][0]["code"], "identity-clash");
    assert_eq!(imr.run(["index", "letters"]).code, 1);
    assert!(imr.run(["show", "CM15-0900001~2"]).out.contains("cherry"));
    let first = imr.run(["show", "CM15-0900001"]);
    assert!(first.err.contains("imr show CM15-0900001~2"), "{}", first.err);
    // The copy takes over when the first file goes.
    std::fs::remove_file(imr.path("letters/a.txt")).unwrap();
    let report = imr.json(&["index", "letters"]);
    assert_eq!((report["letters"].as_u64(), report["removed"].as_u64()), (Some(2), Some(1)));
    assert!(report["failed"].as_array().unwrap().is_empty(), "{report}");
    assert!(imr.run(["show", "CM15-0900001", "--source"]).out.contains("apple"));
}

#[test]
fn what_is_missing_is_said_with_a_hint() {
    let imr = Imr::new();
    let none = imr.run(["search", "knee"]);
    assert_eq!(none.code, 2);
    assert!(
        none.err.contains("there is no index") && none.err.contains("imr index"),
        "{}",
        none.err
    );
    let gone = imr.run(["index", "nowhere"]);
    assert_eq!(gone.code, 2);
    assert!(gone.err.contains("nowhere") && gone.err.contains("no such file"), "{}", gone.err);
    std::fs::create_dir(imr.path("bare")).unwrap();
    let bare = imr.run(["index", "bare"]);
    assert_eq!(bare.code, 1);
    assert!(bare.out.contains("no letter was found"), "{}", bare.out);
    imr.write("other/precious.txt", "mine");
    let foreign =
        imr.command().env("IMR_INDEX", imr.path("other")).args(["index", "bare"]).output().unwrap();
    assert_eq!(foreign.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&foreign.stderr).contains("holds no index"));
    assert!(imr.path("other/precious.txt").exists());
}

#[test]
fn errors_in_queries_and_filters_help() {
    let imr = with_corpus();
    for (args, parts) in [
        (vec!["search", "knee (brace"], vec!["not closed", "^^^^^^"]),
        (vec!["search", "titel:knee"], vec!["no field \"titel\"", "title"]),
        (vec!["search", "knee", "--region", "lumber"], vec!["no value \"lumber\"", "spine/lumbar"]),
        (vec!["search", "region:lumber"], vec!["no value \"lumber\"", "^^^^^^"]),
        (vec!["search", "--decided", "14"], vec!["no range of dates", "2014..2016"]),
        (vec!["search", "knee", "--facets=colour"], vec!["no facet \"colour\"", "outcome"]),
        (vec!["search", "knee *"], vec!["stands for everything", "^"]),
        (vec!["search", "*a*"], vec!["more than 400 words", "^^", "more of its letters"]),
        (vec!["search", "age:old knee"], vec!["no range of numbers", "30..45", "^^^"]),
        (vec!["search", "outcome:\"!upheld\""], vec!["no value \"!upheld\"", "excludes"]),
        (vec!["search", "--outcome=-upheld"], vec!["no value \"-upheld\"", "one `!`"]),
        (vec!["search", "--outcome", "!!upheld"], vec!["no value \"!upheld\""]),
        (vec!["search", "year:foo"], vec!["\"foo\" is no year", "2014", "^^^"]),
        (vec!["search", "age-band:31-39"], vec!["no band of ages", "30-39"]),
        (vec!["search", "region:(knee OR kneee)"], vec!["no value \"kneee\"", "^^^^^"]),
        (vec!["search", "knee|shoulder"], vec!["write knee OR shoulder", "^^^"]),
        (vec!["search", "+knee"], vec!["write knee"]),
        (
            vec!["show", "CM14-0900101", "--format", "csv"],
            vec!["invalid value 'csv'", "text, json, jsonl"],
        ),
    ] {
        let ran = imr.run(&args);
        assert_eq!(ran.code, 2, "{args:?}");
        for part in parts {
            assert!(ran.err.contains(part), "{args:?}: {}", ran.err);
        }
        assert!(ran.out.is_empty());
    }
}

#[test]
fn a_letter_and_an_item_can_be_read() {
    let imr = with_corpus();
    let letter = imr.json(&["show", "CM14-0900101"]);
    assert_eq!(letter["id"], "CM14-0900101");
    let items = letter["items"].as_array().unwrap();
    assert!(!items.is_empty() && items[0]["id"] == "CM14-0900101/1");
    let item = imr.json(&["show", "CM14-0900101/1"]);
    assert_eq!(item["title"], items[0]["title"]);
    let parsed = imr.json(&["parse", &format!("{}/CM14-0900101.txt", corpus())]);
    assert_eq!(parsed["items"], letter["items"]);
    let explained = imr.run(["show", "CM14-0900101/1", "--explain"]);
    assert!(explained.out.contains("in the title"), "{}", explained.out);
    let source = imr.run(["show", "CM14-0900101", "--source"]);
    assert!(source.out.contains("CLINICAL CASE SUMMARY"), "{}", source.out);
}

#[test]
fn parse_reads_what_is_piped_in() {
    let imr = Imr::new();
    let letter = small_letter("CM15-0900001", "apple", "Upheld");
    let told = imr.fed(&["parse", "-", "--format", "json"], &letter);
    let read: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!((&read["id"], told.code), (&"CM15-0900001".into(), 0), "{}", told.err);
    assert_eq!(imr.fed(&["parse", "-"], "no letter").code, 1);
}

#[test]
fn parse_puts_a_failure_in_its_place() {
    let imr = Imr::new();
    imr.write("a.txt", small_letter("CM15-0900001", "apple", "Upheld"));
    imr.write("b.txt", "no letter");
    let both = imr.json(&["parse", "a.txt", "b.txt"]);
    assert_eq!(both[0]["id"], "CM15-0900001");
    assert_eq!(both[0]["source"], "a.txt");
    assert_eq!(both[1]["error"]["code"], "not-a-letter");
    let lines = imr.run(["parse", "--format", "jsonl", "a.txt", "b.txt"]);
    assert_eq!((lines.code, lines.out.lines().count()), (1, 2));
}

#[test]
fn tables_and_lines_for_programs() {
    let imr = with_corpus();
    let csv = imr.run(["search", "acupuncture", "--format", "csv", "-n", "3"]);
    let mut reader = csv::Reader::from_reader(csv.out.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(&reader.headers().unwrap()[0], "id");
    let lines = imr.run(["search", "acupuncture", "--format", "jsonl", "-n", "3"]);
    assert!(lines.out.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    assert_eq!(lines.out.lines().count(), 3);
    let facets = imr.run(["facets", "treatment", "--find", "acup", "--format", "csv"]);
    assert!(facets.out.contains("rehabilitation/acupuncture"), "{}", facets.out);
}

#[test]
fn text_fits_a_narrow_terminal() {
    let imr = with_corpus();
    for args in [
        &["search", "acupuncture improvement", "--facets"][..],
        &["contrast", "acupuncture"],
        &["facets", "treatment"],
    ] {
        let ran = imr.command().env("COLUMNS", "40").args(args).output();
        let out = String::from_utf8(ran.unwrap().stdout).unwrap();
        let longest = out.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(40), "{longest:?}\n{out}");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let imr = with_corpus();
    let mut child = imr
        .command()
        .args(["search", "--limit", "500", "--format", "jsonl"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_dry_run_writes_nothing() {
    let imr = Imr::new();
    let report = imr.json(&["index", "--dry-run", &corpus()]);
    assert_eq!(
        (report["added"].as_u64(), report["dry_run"].as_bool()),
        (Some(letters()), Some(true))
    );
    assert!(!imr.path("index").exists());
}

#[test]
fn files_can_be_listed_by_another_program() {
    use std::io::Write;
    let imr = Imr::new();
    let one = imr.write("a b.txt", small_letter("CM15-0900001", "apple", "Upheld"));
    imr.write("c.txt", small_letter("CM15-0900002", "cherry", "Upheld"));
    let mut command = imr.command();
    let mut child = command
        .args(["index", "--files-from", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{}\r", one.display()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(imr.run(["status"]).out.contains("1 letter, 1 item"));
}

#[cfg(unix)]
#[test]
fn links_that_loop_do_no_harm() {
    let imr = Imr::new();
    imr.write("letters/.hidden/a.txt", small_letter("CM15-0900001", "apple", "Upheld"));
    std::os::unix::fs::symlink(imr.path("letters"), imr.path("letters/loop")).unwrap();
    let report = imr.json(&["index", "letters"]);
    assert_eq!(report["letters"], 1, "{report}");
    assert!(
        report["failed"].as_array().unwrap().iter().all(|f| f["code"] == "link-loop"),
        "{report}"
    );
}

#[test]
fn a_second_writer_is_told_who_writes() {
    let imr = with_corpus();
    let lock =
        std::fs::OpenOptions::new().read(true).write(true).open(imr.path("index/LOCK")).unwrap();
    lock.lock().unwrap();
    imr.write("new/a.txt", small_letter("CM15-0900001", "apple", "Upheld"));
    let ran = imr.run(["index", "new"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("another process is writing") && ran.err.contains("process "),
        "{}",
        ran.err
    );
    assert_eq!(imr.run(["search", "acupuncture"]).code, 0, "readers go on");
}

#[test]
fn an_index_of_another_schema_is_told_apart() {
    let imr = with_corpus();
    let generation = std::fs::read_to_string(imr.path("index/CURRENT")).unwrap();
    let meta = imr
        .path("index")
        .join(generation.trim_start_matches("imr-search ").trim())
        .join("meta.json");
    let text = std::fs::read_to_string(&meta).unwrap();
    let (before, after) = text.split_once("{\\\"schema\\\":").unwrap();
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
    std::fs::write(&meta, format!("{before}{{\\\"schema\\\":99{after}")).unwrap();
    let ran = imr.run(["search", "knee"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("schema 99") && ran.err.contains("imr index --rebuild"),
        "{}",
        ran.err
    );
    assert_eq!(imr.run(["index", "--rebuild", &corpus()]).code, 0);
    assert_eq!(imr.run(["search", "knee"]).code, 0);
}

#[test]
fn help_names_every_command_and_the_manual_is_made() {
    let imr = Imr::new();
    let help = imr.run(["--help"]).out;
    let man = imr.run(["man"]).out;
    for command in ["index", "search", "facets", "show", "parse", "status", "completions", "man"] {
        assert!(help.contains(&format!("  {command}")), "{help}");
        assert!(man.contains(command));
        assert_eq!(imr.run([command, "--help"]).code, 0);
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(imr.run(["completions", shell]).out.contains("imr"), "{shell}");
    }
    std::fs::create_dir(imr.path("pages")).unwrap();
    assert_eq!(imr.run(["man", "pages"]).code, 0);
    assert!(imr.path("pages/imr.1").exists());
}

#[test]
fn every_example_of_the_query_language_works() {
    let imr = with_corpus();
    let help = imr.run(["help", "query"]).out;
    let (mut examples, mut found) = (0, 0);
    for line in help.lines().filter_map(|line| line.trim().strip_prefix("imr search ")) {
        let query = match line.strip_prefix('\'') {
            Some(rest) => rest.split('\'').next().unwrap(),
            None => line,
        };
        let answer = imr.json(&["search", query]);
        examples += 1;
        found += usize::from(answer["total"].as_u64() > Some(0));
    }
    assert!(examples >= 20 && found + 4 >= examples, "{found} of {examples} find something");
    assert_eq!(help.lines().find(|line| line.chars().count() > 100), None);
}

#[test]
fn items_with_one_rationale_are_one_hit() {
    let imr = with_corpus();
    let query = "medically necessary";
    let every = imr.json(&["search", query, "--all", "--no-fold", "--limit", "1000"]);
    let folded = imr.json(&["search", query, "--all", "--limit", "1000"]);
    let hits = |answer: &serde_json::Value| answer["hits"].as_array().unwrap().clone();
    assert_eq!(every["total"], folded["total"], "counts are of items");
    assert_eq!(hits(&every).len() as u64, every["total"].as_u64().unwrap());
    let stands_for = |hit: &serde_json::Value| 1 + hit["folded"].as_u64().unwrap_or(0);
    assert_eq!(hits(&folded).iter().map(stands_for).sum::<u64>(), every["total"].as_u64().unwrap());
    assert!(hits(&folded).len() < hits(&every).len());
    let letters = imr.json(&["search", query, "--all", "--group", "letter", "--limit", "1000"]);
    let mut names: Vec<String> =
        hits(&letters).iter().map(|hit| hit["letter"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), hits(&letters).len(), "one hit a letter");
}

#[test]
fn output_for_scripts() {
    let imr = with_corpus();
    let answer = imr.json(&["search", "acupuncture", "--no-fold", "--limit", "1000"]);
    let ids: Vec<&str> =
        answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
    let ran = imr.run(["search", "acupuncture", "--no-fold", "--limit", "1000", "--ids"]);
    assert_eq!(ran.out.lines().collect::<Vec<_>>(), ids);
    assert_eq!(imr.run(["search", "acupuncture", "--count"]).out.trim(), ids.len().to_string());
    let csv = imr.run(["search", "acupuncture", "--format", "csv", "--fields", "outcome,id"]).out;
    assert_eq!(csv.lines().next(), Some("outcome,id"));
    assert!(csv.lines().nth(1).unwrap().starts_with(['u', 'o', 'p']));
    let wrong = imr.run(["search", "acupuncture", "--format", "csv", "--fields", "colour"]);
    assert!(wrong.code == 2 && wrong.err.contains("columns are id, "), "{}", wrong.err);
    let few = imr.json(&["search", "--facets=treatment:3,outcome", "--limit", "0"]);
    assert_eq!(few["facets"]["treatment"].as_array().unwrap().len(), 3);
    assert!(few["facets"]["outcome"].as_array().unwrap().len() > 1);
    let ran = imr.fed(&["search", "-", "--count"], "acupuncture\r\n\n(open\nnothingatall\n");
    assert_eq!(ran.out, format!("{}\nerror\n0\n", ids.len()), "an answer in the place of each");
    assert!(ran.code == 2 && ran.err.contains("line 3") && ran.err.contains("not closed"));
    let ran = imr.fed(&["search", "-", "--format", "json", "-n", "0"], "acupuncture\nknee AND\n");
    let told: Vec<serde_json::Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told[0]["total"], ids.len());
    assert!(told[1]["error"]["message"].as_str().unwrap().starts_with("line 2: "));
}

#[test]
fn lists_for_scripts_hold_what_is_counted() {
    let imr = with_corpus();
    let query = ["search", "medically necessary request"];
    let with = |more: &[&str]| imr.run(query.iter().chain(more));
    let count = with(&["--count"]).out;
    let all = ["-n", "1000"];
    assert_eq!(
        with(&[&all[..], &["--ids"]].concat()).out.lines().count().to_string(),
        count.trim()
    );
    let csv = with(&[&all[..], &["--format", "csv", "--fields", "id"]].concat()).out;
    assert_eq!((csv.lines().count() - 1).to_string(), count.trim());
    let cited = with(&[&all[..], &["--cite=json"]].concat()).out;
    let cited: serde_json::Value = serde_json::from_str(&cited).unwrap();
    assert_eq!(cited.as_array().unwrap().len().to_string(), count.trim());
    // What only some of the words stand in is told of and not listed.
    let none = imr.run(["search", "acupuncture nothingatall", "--ids"]);
    assert!(none.out.is_empty() && none.code == 1 && none.err.contains("--any"), "{}", none.err);
    let none = imr.run(["search", "acupuncture nothingatall", "--count"]);
    assert_eq!((none.out.as_str(), none.code), ("0\n", 1));
}

#[test]
fn a_letter_has_one_hit_in_all_lists() {
    let imr = with_corpus();
    let args = ["search", "acupuncture functional improvement", "--group", "letter", "-n", "1000"];
    let answer = imr.json(&args);
    let hits = answer["hits"].as_array().unwrap();
    let mut letters: Vec<&str> = hits.iter().map(|hit| hit["letter"].as_str().unwrap()).collect();
    let (all, partial) = (letters.len(), hits.iter().any(|hit| hit["matched"] != "full"));
    letters.sort_unstable();
    letters.dedup();
    assert!(partial && letters.len() == all, "{} of {all}", letters.len());
}

#[test]
fn short_forms_dashes_and_other_names() {
    let imr = Imr::new();
    let letter = |case: &str, title: &str| {
        let text = small_letter(case, title, "Upheld");
        imr.write(&format!("letters/{case}.txt"), text);
    };
    letter("CM14-0000001", "TENS unit, L4\u{2013}5 pads");
    letter("CM14-0000002", "Ten visits for tense muscles");
    letter("CM14-0000003", "MRIs of both knees, L4-5 too");
    letter("CM14-0000004", "MRI of the neck");
    letter("CM14-0000005", "PR2 report");
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    for (query, ids) in [
        ("title:TENS", "1"),
        ("title:ten", "2"),
        ("title:MRI", "34"),
        ("title:MRIs", "34"),
        ("title:L4-5", "13"),
        ("title:L4\u{2212}5", "13"),
        ("CM14\u{2013}0000003", "3"),
        ("title:ne?k", "4"),
        ("title:nec?", "4"),
        ("title:(knees within/9 MRIs)", "34"),
        ("title:(MRIs pre/9 knees)", "34"),
        ("title:(knees PRE/9 MRIs)", ""),
        ("title:PR2", "5"),
        ("MRI ? neck", "4"),
    ] {
        let ran = imr.run(["search", query, "--ids"]);
        let mut found: Vec<&str> = ran.out.lines().map(|id| &id[11..12]).collect();
        found.sort_unstable();
        assert_eq!(found.concat(), ids, "{query}");
    }
    let told = imr.run(["rates", "treatment:MRI"]).out;
    assert!(told.contains("treatment:MRI read as "), "{told}");
    assert_eq!(imr.run(["rates", "region:back"]).code, 2, "which region is meant is not known");
}

#[test]
fn strengths_are_ranges_of_milligrams() {
    let imr = with_corpus();
    let all = total(&imr, &["--strength", "0.."]);
    let (low, high) = (total(&imr, &["--strength", "..9.99"]), total(&imr, &["strength:10.."]));
    assert!(low > 0 && high > 0 && low + high == all, "{low} {high} {all}");
    assert!(total(&imr, &["--strength", "7.5"]) > 0);
}

#[test]
fn spellings_strengths_and_fillers_meet() {
    let imr = Imr::new();
    for (at, name) in [
        "Pre-operative medical clearance, clonidine .1mg #30",
        "Preoperative medical clearance, clonidine 0.1mg and clonidine 0.2mg",
        "Xray of the shin, clonidine 1mg",
        "X-ray of the shin, sacroiliac joint",
    ]
    .into_iter()
    .enumerate()
    {
        let case = format!("CM15-090000{at}");
        imr.write(&format!("letters/{at}.txt"), small_letter(&case, name, "Upheld"));
    }
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    for (query, items) in [
        ("\"preoperative medical clearance\"", 2),
        ("\"pre-operative medical clearance\"", 2),
        ("=\"pre-operative medical clearance\"", 1),
        ("pre-operative BEFORE/2 clearance", 2),
        ("preoperative BEFORE/2 clearance", 2),
        ("=pre-operative BEFORE/2 clearance", 2),
        ("=pre-operative", 2),
        ("\"xray of\"", 2),
        ("\"x-ray of\"", 2),
        ("\"clonidine .1 mg\"", 2),
        ("\"clonidine 1 mg\"", 1),
        ("strength:0.1", 2),
        ("strength:0.2", 1),
        ("0.1*", 2),
        ("title:(xray of the shin)", 2),
        ("title:(what is the xray for)", 2),
        ("shin (what was the xray)", 2),
        ("guideline:=\"knee complaints\"^2", 4),
        ("clearance -(for xray)", 2),
        ("clearance title:why", 0),
    ] {
        assert_eq!(total(&imr, &[query]), items, "{query}");
    }
    let offered = imr.json(&["search", "SI joint"]);
    assert_eq!(offered["query"]["related"][0]["to"][0], "sacroiliac joint", "{offered}");
    assert_eq!(imr.run(["similar", "CM15-0900000/1", "-n", "0"]).code, 2);
    let sides = imr.run(["contrast", "--between", "clonidine", "zebra"]);
    assert!(sides.out.contains("no item is on this side"), "{}", sides.out);
}

#[test]
fn a_slip_is_told_of_and_not_followed() {
    let imr = with_corpus();
    let answer = imr.json(&["search", "acupunctrue"]);
    assert_eq!(answer["total"], 0);
    let guess = &answer["query"]["did_you_mean"][0];
    assert_eq!((&guess["from"], &guess["to"][0]), (&"acupunctrue".into(), &"acupuncture".into()));
    assert!(imr.run(["search", "acupunctrue"]).out.contains("did you mean acupuncture"));
    assert!(imr.json(&["search", "acupuncture"])["query"]["did_you_mean"].is_null());
}

#[test]
fn phrases_of_one_meaning_are_offered_and_numbers_found_in_both_forms() {
    let imr = with_corpus();
    let answer = imr.json(&["search", "\"functional improvement\""]);
    let related = &answer["query"]["related"][0];
    assert_eq!(related["from"], "functional improvement");
    assert!(related["to"].as_array().unwrap().iter().any(|form| form == "functional gain"));
    assert!(imr.run(["search", "functional improvement"]).out.contains("\"functional gain\""));
    assert_eq!(total(&imr, &["six visits"]), total(&imr, &["6 visits"]));
    assert!(total(&imr, &["six visits", "--exact"]) < total(&imr, &["six visits"]));
}

#[test]
fn passages_mark_what_each_operator_found() {
    let imr = with_corpus();
    for (query, marked) in [
        ("rationale:acupunct*", "acupunct"),
        ("rationale:tramadl~1", "tramadol"),
        ("rationale:\"functional improvement\"", "functional improvement"),
        ("rationale:(functional NEAR/3 improvement)", "function"),
    ] {
        let answer = imr.json(&["search", query, "--limit", "1"]);
        let hit = &answer["hits"][0];
        let shown = hit["passages"].as_array().unwrap().iter().chain([&hit["conclusion"]]);
        let marks = |passage: &&serde_json::Value| !passage["marks"][0].is_null();
        let passage = shown.into_iter().find(marks).unwrap();
        let chars: Vec<char> = passage["text"].as_str().unwrap().chars().collect();
        let mark = &passage["marks"][0];
        let (start, end) = (mark[0].as_u64().unwrap(), mark[1].as_u64().unwrap());
        let text: String = chars[start as usize..end as usize].iter().collect();
        assert!(text.to_lowercase().starts_with(marked), "{query}: {text}");
    }
}

#[test]
fn real_letters_give_the_known_counts() {
    let Some(folder) = determinations() else { return };
    let imr = Imr::new();
    let path = |name: &str| Path::new(&folder).join(name).display().to_string();
    let seeds = imr.json(&["index", &path("seeds")]);
    assert_eq!((seeds["letters"].as_u64(), seeds["items"].as_u64()), (Some(5), Some(8)));
    let answer =
        imr.json(&["search", "acupuncture functional improvement", "--facets", "--limit", "8"]);
    let hits = answer["hits"].as_array().unwrap();
    for hit in &hits[..5] {
        assert_eq!(hit["treatments"][0], "rehabilitation/acupuncture", "{hit}");
    }
    let outcomes = imr.json(&["facets", "outcome"]);
    let counts: Vec<u64> = outcomes["outcome"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["count"].as_u64().unwrap())
        .collect();
    assert_eq!(counts, [5, 3]);
    let both = imr.json(&["index", &path("letters")]);
    assert_eq!((both["letters"].as_u64(), both["items"].as_u64()), (Some(102), Some(215)));
}

/// How many items a search finds.
#[track_caller]
fn total(imr: &Imr, args: &[&str]) -> u64 {
    imr.json(&[&["search", "--all"], args].concat())["total"].as_u64().unwrap()
}

#[test]
fn phrases_can_be_excluded() {
    let imr = with_corpus();
    let all = total(&imr, &[]);
    for phrase in ["C5/6", "\"H-wave unit\"", "\"low back\"", "\"functional improvement\"", "L4-5"]
    {
        let with = total(&imr, &[phrase]);
        assert_eq!(total(&imr, &[&format!("NOT {phrase}")]) + with, all, "{phrase}");
        let knee = total(&imr, &["knee"]);
        let both = total(&imr, &[&format!("knee {phrase}")]);
        for without in [format!("knee -{phrase}"), format!("knee AND NOT ({phrase})")] {
            assert_eq!(total(&imr, &[&without]) + both, knee, "{without}");
        }
    }
    assert!(total(&imr, &["\"low back\""]) > 0);
}

#[test]
fn operators_mean_what_they_say() {
    let imr = with_corpus();
    let knee = total(&imr, &["knee -shoulder"]);
    for same in
        ["knee !shoulder", "knee \u{2013}shoulder", "knee \u{2014}shoulder", "knee NOT shoulder"]
    {
        assert_eq!(total(&imr, &[same]), knee, "{same}");
    }
    let all = total(&imr, &[]);
    let upheld = total(&imr, &["outcome:upheld"]);
    for not in ["outcome:!upheld", " -outcome:upheld", "Outcome: !upheld", "OUTCOME:-upheld"] {
        assert_eq!(total(&imr, &[not]) + upheld, all, "{not}");
    }
    assert_eq!(total(&imr, &["title: knee"]), total(&imr, &["title:knee"]));
    assert_eq!(
        total(&imr, &["region:(knee OR shoulder)"]),
        total(&imr, &["--region", "knee", "--region", "shoulder"])
    );
    assert_eq!(total(&imr, &["year:2014"]), total(&imr, &["--decided", "2014"]));
}

#[test]
fn a_name_of_a_facet_and_a_field_is_told_which_it_was() {
    let imr = with_corpus();
    let value = imr.json(&["search", "guideline:MTUS/ACOEM"]);
    assert_eq!(value["query"]["interpreted"], "guideline:mtus/acoem");
    assert_eq!(value["total"], total(&imr, &["--guideline", "mtus/acoem"]));
    let knee = imr.json(&["search", "guideline:knee"]);
    assert_eq!(knee["query"]["interpreted"], "guideline:knee");
    assert!(knee["total"].as_u64() > Some(1), "the words, not one chapter");
    let slip = imr.run(["search", "guideline:odg/kneee"]);
    assert!(slip.code == 2 && slip.err.contains("odg/knee-leg"), "{}", slip.err);
    let words = imr.json(&["search", "guideline:\"decision based on\""]);
    assert_eq!(words["query"]["interpreted"], "guideline:\"decision based on\"");
    assert!(words["total"].as_u64() > Some(0));
}

#[test]
fn topics_of_guidelines_are_found_by_their_words() {
    let imr = with_corpus();
    let topics = imr.json(&["facets", "guideline-topic"]);
    let rows = topics["guideline-topic"].as_array().unwrap();
    let with_word = |row: &&serde_json::Value| {
        let path = row["path"].as_str().unwrap();
        path.split('-').any(|word| word == "massage")
    };
    let paths: Vec<&str> =
        rows.iter().filter(with_word).map(|row| row["path"].as_str().unwrap()).collect();
    assert!(paths.len() > 1, "{rows:#?}");
    let massage = total(&imr, &["--guideline-topic", "massage"]);
    assert!(massage >= 2 && total(&imr, &["guideline-topic:massage"]) == massage);
    let each: Vec<u64> =
        paths.iter().map(|path| total(&imr, &["--guideline-topic", path])).collect();
    assert!(each.iter().all(|count| (1..=massage).contains(count)), "{each:?}");
    let both = total(&imr, &["--guideline-topic", "massage", "--guideline", "!mtus"]);
    let schedule = total(&imr, &["--guideline-topic", "massage", "--guideline", "mtus"]);
    assert_eq!(both + schedule, massage);
    let unknown = imr.run(["search", "--guideline-topic", "masage"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("massage"), "{}", unknown.err);
}

#[test]
fn repeated_words_count_once() {
    let imr = with_corpus();
    let counts = |query: &str| {
        let answer = imr.json(&["search", query]);
        let matched = answer["hits"][0]["matched"].clone();
        (answer["total"].as_u64(), answer["partial_total"].as_u64(), matched)
    };
    let once = counts("knee xylophone zither");
    assert_eq!(once, counts("knee knee Knee KNEE xylophone zither"));
    assert_eq!((once.0, once.2), (Some(0), "some".into()));
}

#[test]
fn a_case_number_finds_its_letter() {
    let imr = with_corpus();
    for id in ["CM14-0900101", "cm14-0900101"] {
        let answer = imr.json(&["search", id]);
        assert!(answer["total"].as_u64() > Some(0), "{id}");
        assert_eq!(answer["hits"][0]["letter"], "CM14-0900101", "{id}");
        assert_eq!(imr.json(&["show", id])["id"], "CM14-0900101");
    }
    let item = imr.json(&["search", "cm14-0900101/1"]);
    assert_eq!(item["hits"][0]["id"], "CM14-0900101/1");
    assert_eq!(item["total"], 1);
    assert_eq!(imr.json(&["show", "cm14-0900101/1"])["id"], "CM14-0900101/1");
}

#[test]
fn several_letters_are_one_json_value() {
    let imr = with_corpus();
    let ran = imr.run([
        "show",
        "CM14-0900101",
        "CM99-0000000",
        "CM14-0900101/1",
        "CM14-0900101/99",
        "--format",
        "json",
    ]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("no letter or item CM99-0000000") && ran.err.contains("no item 99"),
        "{}",
        ran.err
    );
    let all: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 2, "{all}");
    assert_eq!(all[1]["id"], "CM14-0900101/1");
    assert_eq!(imr.run(["show", "CM99-0000000"]).code, 1);
    let explained = imr.json(&["show", "CM14-0900101", "--explain"]);
    let evidence = explained["evidence"].as_array().unwrap();
    assert!(
        evidence.iter().any(|row| row["item"] == 1 && row["facet"] == "treatment"),
        "{explained}"
    );
    let source = imr.json(&["show", "CM14-0900101", "--source"]);
    assert!(source["text"].as_str().unwrap().contains("CLINICAL CASE SUMMARY"));
}

#[test]
fn no_letter_controls_the_terminal() {
    let imr = Imr::new();
    let letter = small_letter("CM15-0900001", "apple\u{1b}[45m", "Upheld");
    imr.write("letters/a\u{1b}[2J.txt", letter);
    imr.write("letters/bad\u{1b}[2J.txt", "no letter");
    let bad = imr.path("letters/bad\u{1b}[2J.txt").display().to_string();
    imr.run(["index", "letters"]);
    for args in [
        vec!["search", "brace", "--facets", "--explain"],
        vec!["search", "apple"],
        vec!["show", "CM15-0900001"],
        vec!["show", "CM15-0900001", "--explain"],
        vec!["show", "CM15-0900001", "--source"],
        vec!["show", "\u{1b}[45m"],
        vec!["parse", &bad],
        vec!["status"],
        vec!["search", "apple", "--corpus", "letters"],
    ] {
        let ran = imr.run(&args);
        assert!(!ran.out.contains('\u{1b}'), "{args:?} {:?}", ran.out);
        assert!(!ran.err.contains('\u{1b}'), "{args:?} {:?}", ran.err);
        let coloured = imr.run(args.iter().copied().chain(["--color", "always"]));
        for foreign in ["\u{1b}[45m", "\u{1b}[2J"] {
            assert!(!coloured.out.contains(foreign) && !coloured.err.contains(foreign), "{args:?}");
        }
    }
}

#[test]
fn a_table_into_a_closed_pipe_is_no_error() {
    let imr = with_corpus();
    for args in [vec!["search", "--limit", "500"], vec!["facets", "treatment", "--all-values"]] {
        let mut command = imr.command();
        let mut child =
            command.args(args).args(["--format", "csv"]).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn excluded_and_unused_values_stand_in_their_place() {
    let imr = with_corpus();
    let answer = imr.json(&["search", "--region", "!spine/lumbar", "--facets=region"]);
    let rows = answer["facets"]["region"].as_array().unwrap();
    let row = rows.iter().find(|row| row["path"] == "spine/lumbar").unwrap();
    assert_eq!((&row["selected"], &row["excluded"]), (&false.into(), &true.into()));
    assert!(
        rows.iter()
            .filter(|row| row["path"] != "spine/lumbar")
            .all(|row| row["excluded"].is_null())
    );
    let text = imr.run(["facets", "region", "--region", "!spine/lumbar"]).out;
    assert!(text.lines().any(|line| line.starts_with(" -   Lumbar")), "{text}");
    let child_follows = |rows: &[serde_json::Value]| {
        let paths: Vec<&str> = rows.iter().map(|row| row["path"].as_str().unwrap()).collect();
        for (at, path) in paths.iter().enumerate() {
            if let Some((parent, _)) = path.rsplit_once('/') {
                let before =
                    paths[..at].iter().rposition(|known| !known.starts_with(&format!("{parent}/")));
                assert!(before.is_some_and(|before| paths[before] == parent), "{path}: {paths:?}");
            }
        }
    };
    let none = imr.json(&["search", "xylophone", "--region", "knee", "--facets=region"]);
    let rows = none["facets"]["region"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
    child_follows(rows);
    child_follows(
        imr.json(&["facets", "treatment", "--all-values"])["treatment"].as_array().unwrap(),
    );
}

#[test]
fn a_score_is_explained_by_its_words() {
    let imr = with_corpus();
    let args = ["search", "what is the acupuncture improvement", "--region", "spine", "--explain"];
    let answer = imr.json(&args);
    assert_eq!(answer["query"]["filters"][0], "region:spine");
    assert!(answer["query"]["optional"].as_array().unwrap().iter().any(|word| word == "what"));
    for hit in answer["hits"].as_array().unwrap() {
        let parts = hit["explanation"].as_array().unwrap();
        let sum: f64 = parts.iter().map(|part| part["score"].as_f64().unwrap()).sum();
        assert!((sum - hit["score"].as_f64().unwrap()).abs() < 0.01, "{hit}");
    }
    let text = imr.run(args).out;
    assert!(text.contains("read as: ") && text.contains("acupuncture in "), "{text}");
}

#[test]
fn a_letter_is_shown_with_all_that_a_query_finds() {
    let imr = with_corpus();
    let id = imr.json(&["search", "acupuncture"])["hits"][0]["letter"].as_str().unwrap().to_owned();
    let shown = imr.json(&["show", &id, "--query", "acupunct*"]);
    let marked = shown["marks"].as_array().unwrap();
    assert!(marked.iter().any(|marked| marked["field"] == "rationale"), "{marked:?}");
    for marked in marked.iter().filter(|marked| marked["field"] == "rationale") {
        let item = marked["item"].as_u64().unwrap() as usize - 1;
        let text: Vec<char> = shown["items"][item]["rationale"].as_str().unwrap().chars().collect();
        for mark in marked["marks"].as_array().unwrap() {
            let (start, end) = (mark[0].as_u64().unwrap(), mark[1].as_u64().unwrap());
            let word: String = text[start as usize..end as usize].iter().collect();
            assert!(word.to_lowercase().starts_with("acupunct"), "{word}");
        }
    }
    let page = imr.run(["--color", "always", "show", &id, "--query", "acupuncture"]).out;
    assert!(page.contains("\u{1b}["), "{page}");
    let refused = imr.run(["show", &id, "--query", "acupuncture AND"]);
    assert!(refused.code == 2 && refused.err.contains('^'), "{}", refused.err);
}

#[test]
fn the_conclusion_stands_apart_from_the_reasons() {
    let imr = with_corpus();
    let answer = imr.json(&["search", "medically necessary", "--limit", "20"]);
    let hits = answer["hits"].as_array().unwrap();
    let concluded = hits.iter().filter(|hit| hit["conclusion"].is_object()).count();
    assert!(concluded > 10, "{concluded}");
    for hit in hits {
        let passages = hit["passages"].as_array().unwrap();
        assert!(passages.iter().all(|passage| passage["text"] != hit["conclusion"]["text"]));
    }
}

#[test]
fn a_value_of_a_facet_is_found_with_slips() {
    let imr = with_corpus();
    let found = imr.run(["facets", "treatment", "--find", "acupunctrue"]);
    assert!(found.code == 0 && found.out.contains("Acupuncture"), "{}", found.out);
    assert_eq!(imr.run(["facets", "treatment", "--find", "zzzz"]).code, 1);
}

#[test]
fn the_first_line_counts_what_is_listed() {
    let imr = with_corpus();
    let args = ["search", "acupuncture", "--outcome", "overturned", "-n", "0"];
    let line = imr.run(args).out.lines().next().unwrap().to_owned();
    let count = imr.run(["search", "acupuncture", "--outcome", "overturned", "--count"]).out;
    assert_eq!(line, format!("{0} items: {0} Overturned", count.trim()));
    // In the list of facets stands what a reader would find who chose other outcomes too.
    let facets =
        imr.json(&["search", "acupuncture", "--outcome", "overturned", "--facets=outcome"]);
    assert!(facets["facets"]["outcome"].as_array().unwrap().len() > 1, "{facets}");
}

#[test]
fn a_list_that_goes_on_says_so() {
    let imr = with_corpus();
    for args in [&["--ids"][..], &["--format", "csv"], &["--format", "jsonl"], &["--cite=text"]] {
        let asked = [&["search", "pain", "-n", "2"], args].concat();
        let cut = imr.run(&asked);
        assert!(cut.err.contains("lists all"), "{asked:?}: {}", cut.err);
        let whole = imr.run([&["search", "pain", "-n", "100000"], args].concat());
        assert!(!whole.err.contains("lists all"), "{}", whole.err);
    }
}

#[test]
fn letters_are_counted_where_each_is_one_hit() {
    let imr = with_corpus();
    let ids = imr.run(["search", "pain", "--group", "letter", "--ids", "-n", "100000"]).out;
    let count = imr.run(["search", "pain", "--group", "letter", "--count"]).out;
    assert_eq!(count.trim(), ids.lines().count().to_string());
    let told = imr.json(&["search", "pain", "--group", "letter"]);
    assert_eq!(told["letters"].to_string(), count.trim());
    assert!(imr.json(&["search", "pain"])["letters"].is_null());
}

#[test]
fn what_only_prints_is_no_part_of_a_word() {
    let imr = Imr::new();
    let letter = small_letter("CM15-0000001", "Model1", "Upheld")
        .replace("Certification", "Certi\u{fb01}cation");
    let letter = letter.replace("brace", "bra\u{ad}ce");
    imr.write("letters/CM15-0000001.txt", letter);
    imr.write("letters/CM15-0000002.txt", small_letter("CM15-0000002", "Model2", "Upheld"));
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    let [first, second] = ["CM15-0000001", "CM15-0000002"].map(|case| {
        let letter = imr.json(&["show", case]);
        (letter["reviewer"]["specialties"].clone(), letter["items"][0]["treatments"].clone())
    });
    assert_eq!(first, second);
    assert_eq!(imr.run(["search", "brace", "--count"]).out.trim(), "2");
    assert_eq!(imr.run(["search", "bra\u{ad}ce", "--count"]).out.trim(), "2");
}

#[test]
fn an_answer_that_is_no_table_is_not_written_as_one() {
    let imr = with_corpus();
    for command in ["status", "verify", "audit", "index"] {
        let ran = imr.run([command, "--format", "csv"]);
        assert!(ran.code == 2 && ran.err.contains("invalid value 'csv'"), "{command}: {}", ran.err);
    }
}

#[test]
fn an_identity_or_a_pattern_beside_other_words_is_a_full_match() {
    let imr = with_corpus();
    for query in [&["CM14-0900101", "reviewer"][..], &["\"acupunct* treatment\" functional"]] {
        let usual = imr.json(&[&["search"], query].concat());
        let all = imr.json(&[&["search", "--all"], query].concat());
        assert_eq!(usual["total"], all["total"], "{query:?}");
        assert!(all["total"].as_u64().unwrap() > 0, "{query:?}");
    }
}

#[test]
fn of_hits_that_are_one_the_best_is_shown() {
    let imr = with_corpus();
    let grouped = ["--group=letter"];
    for (query, more) in [("commode", &[][..]), ("\"shoulder sling\"", &grouped)] {
        let scores = |args: &[&str]| -> Vec<f64> {
            let found = imr.json(&[&["search", query, "-n", "200"], args].concat());
            let hits = found["hits"].as_array().unwrap().iter();
            hits.map(|hit| hit["score"].as_f64().unwrap()).collect()
        };
        let (all, folded) = (scores(&["--no-fold"]), scores(more));
        assert!(folded.len() < all.len(), "{query}: nothing is folded");
        assert!((folded[0] - all[0]).abs() < 1e-6, "{query}: {folded:?} {all:?}");
    }
}

#[test]
fn columns_are_looked_at_before_the_search() {
    let imr = with_corpus();
    let ran = imr.run(["search", "knee", "--format", "csv", "--fields", "titel"]);
    assert!(ran.code == 2 && ran.out.is_empty(), "{}", ran.out);
    assert!(ran.err.contains("no column \"titel\"") && ran.err.contains("title"), "{}", ran.err);
}

#[test]
fn filters_are_shown_in_the_units_in_which_they_are_typed() {
    let imr = with_corpus();
    let filters = ["--strength", "10..50", "--decided", "2014..2016-02"];
    let found = imr.json(&[&["search", "tablet"], &filters[..]].concat());
    assert_eq!(
        found["query"]["filters"],
        serde_json::json!(["strength:10..50", "decided:2014-01-01..2016-02"])
    );
    let typed = "tablet strength:10..50 decided:2014-01-01..2016-02";
    assert_eq!(imr.json(&["search", typed])["total"], found["total"]);
}

#[test]
fn what_leaves_nothing_is_told() {
    let imr = with_corpus();
    let none = imr.run(["search", "acupuncture", "--decided", "1990", "--outcome", "upheld"]);
    assert!(none.code == 1 && none.out.contains("without decided:1990-01-01.."), "{}", none.out);
    let nothing = imr.run(["search", "\"\""]);
    assert!(nothing.code == 2 && nothing.err.contains("nothing in this"), "{}", nothing.err);
    let parted = imr.run(["search", "acupuncture", "--cite", "text"]);
    assert!(parted.err.contains("--cite=text"), "{}", parted.err);
    let count = imr.run(["search", "acupuncure", "--count"]);
    assert!(count.err.contains("did you mean acupuncture"), "{}", count.err);
    let rates = imr.run(["rates", "--region", "knee", "--compare", "region:shoulder"]);
    assert!(rates.out.contains("first: region:lower-extremity/knee; second:"), "{}", rates.out);
    let file = imr.run(["similar", "nosuch.txt"]);
    assert!(file.code == 2 && file.err.contains("there is no file"), "{}", file.err);
}

#[test]
fn an_audit_tells_no_copy_as_a_failure() {
    let imr = Imr::new();
    for name in ["a.txt", "b.txt"] {
        std::fs::create_dir_all(imr.path("letters")).unwrap();
        std::fs::copy(
            root().join("corpus/letters/CM14-0900101.txt"),
            imr.path(&format!("letters/{name}")),
        )
        .unwrap();
    }
    imr.run(["index", "letters"]);
    let audit = imr.json(&["audit"]);
    assert_eq!(audit["failures"], serde_json::json!({}), "{audit}");
}

#[test]
fn slips_in_names_that_the_index_holds_under_others_are_seen() {
    let imr = with_corpus();
    let told = imr.json(&["search", "gabapentn"]);
    assert_eq!(told["query"]["did_you_mean"][0]["to"][0], "gabapentin");
    let only = imr.json(&["search", "region:knee outcome:upheld", "--any", "-n", "0"]);
    assert!(
        only["query"]["interpreted"].as_str().is_some_and(|read| !read.contains("()")),
        "{only}"
    );
    assert_eq!(imr.run(["search", "ur_action:denied", "--count"]).code, 0);
    let fields = imr.run(["search", "knee", "--fields", "id"]);
    assert!(fields.code == 2 && fields.err.contains("--format csv"), "{}", fields.err);
    let id =
        imr.json(&["search", "knee", "-n", "1"])["hits"][0]["letter"].as_str().unwrap().to_owned();
    let count = |query: &str| imr.run(["search", query, "--count"]).out;
    assert_eq!(count(&format!("\"{id}\"")), count(&id), "a case number in quotation marks");
    let any = imr.json(&["search", "knee hip outcome:upheld", "--any", "-n", "0"]);
    assert_eq!(any["query"]["interpreted"], "(knee OR hip) AND outcome:upheld");
}

#[test]
fn an_open_value_by_its_words_or_alone() {
    let imr = with_corpus();
    let rows = imr.json(&["facets", "guideline_topic"]);
    let rows = rows["guideline-topic"].as_array().unwrap().clone();
    assert!(!rows.is_empty());
    for row in rows.iter().take(20) {
        let (path, count) = (row["path"].as_str().unwrap(), row["count"].to_string());
        let search = |value: &str| {
            let ran = imr.run(["search", "--guideline-topic", value, "--count"]);
            ran.out.trim().parse::<u64>().unwrap()
        };
        assert_eq!(search(&format!("={path}")).to_string(), count, "{path}");
        assert!(search(path) >= row["count"].as_u64().unwrap(), "{path}");
    }
}

#[test]
fn accents_make_no_other_word() {
    let imr = Imr::new();
    let letter = small_letter("CM15-0000001", "Sj\u{f6}gren", "Upheld");
    imr.write("letters/CM15-0000001.txt", letter);
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    for query in [
        "sjogren",
        "Sj\u{f6}gr*",
        "sj?gren",
        "sjogern~1",
        "Sj\u{f6}gren",
        "sjo\u{308}gren",
        "=sjogren",
        "\"sjogren\"",
        "sjog*",
    ] {
        let told = imr.json(&["search", query]);
        assert_eq!(told["total"], 1, "{query}");
        let hit = &told["hits"][0];
        let marks = hit["passages"].as_array().unwrap().iter().map(|passage| &passage["marks"]);
        let marked =
            marks.chain([&hit["title_marks"]]).any(|marks| !marks.as_array().unwrap().is_empty());
        assert!(marked, "{query}: {told}");
    }
}

#[test]
fn a_word_after_a_dash_is_left_out_and_no_option() {
    let imr = with_corpus();
    let count = |args: &[&str]| imr.run(["search", "--count"].iter().chain(args)).out;
    let quoted = count(&["knee -hip"]);
    assert_ne!(quoted, count(&["knee"]));
    assert_eq!(count(&["knee", "-hip"]), quoted);
    assert_eq!(imr.run(["search", "knee", "-h"]).code, 0);
    assert_eq!(imr.run(["search", "knee", "-n5", "--count"]).out, count(&["knee"]));
    let facets = |args: &[&str]| imr.run(["facets"].iter().chain(args)).out;
    assert_eq!(facets(&["knee", "-hip"]), facets(&["knee -hip"]));
}

#[test]
fn a_page_says_that_items_with_some_of_the_words_are_counted() {
    let imr = with_corpus();
    let page = |query: &str| imr.run(["search", query, "-n", "1"]).out;
    let of =
        |page: &str| page.trim_end().rsplit("\n\n").next().unwrap_or_default().replace('\n', " ");
    let some = of(&page("knee brace"));
    assert!(some.contains("some of the words") && some.ends_with("--offset 1"), "{some}");
    let all = of(&page("knee"));
    assert!(!all.contains("some of the words") && all.ends_with("--offset 1"), "{all}");
}

#[test]
fn what_a_passage_comes_from_and_how_a_decision_ends_are_told() {
    let imr = with_corpus();
    let page = |args: &[&str]| imr.run(["search", "-n", "50"].iter().chain(args)).out;
    let (summaries, titles) = (page(&["summary:pain"]), page(&["was the original request"]));
    assert!(summaries.contains("\u{2502} case summary:"), "{summaries}");
    assert!(!titles.contains("portion of the original request"), "{titles}");
    let cited = page(&["functional improvement", "--cite=json"]);
    let cited: serde_json::Value = serde_json::from_str(&cited).unwrap();
    let ends = |citation: &serde_json::Value| {
        let quotes = citation["quotes"].as_array().unwrap();
        let text = |quote: &serde_json::Value| quote["text"].as_str().unwrap().to_lowercase();
        quotes.iter().any(|quote| text(quote).contains("necessary"))
    };
    let cited = cited.as_array().unwrap();
    assert!(cited.iter().filter(|citation| ends(citation)).count() * 10 > cited.len() * 9);
}

#[test]
fn habits_of_other_programs_are_understood_or_told() {
    let imr = with_corpus();
    let expander = imr.run(["search", "acupunct!", "-n", "1"]);
    assert!(expander.out.contains("write acupunct*"), "{}", expander.out);
    let count = |query: &str| imr.run(["search", query, "--count"]).out;
    assert_eq!(count("decided:6/1/2014..12/31/2014"), count("decided:2014-06..2014-12"));
    assert_eq!(count("age:40-50"), count("age:40..50"));
    let facets = imr.run(["facets"]).out;
    assert!(facets.lines().any(|line| line.starts_with("treatment ")), "{facets}");
    let read = imr.run(["search", "--treatment", "MRI", "--count"]);
    assert!(read.err.contains("read as"), "{}", read.err);
    let past = imr.run(["search", "knee", "--offset", "1000"]);
    assert!(past.err.contains("no more than"), "{}", past.err);
}

#[test]
fn what_is_compared_says_how_it_was_read() {
    let imr = with_corpus();
    let rates = imr.json(&["rates", "--treatment", "norco", "--compare", "treatment:tramadol"]);
    let notes = rates["notes"].to_string();
    assert!(notes.contains("treatment:norco read as"), "{notes}");
    assert!(notes.contains("of what is compared: treatment:tramadol read as"), "{notes}");
    assert!(notes.contains("both sides are the same items"), "{notes}");
}

#[test]
fn choices_that_say_nothing_of_rates_are_told() {
    let imr = with_corpus();
    let notes = |args: &[&str]| imr.json(args)["notes"].to_string();
    assert!(notes(&["rates", "--by", "outcome"]).contains("rows are of how items came out"));
    assert!(!notes(&["rates", "--by", "region"]).contains("came out"));
    let chosen = "chosen by how they came out";
    assert!(notes(&["contrast", "knee", "--outcome", "upheld"]).contains(chosen));
    let letter = imr.run(["search", "knee", "--ids", "-n", "1"]).out;
    let like = |args: &[&str]| imr.run([&["similar", letter.trim()], args].concat()).out;
    assert!(like(&["--outcome", "upheld"]).replace('\n', " ").contains(chosen));
    assert!(!like(&["--opposite"]).contains("chances"));
    assert!(!like(&[]).contains("chances"));
}

#[test]
fn rows_of_a_facet_and_what_has_none_add_up() {
    let imr = with_corpus();
    let out = imr.run(["facets", "year"]).out;
    let numbers = |line: &str| -> Vec<u64> {
        line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
    };
    let lines: Vec<&str> = out.lines().filter(|line| !numbers(line).is_empty()).collect();
    let (last, years) = lines.split_last().unwrap();
    let dated: u64 = years.iter().map(|line| numbers(line)[1]).sum();
    assert!(last.contains("without a value"), "{last}");
    assert_eq!(dated + numbers(last)[0], numbers(last)[1], "{out}");
    assert!(!imr.run(["facets", "outcome"]).out.contains("without a value"));
    assert!(!imr.run(["facets", "year", "--year", "2014"]).out.contains("without a value"));
}

#[test]
fn what_cannot_be_found_as_typed_says_why() {
    let imr = with_corpus();
    let out = imr.run(["search", "cm99-1234567"]).out;
    assert!(out.contains("the index holds no letter CM99-1234567"), "{out}");
    assert!(imr.run(["search", "knee near hip"]).out.contains("write NEAR/5"));
    assert!(imr.run(["search", "knee/shoulder"]).out.contains("write knee OR shoulder"));
    let folder = imr.run(["parse", &corpus()]);
    assert!(folder.err.contains("a folder: name the files in it"), "{}", folder.err);
}

#[test]
fn words_with_one_stem_and_other_meanings_are_apart() {
    let imr = Imr::new();
    let letter = |case: &str, words: &str| {
        imr.write(&format!("letters/{case}.txt"), small_letter(case, words, "Upheld"));
    };
    letter("CM15-0000001", "Medical");
    letter("CM15-0000002", "Medications");
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    assert_eq!(total(&imr, &["medication"]), 1);
    assert_eq!(total(&imr, &["medically"]), 1);
    assert_eq!(total(&imr, &["brace -medication"]), 1);
}

#[test]
fn groups_of_facet_values_are_conditions() {
    let imr = with_corpus();
    let totals = |args: &[&str]| {
        let answer = imr.json(&[&["search"], args].concat());
        (answer["total"].clone(), answer["partial_total"].clone())
    };
    for (group, options) in [
        ("region:(knee OR shoulder)", &["--region", "knee", "--region", "shoulder"][..]),
        ("(outcome:overturned AND region:knee)", &["--outcome", "overturned", "--region", "knee"]),
        ("year:2013..2014", &["--decided", "2013..2014"]),
    ] {
        let query = format!("mri {group}");
        assert_eq!(totals(&[&query]), totals(&[&["mri"], options].concat()), "{group}");
    }
    assert_eq!(
        totals(&["region:(knee OR shoulder) mri", "--any"]),
        totals(&["mri", "--any", "--region", "knee", "--region", "shoulder"])
    );
    // An alternative that no item holds is none.
    assert_eq!(total(&imr, &["brace (knee OR zzqqx)"]), total(&imr, &["brace knee"]));
}

#[test]
fn what_is_in_quotation_marks_is_searched_as_typed_and_says_so() {
    let imr = with_corpus();
    let out = imr.run(["search", "\"lumbar ESI\""]).out.replace('\n', " ");
    assert!(out.contains("not searched: \"lumbar epidural steroid injection\""), "{out}");
    let error = imr.run(["search", "\"lumbar mir~1\""]).err;
    assert!(error.contains("write lumbar BEFORE/1 mir~1"), "{error}");
    let out = imr.run(["search", "knee -norco"]).out;
    assert!(!out.contains("also searched"), "{out}");
}

#[test]
fn decisions_that_came_out_otherwise_are_never_folded() {
    let imr = Imr::new();
    for (case, outcome) in
        [("CM15-0000001", "Upheld"), ("CM15-0000002", "Upheld"), ("CM15-0000003", "Overturned")]
    {
        imr.write(&format!("letters/{case}.txt"), small_letter(case, "Plain", outcome));
    }
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    let hits = imr.json(&["search", "brace"])["hits"].clone();
    let outcomes: Vec<&str> =
        hits.as_array().unwrap().iter().map(|hit| hit["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
    assert!(outcomes.contains(&"overturned") && outcomes.contains(&"upheld"));
}

#[test]
fn each_number_of_a_range_of_sessions_is_found() {
    let imr = Imr::new();
    let letter = small_letter("CM15-0000001", "Six to eight pilates sessions and a", "Upheld");
    imr.write("letters/CM15-0000001.txt", letter);
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    let found = |range: &str| total(&imr, &["--sessions", range]);
    assert_eq!(["5", "6", "7", "8", "9", "..7", "8.."].map(found), [0, 1, 1, 1, 0, 1, 1]);
}

#[test]
fn facets_without_a_name_are_a_list_for_programs_too() {
    let imr = Imr::new();
    let names: serde_json::Value =
        serde_json::from_str(&imr.run(["facets", "--format", "json"]).out).unwrap();
    assert!(names.as_array().unwrap().iter().any(|facet| facet["name"] == "treatment"));
    let error = imr.run(["facets", "--find", "knee"]);
    assert_eq!(error.code, 2);
    assert!(error.err.contains("imr facets treatment --find knee"), "{}", error.err);
}
