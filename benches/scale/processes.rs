//! One query as a process, from its start to its end: the program with what it prints, and the floor with its ten
//! best, their count, texts and snippets. Once with the index in the page cache, once without where the system
//! lets it be dropped.

use crate::Arguments;
use crate::floor::{Floor, Words};
use crate::measure::quantile;
use crate::queries::Class;
use serde_json::json;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const CLASS: &str = "process";
/// The queries are those of this class.
const QUERIES: &str = "three words, all";

/// What the floor's process does.
pub(crate) fn ask(folder: &Path, words: &str) {
    let floor = Floor::open_any(folder).expect("the floor is there");
    println!("{}", floor.shown(&*floor.query(words, Words::All)));
}

/// Measures, if the class is wanted.
pub(crate) fn run(arguments: &Arguments, classes: &[Class], index: &Path, kept: &Path) {
    let wanted = arguments.class.as_ref().is_none_or(|words| CLASS.contains(words));
    let Some(class) = classes.iter().find(|class| class.name == QUERIES).filter(|_| wanted) else {
        return;
    };
    let imr = |words: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_imr"));
        command.args(["search", "--all", "--format", "json", "--index"]).arg(index).arg(words);
        command
    };
    let floor = |words: &str| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("--keep").arg(kept).args(["--ask", words]);
        command
    };
    let (mut warm, mut warm_floor, mut cold, mut cold_floor) = (vec![], vec![], vec![], vec![]);
    for asked in &class.queries {
        for _ in 0..=arguments.rounds {
            warm.push(took(imr(&asked.text)));
            warm_floor.push(took(floor(&asked.text)));
        }
        if drop_pages() {
            cold.push(took(imr(&asked.text)));
            drop_pages();
            cold_floor.push(took(floor(&asked.text)));
        }
    }
    let mut all = [warm, warm_floor, cold, cold_floor];
    let [warm, warm_floor, cold, cold_floor] =
        all.each_mut().map(|times| (!times.is_empty()).then(|| quantile(times, 0.5)));
    let told = |time: Option<f64>| time.map_or_else(|| "-".to_owned(), |ms| format!("{ms:.1}"));
    println!("\nms one query as a process: imr {}, floor {}", told(warm), told(warm_floor));
    println!("   the same, cold:         imr {}, floor {}", told(cold), told(cold_floor));
    println!(
        "{}",
        json!({"class": CLASS, "imr_ms": warm, "floor_ms": warm_floor, "imr_cold_ms": cold, "floor_cold_ms": cold_floor})
    );
}

/// Runs a command; how long it took, in milliseconds.
fn took(mut command: Command) -> f64 {
    let started = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(status.code().is_some_and(|code| code <= 1), "it ends well");
    started.elapsed().as_secs_f64() * 1e3
}

/// Has the system forget the pages of all files, if it may be asked.
fn drop_pages() -> bool {
    fs::write("/proc/sys/vm/drop_caches", "1").is_ok()
}
