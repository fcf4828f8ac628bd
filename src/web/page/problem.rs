//! Pages that say what went wrong and what to do.

use super::Frame;
use super::chips::chips;
use super::form::form;
use crate::web::answer::Answer;
use crate::web::params::Params;
use crate::web::problem::Problem;
use crate::web::site::Site;
use crate::web::url::{Link, below};
use maud::{Markup, html};

/// A problem as a page of its own; one that may pass asks again by itself.
pub(crate) fn page(problem: &Problem) -> Answer {
    let params = Params::default();
    let title = heading(problem);
    let again = problem.code.starts_with("index-").then_some(problem.retry_after).flatten();
    let frame = Frame { again, ..Frame::new(title, "", &params) };
    let markup = html! {
        h1 { (title) }
        div.problem role="alert" {
            p { (problem.detail) "." }
            @if let Some(hint) = &problem.hint { p { "What to do: " (coded(hint)) "." } }
        }
        @if again.is_some() {
            p.note { "This page asks again by itself every few seconds." }
        } @else {
            p { a href="/" { "To the search" } }
        }
    };
    problem.headers(Answer::page(frame.around(&markup)))
}

fn heading(problem: &Problem) -> &'static str {
    match problem.code {
        "index-missing" => "There is no index yet",
        "index-unfinished" => "The index is being built",
        "index-schema" => "The index is of another version",
        "index-foreign" | "index-damaged" => "The index cannot be used",
        "not-found" => "Nothing here",
        "busy" => "Too much to do just now",
        _ => "This cannot be answered",
    }
}

/// A text with what stands in backquotes as code; the command that lists a facet's values as a link to their page.
pub(super) fn coded(text: &str) -> Markup {
    let facet = |command: &str| {
        let name = command.strip_prefix("imr facets ")?.strip_suffix(" --all-values")?;
        Some(format!("{}?all-values=true", below("/facets/", name)))
    };
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if let Some(link) = facet(part) { a href=(link) { "this page" } }
            @else if at % 2 == 1 { code { (part) } }
            @else { (part) }
        }
    }
}

/// A page of a search: its content, or the search box with what is wrong below it, the filters, to take them back, and the
/// terms of the page as they were given, to put them right.
pub(super) fn or_form(
    site: &Site,
    frame: &Frame<'_>,
    heading: &Markup,
    content: Result<Markup, Problem>,
    terms: impl Fn(&Params) -> Markup,
) -> Result<Answer, Problem> {
    let problem = match content {
        Ok(content) => return Ok(Answer::page(frame.around(&content))),
        // What is wrong with the index is a page of its own.
        Err(problem) if problem.status >= 500 => return Err(problem),
        Err(problem) => problem,
    };
    let params = match (&problem.parameter, problem.code) {
        (Some(name), _) => frame.params.without(name),
        (None, "query" | "filter") => frame.params.clone(),
        // What says how a result is shown has no place on this page, and so no way to be put right.
        _ => frame.params.narrowed(),
    };
    let markup = html! {
        (heading)
        (form(frame.place, &params, Some(&problem)))
        div #results {
            (chips(site, &Link::new(frame.place, &params)))
            p {
                @if problem.position.is_some() { "Correct the query above, " }
                @else if problem.code == "filter" { "Take back a filter, change the query, " }
                @else { "What was wrong is left out of the search above: search anew, put it right below, " }
                "or " a href="/help" { "see how to ask" } "."
            }
            h2.hidden { "Terms" }
            (terms(frame.params))
        }
    };
    let frame = Frame { params: &params, ..Frame::new(frame.title, frame.place, &params) };
    Ok(problem.headers(Answer::page(frame.around(&markup))))
}
