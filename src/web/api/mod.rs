//! The API: the JSON of the command line.

pub(super) mod contrast;
pub(super) mod export;
pub(super) mod rates;
pub(super) mod similar;

use super::answer::Answer;
use super::living::Opened;
use super::problem::Problem;
use super::routes::Asked;
use super::site::Paths;
use crate::index::{ItemDocument, Named};
use crate::output::Evidence;
use crate::record::LetterRecord;
use crate::search::{Engine, Request, SearchError, Wanted};
use crate::status::Report;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// The form of figures for Prometheus.
pub(super) const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A letter or an item, with evidence if asked for.
#[derive(Serialize, JsonSchema)]
pub(super) struct Shown<T> {
    #[serde(flatten)]
    what: T,
    /// Which words each facet came from, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Vec<Evidence>>,
}

/// Whether the server answers.
#[derive(Serialize, JsonSchema)]
pub(super) struct Health {
    /// Always `ok`.
    status: &'static str,
    /// `open`, or the code of the problem with the index.
    index: &'static str,
}

/// Ranked items; all facets unless others are named, `none` for no facets.
pub(super) fn search(asked: &mut Asked) -> Result<Answer, Problem> {
    let facets = asked.params.take("facets")?;
    let wanted = Wanted::parse(facets.as_deref().unwrap_or_default());
    let request = asked.params.take_search()?;
    let none = facets.as_deref() == Some("none");
    let request = Request { facets: (!none).then(|| wanted.names()), ..request };
    let response = asked.site.search(&*asked.opened()?, &request)?;
    if wanted.cuts() {
        let mut response = Arc::unwrap_or_clone(response);
        wanted.cut(&mut response);
        return Answer::json(&response);
    }
    Answer::json(&*response)
}

/// The values of one facet.
pub(super) fn facets(asked: &mut Asked) -> Result<Answer, Problem> {
    Answer::json(&facet_values(asked)?)
}

/// The values of the facet named in the path, those that a text is in if one is given.
pub(super) fn facet_values(asked: &mut Asked) -> Result<crate::search::Facets, Problem> {
    let find = asked.params.take("find")?;
    let all_values = asked.params.take_flag("all-values")?;
    let request = asked.params.take_request()?;
    let request = Request { facets: Some(vec![asked.name.clone()]), limit: 0, ..request };
    let response = asked.site.search(&*asked.opened()?, &request)?;
    let mut counts = response.facets.clone().unwrap_or_default();
    for facet in &mut counts.0 {
        let known = asked.site.vocabularies.facet(&facet.name);
        if let (true, Some(known)) = (all_values, known) {
            facet.add_unused(known);
        }
        if let Some(text) = &find {
            facet.keep_with(text, known);
        }
    }
    Ok(counts)
}

/// A letter.
pub(super) fn letter(asked: &mut Asked) -> Result<Answer, Problem> {
    let (opened, Named { mut letter, number }) = named(asked)?;
    if let Some(number) = number {
        return Err(Problem::not_found("this names an item, not a letter")
            .hint(format!("ask for /api/items/{}/{number}", letter.id)));
    }
    let evidence = evidence(asked, &opened, &letter, None)?;
    asked.site.hide_path(&mut letter.source);
    Answer::json(&Shown { what: letter, evidence })
}

/// An item.
pub(super) fn item(asked: &mut Asked) -> Result<Answer, Problem> {
    let (opened, Named { mut letter, number }) = named(asked)?;
    let evidence = evidence(asked, &opened, &letter, number)?;
    asked.site.hide_path(&mut letter.source);
    let item = ItemDocument::of(&letter).find(|item| Some(item.item.number) == number);
    let what = item.ok_or_else(|| {
        Problem::not_found("this names a letter, not an item")
            .hint(format!("its items are /api/items/{}/1 and so on", letter.id))
    })?;
    Answer::json(&Shown { what, evidence })
}

/// What the path names.
pub(super) fn named(asked: &Asked) -> Result<(Arc<Opened>, Named), Problem> {
    let opened = asked.opened()?;
    let named = opened.snapshot.named(&asked.name).map_err(|error| Problem::name(&error))?;
    Ok((opened, named))
}

/// A problem with one of several queries: one that is not the search's own is named, and the parameter that it came in.
fn of_queries<'r>(
    error: &SearchError,
    engine: &Engine<'_>,
    own: &Request,
    (parameter, mut others): (&'static str, impl Iterator<Item = &'r Request>),
) -> Problem {
    let fails = |request: &Request| engine.population(request).is_err();
    match others.find(|request| !fails(own) && fails(request)) {
        Some(other) => Problem::search(error, &other.text).within(&other.text).of(parameter),
        None => Problem::search(error, &own.text),
    }
}

fn evidence(
    asked: &mut Asked,
    opened: &Opened,
    letter: &LetterRecord,
    only: Option<u32>,
) -> Result<Option<Vec<Evidence>>, Problem> {
    let explain = asked.params.take_flag("explain")?;
    asked.params.end()?;
    let site = &asked.site;
    let evidence = || site.reading.evidence(opened, &site.vocabularies, letter, only);
    explain.then(evidence).transpose()
}

/// What the index holds.
pub(super) fn status(asked: &mut Asked) -> Result<Answer, Problem> {
    Answer::json(&*report(asked)?)
}

/// What the index holds, counted once a commit.
pub(super) fn report(asked: &mut Asked) -> Result<Arc<Report>, Problem> {
    asked.params.end()?;
    let (site, opened) = (&asked.site, asked.opened()?);
    opened.report.get(|| {
        let store = site.living.store();
        let mut report = Report::of(store, &opened.snapshot, &site.vocabularies)
            .map_err(|error| Problem::store(&error))?;
        if site.settings.paths == Paths::Hidden {
            report.index = None;
            report.roots.clear();
        }
        Ok(report)
    })
}

/// Whether the server answers.
pub(super) fn health(asked: &mut Asked) -> Result<Answer, Problem> {
    asked.params.end()?;
    let index = asked.opened().map_or_else(|problem| problem.code, |_| "open");
    Answer::json(&Health { status: "ok", index })
}

/// Figures about the server.
pub(super) fn metrics(asked: &mut Asked) -> Result<Answer, Problem> {
    asked.params.end()?;
    Ok(Answer::text(PROMETHEUS, super::metrics::text(&asked.site)))
}
