//! Breaks runs of the program off, or lets it run out of room, and compares what the next run makes of it
//! with a clean build.

use super::Dump;
use crate::synthetic::Generator;
use crate::synthetic::random::Random;
use imr_search::index::{Pipeline, Store, StoreError};
use imr_search::vocabulary::Vocabularies;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Files of the folder that changes.
const FILES: usize = 24;
/// Letters that these files hold, in two versions each.
const LETTERS: usize = 16;
/// Letters of some trials that never change: more than a dictionary is made of.
const MANY: u64 = 220;
/// Bytes of text after which a run commits: a few letters.
const BATCH: &str = "15000";

/// A folder that changes, and an index of it that is broken off again and again.
pub(crate) struct Trial {
    folder: tempfile::TempDir,
    program: PathBuf,
    random: Random,
    generator: Generator,
    vocabularies: Vocabularies,
    pipeline: Pipeline,
    /// How long a run takes that is let run.
    usual: Duration,
    /// Where the index is: on a small disk of its own where there is one.
    index: PathBuf,
    /// What has been done since the last comparison, for whoever looks for a reason.
    done: Vec<String>,
}

/// What a run was asked to do.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Update,
    Rebuild,
    Paranoid,
}

impl Trial {
    pub(crate) fn new(program: &Path, seed: u64, disk: Option<&Path>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("letters/below")).unwrap();
        let generator = Generator::new(seed);
        // One file stays, so that the folder never looks as if it had vanished.
        fs::write(folder.path().join("letters/stays.txt"), generator.letter(900, 0).text).unwrap();
        if seed.is_multiple_of(4) {
            // So many letters share what they have in common.
            let folder = folder.path().join("letters/many");
            fs::create_dir_all(&folder).unwrap();
            for number in 1_000..1_000 + MANY {
                let letter = generator.letter(number, 0);
                fs::write(folder.join(letter.name).with_extension("txt"), letter.text).unwrap();
            }
        }
        let vocabularies = Vocabularies::load(None).unwrap();
        let pipeline = Pipeline::new(&vocabularies).unwrap();
        let index = disk.unwrap_or(folder.path()).join("index");
        let random = Random::of(&[seed, 7]);
        let (program, usual, done) = (program.to_owned(), Duration::from_millis(200), Vec::new());
        Self { folder, program, random, generator, vocabularies, pipeline, usual, index, done }
    }

    fn letters(&self) -> PathBuf {
        self.folder.path().join("letters")
    }

    fn file(&mut self) -> PathBuf {
        let number = self.random.below(FILES);
        let folder = if number.is_multiple_of(3) { "below" } else { "." };
        self.letters().join(folder).join(format!("{:02}.txt", (number * 7) % FILES))
    }

    /// Changes some files: written, removed, copied, renamed, spoiled.
    pub(crate) fn change(&mut self) {
        for _ in 0..=self.random.below(9) {
            let (file, other) = (self.file(), self.file());
            match self.random.below(10) {
                0..=4 => {
                    let (number, revision) = (self.random.below(LETTERS), self.random.below(2));
                    let letter = self.generator.letter(number as u64, revision as u64);
                    fs::write(file, letter.text).unwrap();
                }
                5 | 6 => drop(fs::remove_file(file)),
                7 => drop(fs::copy(file, other)),
                8 => drop(fs::rename(file, other)),
                _ => fs::write(file, "no letter").unwrap(),
            }
        }
    }

    fn arguments(&mut self) -> (Kind, Vec<&'static str>) {
        let (kind, flag) = match self.random.below(10) {
            0..=2 => (Kind::Rebuild, Some("--rebuild")),
            3 => (Kind::Paranoid, Some("--paranoid")),
            _ => (Kind::Update, None),
        };
        let mut arguments = vec!["index", "letters", "--prune", "--jobs", "2", "--memory", "32"];
        arguments.extend(flag);
        if self.random.chance(0.8) {
            arguments.extend(["--batch", BATCH]);
        }
        (kind, arguments)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments);
        self.prepare(&mut command);
        command
    }

    fn prepare(&self, command: &mut Command) {
        command.current_dir(self.folder.path()).env("IMR_INDEX", &self.index);
        command.env_remove("IMR_SCHEMA_DIR").stdin(Stdio::null());
    }

    /// Starts a run and kills it at a random moment. Whether the kill came before its end.
    pub(crate) fn kill(&mut self) -> bool {
        let (kind, arguments) = self.arguments();
        let mut command = self.command(&arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let moment = self.usual.mul_f64(self.random.share() * 1.1);
        let mut child = command.spawn().unwrap();
        std::thread::sleep(moment);
        // It may have ended by itself.
        drop(child.kill());
        let killed = child.wait().unwrap().code().is_none();
        self.done.push(format!("{kind:?} killed after {moment:?}: {killed}"));
        killed
    }

    /// Runs the program with files that may not grow beyond a few blocks of 512 bytes. Whether it ran out
    /// of room; what it then says must say so.
    #[cfg(unix)]
    pub(crate) fn starve(&mut self) -> Result<bool, String> {
        let (kind, arguments) = self.arguments();
        let blocks = 1 + self.random.below(120);
        // The signal that comes with the limit is ignored, as on a full disk none comes.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script]).arg(&self.program).args(&arguments);
        self.prepare(&mut command);
        let output = command.output().unwrap();
        self.done.push(format!("{kind:?} with {blocks} blocks: {}", output.status));
        self.said(output.status, &String::from_utf8_lossy(&output.stderr))
    }

    /// Runs the program on a disk with so many bytes left, which `fill` takes and gives back.
    pub(crate) fn fill(&mut self, disk: &Path, free: u64) -> Result<bool, String> {
        let (kind, arguments) = self.arguments();
        let ballast = disk.join("ballast");
        fill_up(&ballast, free);
        let output = self.command(&arguments).output().unwrap();
        fs::remove_file(&ballast).unwrap();
        self.done.push(format!("{kind:?} with {free} bytes left: {}", output.status));
        self.said(output.status, &String::from_utf8_lossy(&output.stderr))
    }

    fn said(&self, status: ExitStatus, err: &str) -> Result<bool, String> {
        match status.code() {
            Some(0 | 1) => Ok(false),
            Some(2) if err.contains("no room left") && !err.contains("panicked") => Ok(true),
            _ => Err(format!("{:?}: {status}: {err}", self.done)),
        }
    }

    /// Whether the index is whole as it is: at its last commit, or not there yet.
    pub(crate) fn is_whole(&self) -> Result<(), String> {
        match Store::new(&self.index).verify() {
            Ok(found) if found.whole => Ok(()),
            // Between the first commit of all and its being taken into use.
            Ok(found) if found.faults.iter().all(|fault| fault.code == "current") => Ok(()),
            Ok(found) => Err(format!("{:?}: {:?}", self.done, found.faults)),
            Err(StoreError::Missing(_)) => Ok(()),
            Err(error) => Err(format!("{:?}: {error}", self.done)),
        }
    }

    /// Runs the program to its end and compares the index with a clean build.
    pub(crate) fn finish(
        &mut self,
        dump: impl Fn(&Store, &Vocabularies) -> Dump,
        clean: impl Fn(&Pipeline, &Vocabularies, &Path) -> Dump,
    ) -> Result<(), String> {
        let (kind, arguments) = self.arguments();
        let started = Instant::now();
        let output = self.command(&arguments).output().unwrap();
        self.usual = (self.usual * 3 + started.elapsed()) / 4;
        self.done.push(format!("{kind:?} to its end: {}", output.status));
        if !matches!(output.status.code(), Some(0 | 1)) {
            let err = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{:?}: {err}", self.done));
        }
        self.is_whole()?;
        let store = Store::new(&self.index);
        if store.open().unwrap().meta.unfinished {
            return Err(format!("{:?}: still unfinished", self.done));
        }
        let (is, should) = (
            dump(&store, &self.vocabularies),
            clean(&self.pipeline, &self.vocabularies, &self.letters()),
        );
        let done = std::mem::take(&mut self.done);
        if is == should { Ok(()) } else { Err(format!("{done:?}: {}", difference(&is, &should))) }
    }
}

/// What one index says and the other does not.
fn difference(is: &Dump, should: &Dump) -> String {
    let lines = |dump: &Dump| -> BTreeSet<String> {
        let answers = dump.1.iter().map(|(of, answer)| format!("{of}: {answer}"));
        dump.0.iter().cloned().chain(answers).collect()
    };
    let (is, should) = (lines(is), lines(should));
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| -> Vec<String> {
        a.difference(b).map(|line| line.chars().take(700).collect()).collect()
    };
    format!("is {:#?}, should be {:#?}", only(&is, &should), only(&should, &is))
}

/// Writes a file that leaves so many bytes of its disk.
fn fill_up(ballast: &Path, free: u64) {
    use std::io::Write;
    let mut file = fs::File::create(ballast).unwrap();
    let block = [0; 4096];
    while file.write_all(&block).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(free)).unwrap();
}
