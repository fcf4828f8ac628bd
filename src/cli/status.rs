//! `imr status`: what the index holds.

use super::Done;
use super::args::{Format, Global};
use super::error::CliError;
use crate::output::{
    BOLD, DIM, Painted, WARN, ago, clean, field, json, json_line, number, plural, width,
};
use crate::search::FacetRow;
use crate::status::Report;
use clap::Args;
use std::io::Write;

/// Say what the index holds
#[derive(Debug, Args)]
pub(super) struct Status {
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Status {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let vocabularies = global.vocabularies()?;
        let store = global.store()?;
        let report = Report::of(&store, &store.open()?, vocabularies)?;
        match self.format {
            Format::Text => text(out, &report)?,
            Format::Json => json(out, &report)?,
            Format::Jsonl => json_line(out, &report)?,
        }
        Ok(Done::Found)
    }
}

/// Columns that names take.
const NAMES: usize = 20;

fn text(out: &mut dyn Write, report: &Report) -> Result<(), CliError> {
    let holds = format!("{}, {}", plural(report.letters, "letter"), plural(report.items, "item"));
    writeln!(
        out,
        "{} in {}",
        Painted(BOLD, holds),
        clean(report.index.as_deref().unwrap_or_default())
    )?;
    let rows = |rows: &[FacetRow]| {
        let rows = rows.iter().map(|row| format!("{} {}", number(row.count), row.label));
        rows.collect::<Vec<_>>().join(", ")
    };
    let files: Vec<String> =
        report.files.iter().map(|(status, count)| format!("{} {status}", number(*count))).collect();
    let ago = ago(report.updated);
    let segments = plural(report.segments as u64, "segment");
    let size = format!(
        "{:.1} MB, {segments}, {} deleted documents ({:.1} %)",
        report.bytes as f64 / 1e6,
        number(report.deleted),
        report.deleted_share * 100.0
    );
    let lines = [
        ("Items by outcome", rows(&report.outcomes)),
        ("Items by layout", rows(&report.layouts)),
        ("Files", files.join(", ")),
        ("Warnings", number(report.warnings)),
        ("Brought up to date", ago),
        ("Size", size),
        ("Version", format!("schema {}, vocabularies {}", report.schema, report.pipeline)),
    ];
    for (name, value) in lines {
        write!(out, "{}", field(name, &value, NAMES, width()))?;
    }
    for root in &report.roots {
        writeln!(out, "{}{}", Painted(DIM, format!("{:NAMES$}", "From")), clean(root))?;
    }
    for (code, count) in &report.failures {
        writeln!(out, "{}", Painted(WARN, format!("{} failed: {code}", plural(*count, "file"))))?;
    }
    let unfinished = [
        (
            report.unfinished,
            "the last update is under way or was broken off: `imr index` goes on with it",
        ),
        (
            report.rebuild_unfinished,
            "a rebuild is under way or was broken off: `imr index --rebuild` goes on with it",
        ),
    ];
    for (_, note) in unfinished.iter().filter(|(is_so, _)| *is_so) {
        writeln!(out, "{}", Painted(WARN, note))?;
    }
    if !report.current {
        let note = "letters were read with other vocabularies: `imr index` brings them up to date";
        writeln!(out, "{}", Painted(WARN, note))?;
    }
    Ok(())
}
