//! `imr show`: an item or a letter, to read.

use super::Done;
use super::args::{Format, Global};
use super::error::CliError;
use crate::index::{ItemDocument, Pipeline, Snapshot};
use crate::output::{evidence_text, item_text, json, json_line, letter_text, width};
use crate::record::LetterRecord;
use crate::source;
use clap::Args;
use std::io::Write;
use std::path::Path;

/// Show an item or a whole letter
#[derive(Debug, Args)]
pub(super) struct Show {
    /// A letter such as CM14-0012345, or an item such as CM14-0012345/1
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// The letter's text as it was read
    #[arg(long)]
    source: bool,

    /// Which words each facet came from
    #[arg(long, conflicts_with = "source")]
    explain: bool,

    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Show {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let snapshot = global.snapshot()?;
        for (at, id) in self.ids.iter().enumerate() {
            if at > 0 && self.format == Format::Text {
                writeln!(out)?;
            }
            self.show(global, &snapshot, id, out)?;
        }
        Ok(Done::Found)
    }

    fn show(
        &self,
        global: &Global,
        snapshot: &Snapshot,
        id: &str,
        out: &mut dyn Write,
    ) -> Result<(), CliError> {
        let (letter, number) = find(snapshot, id)?;
        if self.source {
            let text = snapshot.letter_text(&letter.id)?.unwrap_or_default();
            let text =
                text.replace('\x0c', "\n").replace(|c: char| c.is_control() && c != '\n', "");
            return Ok(writeln!(out, "{text}")?);
        }
        let item = letter.items.iter().find(|item| Some(item.number) == number);
        let document = || ItemDocument::of(&letter).find(|item| Some(item.item.number) == number);
        let vocabularies = global.vocabularies()?;
        match (self.format, item) {
            (Format::Json, None) => json(out, &letter)?,
            (Format::Json, Some(_)) => json(out, &document())?,
            (Format::Jsonl, None) => json_line(out, &letter)?,
            (Format::Jsonl, Some(_)) => json_line(out, &document())?,
            (_, None) => letter_text(out, &letter, &vocabularies, width())?,
            (_, Some(item)) => item_text(out, &letter, item, &vocabularies, width())?,
        }
        if self.explain {
            let text = snapshot.letter_text(&letter.id)?.unwrap_or_default();
            let pipeline = Pipeline::new(&vocabularies)?;
            let (_, facets) = pipeline.parse(&text, &source::stem(Path::new(&letter.source)));
            writeln!(out)?;
            evidence_text(out, &letter.id, &facets, number)?;
        }
        Ok(())
    }
}

/// The letter of an identity, and the number of the item that it names.
fn find(snapshot: &Snapshot, id: &str) -> Result<(LetterRecord, Option<u32>), CliError> {
    if let Some(letter) = snapshot.letter(id)? {
        return Ok((letter, None));
    }
    let item = id.rsplit_once('/').and_then(|(letter, item)| Some((letter, item.parse().ok()?)));
    if let Some((letter, number)) = item
        && let Some(letter) = snapshot.letter(letter)?
    {
        let items = letter.items.len();
        if letter.items.iter().any(|item| item.number == number) {
            return Ok((letter, Some(number)));
        }
        let message = format!("{} has no item {number}", letter.id);
        return Err(CliError::new(message).hint(format!("its items are 1 to {items}")));
    }
    Err(CliError::new(format!("there is no letter or item {id} in the index"))
        .hint("identities look like CM14-0012345 or CM14-0012345/1; `imr search` shows them"))
}
