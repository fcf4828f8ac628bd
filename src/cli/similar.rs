//! `imr similar`: decisions most like an item, a letter or a text.

use super::Done;
use super::args::{FilterArgs, Global, TableFormat, pipeline};
use super::error::CliError;
use super::show::find;
use crate::index::Named;
use crate::index::{ItemDocument, Snapshot};
use crate::insight::{Similar as Found, SimilarRequest, similar};
use crate::output::{Pairs, json, json_line, similar_csv, similar_text, width};
use crate::search::Engine;
use crate::source;
use crate::vocabulary::Vocabularies;
use clap::Args;
use std::io::{self, Read, Write};
use std::path::Path;

/// Find the decisions most like an item, a letter or a text, and how they came out
///
/// Likeness is of the request, treatment, region and guideline and the rare words of the reasons, never of words that
/// state an outcome. Items with one rationale, word for word, stand for each other.
#[derive(Debug, Args)]
pub(super) struct Similar {
    /// An item such as CM14-0012345/1, a letter, a file with a letter or any text, or - for stdin
    #[arg(value_name = "ID|FILE|-")]
    what: String,

    /// The most like requests that came out the other way, side by side, the words that differ marked
    #[arg(long)]
    opposite: bool,

    #[command(flatten)]
    filters: FilterArgs,

    /// How many [default: 10, with --opposite 3]
    #[arg(long, short = 'n', value_name = "N", help_heading = "Output")]
    limit: Option<usize>,

    /// How the answer is written
    #[arg(long, value_enum, default_value_t = TableFormat::Text, help_heading = "Output")]
    format: TableFormat,
}

impl Similar {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        if self.limit == Some(0) && self.format == TableFormat::Text {
            return Err(CliError::nothing_listed());
        }
        let (vocabularies, snapshot) = global.opened()?;
        let Some(items) = self.items(snapshot, vocabularies)? else { return Ok(Done::Nothing) };
        let engine = Engine::new(snapshot, vocabularies);
        let mut all = Vec::new();
        for item in items {
            all.push(self.similar(&engine, vocabularies, &item)?);
        }
        self.write(out, &all, vocabularies)?;
        let is_found = all.iter().any(|similar| !similar.nearest.is_empty());
        Ok(if is_found { Done::Found } else { Done::Nothing })
    }

    fn similar(
        &self,
        engine: &Engine<'_>,
        vocabularies: &Vocabularies,
        item: &ItemDocument,
    ) -> Result<Found, CliError> {
        let filters = self.filters.filters();
        let asked = if self.opposite {
            SimilarRequest::opposite(item, vocabularies, filters, self.limit).ok_or_else(|| {
                CliError::new("it is not known how this request came out")
                    .hint("without --opposite all decisions like it are listed")
            })?
        } else {
            SimilarRequest::alike(filters, self.limit)
        };
        let error = |error| CliError::search(&error, "");
        let place = engine.place_of(&item.item.id).map_err(error)?;
        similar(engine, vocabularies, item, place, &asked).map_err(error)
    }

    /// The items that are asked about: of the index, of a letter's file, or what a text asks for.
    fn items(
        &self,
        snapshot: &Snapshot,
        vocabularies: &Vocabularies,
    ) -> Result<Option<Vec<ItemDocument>>, CliError> {
        let path = Path::new(&self.what);
        let is_stdin = self.what == "-";
        if !is_stdin && !path.is_file() {
            // A letter may be known by a name with a point, too.
            if path.extension().is_some() && snapshot.named(&self.what).is_err() {
                return Err(CliError::new(format!("there is no file {}", self.what))
                    .hint("name a letter or an item of the index, a file, or - for stdin"));
            }
            let Some(Named { letter, number }) = find(snapshot, &self.what)? else {
                return Ok(None);
            };
            let wanted = ItemDocument::of(&letter)
                .filter(|item| number.is_none_or(|number| item.item.number == number));
            return Ok(Some(wanted.collect()));
        }
        let mut bytes = Vec::new();
        if is_stdin {
            io::stdin().lock().take(source::MAX_BYTES).read_to_end(&mut bytes)?;
        }
        let pipeline = pipeline(vocabularies)?;
        let text = if is_stdin { pipeline.text(&bytes) } else { pipeline.text_of(path) };
        let text =
            text.map_err(|error| CliError::new(format!("{}: {}", self.what, error.message)))?;
        Ok(Some(pipeline.items(&text, &source::stem(path), &self.what)))
    }

    fn write(
        &self,
        out: &mut dyn Write,
        all: &[Found],
        vocabularies: &Vocabularies,
    ) -> Result<(), CliError> {
        let pairs = if self.opposite { Pairs::SideBySide } else { Pairs::Listed };
        match (self.format, all) {
            (TableFormat::Text, all) => {
                for (at, similar) in all.iter().enumerate() {
                    if at > 0 {
                        writeln!(out)?;
                    }
                    similar_text(out, similar, pairs, vocabularies, width())?;
                }
            }
            (TableFormat::Json, [one]) => json(out, one)?,
            (TableFormat::Json, all) => json(out, &all)?,
            (TableFormat::Jsonl, all) => {
                all.iter().try_for_each(|similar| json_line(out, similar))?;
            }
            (TableFormat::Csv, all) => similar_csv(out, all)?,
        }
        Ok(())
    }
}
