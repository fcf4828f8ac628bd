//! `imr contrast`: what separates overturned from upheld rationales.

use super::Done;
use super::args::{FilterArgs, Global, QueryArgs, TableFormat, request};
use super::error::CliError;
use crate::insight::{ContrastRequest, Kept, contrast};
use crate::output::{contrast_csv, contrast_text, json, json_line, width};
use crate::search::Engine;
use crate::source::typed;
use clap::Args;
use std::io::Write;

/// Show the words and phrases that most separate overturned from upheld rationales
///
/// Phrases of one to four words, counted once a rationale, by weighted log-odds with an informative prior (Monroe,
/// Colaresi and Quinn 2008). Of many phrases some differ by chance: a note says from which z on they do not
/// (Benjamini and Hochberg 1995). The
/// order is by z, in which longer phrases count more, since they say more exactly what their words hint at. Sentences that state the outcome and those
/// that stand word for word in many letters of both sides are left out unless --raw. Any two queries can be the sides.
#[derive(Debug, Args)]
pub(super) struct Contrast {
    /// The query; without one, every item
    #[arg(value_name = "QUERY")]
    words: Vec<String>,

    /// Two other sides, as queries: 'year:..2015' 'year:2016..'
    #[arg(long, value_names = ["FIRST", "SECOND"], num_args = 2)]
    between: Vec<String>,

    /// Also what states the outcome, boilerplate, and phrases that say the same
    #[arg(long)]
    raw: bool,

    #[command(flatten)]
    query: QueryArgs,

    #[command(flatten)]
    filters: FilterArgs,

    /// How many phrases of each side
    #[arg(long, short = 'n', value_name = "N", default_value_t = ContrastRequest::LIMIT, help_heading = "Output")]
    limit: usize,

    /// How the answer is written
    #[arg(long, value_enum, default_value_t = TableFormat::Text, help_heading = "Output")]
    format: TableFormat,
}

impl Contrast {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        if self.limit == 0 && self.format == TableFormat::Text {
            return Err(CliError::nothing_listed());
        }
        let (vocabularies, snapshot) = global.opened()?;
        let base = request(&self.words, &self.query, &self.filters);
        let between = match self.between.as_slice() {
            [first, second] => {
                let sides = [first, second].map(|side| typed(side.clone()));
                Some(ContrastRequest::sides([&sides[0], &sides[1]]))
            }
            _ => None,
        };
        let asked = ContrastRequest {
            request: base,
            between,
            kept: if self.raw { Kept::All } else { Kept::Reasons },
            limit: self.limit,
        };
        let engine = Engine::new(snapshot, vocabularies);
        let found = contrast(&engine, vocabularies, &asked).map_err(|error| {
            // The place of an error is that in the query which it is of.
            let queries = std::iter::once(&asked.request).chain(asked.between.iter().flatten());
            let mut failing = queries.filter(|request| engine.population(request).is_err());
            CliError::search(&error, failing.next().map_or("", |request| &request.text))
        })?;
        match self.format {
            TableFormat::Text => contrast_text(out, &found, width())?,
            TableFormat::Json => json(out, &found)?,
            TableFormat::Jsonl => {
                found.phrases.iter().try_for_each(|phrase| json_line(out, phrase))?;
            }
            TableFormat::Csv => contrast_csv(out, &found)?,
        }
        Ok(if found.phrases.is_empty() { Done::Nothing } else { Done::Found })
    }
}
