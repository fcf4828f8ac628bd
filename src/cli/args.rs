//! Arguments that several commands share.

use super::error::CliError;
use crate::index::{Pipeline, Snapshot, Store};
use crate::output::{Painted, WARN, clean};
use crate::search::{Match, QueryInfo, Request, SAME_REASONS, Sort};
use crate::source::{Isolated, typed};
use crate::vocabulary::Vocabularies;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::sync::OnceLock;

/// The variable that names the index' folder.
const INDEX: &str = "IMR_INDEX";

/// Arguments of every command.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// Folder of the index [default: in the user's data folder]
    #[arg(long, global = true, env = INDEX, value_name = "DIR")]
    index: Option<PathBuf>,

    /// Folder with vocabularies of your own in place of the built-in ones
    #[arg(long, global = true, env = "IMR_SCHEMA_DIR", value_name = "DIR")]
    schema_dir: Option<PathBuf>,

    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

impl Global {
    pub(super) fn apply_colour(&self) {
        match self.color {
            Colour::Auto => {}
            Colour::Always => anstream::ColorChoice::Always.write_global(),
            Colour::Never => anstream::ColorChoice::Never.write_global(),
        }
    }

    pub(super) fn store(&self) -> Result<Store, CliError> {
        if let Some(folder) = &self.index {
            return Ok(Store::new(folder));
        }
        let folders = directories::ProjectDirs::from("", "", "imr-search").ok_or_else(|| {
            CliError::new("this system has no data folder for the user")
                .hint("name a folder with --index")
        })?;
        Ok(Store::new(folders.data_local_dir().join("index")))
    }

    /// The vocabularies, read once. They last as long as the program: to take them apart at its end would cost as much as
    /// a part of a search.
    pub(super) fn vocabularies(&self) -> Result<&'static Vocabularies, CliError> {
        static KNOWN: OnceLock<Vocabularies> = OnceLock::new();
        if let Some(known) = KNOWN.get() {
            return Ok(known);
        }
        let read = Vocabularies::load(self.schema_dir.as_deref())?;
        Ok(KNOWN.get_or_init(|| read))
    }

    pub(super) fn snapshot(&self) -> Result<Snapshot, CliError> {
        Ok(self.store()?.open()?)
    }

    /// Vocabularies and index, which last as long as the program: the system takes them apart faster than it could.
    pub(super) fn opened(&self) -> Result<(&'static Vocabularies, &'static Snapshot), CliError> {
        Ok((self.vocabularies()?, Box::leak(Box::new(self.snapshot()?))))
    }
}

/// What reads files, with PDFs extracted in processes of their own.
pub(super) fn pipeline(vocabularies: &Vocabularies) -> Result<Pipeline, CliError> {
    let pipeline = Pipeline::new(vocabularies)?;
    let isolated = Isolated::new()
        .map_err(|error| CliError::new(format!("cannot find this program itself: {error}")))?;
    Ok(pipeline.isolated(isolated))
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// One JSON value.
    Json,
    /// A JSON value a line.
    Jsonl,
}

/// How an answer is written that has the shape of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    /// For people.
    Text,
    /// One JSON value.
    Json,
    /// A JSON value a line.
    Jsonl,
    /// A table with a header line.
    Csv,
}

/// Words and how they are matched.
#[derive(Debug, Args)]
#[command(next_help_heading = "Query")]
pub(super) struct QueryArgs {
    /// List only items that hold all the words
    #[arg(long, conflicts_with = "any")]
    all: bool,

    /// Let any of the words be enough
    #[arg(long)]
    any: bool,

    /// Take words as typed: no stems, no expansions
    #[arg(long)]
    exact: bool,
}

impl QueryArgs {
    /// The options that another command must be given to ask the same of the same index, a space before each.
    pub(super) fn again(&self, global: &Global) -> String {
        let options = [(self.all, " --all"), (self.any, " --any"), (self.exact, " --exact")];
        let typed = options.iter().filter_map(|(is_typed, option)| is_typed.then_some(*option));
        let from_variable = std::env::var_os(INDEX).map(PathBuf::from);
        let index = global.index.as_ref().filter(|index| from_variable.as_ref() != Some(*index));
        let index = index.map(|folder| format!(" --index '{}'", clean(&folder.to_string_lossy())));
        typed.map(str::to_owned).chain(index).collect()
    }
}

/// Says on stderr how a query was read, where there is no room for it in what is written.
pub(super) fn tell(query: &QueryInfo) {
    for note in query.notes.iter().cloned().chain(query.guesses()) {
        anstream::eprintln!("{}", Painted(WARN, clean(&note)));
    }
}

/// Filters: values of one are alternatives, different ones must all hold, `!` excludes.
#[derive(Debug, Args)]
#[command(
    next_help_heading = "Filters (a value is a path, a label or an alias; repeat for any of several; ! excludes)"
)]
pub(super) struct FilterArgs {
    /// How the item ended: upheld (the denial stands), overturned
    #[arg(long, value_name = "VALUE")]
    outcome: Vec<String>,

