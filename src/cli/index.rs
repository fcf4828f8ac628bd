//! `imr index`: brings the index up to date.

use super::Done;
use super::args::{Format, Global, pipeline};
use super::error::CliError;
use crate::index::{FileReport, NoProgress, Progress, Report, Update};
use crate::output::{BOLD, Painted, WARN, clean, json, json_line, number, plural};
use crate::source::{self, Walk};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;

/// Memory for writing where nothing else is said, in MB.
pub(super) const DEFAULT_MEMORY: u32 = 256;

/// Bring the index up to date with files and folders: only what changed is read
///
/// Reads determinations as PDF or text. Files that vanished from a folder named are removed, files
/// that cannot be read are listed with the reason. Without PATH, the folders known to the index are
/// looked at again. Exit code 0: all well; 1: some files failed; 2: nothing done.
#[derive(Debug, Args)]
pub(super) struct Index {
    /// Files and folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Read the names of files from this file, one a line; - is stdin
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,

    /// Build a new index beside the present one, then swap
    #[arg(long)]
    rebuild: bool,

    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,

    /// Remove what has vanished even where a whole folder has
    #[arg(long)]
    prune: bool,

    /// Threads that read files [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: Option<u16>,

    /// Memory for writing, in MB
    #[arg(long, value_name = "MB", default_value_t = DEFAULT_MEMORY, value_parser = clap::value_parser!(u32).range(32..=65_536))]
    memory: u32,

    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Index {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let walk = self.walk()?;
        let update = Update {
            rebuild: self.rebuild,
            dry_run: self.dry_run,
            prune: self.prune,
            ..update(self.jobs, self.memory)
        };
        let report = bring_up_to_date(global, &update, walk)?;
        match self.format {
            Format::Json => json(out, &report)?,
            Format::Jsonl => json_line(out, &report)?,
            Format::Text | Format::Csv => text(out, &report)?,
        }
        let well = report.failed.is_empty() && report.notices.is_empty();
        Ok(if well { Done::Found } else { Done::Nothing })
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
            let listed = source::list(&String::from_utf8_lossy(&names));
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
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Update {
        rebuild: false,
        dry_run: false,
        prune: false,
        jobs: jobs.map_or(cores.min(8), usize::from),
        memory: memory_mb as usize * 1_000_000,
    }
}

/// Runs an update with a progress bar where a person watches.
pub(super) fn bring_up_to_date(
    global: &Global,
    update: &Update,
    walk: Option<Walk>,
) -> Result<Report, CliError> {
    let pipeline = pipeline(&global.vocabularies()?)?;
    let store = global.store()?;
    let bar = Bar::new();
    let progress: &dyn Progress = if io::stderr().is_terminal() { &bar } else { &NoProgress };
    Ok(update.run(&store, &pipeline, walk, progress)?)
}

struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(8));
        let template = "{bar:30} {human_pos}/{human_len} files  {per_sec:.0}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn start(&self, files: u64) {
        self.0.set_length(files);
        self.0.reset();
    }

    fn advance(&self, files: u64) {
        self.0.inc(files);
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}

fn text(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let would = if report.dry_run { "would be " } else { "" };
    let Report { added, changed, unchanged, removed, .. } = report;
    let counts = [(added, "added"), (changed, "changed"), (removed, "removed")];
    let counts = counts.map(|(count, what)| format!("{} {would}{what}", number(*count)));
    writeln!(out, "{}, {} unchanged", counts.join(", "), number(*unchanged))?;
    if report.skipped > 0 {
        writeln!(out, "{} skipped: text, but no determination", plural(report.skipped, "file"))?;
    }
    let list = |out: &mut dyn Write, what: &str, files: &[FileReport]| -> io::Result<()> {
        if !files.is_empty() {
            writeln!(out, "{}", Painted(WARN, format!("{} {what}:", files.len())))?;
        }
        for file in files {
            writeln!(out, "  {}\n    {} ({})", clean(&file.source), file.message, file.code)?;
        }
        Ok(())
    };
    list(out, "failed", &report.failed)?;
    list(out, "to know", &report.notices)?;
    let (letters, items) = (plural(report.letters, "letter"), plural(report.items, "item"));
    let seconds = report.took_ms as f64 / 1_000.0;
    writeln!(out, "{} in the index, {seconds:.1} s", Painted(BOLD, format!("{letters}, {items}")))
}
