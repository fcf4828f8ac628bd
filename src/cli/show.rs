//! `imr show`: an item or a letter, to read.

use super::Done;
use super::args::{Format, Global};
use super::error::CliError;
use crate::index::{ItemDocument, Pipeline, Snapshot};
use crate::output::{
    Evidence, clean, evidence, evidence_text, item_text, json, json_line, letter_text, width,
};
use crate::record::LetterRecord;
use crate::source;
use crate::vocabulary::Vocabularies;
use clap::Args;
use serde::Serialize;
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

/// What an identity names.
pub(super) struct Named {
    pub(super) letter: LetterRecord,
    /// The number of the item, if it names one.
    pub(super) number: Option<u32>,
}

/// What is shown, as JSON.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    what: What,
    /// Where its facets come from, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Vec<Evidence>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum What {
    Letter(Box<LetterRecord>),
    Item(Box<ItemDocument>),
    Source { id: String, text: String },
}

impl Show {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        if self.format == Format::Csv {
            return Err(CliError::new("a letter cannot be written as a table")
                .hint("use --format text, json or jsonl; `imr search --format csv` lists items"));
        }
        let snapshot = global.snapshot()?;
        let vocabularies = global.vocabularies()?;
        let mut all = Vec::new();
        let mut done = Done::Found;
        let mut first = true;
        for id in &self.ids {
            let Some(named) = find(&snapshot, id)? else {
                done = Done::Nothing;
                continue;
            };
            if self.format == Format::Text {
                if !std::mem::take(&mut first) {
                    writeln!(out)?;
                }
                self.text(&snapshot, &vocabularies, &named, out)?;
                continue;
            }
            let shown = self.shown(&snapshot, &vocabularies, named)?;
            if self.format == Format::Jsonl {
                json_line(out, &shown)?;
            } else {
                all.push(shown);
            }
        }
        match (self.format, self.ids.len(), all.as_slice()) {
            (Format::Json, 1, []) => {}
            (Format::Json, 1, [one]) => json(out, one)?,
            (Format::Json, _, many) => json(out, &many)?,
            _ => {}
        }
        Ok(done)
    }

    fn text(
        &self,
        snapshot: &Snapshot,
        vocabularies: &Vocabularies,
        named: &Named,
        out: &mut dyn Write,
    ) -> Result<(), CliError> {
        let Named { letter, number } = named;
        if self.source {
            return Ok(writeln!(out, "{}", source_text(snapshot, letter)?)?);
        }
        match letter.items.iter().find(|item| Some(item.number) == *number) {
            None => letter_text(out, letter, vocabularies, width())?,
            Some(item) => item_text(out, letter, item, vocabularies, width())?,
        }
        if let Some(evidence) = self.evidence(snapshot, vocabularies, named)? {
            writeln!(out)?;
            evidence_text(out, &letter.id, &evidence)?;
        }
        Ok(())
    }

    fn shown(
        &self,
        snapshot: &Snapshot,
        vocabularies: &Vocabularies,
        named: Named,
    ) -> Result<Shown, CliError> {
        let evidence = self.evidence(snapshot, vocabularies, &named)?;
        let Named { letter, number } = named;
        let item = ItemDocument::of(&letter).find(|item| Some(item.item.number) == number);
        let what = match item {
            _ if self.source => {
                let text = source_text(snapshot, &letter)?;
                What::Source { id: letter.id, text }
            }
            Some(item) => What::Item(Box::new(item)),
            None => What::Letter(Box::new(letter)),
        };
        Ok(Shown { what, evidence })
    }

    /// Reads the kept text again to say which words each facet came from.
    fn evidence(
        &self,
        snapshot: &Snapshot,
        vocabularies: &Vocabularies,
        Named { letter, number }: &Named,
    ) -> Result<Option<Vec<Evidence>>, CliError> {
        if !self.explain {
            return Ok(None);
        }
        let text = snapshot.letter_text(&letter.id)?.unwrap_or_default();
        let pipeline = Pipeline::new(vocabularies)?;
        let (_, facets) = pipeline.parse(&text, &source::stem(Path::new(&letter.source)));
        Ok(Some(evidence(&facets, *number)))
    }
}

/// The text of a letter without control characters.
fn source_text(snapshot: &Snapshot, letter: &LetterRecord) -> Result<String, CliError> {
    let text = snapshot.letter_text(&letter.id)?.unwrap_or_default();
    let lines = text.split(['\n', '\x0c']).map(|line| clean(line.trim_end_matches('\r')));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// What an identity names, in capitals or not; where it names nothing, that is reported.
pub(super) fn find(snapshot: &Snapshot, id: &str) -> Result<Option<Named>, CliError> {
    let letter = |id: &str| -> Result<Option<LetterRecord>, CliError> {
        match snapshot.letter(id)? {
            Some(letter) => Ok(Some(letter)),
            None => Ok(snapshot.letter(&id.to_uppercase())?),
        }
    };
    if let Some(letter) = letter(id)? {
        return Ok(Some(Named { letter, number: None }));
    }
    let item = id.rsplit_once('/').and_then(|(letter, item)| Some((letter, item.parse().ok()?)));
    if let Some((of, number)) = item
        && let Some(letter) = letter(of)?
    {
        if letter.items.iter().any(|item| item.number == number) {
            return Ok(Some(Named { letter, number: Some(number) }));
        }
        let message = format!("{} has no item {number}", letter.id);
        let items = letter.items.len();
        CliError::new(message).hint(format!("its items are 1 to {items}")).print();
        return Ok(None);
    }
    CliError::new(format!("there is no letter or item {id} in the index"))
        .hint("identities look like CM14-0012345 or CM14-0012345/1; `imr search` shows them")
        .print();
    Ok(None)
}
