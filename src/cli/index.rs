//! `imr index`: brings the index up to date.

use super::Done;
use super::args::{Format, Global, pipeline};
use super::error::CliError;
use super::stop::Stop;
use super::watch::Watch;
use crate::index::{Batches, FileReport, MEMORY, Progress, Report, Update};
use crate::output::{BOLD, Painted, WARN, clean, json, json_line, number, plural};
use crate::source::{self, Walk};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::time::Duration;

/// Memory for writing where nothing else is said, in MB.
pub(super) const DEFAULT_MEMORY: u32 = (MEMORY / 1_000_000) as u32;

/// Bring the index up to date with files and folders: only what changed is read
///
/// Reads determinations as PDF or text. Files that vanished from a folder named are removed, files
/// that cannot be read are listed with the reason. Without PATH, the folders known to the index are
/// looked at again. What has been read is committed in batches: an update that is stopped or killed
/// goes on where it was when the same command runs again. Exit code 0: all well; 1: some files failed;
/// 2: nothing done; 130: stopped with Ctrl-C.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command")]
pub(super) struct Index {
    /// Files and folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Read the names of files from this file, one a line; - is stdin
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,

    /// Build a new index beside the present one, then swap; goes on with a rebuild that was stopped
    #[arg(long)]
    rebuild: bool,

    /// Look into every file, also where its size and time are as they were
    #[arg(long)]
    paranoid: bool,

    /// Go on after that: follow changes in the folders until Ctrl-C, and look at all of them at least
    /// every so many seconds
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "300", conflicts_with_all = ["dry_run", "rebuild", "prune"], value_parser = clap::value_parser!(u64).range(1..=86_400))]
    watch: Option<u64>,

    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,

    /// Remove what has vanished even where a whole folder has
    #[arg(long)]
    prune: bool,

    /// Threads that read files [default: one a processor, up to eight]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: Option<u16>,

    /// Memory for writing, in MB
    #[arg(long, value_name = "MB", default_value_t = DEFAULT_MEMORY, value_parser = clap::value_parser!(u32).range(32..=65_536))]
    memory: u32,

    /// Bytes of text after which what has been read is committed; for tests
    #[arg(long, value_name = "BYTES", hide = true)]
    batch: Option<u64>,

    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Index {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let usual = Batches::default();
        let update = Update {
            rebuild: self.rebuild,
            dry_run: self.dry_run,
            prune: self.prune,
            paranoid: self.paranoid,
            batches: Batches { bytes: self.batch.unwrap_or(usual.bytes), ..usual },
            ..update(self.jobs, self.memory)
        };
        let stop = Stop::listen();
        let report = bring_up_to_date(global, &update, self.walk()?, &stop)?;
        self.tell(out, &report)?;
        if report.unfinished {
            return Ok(Done::Interrupted);
        }
        match self.watch {
            Some(seconds) => self.watch(global, &update, &stop, seconds, out),
            None if failures(&report).next().is_none() && report.notices.is_empty() => {
                Ok(Done::Found)
            }
            None => Ok(Done::Nothing),
        }
    }

    fn tell(&self, out: &mut dyn Write, report: &Report) -> Result<(), CliError> {
        match self.format {
            Format::Json => json(out, report)?,
            Format::Jsonl => json_line(out, report)?,
            Format::Text => text(out, report)?,
        }
        Ok(out.flush()?)
    }

    /// Brings the index up to date again and again, until it is asked to stop. What goes wrong in one
    /// run may go well in the next.
    fn watch(
        &self,
        global: &Global,
        update: &Update,
        stop: &Stop,
        seconds: u64,
        out: &mut dyn Write,
    ) -> Result<Done, CliError> {
        let store = global.store()?;
        let folders = store.open()?.folders();
        let mut watch = Watch::new(folders, &store, Duration::from_secs(seconds));
        watch.announce();
        let mut said = None;
        while watch.wait(stop) {
            match bring_up_to_date(global, update, None, stop) {
                Ok(report) => {
                    let news = report.added + report.changed + report.removed + report.moved;
                    let problems = Some((report.failed.clone(), report.notices.clone()));
                    if news > 0 || said != problems {
                        self.tell(out, &report)?;
                    }
                    said = problems;
                }
                Err(error) => error.print(),
            }
        }
        Ok(Done::Found)
    }

    fn walk(&self) -> Result<Option<Walk>, CliError> {
        let mut walk = (!self.paths.is_empty()).then(|| source::walk(&self.paths));
        if let Some(file) = &self.files_from {
            let mut names = Vec::new();
            let read = if file.as_os_str() == "-" {
                io::stdin().read_to_end(&mut names).map(|_| ())
            } else {
                std::fs::read(file).map(|bytes| names = bytes)
            };
            read.map_err(|error| {
                CliError::new(format!("cannot read {}: {error}", file.display()))
            })?;
            let listed = source::list(&names);
            match &mut walk {
                Some(walk) => walk.merge(listed),
                None => walk = Some(listed),
            }
        }
        Ok(walk)
    }
}

