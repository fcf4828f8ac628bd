//! Writes invented letters, as many as asked for: text files, PDFs, or one stream of JSON lines.
//!
//! `cargo run --release --example synthesize -- --letters 100000 --seed 1 --out DIR`

#![allow(clippy::print_stdout, clippy::expect_used, missing_docs)]

#[path = "../../benches/synthetic/mod.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod synthetic;

use clap::{Parser, ValueEnum};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;
use synthetic::{Generator, Letter};

/// Write invented letters
#[derive(Debug, Parser)]
struct Arguments {
    /// How many
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    letters: u64,

    /// The number of the first: new letters of a day follow those there are
    #[arg(long, value_name = "K", default_value_t = 0)]
    from: u64,

    /// Another seed gives other letters
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Another revision gives the same letters with other reasons
    #[arg(long, value_name = "R", default_value_t = 0)]
    revise: u64,

    /// How they are written
    #[arg(long, value_enum, default_value_t = Form::Text)]
    form: Form,

    /// Where: a folder for files; a file, else stdout, for a stream
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Text files in folders of a thousand
    Text,
    /// PDFs in folders of a thousand
    Pdf,
    /// One stream: a line {"name": ..., "text": ...} a letter
    Stream,
}

/// Letters of one folder.
const FOLDER: u64 = 1_000;

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let generator = Generator::new(arguments.seed);
    let started = Instant::now();
    let done = match (arguments.form, &arguments.out) {
        (Form::Stream, Some(path)) => {
            stream(&arguments, &generator, &mut BufWriter::new(File::create(path)?))
        }
        (Form::Stream, None) => stream(&arguments, &generator, &mut io::stdout().lock()),
        (_, Some(folder)) => files(&arguments, &generator, folder),
        (_, None) => Err(io::Error::other("files need a folder: name one with --out")),
    };
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
        done => done?,
    }
    if arguments.out.is_some() {
        let seconds = started.elapsed().as_secs_f64();
        let rate = arguments.letters as f64 / seconds;
        println!("{} letters in {seconds:.1} s ({rate:.0} a second)", arguments.letters);
    }
    Ok(())
}

fn numbers(arguments: &Arguments) -> std::ops::Range<u64> {
    arguments.from..arguments.from + arguments.letters
}

fn stream(arguments: &Arguments, generator: &Generator, out: &mut dyn Write) -> io::Result<()> {
    for number in numbers(arguments) {
        let letter = generator.letter(number, arguments.revise);
        let line = serde_json::json!({"name": letter.name, "text": letter.text});
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// Writes files, folders being shared out among threads.
fn files(arguments: &Arguments, generator: &Generator, out: &Path) -> io::Result<()> {
    let numbers = numbers(arguments);
    let next = AtomicU64::new(numbers.start / FOLDER);
    let work = || {
        loop {
            let folder = next.fetch_add(1, Ordering::Relaxed);
            let first = (folder * FOLDER).max(numbers.start);
            let end = ((folder + 1) * FOLDER).min(numbers.end);
            if first >= end {
                return Ok(());
            }
            let path = out.join(format!("{folder:05}"));
            fs::create_dir_all(&path)?;
            for number in first..end {
                write(&path, &generator.letter(number, arguments.revise), arguments.form)?;
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a worker ends by itself"))
    })
}

fn write(folder: &Path, letter: &Letter, form: Form) -> io::Result<()> {
    match form {
        Form::Pdf => fs::write(folder.join(format!("{}.pdf", letter.name)), letter.pdf()),
        _ => fs::write(folder.join(format!("{}.txt", letter.name)), &letter.text),
    }
}
