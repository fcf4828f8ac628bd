//! `imr audit`: how well letters were read.

use super::Done;
use super::args::{self, Format, Global};
use super::error::CliError;
use crate::audit::{Audit, Auditor, Filled, Seen};
use crate::index::{Snapshot, Status};
use crate::output::{BOLD, Painted, WARN, clean, field, json, json_line, number, plural, width};
use crate::source;
use clap::Args;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

/// Say how well letters were read: of files and folders, or of the index
///
/// Letters by layout, the share of letters and items that have each field, warnings with examples,
/// words that no vocabulary knows, failures by reason. Exit code 1 if no letter was read, or with
/// --strict if anything lies below the share given.
#[derive(Debug, Args)]
pub(super) struct AuditCommand {
    /// Files and folders; without any, what the index holds
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Exit with 1 if a field that every letter prints is filled in less than this share of letters or items
    #[arg(long, value_name = "SHARE", value_parser = share)]
    strict: Option<f64>,

    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a share lies between 0 and 1, such as 0.95".to_owned()),
    }
}

impl AuditCommand {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let audit = if self.paths.is_empty() {
            of_index(&global.snapshot()?)?
        } else {
            self.of_files(global)?
        };
        match self.format {
            Format::Json => json(out, &audit)?,
            Format::Jsonl => json_line(out, &audit)?,
            Format::Text => text(out, &audit)?,
        }
        let below = self.strict.map(|share| audit.below(share)).unwrap_or_default();
        for field in &below {
            anstream::eprintln!("{} {field}", Painted(WARN, "below the share:"));
        }
        let is_well = below.is_empty() && audit.letters > 0;
        Ok(if is_well { Done::Found } else { Done::Nothing })
    }

    fn of_files(&self, global: &Global) -> Result<Audit, CliError> {
        let pipeline = args::pipeline(global.vocabularies()?)?;
        let walk = source::walk(&self.paths);
        let mut auditor = Auditor::default();
        for problem in &walk.problems {
            auditor.failure(&problem.path.to_string_lossy(), problem.code);
        }
        for path in walk.files.keys() {
            let shown = path.to_string_lossy();
            match pipeline.read(path, &shown) {
                Ok(letter) => auditor.letter(&letter.record),
                Err(error) => auditor.failure(&shown, error.code),
            }
        }
        Ok(auditor.finish())
    }
}

fn of_index(snapshot: &Snapshot) -> Result<Audit, CliError> {
    let mut auditor = Auditor::default();
    for source in snapshot.sources()?.values() {
        match source.status {
            Status::Indexed => {
                if let Some(letter) = snapshot.letter(source.id())? {
                    auditor.letter(&letter);
                }
            }
            Status::Failed | Status::Skipped => {
                if let Some(failure) = &source.failure {
                    auditor.failure(&source.path, &failure.code);
                }
            }
            Status::Duplicate => {}
        }
    }
    Ok(auditor.finish())
}

/// Characters of a text that are shown.
const LENGTH: usize = 44;

/// Columns that a field with its share takes.
const COLUMN: usize = 40;

/// Values of a list that are shown.
const SHOWN: usize = 5;

fn text(out: &mut dyn Write, audit: &Audit) -> io::Result<()> {
    let read = format!("{}, {}", plural(audit.letters, "letter"), plural(audit.items, "item"));
    writeln!(out, "{}", Painted(BOLD, read))?;
    let layouts = audit.layouts.iter().map(|(layout, n)| format!("{} {layout}", number(*n)));
    write!(out, "{}", field("Layouts", &layouts.collect::<Vec<_>>().join(", "), 9, width()))?;
    fields(out, "Letters with", &audit.letter_fields)?;
    fields(out, "Items with", &audit.item_fields)?;
    seen(out, "Warnings", &audit.warnings)?;
    for (kind, words) in &audit.unknown {
        writeln!(out, "{}", Painted(BOLD, format!("Unknown: {kind}")))?;
        for (words, count) in words.iter().take(SHOWN) {
            let words: String = clean(words).chars().take(LENGTH).collect();
            writeln!(out, "  {:>7} {words}", number(*count))?;
        }
    }
    seen(out, "Failures", &audit.failures)
}

fn fields(out: &mut dyn Write, title: &str, fields: &[Filled]) -> io::Result<()> {
    writeln!(out, "{}", Painted(BOLD, title))?;
    let columns = if width() < 2 * COLUMN { 1 } else { 2 };
    for row in fields.chunks(columns) {
        for field in row {
            write!(out, "  {:<32}{:>4.0} %", field.field, field.share * 100.0)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn seen(out: &mut dyn Write, title: &str, all: &BTreeMap<String, Seen>) -> io::Result<()> {
    if !all.is_empty() {
        writeln!(out, "{}", Painted(BOLD, title))?;
    }
    for (code, seen) in all {
        let example = seen.examples.first().map(|example| shortened(example)).unwrap_or_default();
        writeln!(out, "  {:>7} {code}, such as {example}", number(seen.count))?;
    }
    Ok(())
}

/// The end of a long text, for the names of files differ there.
fn shortened(text: &str) -> String {
    let text = clean(text);
    let count = text.chars().count();
    if count <= LENGTH {
        return text;
    }
    format!("\u{2026}{}", text.chars().skip(count - LENGTH).collect::<String>())
}
