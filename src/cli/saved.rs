//! `imr saved`: searches to run again.

use super::Done;
use super::args::{FilterArgs, Format, Global, QueryArgs, TableFormat, request, tell};
use super::error::CliError;
use crate::index::order_of;
use crate::output::{
    BOLD, DIM, HIT_COLUMNS, Page, Painted, clean, hits_csv, json, json_line, plural, response_text,
    width,
};
use crate::saved::{Saved as File, SavedSearch};
use crate::search::{Engine, Fold, Match, Place, Population, Request, Response, SearchError, Sort};
use clap::{Args, Subcommand};
use std::collections::HashSet;
use std::io::Write;
use std::time::Instant;

/// Save searches, run them again, and see what is new
///
/// Searches are kept in saved.toml in the index's folder, which you may edit. A saved search takes in full matches only.
#[derive(Debug, Args)]
pub(super) struct Saved {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Add(Box<Add>),
    List(List),
    Run(Run),
    Remove(Remove),
}

/// Save a search under a name
#[derive(Debug, Args)]
struct Add {
    /// The name: letters, figures, - and _
    #[arg(value_name = "NAME")]
    name: String,

    /// The query; without one, every item
    #[arg(value_name = "QUERY")]
    words: Vec<String>,

    #[command(flatten)]
    query: QueryArgs,

    #[command(flatten)]
    filters: FilterArgs,
}

/// List the saved searches
#[derive(Debug, Args)]
struct List {
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,
}

/// Run a saved search; with --new only what no run has shown
///
/// Exit code with --new: 0: there is something new; 1: nothing new; 2: error. Items of a letter that changed are new if they did not
/// match before.
#[derive(Debug, Args)]
struct Run {
    /// The name
    #[arg(value_name = "NAME")]
    name: String,

    /// Only items that no run has shown; all of them, latest decision first
    #[arg(long)]
    new: bool,

    /// How many hits, without --new
    #[arg(
        long,
        short = 'n',
        value_name = "N",
        default_value_t = 10,
        conflicts_with = "new",
        help_heading = "Output"
    )]
    limit: usize,

    /// How the answer is written
    #[arg(long, value_enum, default_value_t = TableFormat::Text, help_heading = "Output")]
    format: TableFormat,
}

/// Remove a saved search
#[derive(Debug, Args)]
struct Remove {
    /// The name
    #[arg(value_name = "NAME")]
    name: String,
}

impl Saved {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let store = global.store()?;
        let snapshot = store.open()?;
        let mut file = File::load(store.folder())?;
        match &self.action {
            Action::Add(add) => {
                let search = add.search();
                // One that cannot run is not saved.
                let vocabularies = global.vocabularies()?;
                let request = search.request();
                let population = Engine::new(&snapshot, vocabularies).population(&request);
                let population =
                    population.map_err(|error| CliError::search(&error, &request.text))?;
                tell(population.info());
                let matching = population.len();
                file.add(search)?;
                writeln!(out, "saved {}: {} now", clean(&add.name), plural(matching, "item"))?;
                Ok(Done::Found)
            }
            Action::List(list) => list.write(file.searches(), out),
            Action::Run(run) => {
                let vocabularies = global.vocabularies()?;
                run.run(&file, &Engine::new(&snapshot, vocabularies), vocabularies, out)
            }
            Action::Remove(Remove { name }) => {
                file.remove(name)?;
                writeln!(out, "removed {}", clean(name))?;
                Ok(Done::Found)
            }
        }
    }
}

impl Add {
    fn search(&self) -> SavedSearch {
        let Request { text, matching, exact, filters, .. } =
            request(&self.words, &self.query, &self.filters);
        SavedSearch {
            name: self.name.clone(),
            query: text,
            filters: filters.into_iter().map(|(name, value)| format!("{name}={value}")).collect(),
            any: matching == Match::Any,
            exact,
        }
    }
}

