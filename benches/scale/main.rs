//! Building, updating and searching at size, beside the floor: a minimal program of the library's that is
//! given ready-made documents (`floor.rs`).
//!
//! `cargo bench --bench scale -- --letters 146000 --keep DIR` works on invented letters (`synthetic/`); a
//! folder named keeps letters and indexes for the next run. Times are warm, on one thread, rounds of both
//! programs interleaved; of each query the median counts. Lines that start with `{` are for programs.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "../common.rs"]
mod common;
mod corpus;
mod floor;
mod measure;
mod processes;
mod queries;
#[path = "../synthetic/mod.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod synthetic;
mod updates;

use clap::Parser;
use corpus::Corpus;
use floor::Floor;
use imr_search::index::{Pipeline, Store};
use imr_search::vocabulary::Vocabularies;
use measure::{Peak, print_build, size};
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

/// Measure building, updating and searching at size
#[derive(Debug, Parser)]
struct Arguments {
    /// How many letters
    #[arg(long, value_name = "N", env = "IMR_BENCH_LETTERS", default_value_t = 10_000)]
    letters: u64,

    /// The seed of the letters
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Keep letters and indexes here, and use those that are there
    #[arg(long, value_name = "DIR", env = "IMR_BENCH_DIR")]
    keep: Option<PathBuf>,

    /// Where imr's own index is kept, for several versions of it over the same letters
    #[arg(long, value_name = "DIR", env = "IMR_BENCH_INDEX")]
    index: Option<PathBuf>,

    /// Build both indexes even if they are there
    #[arg(long)]
    rebuild: bool,

    /// Only classes of queries whose name holds this; without builds of updates
    #[arg(long, value_name = "WORDS")]
    class: Option<String>,

    /// Rounds of each query
    #[arg(long, value_name = "N", default_value_t = 7)]
    rounds: usize,

    /// Answer this as the floor does, and end: what one query costs as a process
    #[arg(long, hide = true)]
    ask: Option<String>,

    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    if let (Some(words), Some(folder)) = (&arguments.ask, &arguments.keep) {
        return processes::ask(&folder.join("floor"), words);
    }
    let temporary = tempfile::tempdir().unwrap();
    let folder = arguments.keep.clone().unwrap_or_else(|| temporary.path().to_owned());
    let vocabularies = Vocabularies::load(None).unwrap();
    let pipeline = Pipeline::new(&vocabularies).unwrap();
    let corpus = Corpus::new(&folder, arguments.letters, arguments.seed, &pipeline);
    println!(
        "{} letters, {} items, {:.0} MB of text",
        arguments.letters,
        corpus.items,
        corpus.bytes as f64 / 1e6
    );
    let index = arguments.index.clone().unwrap_or_else(|| folder.join("imr"));
    let store = Store::new(&index);
    build_imr(&arguments, &store, &pipeline, &corpus);
    let floor = build_floor(&arguments, &folder.join("floor"), &corpus);
    let snapshot = store.open().unwrap();
    let classes = queries::classes(&corpus, &floor);
    measure::run(&arguments, &classes, &snapshot, &vocabularies, &floor);
    // Pages that this process has mapped are not dropped from memory.
    drop((snapshot, floor));
    processes::run(&arguments, &classes, &index, &folder);
    if arguments.class.is_none() {
        updates::run(&arguments, &corpus, &index, &folder.join("updated"), &pipeline);
    }
}

fn build_imr(arguments: &Arguments, store: &Store, pipeline: &Pipeline, corpus: &Corpus) {
    let current = store.open().is_ok_and(|open| open.meta.pipeline == pipeline.fingerprint());
    if current && !arguments.rebuild {
        return println!("imr: index kept, {:.0} MB", size(store.folder()) / 1e6);
    }
    // A folder that holds other things is left alone: the update refuses it.
    if store.exists() {
        fs::remove_dir_all(store.folder()).unwrap();
    }
    // The last part of a run before empties the system's memory of files; the floor's few large ones come fast.
    let files = walkdir::WalkDir::new(&corpus.letters).into_iter().filter_map(Result::ok);
    let files = files.filter(|file| file.file_type().is_file());
    let bytes: usize = files.map(|file| fs::read(file.path()).unwrap().len()).sum();
    println!("imr: {:.0} MB of letters read before", bytes as f64 / 1e6);
    let peak = Peak::reset();
    let started = Instant::now();
    let report = common::update(store, pipeline, std::slice::from_ref(&corpus.letters));
    print_build("imr", started.elapsed(), store.folder(), &peak, corpus);
    assert_eq!(report.items, corpus.items, "both index the same items");
}

fn build_floor(arguments: &Arguments, folder: &std::path::Path, corpus: &Corpus) -> Floor {
    if !arguments.rebuild
        && let Some(floor) = Floor::open(folder, corpus.items)
    {
        println!("floor: index kept, {:.0} MB", size(folder) / 1e6);
        return floor;
    }
    let _gone = fs::remove_dir_all(folder);
    let peak = Peak::reset();
    let started = Instant::now();
    Floor::build(folder, &corpus.documents);
    print_build("floor", started.elapsed(), folder, &peak, corpus);
    Floor::open(folder, corpus.items).expect("the floor holds every item")
}
