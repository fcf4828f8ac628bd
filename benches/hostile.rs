//! What files made to do harm cost: outcome, time and peak memory of each, the workers that extract
//! PDFs included. Linux only: memory is read from /proc.
//!
//! `cargo bench --bench hostile`

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "../tests/support/crafted.rs"]
mod crafted;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LETTER: &str = include_str!("../corpus/letters/CM15-0900314.txt");

fn main() {
    let folder = tempfile::tempdir().unwrap();
    println!("{:34} {:>9} {:>10} {:>9}  outcome", "file", "size", "time", "memory");
    for (name, bytes) in files() {
        let path = folder.path().join(name.replace([' ', ','], "-"));
        fs::write(&path, bytes).unwrap();
        report(&name, &path);
        fs::remove_file(&path).unwrap();
    }
    let sparse = folder.path().join("a-gigabyte.txt");
    fs::File::create(&sparse).unwrap().set_len(1 << 30).unwrap();
    report("text of 1 GB", &sparse);
}

fn files() -> Vec<(String, Vec<u8>)> {
    let (head, item) = LETTER.split_at(LETTER.find("Omeprazole 20 mg, #60:").unwrap());
    let item = item.split("Famotidine 20 mg").next().unwrap();
    let items = |count: usize| format!("{head}{}", item.repeat(count)).into_bytes();
    let line = |bytes: usize| {
        LETTER.replace("A proven bleeding ulcer", &"word ".repeat(bytes / 5)).into_bytes()
    };
    let encrypted = include_bytes!("../tests/corpus_pdf/password.pdf").to_vec();
    let cut = include_bytes!("../corpus/letters/CM14-0900158.pdf");
    let nul = LETTER.replace("bleeding", "bl\0ee\0ding").into_bytes();
    let mut invalid = LETTER.as_bytes().to_vec();
    invalid[2_000..2_004].copy_from_slice(b"\xff\xfe\xc0\x80");
    let files = [
        ("PDF, a form that draws itself", crafted::draws_itself()),
        ("PDF, a page that is its own parent", crafted::own_parent()),
        ("PDF, expands to 4 GB", crafted::expands(4 << 30)),
        ("PDF, a million pages", crafted::many_pages(1_000_000)),
        ("PDF, a million objects", crafted::many_objects(1_000_000)),
        ("PDF, needs a password", encrypted),
        ("PDF, a picture only", crafted::picture_only()),
        ("PDF, lies about its length", crafted::lies_about_its_length()),
        ("PDF, cut in half", cut[..cut.len() / 2].to_vec()),
        ("letter of 10,000 items", items(10_000)),
        ("letter of 15 MB", items(15_000_000 / item.len())),
        ("letter of 250 MB", items(250_000_000 / item.len())),
        ("one line of 15 MB", line(15_000_000)),
        ("one line of 100 MB", line(100_000_000)),
        ("NUL bytes", nul),
        ("invalid UTF-8", invalid),
        ("250 MB of noise", noise(250_000_000)),
    ];
    files.map(|(name, bytes)| (name.to_owned(), bytes)).into()
}

fn noise(length: u32) -> Vec<u8> {
    (0..length).map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8).collect()
}

/// Indexes the file into an index of its own and prints what came of it.
fn report(name: &str, path: &Path) {
    let index = path.with_extension("index");
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_imr"))
        .arg("--index")
        .arg(&index)
        .args(["index", "--format", "json"])
        .arg(path)
        .stdout(fs::File::create(path.with_extension("json")).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut peaks: HashMap<u32, u64> = HashMap::new();
    while child.try_wait().unwrap().is_none() {
        for process in family(child.id()) {
            let peak = peak_memory(process);
            let known = peaks.entry(process).or_default();
            *known = peak.max(*known);
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    let took = started.elapsed();
    let json = fs::read_to_string(path.with_extension("json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&json).unwrap_or_default();
    let outcome = match report["failed"][0]["code"].as_str() {
        Some(code) => code.to_owned(),
        None => format!("read: {} items", report["items"]),
    };
    let size = fs::metadata(path).unwrap().len();
    let memory: u64 = peaks.values().sum();
    println!(
        "{name:34} {:>6.1} MB {:>7.2} s {:>6} MB  {outcome}",
        size as f64 / 1e6,
        took.as_secs_f64(),
        memory / 1024
    );
    drop(fs::remove_dir_all(&index));
}

/// A process and its children.
fn family(process: u32) -> Vec<u32> {
    let mut family = vec![process];
    for thread in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        family.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
    }
    family
}

/// Peak resident memory in KiB.
fn peak_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
