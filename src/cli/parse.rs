//! `imr parse`: what is read of files, without an index.

use super::Done;
use super::args::{self, Format, Global};
use super::error::CliError;
use crate::index::{Pipeline, ReadLetter};
use crate::output::{
    Evidence, Look, Painted, WARN, clean, evidence, evidence_text, json, json_line, letter_text,
    width,
};
use crate::record::LetterRecord;
use crate::search::Marker;
use crate::source::{self, ReadError};
use clap::Args;
use serde::Serialize;
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// Show what is read of files, without an index
#[derive(Debug, Args)]
pub(super) struct Parse {
    /// Letters as PDF or text; - for stdin
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
    Letter {
        #[serde(flatten)]
        letter: Box<LetterRecord>,
        /// Where its facets come from, if asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        evidence: Option<Vec<Evidence>>,
    },
    Failed {
        source: String,
        error: Error,
    },
}

#[derive(Serialize)]
struct Error {
    code: &'static str,
    message: String,
}

impl Parse {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let vocabularies = global.vocabularies()?;
        let pipeline = args::pipeline(vocabularies)?;
        let mut all = Vec::new();
        let mut failed = false;
        for (at, file) in self.files.iter().enumerate() {
            let shown = file.to_string_lossy();
            let read = if file.as_os_str() == "-" {
                piped(&pipeline)?
            } else {
                pipeline.read(file, &shown)
            };
            failed |= read.is_err();
            let why = |letter: &ReadLetter| {
                let (_, facets) = pipeline.parse(&letter.text, &source::stem(file));
                evidence(&facets, None)
            };
            match (self.format, read) {
                (Format::Text, Ok(letter)) => {
                    if at > 0 {
                        writeln!(out)?;
                    }
                    let marker = Marker::default();
                    let look = Look { vocabularies, width: width(), marker: &marker };
                    letter_text(out, &letter.record, &look)?;
                    if self.explain {
                        evidence_text(out, &letter.record.id, &why(&letter))?;
                    }
                }
                (Format::Text, Err(error)) => report(&shown, &error),
                (format, read) => {
                    let read = read.map(|letter| {
                        let evidence = self.explain.then(|| why(&letter));
                        (letter.record, evidence)
                    });
                    let parsed = parsed(&shown, read);
                    if format == Format::Jsonl {
                        json_line(out, &parsed)?;
                    } else {
                        all.push(parsed);
                    }
                }
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

/// The letter that is piped in.
fn piped(pipeline: &Pipeline) -> io::Result<Result<ReadLetter, ReadError>> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(source::MAX_BYTES).read_to_end(&mut bytes)?;
    let text = pipeline.text(&bytes);
    Ok(text.and_then(|text| {
        let record = pipeline.letter(&text, "-", "-")?;
        Ok(ReadLetter { record, text, content_hash: None })
    }))
}

fn parsed(shown: &str, read: Result<(LetterRecord, Option<Vec<Evidence>>), ReadError>) -> Parsed {
    match read {
        Ok((letter, evidence)) => Parsed::Letter { letter: Box::new(letter), evidence },
        Err(ReadError { code, message, .. }) => {
            Parsed::Failed { source: shown.to_owned(), error: Error { code, message } }
        }
    }
}

fn report(shown: &str, error: &ReadError) {
    let line = clean(&format!("{shown}: {} ({})", error.message, error.code));
    anstream::eprintln!("{} {line}", Painted(WARN, "failed:"));
}
