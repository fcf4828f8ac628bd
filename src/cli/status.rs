//! `imr status`: what the index holds.

use super::Done;
use super::args::{Format, Global};
use super::error::CliError;
use crate::index::{Pipeline, Status as FileStatus, StoreError};
use crate::output::{BOLD, DIM, Painted, WARN, clean, json, number, plural};
use crate::search::{Engine, FacetRow, Request};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// Say what the index holds
#[derive(Debug, Args)]
pub(super) struct Status {
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Serialize)]
struct Report {
    index: String,
    letters: u64,
    items: u64,
    outcomes: Vec<FacetRow>,
    layouts: Vec<FacetRow>,
    files: BTreeMap<&'static str, u64>,
    failures: BTreeMap<String, u64>,
    warnings: u64,
    roots: Vec<String>,
    bytes: u64,
    segments: usize,
    deleted: u64,
    schema: u32,
    pipeline: String,
    /// Whether letters were read by this version of parser and vocabularies.
    current: bool,
    /// Seconds since 1970.
    updated: u64,
}

impl Status {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let report = report(global)?;
        match self.format {
            Format::Text | Format::Csv => text(out, &report)?,
            Format::Json | Format::Jsonl => json(out, &report)?,
        }
        Ok(Done::Found)
    }
}

fn report(global: &Global) -> Result<Report, CliError> {
    let vocabularies = global.vocabularies()?;
    let store = global.store()?;
    let snapshot = store.open()?;
    let request = Request {
        limit: 0,
        facets: Some(vec!["outcome".to_owned(), "layout".to_owned()]),
        ..Request::default()
    };
    let response = Engine::new(&snapshot, &vocabularies)
        .search(&request)
        .map_err(|error| CliError::search(&error, ""))?;
    let mut facets = response.facets.unwrap_or_default().0.into_iter().map(|facet| facet.rows);
    let mut files = BTreeMap::new();
    let mut failures: BTreeMap<String, u64> = BTreeMap::new();
    let (mut letters, mut warnings) = (0, 0);
    let sources = snapshot.sources()?;
    for source in sources.values() {
        let status = match source.status {
            FileStatus::Indexed => "indexed",
            FileStatus::Duplicate => "duplicate",
            FileStatus::Failed => "failed",
            FileStatus::Skipped => "skipped",
        };
        *files.entry(status).or_default() += 1;
        letters += u64::from(source.status == FileStatus::Indexed);
        warnings += u64::from(source.warnings);
        if let (FileStatus::Failed, Some(failure)) = (source.status, &source.failure) {
            *failures.entry(failure.code.clone()).or_default() += 1;
        }
    }
    let (segments, deleted) = snapshot.segments();
    Ok(Report {
        index: store.folder().display().to_string(),
        letters,
        items: response.total,
        outcomes: facets.next().unwrap_or_default(),
        layouts: facets.next().unwrap_or_default(),
        files,
        failures,
        warnings,
        roots: snapshot.meta.roots.clone(),
        bytes: size(store.folder()).map_err(|error| {
            CliError::from(StoreError::Io { path: store.folder().to_owned(), error })
        })?,
        segments,
        deleted,
        schema: snapshot.meta.schema,
        current: snapshot.meta.pipeline == Pipeline::fingerprint_of(&vocabularies),
        pipeline: snapshot.meta.pipeline.clone(),
        updated: snapshot.meta.updated,
    })
}

/// Bytes of all files below a folder.
fn size(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() {
            size(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(bytes)
}

fn text(out: &mut dyn Write, report: &Report) -> Result<(), CliError> {
    let holds = format!("{}, {}", plural(report.letters, "letter"), plural(report.items, "item"));
    writeln!(out, "{} in {}", Painted(BOLD, holds), clean(&report.index))?;
    let rows = |rows: &[FacetRow]| {
        let rows = rows.iter().map(|row| format!("{} {}", number(row.count), row.label));
        rows.collect::<Vec<_>>().join(", ")
    };
    let files: Vec<String> =
        report.files.iter().map(|(status, count)| format!("{} {status}", number(*count))).collect();
    let ago = ago(report.updated);
    let segments = plural(report.segments as u64, "segment");
    let size = format!(
        "{:.1} MB, {segments}, {} deleted documents",
        report.bytes as f64 / 1e6,
        number(report.deleted)
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
        writeln!(out, "{}{value}", Painted(DIM, format!("{name:20}")))?;
    }
    for root in &report.roots {
        writeln!(out, "{}{}", Painted(DIM, format!("{:20}", "From")), clean(root))?;
    }
    for (code, count) in &report.failures {
        writeln!(out, "{}", Painted(WARN, format!("{} failed: {code}", plural(*count, "file"))))?;
    }
    if !report.current {
        let note = "letters were read with other vocabularies: `imr index` brings them up to date";
        writeln!(out, "{}", Painted(WARN, note))?;
    }
    Ok(())
}

/// How long ago a time was.
fn ago(seconds: u64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let past = now.map_or(0, |now| now.as_secs().saturating_sub(seconds));
    match past {
        0..=119 => "just now".to_owned(),
        120..=7_199 => format!("{} minutes ago", past / 60),
        7_200..=172_799 => format!("{} hours ago", past / 3_600),
        _ => format!("{} days ago", past / 86_400),
    }
}
