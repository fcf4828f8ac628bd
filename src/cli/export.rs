//! `imr export`: all matching items.

use super::Done;
use super::args::{FilterArgs, Global, QueryArgs, request, tell};
use super::error::CliError;
use crate::export::{Citing, Column, Items, chosen, columns, item_id};
use crate::output::{Cites, cite, dictionary_csv, export_csv, export_jsonl, json_line, width};
use crate::search::Engine;
use clap::{Args, ValueEnum};
use std::io::Write;

/// Export all matching items as a table, every facet a column, or as citations
///
/// Items are those that match in full, in the order of case numbers, other identities after them in one that stays: an export that was cut short goes on with --after and
/// the last identity written. `imr export --dictionary` says what the columns mean. Lists are joined by "; " in CSV.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The query; without one, every item
    #[arg(value_name = "QUERY")]
    words: Vec<String>,

    #[command(flatten)]
    query: QueryArgs,

    #[command(flatten)]
    filters: FilterArgs,

    /// How items are written
    #[arg(long, value_enum, default_value_t = Table::Csv, help_heading = "Output")]
    format: Table,

    /// Columns, in this order (comma separated) [default: all]
    #[arg(long, value_name = "LIST", value_delimiter = ',', help_heading = "Output")]
    fields: Vec<String>,

    /// Go on after this item, such as CM14-0012345/1
    #[arg(long, value_name = "ID", help_heading = "Output")]
    after: Option<String>,

    /// How many items [default: all]
    #[arg(long, short = 'n', value_name = "N", help_heading = "Output")]
    limit: Option<usize>,

    /// Write what the columns mean and which values they may have, instead of items
    #[arg(long, conflicts_with_all = ["after", "limit"], help_heading = "Output")]
    dictionary: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Table {
    /// A table with a header line.
    Csv,
    /// A JSON value a line.
    Jsonl,
    /// Citations as a Markdown list.
    Markdown,
    /// Citations as plain text.
    Text,
    /// Citations as a page that pastes into a word processor.
    Html,
}

impl Table {
    /// How citations are written; `None` for a table.
    fn cites(self) -> Option<Cites> {
        match self {
            Table::Csv | Table::Jsonl => None,
            Table::Markdown => Some(Cites::Markdown),
            Table::Text => Some(Cites::Text { width: width() }),
            Table::Html => Some(Cites::Html),
        }
    }
}

impl Export {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let vocabularies = global.vocabularies()?;
        let chosen = chosen(vocabularies, &self.fields).map_err(|name| {
            let known: Vec<String> =
                columns(vocabularies).into_iter().map(|column| column.name).collect();
            CliError::new(format!("there is no column \"{name}\""))
                .hint(format!("columns are {}", known.join(", ")))
        })?;
        let cites = self.format.cites();
        if cites.is_some() && (self.dictionary || !self.fields.is_empty()) {
            return Err(CliError::new("citations have no columns")
                .hint("--fields and --dictionary are for the formats csv and jsonl"));
        }
        if self.dictionary {
            self.write_dictionary(out, &chosen)?;
            return Ok(Done::Found);
        }
        let known = |typed: &str| {
            item_id(typed).ok_or_else(|| {
                CliError::new(format!("\"{typed}\" is no item"))
                    .hint("write for example CM14-0012345/1")
            })
        };
        let after = self.after.as_deref().map(known).transpose()?;
        let snapshot = global.snapshot()?;
        let request = request(&self.words, &self.query, &self.filters);
        let error = |error| CliError::search(&error, &request.text);
        let engine = Engine::new(&snapshot, vocabularies);
        let population = engine.population(&request).map_err(error)?;
        tell(population.info());
        let items = Items::new(&population, after.as_deref()).map_err(error)?;
        let items = items.take(self.limit.unwrap_or(usize::MAX)).map(|item| item.map_err(error));
        let written = match cites {
            Some(form) => cite(out, form, Citing::new(&snapshot, vocabularies, items))?,
            None if self.format == Table::Csv => export_csv(out, &chosen, items)?,
            None => export_jsonl(out, &chosen, items)?,
        };
        Ok(if written > 0 { Done::Found } else { Done::Nothing })
    }

    fn write_dictionary(
        &self,
        out: &mut dyn Write,
        columns: &[Column<'_>],
    ) -> Result<(), CliError> {
        if self.format == Table::Csv {
            dictionary_csv(out, columns)?;
        } else {
            columns.iter().try_for_each(|column| json_line(out, column))?;
        }
        Ok(())
    }
}