/// An update with the usual settings.
pub(super) fn update(jobs: Option<u16>, memory_mb: u32) -> Update {
    let usual = Update::default();
    Update {
        jobs: jobs.map_or(usual.jobs, usize::from),
        memory: memory_mb as usize * 1_000_000,
        ..usual
    }
}

/// Runs an update with a progress bar where a person watches.
pub(super) fn bring_up_to_date(
    global: &Global,
    update: &Update,
    walk: Option<Walk>,
    stop: &Stop,
) -> Result<Report, CliError> {
    let pipeline = pipeline(global.vocabularies()?)?;
    let store = global.store()?;
    let bar = Bar { bar: io::stderr().is_terminal().then(bar), stop: stop.clone() };
    Ok(update.run(&store, &pipeline, walk, &bar)?)
}

/// A progress bar where a person watches, and the wish to stop.
struct Bar {
    bar: Option<ProgressBar>,
    stop: Stop,
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(8));
    let template = "{bar:30} {human_pos}/{human_len} files  {per_sec:.0}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

impl Progress for Bar {
    fn start(&self, files: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(files);
            bar.reset();
        }
    }

    fn advance(&self, files: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(files);
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.is_asked()
    }
}

/// Whether a file is one of several with the same letter: nothing is wrong with it.
fn is_copy(file: &FileReport) -> bool {
    file.code == "duplicate"
}

/// The files that could not be read.
fn failures(report: &Report) -> impl Iterator<Item = &FileReport> {
    report.failed.iter().filter(|file| !is_copy(file))
}

/// Files that are listed for a person, of one kind.
const LISTED: usize = 50;

fn text(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let would = if report.dry_run { "would be " } else { "" };
    let Report { added, changed, unchanged, removed, .. } = report;
    let mut counts = vec![(added, "added"), (changed, "changed"), (removed, "removed")];
    if report.moved > 0 {
        counts.push((&report.moved, "moved"));
    }
    let counts: Vec<String> =
        counts.iter().map(|(count, what)| format!("{} {would}{what}", number(**count))).collect();
    writeln!(out, "{}, {} unchanged", counts.join(", "), number(*unchanged))?;
    if report.skipped > 0 {
        writeln!(out, "{} skipped: text, but no determination", plural(report.skipped, "file"))?;
    }
    let list = |out: &mut dyn Write, what: &str, files: &[FileReport]| -> io::Result<()> {
        if !files.is_empty() {
            writeln!(out, "{}", Painted(WARN, format!("{} {what}:", number(files.len() as u64))))?;
        }
        for file in files.iter().take(LISTED) {
            writeln!(
                out,
                "  {}\n    {} ({})",
                clean(&file.source),
                clean(&file.message),
                file.code
            )?;
        }
        match files.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => writeln!(out, "  and {} more: --format json lists all", number(more as u64)),
        }
    };
    let (copies, failed): (Vec<FileReport>, Vec<FileReport>) =
        report.failed.iter().cloned().partition(is_copy);
    list(out, "failed", &failed)?;
    list(out, if copies.len() == 1 { "copy" } else { "copies" }, &copies)?;
    list(out, "to know", &report.notices)?;
    if report.unfinished {
        let left = plural(report.left, "file");
        let note = format!("stopped with {left} to go: the same command goes on from here");
        return writeln!(out, "{}", Painted(WARN, note));
    }
    let (letters, items) = (plural(report.letters, "letter"), plural(report.items, "item"));
    let seconds = report.took_ms as f64 / 1_000.0;
    writeln!(out, "{} in the index, {seconds:.1} s", Painted(BOLD, format!("{letters}, {items}")))
}
