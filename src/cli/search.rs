//! `imr search`: ranked items.

use super::Done;
use super::args::{FilterArgs, Global, Order, QueryArgs, TableFormat, request, tell};
use super::cite::{CiteFormat, write_citations};
use super::error::CliError;
use super::index::{DEFAULT_MEMORY, bring_up_to_date, update};
use super::stop::Stop;
use crate::contain::quietly;
use crate::export::quote_hit;
use crate::index::{Pipeline, Snapshot};
use crate::output::{
    Column, DIM, HIT_COLUMNS, Page, Painted, WARN, clean, hit_columns, hits_csv, json, json_line,
    number, plural, response_text, width,
};
use crate::search::{Engine, Fold, MAX_DEPTH, Match, Request, Response, Wanted};
use crate::source;
use crate::vocabulary::Vocabularies;
use clap::{Args, ValueEnum};
use std::io::{self, BufRead, Write};
use std::path::PathBuf;

/// Search the disputed items, best first
///
/// Words must all be there; items with most of them follow and are marked. "phrase", "phrase"~3, a NEAR/5
/// b, OR, NOT, -word, ( ), word*, w?rd, word~1, =word, word^2, title:word, outcome:overturned,
/// region:(knee OR shoulder), age:30..45, or a case number: `imr help query` explains them all.
/// Exit code 0: found; 1: nothing found; 2: error.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct Search {
    /// The query; without one, every item; - reads queries from stdin, one a line
    #[arg(value_name = "QUERY")]
    words: Vec<String>,

    #[command(flatten)]
    query: QueryArgs,

    #[command(flatten)]
    filters: FilterArgs,

    /// Count the values of facets: all, or those named (comma separated; treatment:20 for the first 20)
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

    /// List every item, also those with one rationale, word for word
    #[arg(long, help_heading = "Output")]
    no_fold: bool,

    /// One hit a letter: its best item
    #[arg(
        long,
        value_enum,
        value_name = "BY",
        conflicts_with = "no_fold",
        help_heading = "Output"
    )]
    group: Option<Group>,

    /// Print the identities only, one a line, of the items that match in full
    #[arg(long, conflicts_with_all = ["count", "format"], help_heading = "Output")]
    ids: bool,

    /// Print the number of items only
    #[arg(long, conflicts_with = "format", help_heading = "Output")]
    count: bool,

    /// Columns of CSV, in this order (comma separated)
    #[arg(long, value_name = "LIST", value_delimiter = ',', help_heading = "Output")]
    fields: Vec<String>,

    /// Write the hits as a list to hand on, with the passages that match and the conclusion: markdown, text, html or json
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "markdown",
        conflicts_with_all = ["ids", "count", "format"], help_heading = "Output")]
    cite: Option<CiteFormat>,

    /// Say how the query was read and what each hit's score is made of
    #[arg(long, help_heading = "Output")]
    explain: bool,

    /// How the answer is written
    #[arg(long, value_enum, default_value_t = TableFormat::Text, help_heading = "Output")]
    format: TableFormat,

    /// Bring the index up to date with this file or folder first
    #[arg(long, value_name = "PATH", help_heading = "Index")]
    corpus: Vec<PathBuf>,
}

impl Search {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        if !self.corpus.is_empty() {
            let whole = self.bring_up_to_date(global)?;
            if !whole {
                return Ok(Done::Interrupted);
            }
        }
        let lists = self.is_list() || self.count || self.format == TableFormat::Jsonl;
        if self.facets.is_some() && lists {
            return Err(CliError::new("--facets counts, and this answer has no place for counts")
                .hint("`imr facets` lists them, or leave --format, --ids, --count or --cite out"));
        }
        if !self.fields.is_empty() && self.format != TableFormat::Csv {
            return Err(CliError::new("--fields chooses columns, and this answer has none")
                .hint("add --format csv"));
        }
        let columns = hit_columns(&self.fields).map_err(|name| {
            CliError::new(format!("there is no column \"{name}\""))
                .hint(format!("columns are {}", HIT_COLUMNS.map(|(name, _)| name).join(", ")))
        })?;
        let (vocabularies, snapshot) = global.opened()?;
        if snapshot.meta.pipeline != Pipeline::fingerprint_of(vocabularies) {
            let note =
                "the letters were read with other vocabularies: `imr index` brings them up to date";
            anstream::eprintln!("{}", Painted(WARN, note));
        }
        self.tell_of_parted_values(vocabularies);
        let engine = Engine::new(snapshot, vocabularies);
        let options = self.query.again(global);
        let output = Written { search: self, snapshot, vocabularies, columns, options, out };
        if self.words.as_slice() != ["-"] {
            return output.one(&engine);
        }
        if self.format == TableFormat::Csv || self.cite.is_some() {
            return Err(CliError::new("many answers make no one table or list")
                .hint("write them with --format json, --ids or --count, or ask one by one"));
        }
        output.batch(&engine)
    }

    fn request(&self, words: &[String]) -> Request {
        let mut facets = self.facets.as_ref().map(|_| self.wanted().names());
        if self.format == TableFormat::Text {
            // A person is told the outcomes in any case.
            let named: &mut Vec<String> = facets.get_or_insert_with(|| vec![OUTCOME.to_owned()]);
            if !named.is_empty() && !named.iter().any(|name| name == OUTCOME) {
                named.insert(0, OUTCOME.to_owned());
            }
        }
        let request = request(words, &self.query, &self.filters);
        Request {
            facets,
            sort: self.sort.into(),
            fold: match self.group {
                Some(Group::Letter) => Fold::Letter,
                None if self.no_fold || self.is_list() => Fold::None,
                None => Fold::Alike,
            },
            limit: if self.count { 0 } else { self.limit },
            offset: self.offset,
            explain: self.explain,
            matching: match request.matching {
                Match::Most if self.is_list() => Match::All,
                matching => matching,
            },
            ..request
        }
    }

    /// Whether what is written is a list to work on: of the items that match in full, as they are counted, each by
    /// itself.
    fn is_list(&self) -> bool {
        self.ids || self.format == TableFormat::Csv || self.cite.is_some()
    }

    /// The facets named.
    fn wanted(&self) -> Wanted {
        Wanted::parse(self.facets.as_deref().unwrap_or_default())
    }

    /// Brings the index up to date; what there is to say of it goes to stderr. Whether it came to its end.
    fn bring_up_to_date(&self, global: &Global) -> Result<bool, CliError> {
        let walk = source::walk(&self.corpus);
        let update = update(None, DEFAULT_MEMORY);
        let report = bring_up_to_date(global, &update, Some(walk), &Stop::listen())?;
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
        Ok(!report.unfinished)
    }
}

