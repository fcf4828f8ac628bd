//! `imr rates`: how often denials are overturned.

use super::Done;
use super::args::{FilterArgs, Global, QueryArgs, TableFormat, request};
use super::error::CliError;
use crate::insight::{Axis, Items, Order, RatesRequest, rates};
use crate::output::{json, json_line, rates_csv, rates_text, width};
use crate::search::{Engine, Request};
use crate::source::typed;
use clap::{Args, ValueEnum};
use std::io::Write;

/// Say how often denials are overturned, by facet, over time, or of two populations
///
/// Rates are of decided items among all full matches, with 95 % Wilson intervals (Wilson 1927): the line beside a rate
/// is where the true rate may well lie. Items whose outcome is unknown are in no rate and said. Two populations are
/// compared by Newcombe's interval (1998, method 10) and a chi-square test, or Fisher's exact test where counts are small.
/// Exit code 0: something decided; 1: nothing.
#[derive(Debug, Args)]
pub(super) struct Rates {
    /// The query; without one, every item
    #[arg(value_name = "QUERY")]
    words: Vec<String>,

    /// Break down by a facet (treatment:1 for its first level), year, quarter or month; give two for a cross table
    #[arg(long, value_name = "FACET")]
    by: Vec<String>,

    /// Another population to compare with, as a query: 'acupuncture region:knee'; the filters before are of the first alone
    #[arg(long, value_name = "QUERY")]
    compare: Option<String>,

    /// Leave out items that only accompany another one, such as services that go with a surgery
    #[arg(long)]
    primary: bool,

    #[command(flatten)]
    query: QueryArgs,

    #[command(flatten)]
    filters: FilterArgs,

    /// The order of rows; steps of time and bands stay in their own unless by rate
    #[arg(long, value_enum, default_value_t = SortBy::Count, help_heading = "Output")]
    sort: SortBy,

    /// Leave out rows with fewer items decided
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Output")]
    min: u64,

    /// How the answer is written
    #[arg(long, value_enum, default_value_t = TableFormat::Text, help_heading = "Output")]
    format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SortBy {
    /// Most decided first.
    Count,
    /// Highest rate first.
    Rate,
    /// By name.
    Name,
}

impl Rates {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        if self.by.len() > 2 || self.by.len() == 2 && self.compare.is_some() {
            return Err(CliError::new("too many ways to break down")
                .hint("two --by make a cross table; with --compare there is room for one"));
        }
        let (vocabularies, snapshot) = global.opened()?;
        let base = request(&self.words, &self.query, &self.filters);
        let error = |error| CliError::search(&error, &base.text);
        let by = self.by.iter().map(|by| Axis::new(by, vocabularies)).collect::<Result<_, _>>();
        let compare = self.compare.as_ref().map(|text| Request {
            text: typed(text.clone()),
            filters: Vec::new(),
            ..base.clone()
        });
        let asked = RatesRequest {
            request: base.clone(),
            by: by.map_err(error)?,
            compare,
            items: if self.primary { Items::Primary } else { Items::All },
            order: match self.sort {
                SortBy::Count => Order::Count,
                SortBy::Rate => Order::Rate,
                SortBy::Name => Order::Name,
            },
            min: self.min,
        };
        let engine = Engine::new(snapshot, vocabularies);
        let rates = rates(&engine, vocabularies, &asked).map_err(|failed| {
            // The place of an error is that in the query which it is of.
            let second = asked.compare.as_ref().filter(|_| engine.population(&base).is_ok());
            CliError::search(&failed, second.map_or(&base.text, |second| &second.text))
        })?;
        match self.format {
            TableFormat::Text => rates_text(out, &rates, width())?,
            TableFormat::Json => json(out, &rates)?,
            TableFormat::Jsonl => {
                rates.rows_with_totals().iter().try_for_each(|row| json_line(out, row))?;
            }
            TableFormat::Csv => rates_csv(out, &rates)?,
        }
        Ok(if rates.all.decided > 0 { Done::Found } else { Done::Nothing })
    }
}
