//! Runs a request against a snapshot of the index.

use super::compile::{Compiler, Refused};
use super::counts::{MAX_CONDITIONS, count};
use super::filter::{Condition, FilterError, RANGE_NAMES, conditions};
use super::hits::Pages;
use super::matches::Matches;
use super::plan::Plan;
use super::readings::{by_outcome, readings, words_read};
use super::request::{Fold, Match, Request};
use super::resolve::{resolve, with_next_words};
use super::response::{Facets, Matched, QueryInfo, Response};
use super::rows::rows;
use super::values::Known;
use crate::index::{Snapshot, StoreError};
use crate::query::{Node, Query, QueryError, parse};
use crate::vocabulary::{Facet, Values, Vocabularies};
use std::time::Instant;
use tantivy::TantivyError;

/// The deepest page, in hits: a bound on memory.
pub const MAX_DEPTH: usize = 100_000;

/// Why a request could not be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The query cannot be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A filter cannot be used.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// There is no such facet.
    #[error("there is no facet \"{name}\"")]
    Facet {
        /// The name typed.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A page lies too deep.
    #[error("pages end after {MAX_DEPTH} hits")]
    TooDeep,
    /// More is asked for than is answered.
    #[error("{0}")]
    TooMuch(String),
    /// The index cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        SearchError::Store(error.into())
    }
}

impl From<Refused> for SearchError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooLarge(limit) => {
                SearchError::TooMuch(format!("the query holds more than {limit} words"))
            }
            Refused::Word(error) => error.into(),
            Refused::Index(error) => error.into(),
        }
    }
}

impl SearchError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            SearchError::Query(error) => error.hint.clone(),
            SearchError::Filter(error) => error.hint(),
            SearchError::Facet { known, .. } => Some(format!("facets are {}", known.join(", "))),
            SearchError::TooDeep => Some("`imr export` writes all items".to_owned()),
            SearchError::TooMuch(_) => Some(
                "narrow the search with words or filters; `imr similar FILE` takes a whole letter"
                    .to_owned(),
            ),
            SearchError::Store(error) => error.hint().map(str::to_owned),
        }
    }
}

/// Answers requests.
pub struct Engine<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) vocabularies: &'a Vocabularies,
}

/// Reads a query in which every facet and range may be named.
///
/// # Errors
/// With the place of the first thing that cannot be read.
pub fn parsed(text: &str, vocabularies: &Vocabularies) -> Result<Query, QueryError> {
    let facets = vocabularies.facets().iter().map(|facet| facet.name.as_str());
    let names: Vec<&str> = facets.chain(RANGE_NAMES).collect();
    parse(text, &names)
}

impl<'a> Engine<'a> {
    /// An engine over a snapshot.
    pub fn new(snapshot: &'a Snapshot, vocabularies: &'a Vocabularies) -> Self {
        Self { snapshot, vocabularies }
    }

    /// Answers a request.
    ///
    /// # Errors
    /// If the query or a filter cannot be read, or the index cannot.
    pub fn search(&self, request: &Request) -> Result<Response, SearchError> {
        let started = Instant::now();
        let plan = self.plan(request)?;
        let wanted = self.wanted_facets(request)?;
        let matches = Matches::new(self.snapshot, &plan)?;
        let pages = Pages { snapshot: self.snapshot, request, plan: &plan, matches: &matches };
        let mut page = pages.page(Matched::Full, request.offset, request.limit)?;
        let (total, partial_total) = (matches.count(Matched::Full), matches.count(Matched::Most));
        if partial_total > 0 {
            let offset = request.offset.saturating_sub(page.seen);
            let limit = request.limit.saturating_sub(page.hits.len());
            page.hits.extend(pages.page(Matched::Most, offset, limit)?.hits);
        }
        let hits = page.hits;
        let letters = (request.fold == Fold::Letter).then(|| pages.letters()).transpose()?;
        let counted_on =
            if total == 0 && partial_total > 0 { Matched::Most } else { Matched::Full };
        let facets = match &wanted {
            Some(wanted) => {
                let counted = count(self.snapshot, &matches, &plan.conditions, counted_on, wanted)?;
                let rows = wanted.iter().map(|facet| rows(facet, &counted, &plan.conditions));
                Some(Facets(rows.collect()))
            }
            None => None,
        };
        let counted = facets.is_some();
        let mut notes = self.notes(request, &plan, &matches, facets.is_some())?;
        let took_ms = started.elapsed().as_secs_f64() * 1_000.0;
        let took_ms = (took_ms * 1_000.0).round() / 1_000.0;
        let query = plan.info;
        let mut response = Response { query, total, partial_total, letters, took_ms, hits, facets };
        if total == 0 && partial_total > 0 {
            let counts = if counted { ": counts are of those that hold most of them" } else { "" };
            notes.push(format!("no item holds all the words{counts}"));
        }
        response.query.notes.extend(notes);
        Ok(response)
    }

