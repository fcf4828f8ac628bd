//! `imr facets`: the values of one facet with counts.

use super::Done;
use super::args::{FilterArgs, Global, QueryArgs, TableFormat, request};
use super::error::CliError;
use crate::output::{Painted, WARN, clean, csv_error, facets_text, json, json_line, width};
use crate::search::{Engine, FacetRow, Facets as Counts, Request};
use clap::Args;
use std::io::Write;

/// List the values of a facet with counts, for a query and filters or for all items
#[derive(Debug, Args)]
pub(super) struct Facets {
    /// The facet, such as treatment, region or guideline; without one, the facets there are
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// The query; without one, every item
    #[arg(value_name = "QUERY")]
    words: Vec<String>,

    /// Only values whose path or label holds this text; if none does, those a typing slip away
    #[arg(long, value_name = "TEXT", help_heading = "Output")]
    find: Option<String>,

    /// Also values that no item has
    #[arg(long, help_heading = "Output")]
    all_values: bool,

    #[command(flatten)]
    query: QueryArgs,

    #[command(flatten)]
    filters: FilterArgs,

    /// How the answer is written
    #[arg(long, value_enum, default_value_t = TableFormat::Text, help_heading = "Output")]
    format: TableFormat,
}

impl Facets {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let Some(name) = &self.name else {
            for facet in global.vocabularies()?.facets() {
                writeln!(out, "{:<18} {}", facet.name, facet.label)?;
            }
            return Ok(Done::Found);
        };
        let (vocabularies, snapshot) = global.opened()?;
        let request = Request {
            facets: Some(vec![name.clone()]),
            limit: 0,
            ..request(&self.words, &self.query, &self.filters)
        };
        let engine = Engine::new(snapshot, vocabularies);
        let response =
            engine.search(&request).map_err(|error| CliError::search(&error, &request.text))?;
        for note in &response.query.notes {
            anstream::eprintln!("{}", Painted(WARN, clean(note)));
        }
        let mut counts = response.facets.unwrap_or_default();
        for facet in &mut counts.0 {
            if let (true, Some(known)) = (self.all_values, vocabularies.facet(&facet.name)) {
                facet.add_unused(known);
            }
            if let Some(text) = &self.find {
                facet.keep_with(text);
            }
        }
        let found = counts.0.iter().any(|facet| !facet.rows.is_empty());
        self.write(out, &counts)?;
        Ok(if found { Done::Found } else { Done::Nothing })
    }

    fn write(&self, out: &mut dyn Write, counts: &Counts) -> Result<(), CliError> {
        let rows = counts.0.iter().flat_map(|facet| &facet.rows);
        match self.format {
            TableFormat::Text => facets_text(out, counts, usize::MAX, "", width())?,
            TableFormat::Json => json(out, counts)?,
            TableFormat::Jsonl => rows.into_iter().try_for_each(|row| json_line(out, row))?,
            TableFormat::Csv => csv(out, rows).map_err(csv_error)?,
        }
        Ok(())
    }
}

/// Writes rows as CSV; `excluded` stands in every one, as columns must.
fn csv<'a>(out: &mut dyn Write, rows: impl Iterator<Item = &'a FacetRow>) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["path", "label", "count", "selected", "excluded"])?;
    for FacetRow { path, label, count, selected, excluded } in rows {
        let flags = [count.to_string(), selected.to_string(), excluded.to_string()];
        csv.write_record([path, label].into_iter().chain(&flags))?;
    }
    Ok(csv.flush()?)
}
