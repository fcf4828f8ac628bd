//! What it costs to bring an index up to date: with nothing changed, with a hundred letters changed; beside the
//! bare walk over the files.

use crate::Arguments;
use crate::common;
use crate::corpus::Corpus;
use crate::measure::quantile;
use crate::synthetic::Generator;
use imr_search::index::{Pipeline, Store};
use serde_json::json;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

const ROUNDS: u64 = 5;
const CHANGED: u64 = 100;

/// Measures on a copy of the index, and leaves the letters as they were.
pub(crate) fn run(
    arguments: &Arguments,
    corpus: &Corpus,
    index: &Path,
    copy: &Path,
    pipeline: &Pipeline,
) {
    let _gone = fs::remove_dir_all(copy);
    copy_folder(index, copy);
    let store = Store::new(copy);
    let folders = std::slice::from_ref(&corpus.letters);
    let walk = median(|_| assert!(walk_and_stat(&corpus.letters) > 0));
    let same = median(|_| {
        let report = common::update(&store, pipeline, folders);
        assert_eq!((report.added, report.changed), (0, 0), "nothing has changed");
    });
    let letters = Changed::new(corpus, arguments);
    let changed = median(|round| {
        letters.write(round + 1);
        let started = Instant::now();
        let report = common::update(&store, pipeline, folders);
        assert_eq!(report.changed, letters.files.len() as u64, "what changed is read again");
        started.elapsed().as_secs_f64() * 1e3
    });
    letters.restore();
    println!("\nms walk and stat          {walk:8.1}");
    println!("   no-change run          {same:8.1}  {:.2} times the walk", same / walk);
    println!("   {CHANGED} letters changed    {changed:8.1}  {:+.1} ms", changed - same);
    println!("{}", json!({"walk_ms": walk, "no_change_ms": same, "changed_100_ms": changed}));
    let _gone = fs::remove_dir_all(copy);
}

/// What work takes, in milliseconds: its own measure or the time it ran.
trait Took {
    fn took(self, ran: f64) -> f64;
}

impl Took for () {
    fn took(self, ran: f64) -> f64 {
        ran
    }
}

impl Took for f64 {
    fn took(self, _: f64) -> f64 {
        self
    }
}

fn median<T: Took>(mut work: impl FnMut(u64) -> T) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|round| {
            let started = Instant::now();
            let took = work(round);
            took.took(started.elapsed().as_secs_f64() * 1e3)
        })
        .collect();
    quantile(&mut times, 0.5)
}

/// Letters that change, spread over all.
struct Changed {
    generator: Generator,
    files: Vec<(u64, PathBuf, SystemTime)>,
}

impl Changed {
    fn new(corpus: &Corpus, arguments: &Arguments) -> Self {
        let generator = Generator::new(arguments.seed);
        let step = (arguments.letters / CHANGED).max(1);
        let numbers = (0..arguments.letters).step_by(step as usize).take(CHANGED as usize);
        let file = |number: u64| {
            let path = corpus.path(number, &generator.letter(number, 0).name);
            let modified = fs::metadata(&path).unwrap().modified().unwrap();
            (number, path, modified)
        };
        let files = numbers.map(file).collect();
        Self { generator, files }
    }

    fn write(&self, revision: u64) {
        for (number, path, _) in &self.files {
            fs::write(path, self.generator.letter(*number, revision).text).unwrap();
        }
    }

    /// Writes the letters as they were, at the time at which they were written.
    fn restore(&self) {
        self.write(0);
        for (_, path, modified) in &self.files {
            let file = File::options().write(true).open(path).unwrap();
            file.set_modified(*modified).unwrap();
        }
    }
}

/// The number of files below a folder, each looked at for size and time.
fn walk_and_stat(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let seen = |entry: fs::DirEntry| {
        if entry.file_type().unwrap().is_dir() {
            return walk_and_stat(&entry.path());
        }
        let metadata = entry.metadata().unwrap();
        usize::from(metadata.len() > 0 && metadata.modified().is_ok())
    };
    entries.map(seen).sum()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
