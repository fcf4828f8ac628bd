//! Runs a request against a snapshot of the index.

use super::compile::{CompileError, Compiled, Compiler, condition, every_item, range_column};
use super::counts::{Counted, Counts, MAX_CONDITIONS};
use super::filter::{Condition, FilterError, conditions};
use super::passages::{marks_in, passages};
use super::request::{Match, Request, Sort};
use super::response::{FacetRow, FacetRows, Facets, Hit, Matched, QueryInfo, Response};
use super::top::{Ranked, Top};
use crate::index::{Snapshot, StoreError};
use crate::query::{Field, QueryError, parse};
use crate::vocabulary::{Facet, Vocabularies};
use std::time::Instant;
use tantivy::collector::Count;
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query};
use tantivy::{DocSet, TantivyError};

/// The deepest page, in hits: a bound on memory.
const MAX_DEPTH: usize = 100_000;

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

impl SearchError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            SearchError::Query(error) => error.hint.clone(),
            SearchError::Filter(error) => error.hint(),
            SearchError::Facet { known, .. } => Some(format!("facets are {}", known.join(", "))),
            SearchError::TooMuch(_) => Some("narrow the search with words or filters".to_owned()),
            SearchError::Store(error) => error.hint().map(str::to_owned),
        }
    }
}

/// Answers requests.
pub struct Engine<'a> {
    snapshot: &'a Snapshot,
    vocabularies: &'a Vocabularies,
}

