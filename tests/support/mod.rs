//! What several tests need: the program, its library, letters.

pub(crate) mod crafted;
pub(crate) mod dump;
pub(crate) mod render;
pub(crate) mod server;

use imr_search::index::{NoProgress, Pipeline, Report, Store, Update};
use imr_search::source;
use imr_search::vocabulary::Vocabularies;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The folder of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The letters written for the project.
pub(crate) fn corpus() -> Vec<PathBuf> {
    files(&root().join("corpus/letters"))
}

/// Real letters, where the machine has them: `IMR_DETERMINATIONS` names their folder.
pub(crate) fn determinations() -> Option<PathBuf> {
    let folder = std::env::var_os("IMR_DETERMINATIONS").map(PathBuf::from)?;
    folder.is_dir().then_some(folder)
}

/// The files of a folder in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

pub(crate) fn vocabularies() -> Vocabularies {
    Vocabularies::load(None).unwrap()
}

pub(crate) fn pipeline() -> Pipeline {
    Pipeline::new(&vocabularies()).unwrap()
}

/// The usual update.
pub(crate) fn update() -> Update {
    Update { jobs: 2, memory: 32_000_000, ..Update::default() }
}

/// Brings an index up to date with a folder.
pub(crate) fn index(store: &Store, pipeline: &Pipeline, folder: &Path) -> Report {
    let walk = source::walk(&[folder.to_owned()]);
    update().run(store, pipeline, Some(walk), &NoProgress).unwrap()
}

/// A small letter with one item; `name` makes its words its own.
pub(crate) fn small_letter(case: &str, name: &str, outcome: &str) -> String {
    format!(
        "Case Number: {case}\nDecision Date: 03/04/2015\n\nHOW THE IMR FINAL DETERMINATION WAS MADE\n\nThe \
         Expert Reviewer has the following credentials:\nState(s) of Licensure: Ohio\n\
         Certification(s)/Specialty: Neurology\n\nCLINICAL CASE SUMMARY\n\nA 50 year old man, {name}.\n\n\
         IMR ISSUES, DECISIONS AND RATIONALES\n\nThe items set forth below:\n\n{name} brace for the left \
         knee: {outcome}\n\nClaims Administrator guideline: Decision based on MTUS Knee Complaints 2004.\n\n\
         MAXIMUS guideline: Decision based on MTUS Knee Complaints 2004.\n\nDecision rationale: The {name} \
         brace was asked for. The reasons given are those of {name}.\n"
    )
}

/// The program, run in a folder of its own with an index of its own.
pub(crate) struct Imr {
    pub(crate) folder: tempfile::TempDir,
}

/// What the program did.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let Output { status, stdout, stderr } = output;
        Self {
            code: status.code().expect("the program ends by itself"),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
        }
    }
}

impl Imr {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_imr"));
        command
            .current_dir(self.folder.path())
            .env("IMR_INDEX", self.path("index"))
            .env_remove("IMR_SCHEMA_DIR")
            .env_remove("NO_COLOR")
            .env("COLUMNS", "80");
        command
    }

    #[track_caller]
    pub(crate) fn run(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
        Ran::of(self.command().args(args).output().unwrap())
    }

    /// Runs a command that reads `input`.
    #[track_caller]
    pub(crate) fn fed(&self, args: &[&str], input: &str) -> Ran {
        let pipes = (Stdio::piped(), Stdio::piped(), Stdio::piped());
        let mut command = self.command();
        command.args(args).stdin(pipes.0).stdout(pipes.1).stderr(pipes.2);
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Runs a command that must go well and print JSON.
    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> serde_json::Value {
        let ran = self.run(args.iter().copied().chain(["--format", "json"]));
        serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err))
    }
}
