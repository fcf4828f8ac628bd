//! `imr verify`: whether the index is whole.

use super::Done;
use super::args::{Format, Global};
use super::error::CliError;
use crate::index::Verified;
use crate::output::{BOLD, DIM, Painted, WARN, clean, json, json_line, plural};
use clap::Args;
use std::io::{self, Write};

/// How many faults are listed for a person.
const SHOWN: usize = 20;

/// Say whether the index is whole: checksums of all its files, its manifest against its documents
///
/// Reads the whole index once and changes nothing; a writer may go on meanwhile. Exit code 0: the index
/// is whole; 1: something is wrong, and what to do about it; 2: there is no index to look at.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The same as --format json
    #[arg(long)]
    json: bool,

    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Verify {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let found = global.store()?.verify()?;
        match self.format {
            Format::Json => json(out, &found)?,
            Format::Jsonl => json_line(out, &found)?,
            Format::Text if self.json => json(out, &found)?,
            Format::Text => text(out, &found)?,
        }
        Ok(if found.whole { Done::Found } else { Done::Nothing })
    }
}

fn text(out: &mut dyn Write, found: &Verified) -> io::Result<()> {
    let index = clean(&found.index);
    let files = plural(found.files, "file");
    let read = format!("{files}, {:.1} MB, schema {}", found.bytes as f64 / 1e6, found.schema);
    if found.whole {
        writeln!(out, "{} {index}", Painted(BOLD, "whole:"))?;
        let holds = [(found.sources, "source"), (found.letters, "letter"), (found.items, "item")];
        let holds = holds.map(|(count, what)| plural(count, what)).join(", ");
        writeln!(out, "{read}; {holds}: each where its record says")?;
    } else {
        writeln!(out, "{} {index}", Painted(WARN, "not whole:"))?;
        writeln!(out, "{read}; {}:", plural(found.faults.len() as u64, "fault"))?;
        for fault in found.faults.iter().take(SHOWN) {
            let (what, message) = (clean(&fault.what), clean(&fault.message));
            writeln!(out, "  {what}\n    {message} ({})", fault.code)?;
        }
        if let Some(more) = found.faults.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            writeln!(out, "  and {more} more: --json lists all")?;
        }
        writeln!(out, "`imr index --rebuild` builds the index anew from the letters' files")?;
    }
    for note in &found.notes {
        writeln!(out, "{}", Painted(DIM, note))?;
    }
    Ok(())
}
