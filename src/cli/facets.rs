//! `imr facets`: the values of one facet with counts.

use super::Done;
use super::args::{FilterArgs, Global, QueryArgs, TableFormat, request, tell};
use super::error::CliError;
use crate::output::{
    DIM, Painted, WARN, csv_error, facets_text, json, json_line, number, plural, width,
};
use crate::search::{Engine, FacetRow, Facets as Counts, Request};
use crate::vocabulary::Facet;
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
        let Some(name) = &self.name else { return self.names(global, out) };
        let (vocabularies, snapshot) = global.opened()?;
        let request = Request {
            facets: Some(vec![name.clone()]),
            limit: 0,
            ..request(&self.words, &self.query, &self.filters)
        };
        let engine = Engine::new(snapshot, vocabularies);
        let response =
            engine.search(&request).map_err(|error| CliError::search(&error, &request.text))?;
        tell(&response.query);
        let mut counts = response.facets.unwrap_or_default();
        let without = self.without_value(&engine, &request, &counts, response.total)?;
        for facet in &mut counts.0 {
            let known = vocabularies.facet(&facet.name);
            if let (true, Some(known)) = (self.all_values, known) {
                facet.add_unused(known);
            }
            if let Some(text) = &self.find {
                facet.keep_with(text, known);
            }
        }
        let found = counts.0.iter().any(|facet| !facet.rows.is_empty());
        self.write(out, &counts)?;
        if !found && self.format == TableFormat::Text {
            let why = if response.total == 0 { "no item matches" } else { "no such value" };
            anstream::eprintln!("{}", Painted(WARN, why));
        }
        if without > 0 {
            let all = plural(response.total, "item");
            let line = format!("without a value of it: {} of {all}", number(without));
            writeln!(out, "   {}", Painted(DIM, line))?;
        }
        Ok(if found { Done::Found } else { Done::Nothing })
    }

    /// Writes the facets that there are.
    fn names(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let facets = global.vocabularies()?.facets();
        if self.find.is_some() || self.all_values || !self.filters.filters().is_empty() {
            return Err(CliError::new("it is not said of which facet")
                .hint("name one, as in `imr facets treatment --find knee`"));
        }
        let named = |facet: &Facet| serde_json::json!({"name": facet.name, "label": facet.label});
        match self.format {
            TableFormat::Text => {
                for facet in facets {
                    writeln!(out, "{:<18} {}", facet.name, facet.label)?;
                }
            }
            TableFormat::Json => json(out, &facets.iter().map(named).collect::<Vec<_>>())?,
            TableFormat::Jsonl => {
                facets.iter().try_for_each(|facet| json_line(out, &named(facet)))?;
            }
            TableFormat::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                let written = csv.write_record(["name", "label"]).and_then(|()| {
                    facets
                        .iter()
                        .try_for_each(|facet| csv.write_record([&facet.name, &facet.label]))
                });
                written.map_err(csv_error)?;
                csv.flush()?;
            }
        }
        Ok(Done::Found)
    }

    /// How many items have no value of the facet; of use to a person who reads all its rows.
    fn without_value(
        &self,
        engine: &Engine<'_>,
        request: &Request,
        counts: &Counts,
        total: u64,
    ) -> Result<u64, CliError> {
        let [facet] = counts.0.as_slice() else { return Ok(0) };
        let chosen = facet.rows.iter().any(|row| row.selected || row.excluded);
        if self.format != TableFormat::Text || self.find.is_some() || chosen || total == 0 {
            return Ok(0);
        }
        let roots = facet.rows.iter().filter(|row| !row.path.contains('/'));
        let others = roots.map(|row| (facet.name.clone(), format!("!{}", row.path)));
        let filters = request.filters.iter().cloned().chain(others).collect();
        let others = Request { filters, facets: None, ..request.clone() };
        let found = engine.search(&others);
        Ok(found.map_err(|error| CliError::search(&error, &request.text))?.total)
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
