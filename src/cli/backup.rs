//! `imr backup`: a copy of the index while others use it.

use super::Done;
use super::args::{Format, Global};
use super::error::CliError;
use crate::output::{BOLD, Painted, WARN, ago, clean, json, json_line, plural};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Copy the index as of its last commit to another folder, while a writer may go on
///
/// The copy is an index like any other: it can be searched, verified and brought up to date with
/// --index DIR. It is checked against its checksums before it is done.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// A folder that is empty or does not exist
    #[arg(value_name = "DIR")]
    to: PathBuf,

    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Backup {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let copied = global.store()?.backup(&self.to)?;
        match self.format {
            Format::Json => json(out, &copied)?,
            Format::Jsonl => json_line(out, &copied)?,
            Format::Text => {
                let files = plural(copied.files, "file");
                let size = format!("{files}, {:.1} MB", copied.bytes as f64 / 1e6);
                let to = clean(&self.to.to_string_lossy());
                writeln!(out, "{} copied to {to}", Painted(BOLD, size))?;
                writeln!(out, "as of the index's last commit, {}", ago(copied.updated))?;
                if copied.unfinished {
                    let note = "that update is not at its end: `imr index` goes on with it";
                    writeln!(out, "{}", Painted(WARN, note))?;
                }
            }
        }
        Ok(Done::Found)
    }
}