    /// What the reviewer cites, such as mtus/chronic-pain or odg
    #[arg(long, value_name = "VALUE")]
    guideline: Vec<String>,

    /// A section or topic that the reviewer cites, such as "massage therapy"
    #[arg(long, value_name = "WORDS")]
    guideline_topic: Vec<String>,

    /// What the claims administrator cites
    #[arg(long, value_name = "VALUE")]
    denial_guideline: Vec<String>,

    /// Whether both sides cite the same chapters: yes, partly, no, none (a side cites nothing)
    #[arg(long, value_name = "VALUE")]
    guidelines_agree: Vec<String>,

    /// Body region, such as spine/lumbar or "low back"
    #[arg(long, value_name = "VALUE")]
    region: Vec<String>,

    /// What was asked for, such as acupuncture or pharmaceutical
    #[arg(long, value_name = "VALUE")]
    treatment: Vec<String>,

    /// The reviewer's specialty, such as pain-management or PM&R
    #[arg(long, value_name = "VALUE")]
    specialty: Vec<String>,

    /// A state that licenses the reviewer
    #[arg(long, value_name = "VALUE")]
    state: Vec<String>,

    /// Side of the body: left, right, bilateral, none
    #[arg(long, value_name = "VALUE")]
    laterality: Vec<String>,

    /// What utilization review had done: denied, modified
    #[arg(long, value_name = "VALUE")]
    ur_action: Vec<String>,

    /// prospective or retrospective
    #[arg(long, value_name = "VALUE")]
    timing: Vec<String>,

    /// Outcome of the whole letter: upheld, overturned, mixed
    #[arg(long, value_name = "VALUE")]
    letter_outcome: Vec<String>,

    /// The claimant's sex: female, male
    #[arg(long, value_name = "VALUE")]
    sex: Vec<String>,

    /// The claimant's age, such as 30..45, 60.. or 37
    #[arg(long, value_name = "RANGE")]
    age: Vec<String>,

    /// Sessions or visits in dispute, such as 12.. or 4..6
    #[arg(long, value_name = "RANGE")]
    sessions: Vec<String>,

    /// Units of a drug in dispute: the number after #
    #[arg(long, value_name = "RANGE")]
    quantity: Vec<String>,

    /// Strength of a drug in milligrams, such as 10..50 or 7.5; of 10/325 the first
    #[arg(long, value_name = "RANGE")]
    strength: Vec<String>,

    /// Date of decision, such as 2014..2016, 2014-03.. or 2015-06-30
    #[arg(long, value_name = "RANGE")]
    decided: Vec<String>,

    /// Date of injury
    #[arg(long, value_name = "RANGE")]
    injured: Vec<String>,

    /// The reasons of this item, or of all items of a letter, word for word, and their outcome
    #[arg(long, value_name = "ID")]
    same_reasons: Vec<String>,

    /// Family of layouts of the letter
    #[arg(long, value_name = "VALUE")]
    layout: Vec<String>,
}

impl FilterArgs {
    /// The filters as names and values.
    pub(super) fn filters(&self) -> Vec<(String, String)> {
        let named: [(&str, &Vec<String>); 22] = [
            ("outcome", &self.outcome),
            ("guideline", &self.guideline),
            ("guideline-topic", &self.guideline_topic),
            ("denial-guideline", &self.denial_guideline),
            ("region", &self.region),
            ("treatment", &self.treatment),
            ("specialty", &self.specialty),
            ("state", &self.state),
            ("laterality", &self.laterality),
            ("ur-action", &self.ur_action),
            ("timing", &self.timing),
            ("letter-outcome", &self.letter_outcome),
            ("sex", &self.sex),
            ("guidelines-agree", &self.guidelines_agree),
            ("age", &self.age),
            ("sessions", &self.sessions),
            ("quantity", &self.quantity),
            ("strength", &self.strength),
            ("decided", &self.decided),
            ("injured", &self.injured),
            (SAME_REASONS, &self.same_reasons),
            ("layout", &self.layout),
        ];
        let pairs = named.into_iter().flat_map(|(name, values)| {
            values.iter().map(move |value| (name.to_owned(), typed(value.clone())))
        });
        pairs.collect()
    }
}

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Order {
    /// Best first.
    Relevance,
    /// Latest decision first.
    Newest,
    /// Earliest decision first.
    Oldest,
}

impl From<Order> for Sort {
    fn from(order: Order) -> Self {
        match order {
            Order::Relevance => Sort::Relevance,
            Order::Newest => Sort::Newest,
            Order::Oldest => Sort::Oldest,
        }
    }
}

/// The request that words and filters make.
pub(super) fn request(words: &[String], query: &QueryArgs, filters: &FilterArgs) -> Request {
    let matching = match (query.all, query.any) {
        (true, _) => Match::All,
        (_, true) => Match::Any,
        _ => Match::Most,
    };
    Request {
        text: typed(words.iter().map(|word| word.trim()).collect::<Vec<_>>().join(" ")),
        matching,
        exact: query.exact,
        filters: filters.filters(),
        ..Request::default()
    }
}