    pub(super) fn plan(&self, request: &Request) -> Result<Plan, SearchError> {
        if request.offset.saturating_add(request.limit) > MAX_DEPTH {
            return Err(SearchError::TooDeep);
        }
        let parsed = parsed(&request.text, self.vocabularies)?;
        if parsed.root.is_none() && !parsed.ignored.is_empty() {
            let message = "nothing in this can be searched for".to_owned();
            let hint = Some("without a query all items are listed".to_owned());
            return Err(QueryError { message, hint, span: 0..request.text.len() }.into());
        }
        let conditions = conditions(&request.filters, self.known())?;
        if conditions.len() > MAX_CONDITIONS {
            return Err(SearchError::TooMuch(format!("more than {MAX_CONDITIONS} filters")));
        }
        let root = match &parsed.root {
            Some(root) => Some(resolve(root, self.known()).map_err(|(error, span)| {
                let longer = with_next_words(&error, &request.text[span.end..], self.vocabularies);
                QueryError {
                    message: error.to_string(),
                    hint: longer.or_else(|| error.hint()),
                    span,
                }
            })?),
            None => None,
        };
        let compiled = Compiler::new(self.known(), request.exact).compile(root.as_ref())?;
        let ignored = parsed.ignored.iter().map(|ignored| format!("ignored: {ignored}"));
        let readings = readings(&request.filters, parsed.root.as_ref(), self.vocabularies);
        let by_outcome = by_outcome(&request.filters, parsed.root.as_ref(), self.vocabularies);
        let words = words_read(parsed.root.as_ref(), by_outcome, self.vocabularies);
        let notes = ignored.chain(readings).chain(words).collect();
        let info = QueryInfo {
            text: request.text.clone(),
            interpreted: root
                .as_ref()
                .map(|root| read_as(root, request.matching))
                .unwrap_or_default(),
            expanded: compiled.expanded.clone(),
            related: compiled.related.clone(),
            did_you_mean: compiled.guesses.clone(),
            about: compiled.topics.iter().map(|topic| topic.text.clone()).collect(),
            optional: compiled.optional_words.clone(),
            filters: conditions.iter().map(Condition::to_string).collect(),
            notes,
            by_outcome,
        };
        Ok(Plan { compiled, matching: request.matching, conditions, info, root })
    }

    pub(super) fn known(&self) -> Known<'a> {
        Known { vocabularies: self.vocabularies, snapshot: self.snapshot }
    }

    fn wanted_facets(&self, request: &Request) -> Result<Option<Vec<&'a Facet>>, SearchError> {
        let Some(names) = &request.facets else { return Ok(None) };
        let all = self.vocabularies.facets();
        if names.is_empty() {
            return Ok(Some(all.iter().filter(|facet| facet.values != Values::Open).collect()));
        }
        let facets = names.iter().map(|name| {
            self.vocabularies.facet(name).ok_or_else(|| SearchError::Facet {
                name: name.clone(),
                known: all.iter().map(|facet| facet.name.clone()).collect(),
            })
        });
        facets.collect::<Result<_, _>>().map(Some)
    }
}

/// A tree written out, as it is matched.
fn read_as(root: &Node, matching: Match) -> String {
    match root {
        Node::All(nodes) if matching == Match::Any => {
            let is_needed = |node: &Node| matches!(node, Node::Not(_)) || node.is_condition();
            let (needed, mut any): (Vec<Node>, Vec<Node>) =
                nodes.iter().cloned().partition(is_needed);
            let any = if any.len() > 1 { Some(Node::Any(any)) } else { any.pop() };
            let mut all: Vec<Node> = any.into_iter().chain(needed).collect();
            if all.len() == 1 { all.remove(0) } else { Node::All(all) }.to_string()
        }
        root => root.to_string(),
    }
}