impl List {
    fn write(&self, searches: &[SavedSearch], out: &mut dyn Write) -> Result<Done, CliError> {
        let values = searches.iter().map(|search| {
            serde_json::json!({"name": search.name, "query": search.query, "filters": search.filters, "any": search.any, "exact": search.exact})
        });
        match self.format {
            Format::Json => json(out, &values.collect::<Vec<_>>())?,
            Format::Jsonl => values.into_iter().try_for_each(|value| json_line(out, &value))?,
            Format::Text => {
                if searches.is_empty() {
                    let note = "no search is saved: `imr saved add NAME QUERY` saves one";
                    anstream::eprintln!("{}", Painted(DIM, note));
                }
                for search in searches {
                    let ways = [(search.any, "--any"), (search.exact, "--exact")].into_iter();
                    let ways = ways.filter(|(is_on, _)| *is_on).map(|(_, way)| way.to_owned());
                    let query = std::iter::once(search.query.clone());
                    let parts: Vec<String> =
                        query.chain(search.filters.iter().cloned()).chain(ways).collect();
                    let line = parts.join("  ");
                    writeln!(
                        out,
                        "{}  {}",
                        Painted(BOLD, clean(&search.name)),
                        clean(line.trim())
                    )?;
                }
            }
        }
        Ok(if searches.is_empty() { Done::Nothing } else { Done::Found })
    }
}

impl Run {
    fn run(
        &self,
        file: &File,
        engine: &Engine<'_>,
        vocabularies: &crate::vocabulary::Vocabularies,
        out: &mut dyn Write,
    ) -> Result<Done, CliError> {
        let started = Instant::now();
        let request = file.get(&self.name)?.request();
        let error = |error| CliError::search(&error, &request.text);
        let population = engine.population(&request).map_err(error)?;
        let matching = orders(&population).map_err(error)?;
        let response = if self.new {
            let seen = file.seen(&self.name)?;
            let new: Vec<Place> = matching
                .iter()
                .filter(|(order, _)| !seen.contains(order))
                .map(|(_, place)| *place)
                .collect();
            entered(engine, &population, &request, &new, started).map_err(error)?
        } else {
            let request = Request {
                limit: self.limit,
                fold: Fold::None,
                sort: Sort::Newest,
                ..request.clone()
            };
            engine.search(&request).map_err(error)?
        };
        self.write(&response, vocabularies, out)?;
        out.flush()?;
        // What could not be written was not shown, nor what a list left out.
        let shown: HashSet<u64> = if self.new {
            matching.iter().map(|(order, _)| *order).collect()
        } else {
            let hits = response.hits.iter().map(|hit| order_of(&hit.item.item.id));
            file.seen(&self.name)?.into_iter().chain(hits).collect()
        };
        file.remember(&self.name, shown.into_iter())?;
        Ok(if response.total > 0 { Done::Found } else { Done::Nothing })
    }

    fn write(
        &self,
        response: &Response,
        vocabularies: &crate::vocabulary::Vocabularies,
        out: &mut dyn Write,
    ) -> Result<(), CliError> {
        match self.format {
            TableFormat::Text => {
                let page = Page {
                    facets: false,
                    explain: false,
                    offset: 0,
                    limit: usize::MAX,
                    width: width(),
                    options: String::new(),
                };
                response_text(out, response, &page, vocabularies)?;
            }
            TableFormat::Json => json(out, response)?,
            TableFormat::Jsonl => response.hits.iter().try_for_each(|hit| json_line(out, hit))?,
            TableFormat::Csv => {
                hits_csv(out, &response.hits, &HIT_COLUMNS)?;
            }
        }
        Ok(())
    }
}

/// The matching items as numbers of their identities, with their places.
fn orders(population: &Population<'_>) -> Result<Vec<(u64, Place)>, SearchError> {
    let mut orders = Vec::new();
    for segment in population.segments()? {
        orders.extend(segment.docs().iter().map(|doc| (segment.order(*doc), segment.place(*doc))));
    }
    orders.sort_unstable();
    Ok(orders)
}

/// The items that are new, latest decision first.
fn entered(
    engine: &Engine<'_>,
    population: &Population<'_>,
    request: &Request,
    places: &[Place],
    started: Instant,
) -> Result<Response, SearchError> {
    let mut hits = engine.hits(request, places)?;
    hits.sort_by(|a, b| {
        let (a, b) = (&a.item, &b.item);
        b.decided.cmp(&a.decided).then_with(|| a.item.id.cmp(&b.item.id))
    });
    Ok(Response {
        query: population.info().clone(),
        total: places.len() as u64,
        partial_total: 0,
        letters: None,
        took_ms: started.elapsed().as_secs_f64() * 1_000.0,
        hits,
        facets: None,
    })
}