/// A request made ready.
struct Plan {
    compiled: Compiled,
    conditions: Vec<Condition>,
    info: QueryInfo,
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
        let mut plan = self.plan(request)?;
        let wanted = self.wanted_facets(request)?;
        let full = plan.full(request.matching, self.snapshot);
        let partial = plan.partial(request.matching, self.snapshot);
        let filtered = |base: &dyn Query| self.filtered(base.box_clone(), &plan.conditions);
        let total = self.count(&*filtered(&*full))?;
        let partial_total = match &partial {
            Some(partial) => self.count(&*filtered(&**partial))?,
            None => 0,
        };
        let mut hits = self.page(
            request,
            &plan,
            &*filtered(&*full),
            request.offset,
            request.limit,
            Matched::Full,
        )?;
        if let (Some(partial), true) = (&partial, hits.len() < request.limit) {
            let offset = request.offset.saturating_sub(total as usize);
            let limit = request.limit - hits.len();
            let query = filtered(&**partial);
            hits.extend(self.page(request, &plan, &*query, offset, limit, Matched::Most)?);
        }
        let counted_on = match &partial {
            Some(partial) if total == 0 && partial_total > 0 => partial,
            _ => &full,
        };
        let facets = match &wanted {
            Some(wanted) => Some(self.facets(&**counted_on, &plan.conditions, wanted)?),
            None => None,
        };
        if total == 0 && partial_total > 0 {
            plan.info.notes.push(
                "no item holds all the words: counts are of items with most of them".to_owned(),
            );
        }
        let took_ms = started.elapsed().as_secs_f64() * 1_000.0;
        let took_ms = (took_ms * 1_000.0).round() / 1_000.0;
        Ok(Response { query: plan.info, total, partial_total, took_ms, hits, facets })
    }

    fn plan(&self, request: &Request) -> Result<Plan, SearchError> {
        if request.offset.saturating_add(request.limit) > MAX_DEPTH {
            return Err(SearchError::TooMuch(format!("pages end after {MAX_DEPTH} hits")));
        }
        let names: Vec<&str> = self.vocabularies.facets().iter().map(|f| f.name.as_str()).collect();
        let parsed = parse(&request.text, &names)?;
        let conditions = conditions(&request.filters, self.vocabularies)?;
        if conditions.len() > MAX_CONDITIONS {
            return Err(SearchError::TooMuch(format!("more than {MAX_CONDITIONS} filters")));
        }
        let compiled = Compiler::new(self.snapshot, self.vocabularies, request.exact)
            .compile(&parsed)
            .map_err(|error| match error {
                CompileError::Facet(error, span) => SearchError::Query(QueryError {
                    message: error.to_string(),
                    hint: error.hint(),
                    span,
                }),
                CompileError::TooLarge(limit) => {
                    SearchError::TooMuch(format!("the query holds more than {limit} words"))
                }
            })?;
        let notes = parsed.ignored.iter().map(|ignored| format!("ignored: {ignored}")).collect();
        let info = QueryInfo {
            text: request.text.clone(),
            interpreted: parsed.to_string(),
            expanded: compiled.expanded.clone(),
            notes,
        };
        Ok(Plan { compiled, conditions, info })
    }

    fn wanted_facets(&self, request: &Request) -> Result<Option<Vec<&'a Facet>>, SearchError> {
        let Some(names) = &request.facets else { return Ok(None) };
        let all = self.vocabularies.facets();
        if names.is_empty() {
            return Ok(Some(all.iter().collect()));
        }
        let facets = names.iter().map(|name| {
            self.vocabularies.facet(name).ok_or_else(|| SearchError::Facet {
                name: name.clone(),
                known: all.iter().map(|facet| facet.name.clone()).collect(),
            })
        });
        facets.collect::<Result<_, _>>().map(Some)
    }

    fn filtered(&self, base: Box<dyn Query>, conditions: &[Condition]) -> Box<dyn Query> {
        if conditions.is_empty() {
            return base;
        }
        let filters =
            conditions.iter().map(|filter| (Occur::Must, condition(self.snapshot, filter)));
        let clauses = std::iter::once((Occur::Must, base)).chain(filters);
        Box::new(BooleanQuery::new(clauses.collect()))
    }

    fn count(&self, query: &dyn Query) -> Result<u64, SearchError> {
        Ok(self.snapshot.searcher.search(query, &Count)? as u64)
    }

    fn page(
        &self,
        request: &Request,
        plan: &Plan,
        query: &dyn Query,
        offset: usize,
        limit: usize,
        matched: Matched,
    ) -> Result<Vec<Hit>, SearchError> {
        let schema = self.snapshot.searcher.schema();
        let nothing_sought = plan.compiled.required.is_empty() && plan.compiled.optional.is_empty();
        let top = Top {
            limit: offset + limit,
            sort: match request.sort {
                Sort::Relevance if nothing_sought => Sort::Newest,
                sort => sort,
            },
            dates: schema.get_field_name(self.snapshot.fields.decided),
            order: schema.get_field_name(self.snapshot.fields.order),
        };
        let ranked = self.snapshot.searcher.search(query, &top)?;
        ranked.iter().skip(offset).map(|ranked| self.hit(plan, ranked, matched)).collect()
    }

    fn hit(&self, plan: &Plan, ranked: &Ranked, matched: Matched) -> Result<Hit, SearchError> {
        let mut item = self.snapshot.item(ranked.address)?;
        let marks = &plan.compiled.marks;
        let mut found = passages(&item, None, marks);
        if !marks.is_empty() && found.iter().all(|passage| passage.marks.is_empty()) {
            let summary = self.snapshot.letter(&item.letter)?.and_then(|letter| letter.summary);
            found = passages(&item, summary.as_deref(), marks);
        }
        let missing = match matched {
            Matched::Full => Vec::new(),
            Matched::Most => self.missing(plan, ranked)?,
        };
        let title_marks = marks_in(&item.item.title, Field::Title, marks);
        item.item.rationale = None;
        Ok(Hit { item, score: ranked.score, matched, missing, title_marks, passages: found })
    }

    /// The words that an item does not hold.
    fn missing(&self, plan: &Plan, ranked: &Ranked) -> Result<Vec<String>, SearchError> {
        let searcher = &self.snapshot.searcher;
        let segment = searcher.segment_reader(ranked.address.segment_ord);
        let mut missing = Vec::new();
        for (words, query) in &plan.compiled.required {
            let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
            let mut scorer = weight.scorer(segment, 1.0)?;
            let doc = ranked.address.doc_id;
            if scorer.doc() > doc || (scorer.doc() < doc && scorer.seek(doc) != doc) {
                missing.push(words.clone());
            }
        }
        Ok(missing)
    }

    fn facets(
        &self,
        query: &dyn Query,
        conditions: &[Condition],
        wanted: &[&Facet],
    ) -> Result<Facets, SearchError> {
        let column = |field| range_column(self.snapshot, field);
        let facet = self.snapshot.searcher.schema().get_field_name(self.snapshot.fields.facet);
        let counts = Counts { conditions, facet, range_column: &column };
        let counted = self.snapshot.searcher.search(query, &counts)?;
        Ok(Facets(wanted.iter().map(|facet| rows(facet, &counted, conditions)).collect()))
    }
}

