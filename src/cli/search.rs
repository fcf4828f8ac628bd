//! `imr search`: ranked items.

use super::Done;
use super::args::{FilterArgs, Format, Global, Order, QueryArgs, request};
use super::error::CliError;
use super::index::{DEFAULT_MEMORY, bring_up_to_date, update};
use crate::index::Pipeline;
use crate::output::{
    DIM, Page, Painted, WARN, clean, hits_csv, json, json_line, response_text, width,
};
use crate::search::{Engine, Request, Response};
use crate::source;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Search the disputed items, best first
///
/// Words must all be there; items with most of them follow and are marked. "phrase", "phrase"~3, a NEAR/5
/// b, OR, NOT, -word, ( ), word*, w?rd, word~1, =word, word^2, title:word, outcome:overturned,
/// region:(knee OR shoulder), age:30..45, or a case number: `imr help query` explains them all.
/// Exit code 0: found; 1: nothing found; 2: error.
#[derive(Debug, Args)]
pub(super) struct Search {
    /// The query; without one, every item
    #[arg(value_name = "QUERY")]
    words: Vec<String>,

    #[command(flatten)]
    query: QueryArgs,

    #[command(flatten)]
    filters: FilterArgs,

    /// Count the values of facets: all, or those named (comma separated)
    #[arg(long, value_name = "LIST", num_args = 0..=1, require_equals = true, default_missing_value = "", help_heading = "Output")]
    facets: Option<String>,

    /// The order of hits
    #[arg(long, value_enum, default_value_t = Order::Relevance, help_heading = "Output")]
    sort: Order,

    /// How many hits
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10, help_heading = "Output")]
    limit: usize,

    /// Hits to pass over
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Output")]
    offset: usize,

    /// Say how the query was read and what each hit's score is made of
    #[arg(long, help_heading = "Output")]
    explain: bool,

    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,

    /// Bring the index up to date with this file or folder first
    #[arg(long, value_name = "PATH", help_heading = "Index")]
    corpus: Vec<PathBuf>,
}

impl Search {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        if !self.corpus.is_empty() {
            self.bring_up_to_date(global)?;
        }
        let vocabularies = global.vocabularies()?;
        let snapshot = global.snapshot()?;
        if snapshot.meta.pipeline != Pipeline::fingerprint_of(&vocabularies) {
            let note =
                "the letters were read with other vocabularies: `imr index` brings them up to date";
            anstream::eprintln!("{}", Painted(WARN, note));
        }
        let request = self.request();
        let engine = Engine::new(&snapshot, &vocabularies);
        let response =
            engine.search(&request).map_err(|error| CliError::search(&error, &request.text))?;
        match self.format {
            Format::Text => {
                let page = Page {
                    facets: self.facets.is_some(),
                    explain: self.explain,
                    offset: self.offset,
                    width: width(),
                };
                response_text(out, &response, &page, &vocabularies)?;
            }
            Format::Json => json(out, &response)?,
            Format::Jsonl => response.hits.iter().try_for_each(|hit| json_line(out, hit))?,
            Format::Csv => hits_csv(out, &response.hits)?,
        }
        Ok(found(&response))
    }

    fn request(&self) -> Request {
        let mut facets = self.facets.as_ref().map(|list| names(list));
        if self.format == Format::Text {
            // A person is told the outcomes in any case.
            let named = facets.get_or_insert_with(|| vec![OUTCOME.to_owned()]);
            if !named.is_empty() && !named.iter().any(|name| name == OUTCOME) {
                named.insert(0, OUTCOME.to_owned());
            }
        }
        Request {
            facets,
            sort: self.sort.into(),
            limit: self.limit,
            offset: self.offset,
            explain: self.explain,
            ..request(&self.words, &self.query, &self.filters)
        }
    }

    /// Brings the index up to date; what there is to say of it goes to stderr.
    fn bring_up_to_date(&self, global: &Global) -> Result<(), CliError> {
        let walk = source::walk(&self.corpus);
        let report = bring_up_to_date(global, &update(None, DEFAULT_MEMORY), Some(walk))?;
        for file in report.failed.iter().chain(&report.notices) {
            let line = format!("{}: {} ({})", file.source, file.message, file.code);
            anstream::eprintln!("{}", clean(&line));
        }
        let changes = report.added + report.changed + report.removed;
        if changes > 0 {
            let done = format!(
                "index brought up to date: {} added, {} changed, {} removed in {:.1} s",
                report.added,
                report.changed,
                report.removed,
                report.took_ms as f64 / 1_000.0
            );
            anstream::eprintln!("{}", Painted(DIM, done));
        }
        Ok(())
    }
}

const OUTCOME: &str = "outcome";

/// Names in a list with commas.
fn names(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn found(response: &Response) -> Done {
    if response.total + response.partial_total > 0 { Done::Found } else { Done::Nothing }
}
