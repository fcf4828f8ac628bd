//! Runs that are stopped, killed or run out of room; many small updates; following a folder.

use crate::support::dump::{Dump, clean_build, dump};
use crate::support::{Imr, pipeline, small_letter, update, vocabularies};
use imr_search::index::{NoProgress, Store};
use imr_search::source;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use trial::Trial;

#[path = "../benches/crash/trial.rs"]
#[allow(dead_code, reason = "the benchmark uses more of it")]
mod trial;

const PROGRAM: &str = env!("CARGO_BIN_EXE_imr");

#[test]
fn what_was_killed_ends_as_a_clean_build() {
    let mut killed = 0;
    for seed in 1..=2 {
        let mut trial = Trial::new(Path::new(PROGRAM), seed, None);
        for _ in 0..4 {
            for _ in 0..3 {
                trial.change();
                killed += usize::from(trial.kill());
                trial.is_whole().unwrap();
            }
            trial.finish(dump, clean_build).unwrap();
        }
    }
    assert!(killed >= 6, "only {killed} runs were killed before their end");
}

#[cfg(unix)]
#[test]
fn what_ran_out_of_room_says_so_and_ends_as_a_clean_build() {
    let mut full = 0;
    for seed in 11..=12 {
        let mut trial = Trial::new(Path::new(PROGRAM), seed, None);
        for _ in 0..3 {
            for _ in 0..3 {
                trial.change();
                full += usize::from(trial.starve().unwrap());
                trial.is_whole().unwrap();
            }
            trial.finish(dump, clean_build).unwrap();
        }
    }
    assert!(full >= 3, "only {full} runs ran out of room");
}

/// A folder with so many letters.
fn many(letters: usize) -> Imr {
    let imr = Imr::new();
    for at in 0..letters {
        let case = format!("CM15-0{:06}", 900_000 + at);
        imr.write(
            &format!("letters/{case}.txt"),
            small_letter(&case, &format!("word{at}"), "Upheld"),
        );
    }
    imr
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_mins(1), "{what} does not come");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_was_read_and_the_next_run_goes_on() {
    let imr = many(1_500);
    let store = Store::new(imr.path("index"));
    let start = |flags: &[&str]| {
        let mut command = imr.command();
        command.args(["index", "letters", "--jobs", "1", "--batch", "20000"]).args(flags);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let child = start(&[]);
    wait_until("the first commit", || store.open().is_ok());
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("to go: the same command goes on from here"), "{said}");
    assert!(store.verify().unwrap().whole);
    let status = imr.json(&["status"]);
    assert_eq!(status["unfinished"], true, "{status}");
    assert!(imr.run(["status"]).out.contains("or was broken off"));
    let report = imr.json(&["index", "letters"]);
    let (added, unchanged) =
        (report["added"].as_u64().unwrap(), report["unchanged"].as_u64().unwrap());
    assert!(unchanged > 0 && added > 0 && added + unchanged == 1_500, "{report}");
    assert_eq!(imr.json(&["status"])["unfinished"], false);
    let clean = clean_build(&pipeline(), &vocabularies(), &imr.path("letters"));
    assert!(dump(&store, &vocabularies()) == clean);

    // A rebuild that is stopped leaves the index in use as it is, and goes on where it was.
    let child = start(&["--rebuild"]);
    let beside = imr.path("index/generation-000002/meta.json");
    wait_until("the rebuild's first commit", || {
        fs::read_to_string(&beside).is_ok_and(|meta| meta.contains("unfinished"))
    });
    interrupt(&child);
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    assert!(dump(&store, &vocabularies()) == clean);
    let status = imr.json(&["status"]);
    assert_eq!(
        (&status["unfinished"], &status["rebuild_unfinished"]),
        (&false.into(), &true.into())
    );
    // Meanwhile the world goes on.
    let changed = "letters/CM15-0900003.txt";
    imr.write(changed, small_letter("CM15-0900003", "changed", "Overturned"));
    fs::remove_file(imr.path("letters/CM15-0900004.txt")).unwrap();
    let report = imr.json(&["index", "--rebuild"]);
    assert!(report["unchanged"].as_u64().unwrap() > 0, "{report}");
    assert_eq!(report["letters"], 1_499, "{report}");
    let clean = clean_build(&pipeline(), &vocabularies(), &imr.path("letters"));
    assert!(dump(&store, &vocabularies()) == clean);
    assert!(!imr.path("index/generation-000001").exists());
    assert_eq!(imr.json(&["status"])["rebuild_unfinished"], false);
}

#[test]
fn many_small_updates_leave_few_segments_and_few_deletes() {
    let imr = many(40);
    let (store, pipeline) = (Store::new(imr.path("index")), pipeline());
    let walk = || Some(source::walk(&[imr.path("letters")]));
    update().run(&store, &pipeline, walk(), &NoProgress).unwrap();
    let mut most = 0;
    for round in 0..200_usize {
        // A letter that changes, and every other time a new one.
        let changed = format!("CM15-0{:06}", 900_000 + round * 7 % 40);
        let words = format!("round{round}");
        imr.write(&format!("letters/{changed}.txt"), small_letter(&changed, &words, "Upheld"));
        if round % 2 == 0 {
            let new = format!("CM15-0{:06}", 910_000 + round);
            imr.write(&format!("letters/{new}.txt"), small_letter(&new, &words, "Upheld"));
        }
        update().run(&store, &pipeline, walk(), &NoProgress).unwrap();
        let snapshot = store.open().unwrap();
        let (segments, share) = (snapshot.segments().0, snapshot.deleted_share());
        assert!(share <= 0.2, "round {round}: {share:.2} of the documents are deleted");
        assert!(segments <= 10, "round {round}: {segments} segments");
        most = most.max(segments);
    }
    assert!(most > 1, "not every update rewrites all");
    let clean: Dump = clean_build(&pipeline, &vocabularies(), &imr.path("letters"));
    assert!(dump(&store, &vocabularies()) == clean);
    assert!(store.verify().unwrap().whole);
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_watched_is_followed() {
    let imr = many(3);
    let mut command = imr.command();
    command.args(["index", "letters", "--watch", "--format", "jsonl"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut notes = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut report =
        || -> serde_json::Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    assert_eq!(report()["added"], 3);
    let note = notes.next().unwrap().unwrap();
    assert!(note.starts_with("watching "), "{note}");
    imr.write("letters/new/CM15-0900500.txt", small_letter("CM15-0900500", "new", "Upheld"));
    fs::remove_file(imr.path("letters/CM15-0900000.txt")).unwrap();
    let second = report();
    assert_eq!((&second["added"], &second["removed"]), (&1.into(), &1.into()), "{second}");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(imr.json(&["status"])["letters"], 3);
}