impl Plan {
    /// What every full match meets.
    fn full(&self, matching: Match, snapshot: &Snapshot) -> Box<dyn Query> {
        let required = self.compiled.required.iter().map(|(_, query)| query.box_clone());
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = match matching {
            Match::Any if self.compiled.required.len() > 1 => {
                vec![(Occur::Must, Box::new(BooleanQuery::union(required.collect())))]
            }
            _ => required.map(|query| (Occur::Must, query)).collect(),
        };
        if clauses.is_empty() {
            clauses.push((Occur::Must, every_item(snapshot)));
        }
        self.surround(clauses)
    }

    /// What holds most of the words but not all; `None` where that is not asked for, or where
    /// most of the words are all of them.
    fn partial(&self, matching: Match, snapshot: &Snapshot) -> Option<Box<dyn Query>> {
        let required = &self.compiled.required;
        if matching != Match::Most || required.len() < 3 {
            return None;
        }
        let queries = required.iter().map(|(_, query)| query.box_clone()).collect();
        let most = required.len() / 2 + 1;
        let most = BooleanQuery::union_with_minimum_required_clauses(queries, most);
        let full = self.full(Match::All, snapshot);
        Some(self.surround(vec![(Occur::Must, Box::new(most)), (Occur::MustNot, full)]))
    }

    /// Adds what holds for every match: words that only score, exclusions, conditions.
    fn surround(&self, mut clauses: Vec<(Occur, Box<dyn Query>)>) -> Box<dyn Query> {
        let add = |clauses: &mut Vec<_>, occur, queries: &[Box<dyn Query>]| {
            clauses.extend(queries.iter().map(|query| (occur, query.box_clone())));
        };
        add(&mut clauses, Occur::Should, &self.compiled.optional);
        add(&mut clauses, Occur::MustNot, &self.compiled.excluded);
        add(&mut clauses, Occur::Must, &self.compiled.conditions);
        Box::new(BooleanQuery::new(clauses))
    }
}

/// The rows of one facet: most frequent first, children after their parents, numbers in order.
fn rows(facet: &Facet, counted: &Counted, conditions: &[Condition]) -> FacetRows {
    let prefix = format!("{}:", facet.name);
    let selected: Vec<&String> = conditions
        .iter()
        .filter_map(|condition| match condition {
            Condition::Facet { facet: name, include, exclude } if *name == facet.name => {
                Some(include.iter().chain(exclude))
            }
            _ => None,
        })
        .flatten()
        .collect();
    let counts =
        counted.terms.range(prefix.clone()..).take_while(|(term, _)| term.starts_with(&prefix));
    let mut values: Vec<(String, u64)> =
        counts.map(|(term, count)| (term[prefix.len()..].to_owned(), *count)).collect();
    for path in &selected {
        if !values.iter().any(|(value, _)| value == *path) {
            values.push(((*path).clone(), 0));
        }
    }
    sort(&mut values, facet.vocabulary.values.is_empty());
    let row = |(path, count): (String, u64)| FacetRow {
        label: facet.label_of(&path),
        selected: selected.contains(&&path),
        path,
        count,
    };
    let rows = values.into_iter().map(row).collect();
    FacetRows { name: facet.name.clone(), label: facet.label.clone(), rows }
}

fn sort(values: &mut [(String, u64)], by_name: bool) {
    if by_name {
        values.sort();
        return;
    }
    let counts: std::collections::HashMap<String, u64> = values.iter().cloned().collect();
    // A value's key is the counts and names on the way to it, so that it follows its parent.
    values.sort_by_cached_key(|(path, _)| {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let key = ends.map(|end| {
            let name = &path[..end];
            (std::cmp::Reverse(counts.get(name).copied().unwrap_or(0)), name.to_owned())
        });
        key.collect::<Vec<_>>()
    });
}
