//! `imr parse`: what is read of files, without an index.

use super::Done;
use super::args::{self, Format, Global};
use super::error::CliError;
use crate::output::{Painted, WARN, evidence_text, json, json_line, letter_text, width};
use crate::record::LetterRecord;
use crate::source::{self, ReadError};
use clap::Args;
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;

/// Show what is read of files, without an index
#[derive(Debug, Args)]
pub(super) struct Parse {
    /// Letters as PDF or text
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Which words each facet came from
    #[arg(long)]
    explain: bool,

    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A letter, or why there is none.
#[derive(Serialize)]
#[serde(untagged)]
enum Parsed {
    Letter(Box<LetterRecord>),
    Failed { source: String, error: Error },
}

#[derive(Serialize)]
struct Error {
    code: &'static str,
    message: String,
}

impl Parse {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let vocabularies = global.vocabularies()?;
        let pipeline = args::pipeline(&vocabularies)?;
        let mut all = Vec::new();
        let mut failed = false;
        for (at, file) in self.files.iter().enumerate() {
            let shown = file.to_string_lossy();
            let read = pipeline.read(file, &shown);
            failed |= read.is_err();
            match (self.format, read) {
                (Format::Text | Format::Csv, Ok(letter)) => {
                    if at > 0 {
                        writeln!(out)?;
                    }
                    letter_text(out, &letter.record, &vocabularies, width())?;
                    if self.explain {
                        let (_, facets) = pipeline.parse(&letter.text, &source::stem(file));
                        evidence_text(out, &letter.record.id, &facets, None)?;
                    }
                }
                (Format::Text | Format::Csv, Err(error)) => report(&shown, &error),
                (Format::Jsonl, read) => json_line(out, &parsed(&shown, read.map(|r| r.record)))?,
                (Format::Json, read) => all.push(parsed(&shown, read.map(|r| r.record))),
            }
        }
        match (self.format, all.as_slice()) {
            (Format::Json, [one]) => json(out, one)?,
            (Format::Json, many) => json(out, &many)?,
            _ => {}
        }
        Ok(if failed { Done::Nothing } else { Done::Found })
    }
}

fn parsed(shown: &str, read: Result<LetterRecord, ReadError>) -> Parsed {
    match read {
        Ok(letter) => Parsed::Letter(Box::new(letter)),
        Err(ReadError { code, message, .. }) => {
            Parsed::Failed { source: shown.to_owned(), error: Error { code, message } }
        }
    }
}

fn report(shown: &str, error: &ReadError) {
    anstream::eprintln!("{} {shown}: {} ({})", Painted(WARN, "failed:"), error.message, error.code);
}
