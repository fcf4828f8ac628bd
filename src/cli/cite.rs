//! `imr cite`: decisions to hand on.

use super::Done;
use super::args::Global;
use super::error::CliError;
use super::show::find;
use crate::export::{Citation, cite};
use crate::index::{ItemDocument, Named};
use crate::output::{Cites, cite as write, json, width};
use clap::{Args, ValueEnum};
use std::io::Write;

/// Write decisions as a list to hand on
///
/// Case number, item, date, outcome, the guidelines of both sides with sections and pages, and the conclusion with the
/// sentence before it, as printed, with its place: lines are those that `imr show --source` prints. `imr search --cite` quotes
/// the passages that match, and the conclusion.
#[derive(Debug, Args)]
pub(super) struct Cite {
    /// An item such as CM14-0012345/1, or a letter for all its items
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// How it is written
    #[arg(long, value_enum, default_value_t = CiteFormat::Markdown)]
    format: CiteFormat,
}

/// How citations are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CiteFormat {
    /// A Markdown list.
    Markdown,
    /// Plain text.
    Text,
    /// A page that pastes into a word processor.
    Html,
    /// One JSON value.
    Json,
}

impl Cite {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let (vocabularies, snapshot) = global.opened()?;
        let mut citations = Vec::new();
        let mut done = Done::Found;
        for id in &self.ids {
            let Some(Named { letter, number }) = find(snapshot, id)? else {
                done = Done::Nothing;
                continue;
            };
            let text = snapshot.letter_text(&letter.id)?.unwrap_or_default();
            let wanted = ItemDocument::of(&letter)
                .filter(|item| number.is_none_or(|number| item.item.number == number));
            citations.extend(wanted.map(|item| cite(&letter, &item, &text, vocabularies)));
        }
        write_citations(out, citations, self.format)?;
        Ok(done)
    }
}

pub(super) fn write_citations(
    out: &mut dyn Write,
    citations: Vec<Citation>,
    format: CiteFormat,
) -> Result<(), CliError> {
    let form = match format {
        CiteFormat::Markdown => Cites::Markdown,
        CiteFormat::Text => Cites::Text { width: width() },
        CiteFormat::Html => Cites::Html,
        CiteFormat::Json => return Ok(json(out, &citations)?),
    };
    write::<CliError>(out, form, citations.into_iter().map(Ok))?;
    Ok(())
}