/// What hits are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    /// The letter that an item is of.
    Letter,
}

/// Answers and where they are written.
struct Written<'a> {
    search: &'a Search,
    snapshot: &'a Snapshot,
    vocabularies: &'a Vocabularies,
    /// Of a table.
    columns: Vec<Column>,
    /// Those of the command that another one must be given to go on.
    options: String,
    out: &'a mut dyn Write,
}

impl Search {
    /// Says where a word of the query is one that the option before it takes: values of these are joined by `=`.
    fn tell_of_parted_values(&self, vocabularies: &Vocabularies) {
        let is_facet = |word: &str| vocabularies.facet(word).is_some();
        let parted = self.words.iter().find_map(|word| {
            if self.cite.is_some() && CiteFormat::from_str(word, true).is_ok() {
                return Some(("--cite", word));
            }
            let all = self.facets.as_deref() == Some("");
            (all && is_facet(word)).then_some(("--facets", word))
        });
        if let Some((option, word)) = parted {
            let note = format!("\"{word}\" is searched for; as a value it is {option}={word}");
            anstream::eprintln!("{}", Painted(WARN, note));
        }
    }
}

impl Written<'_> {
    fn one(mut self, engine: &Engine<'_>) -> Result<Done, CliError> {
        let response = self.answer(engine, &self.search.words)?;
        self.write(&response)?;
        if self.search.is_list() || self.search.count {
            // Of what it was read as there is no room in the answer.
            tell(&response.query);
        }
        if self.search.is_list() && response.total == 0 {
            self.tell_of_others(engine)?;
        }
        if response.hits.is_empty() && self.search.offset > 0 && response.all_hits() > 0 {
            let all = plural(response.all_hits(), "hit");
            let note = format!("the list ends before that: there are no more than {all}");
            anstream::eprintln!("{}", Painted(WARN, note));
        }
        self.tell_of_more(&response);
        Ok(self.found(&response))
    }

    /// Says where no item is listed how many hold any of the words.
    fn tell_of_others(&self, engine: &Engine<'_>) -> Result<(), CliError> {
        let search = self.search;
        let most = request(&search.words, &search.query, &search.filters);
        if most.matching != Match::Most {
            return Ok(());
        }
        let request = Request { limit: 0, matching: Match::Any, ..most };
        let others =
            engine.search(&request).map_err(|error| CliError::search(&error, &request.text))?.total;
        if others > 0 {
            let hold = if others == 1 { "holds" } else { "hold" };
            let items = plural(others, "item");
            let note =
                format!("no item holds all the words; {items} {hold} any of them: add --any");
            anstream::eprintln!("{}", Painted(WARN, note));
        }
        Ok(())
    }

    /// Says where a list goes on that does not say so itself.
    fn tell_of_more(&self, response: &Response) {
        let search = self.search;
        let is_cut = search.is_list() || search.format == TableFormat::Jsonl;
        let all = match response.letters {
            Some(of) if search.is_list() => of.letters,
            None if search.is_list() => response.total,
            _ => response.all_hits(),
        };
        let (shown, before) = (response.hits.len() as u64, search.offset as u64);
        let is_at_end = response.hits.len() < search.limit.max(1);
        if search.count || !is_cut || is_at_end || before + shown >= all {
            return;
        }
        let of = plural(all, if response.letters.is_some() { "letter" } else { "item" });
        let rest = if before == 0 && all <= MAX_DEPTH as u64 {
            format!("-n {all} lists all")
        } else {
            "`imr export` writes all".to_owned()
        };
        let note = format!("{} of {of}: {rest}", number(shown));
        anstream::eprintln!("{}", Painted(DIM, note));
    }

    /// Answers each line of stdin. One that cannot be read is told of in its place, and the others are answered.
    fn batch(mut self, engine: &Engine<'_>) -> Result<Done, CliError> {
        let (mut done, mut asked, mut failed) = (Done::Nothing, 0, 0);
        for (line, number) in io::stdin().lock().split(b'\n').zip(1..) {
            let line = String::from_utf8(line.map_err(|error| unreadable(&error))?);
            if line.as_ref().is_ok_and(|line| line.trim().is_empty()) {
                continue;
            }
            asked += 1;
            let query = line.map_err(|_| CliError::new("it is no UTF-8"));
            let answer = query.and_then(|query| {
                let query = query.trim().to_owned();
                // What goes wrong with one costs that one only.
                let answer = quietly(|| self.answer(engine, std::slice::from_ref(&query)));
                let answer = answer.unwrap_or_else(|panic| Err(CliError::panic(panic.as_ref())));
                answer.map(|answer| (query, answer))
            });
            match answer {
                Ok((query, response)) => {
                    if matches!(self.found(&response), Done::Found) {
                        done = Done::Found;
                    }
                    self.write_one(&query, &response)?;
                }
                Err(error) => {
                    failed += 1;
                    self.write_failed(number, error)?;
                }
            }
            // Who asks by a pipe waits for the answer.
            self.out.flush()?;
        }
        if failed > 0 {
            return Err(CliError::new(format!(
                "{failed} of {asked} queries could not be answered"
            )));
        }
        Ok(done)
    }

    /// Writes one of many answers, so that they can be told apart.
    fn write_one(&mut self, query: &str, response: &Response) -> Result<(), CliError> {
        match self.search.format {
            TableFormat::Json | TableFormat::Jsonl => json_line(self.out, response)?,
            TableFormat::Text if self.search.ids => {
                self.write(response)?;
                writeln!(self.out)?;
            }
            TableFormat::Text if !self.search.count => {
                writeln!(self.out, "\n{}", Painted(DIM, format!("> {}", clean(query))))?;
                self.write(response)?;
            }
            TableFormat::Text | TableFormat::Csv => self.write(response)?,
        }
        Ok(())
    }

    /// Writes in the place of an answer that there is none.
    fn write_failed(&mut self, line: u64, error: CliError) -> Result<(), CliError> {
        let error = error.of_line(line);
        match self.search.format {
            TableFormat::Json | TableFormat::Jsonl => json_line(self.out, &error.told())?,
            TableFormat::Text if self.search.count => writeln!(self.out, "error")?,
            TableFormat::Text if self.search.ids => writeln!(self.out, "error\n")?,
            TableFormat::Text | TableFormat::Csv => {}
        }
        error.print();
        Ok(())
    }

    /// Whether anything was found of what is written.
    fn found(&self, response: &Response) -> Done {
        let others = if self.search.count { 0 } else { response.partial_total };
        if response.total + others > 0 { Done::Found } else { Done::Nothing }
    }

    fn answer(&self, engine: &Engine<'_>, words: &[String]) -> Result<Response, CliError> {
        let request = self.search.request(words);
        let mut response =
            engine.search(&request).map_err(|error| CliError::search(&error, &request.text))?;
        self.search.wanted().cut(&mut response);
        Ok(response)
    }

    fn write(&mut self, response: &Response) -> Result<(), CliError> {
        let (search, out) = (self.search, &mut *self.out);
        if search.count {
            writeln!(out, "{}", response.letters.map_or(response.total, |of| of.letters))?;
            return Ok(());
        }
        if search.ids {
            for hit in &response.hits {
                writeln!(out, "{}", clean(&hit.item.item.id))?;
            }
            return Ok(());
        }
        if let Some(format) = search.cite {
            let cited =
                response.hits.iter().map(|hit| quote_hit(self.snapshot, hit, self.vocabularies));
            let cited = cited.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
            return write_citations(out, cited, format);
        }
        match search.format {
            TableFormat::Text => {
                let page = Page {
                    facets: search.facets.is_some(),
                    explain: search.explain,
                    offset: search.offset,
                    limit: search.limit,
                    width: width(),
                    options: self.options.clone(),
                };
                response_text(out, response, &page, self.vocabularies)?;
            }
            TableFormat::Json => json(out, response)?,
            TableFormat::Jsonl => response.hits.iter().try_for_each(|hit| json_line(out, hit))?,
            TableFormat::Csv => hits_csv(out, &response.hits, &self.columns)?,
        }
        Ok(())
    }
}

const OUTCOME: &str = "outcome";

fn unreadable(error: &io::Error) -> CliError {
    CliError::new(format!("cannot read stdin: {error}"))
}
