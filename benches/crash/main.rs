//! Kills the program at random moments, and lets it run out of room, over folders that change at random; after
//! each, the index must be whole, and the next run must end in what a clean build gives.
//!
//! `cargo bench --bench crash -- --kills 1000 --full 500`. A part of it is a test (`tests/broken_off.rs`). With
//! the right to mount, disks of a few megabytes are filled too (`--mount`).

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "../../tests/support/dump.rs"]
mod dump;
#[path = "../synthetic/mod.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod synthetic;
mod trial;

use clap::Parser;
use dump::{Dump, clean_build};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use trial::Trial;

/// Break runs off and compare with clean builds
#[derive(Debug, Parser)]
struct Arguments {
    /// How many runs are killed
    #[arg(long, value_name = "N", default_value_t = 300)]
    kills: usize,

    /// How many runs run out of room
    #[arg(long, value_name = "N", default_value_t = 100)]
    full: usize,

    /// Fill disks in memory of a few megabytes, mounted here
    #[arg(long, value_name = "DIR")]
    mount: Option<PathBuf>,

    /// The first seed
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

/// Rounds of changes over one index.
const ROUNDS: usize = 8;

fn main() {
    let arguments = Arguments::parse();
    let program = Path::new(env!("CARGO_BIN_EXE_imr"));
    let mut counts = Counts::default();
    let started = Instant::now();
    let mut seed = arguments.seed;
    while counts.killed < arguments.kills {
        kills(&mut Trial::new(program, seed, None), &mut counts);
        seed += 1;
    }
    println!(
        "{} in {:.0} s",
        counts.line("killed", counts.killed),
        started.elapsed().as_secs_f64()
    );
    let mut counts = Counts::default();
    while counts.full < arguments.full {
        let mut trial = Trial::new(program, seed, None);
        full(&mut trial, &mut counts, Trial::starve);
        seed += 1;
    }
    println!("{}", counts.line("ended by the largest file allowed", counts.full));
    if let Some(folder) = &arguments.mount {
        let mut counts = Counts::default();
        while counts.full < arguments.full {
            on_a_small_disk(program, folder, seed, &mut counts);
            seed += 1;
        }
        println!("{}", counts.line("ended by a full disk", counts.full));
    }
}

#[derive(Debug, Default)]
struct Counts {
    runs: usize,
    killed: usize,
    full: usize,
    compared: usize,
    differences: usize,
}

impl Counts {
    fn line(&self, what: &str, count: usize) -> String {
        let Self { runs, compared, differences, .. } = self;
        format!("{runs} runs, {count} {what}, {compared} comparisons, {differences} differences")
    }

    /// Counts what should hold, and says what does not.
    fn check(&mut self, result: Result<(), String>) {
        if let Err(difference) = result {
            self.differences += 1;
            println!("DIFFERENCE {}", difference.chars().take(4_000).collect::<String>());
        }
    }
}

fn kills(trial: &mut Trial, counts: &mut Counts) {
    for _ in 0..ROUNDS {
        for _ in 0..3 {
            trial.change();
            counts.runs += 1;
            counts.killed += usize::from(trial.kill());
            counts.check(trial.is_whole());
        }
        counts.compared += 1;
        let result = trial.finish(dump::dump, clean_build);
        counts.check(result);
    }
}

fn full(
    trial: &mut Trial,
    counts: &mut Counts,
    mut starve: impl FnMut(&mut Trial) -> Result<bool, String>,
) {
    for _ in 0..ROUNDS {
        for _ in 0..2 {
            trial.change();
            counts.runs += 1;
            match starve(trial) {
                Ok(full) => counts.full += usize::from(full),
                Err(said) => counts.check(Err(said)),
            }
            counts.check(trial.is_whole());
        }
        counts.compared += 1;
        let result = trial.finish(dump::dump, clean_build);
        counts.check(result);
    }
}

fn on_a_small_disk(program: &Path, folder: &Path, seed: u64, counts: &mut Counts) {
    std::fs::create_dir_all(folder).unwrap();
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(folder);
    assert!(mount.status().is_ok_and(|status| status.success()), "no right to mount");
    let mut free = synthetic::random::Random::of(&[seed, 3]);
    let mut trial = Trial::new(program, seed, Some(folder));
    full(&mut trial, counts, |trial| trial.fill(folder, free.below(600_000) as u64));
    drop(trial);
    assert!(Command::new("umount").arg(folder).status().is_ok_and(|status| status.success()));
}
