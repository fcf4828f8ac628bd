//! The search page: the box, the facets, the hits.

use super::chips::chips;
use super::cite::{MAX_CITED, cited};
use super::facets::{facets, ranges};
use super::form::form;
use super::hit::Hits;
use super::pager::{orders, pages};
use super::told::{nothing, reading};
use super::{Frame, problem};
use crate::output::{number, plural};
use crate::search::{Matched, Request, Response};
use crate::web::answer::Answer;
use crate::web::params::Params;
use crate::web::problem::Problem;
use crate::web::routes::Asked;
use crate::web::site::Site;
use crate::web::url::Link;
use maud::{Markup, html};

/// The search page.
pub(crate) fn page(asked: &mut Asked) -> Result<Answer, Problem> {
    let params = asked.params.clone();
    let title = title(&params);
    let frame = Frame::new(&title, "/", &params);
    let heading = html! { h1.hidden { "Search Independent Medical Review decisions" } };
    let content = content(asked, &params, &heading);
    problem::or_form(&asked.site, &frame, &heading, content, ranges)
}

fn content(asked: &mut Asked, params: &Params, heading: &Markup) -> Result<Markup, Problem> {
    let request = Request { facets: Some(Vec::new()), ..asked.params.take_search()? };
    let response = asked.site.search(&*asked.opened()?, &request)?;
    let view = View { site: &asked.site, params, link: Link::new("/", params) };
    Ok(view.markup(heading, &request, &response))
}

fn title(params: &Params) -> String {
    let query = params.query();
    if query.is_empty() { "Search".to_owned() } else { query }
}

/// What the parts of the page share.
struct View<'a> {
    site: &'a Site,
    params: &'a Params,
    link: Link,
}

impl View<'_> {
    fn markup(&self, heading: &Markup, request: &Request, response: &Response) -> Markup {
        html! {
            (heading)
            (form("/", self.params, None))
            p #said.hidden role="status" {}
            div.columns {
                section #filters aria-label="Filters" {
                    h2.hidden { "Filters" }
                    a.done href="#results" { "Done" }
                    @if let Some(counted) = &response.facets {
                        (facets(self.site, counted, self.params))
                    }
                }
                section #results aria-label="Results" tabindex="-1" {
                    (self.head(request, response))
                    (chips(self.site, &self.link))
                    (reading(&response.query, "/", self.params))
                    (nothing(response, self.params))
                    (self.hits(response))
                    (pages(request, response, &self.link))
                    (self.downloads(response))
                }
            }
        }
    }

    /// How many, how they came out, in which order.
    fn head(&self, request: &Request, response: &Response) -> Markup {
        let count = match (response.total, response.partial_total) {
            (0, partial) if partial > 0 => {
                let (hold, items) = (response.partial_hold(), plural(partial, "item"));
                format!("No item holds all the words; {items} with {hold}")
            }
            (total, _) => plural(total, "item"),
        };
        let letters = response.letters.filter(|of| of.letters > 0);
        let letters = letters.map(|of| format!(" in {}", plural(of.letters, "letter")));
        html! {
            div.head {
                div {
                    h2 #count { (count) (letters.unwrap_or_default()) }
                    (outcomes(response))
                    (self.insights(response))
                }
                a.to-filters href="#filters" { "Filters" }
                (orders(request, &self.link))
            }
            p.note.took {
                @if self.params.get("q").is_none() { "All items, newest first" } @else { "Found" }
                " in " (format!("{:.1}", response.took_ms)) " ms"
            }
        }
    }

    /// What can be learnt of all items of the result.
    fn insights(&self, response: &Response) -> Markup {
        html! {
            @if response.total > 0 {
                p.insights {
                    a href=(Link::narrowed("/rates", self.params)) { "How often they are overturned" }
                    a href=(Link::narrowed("/contrast", self.params)) { "What separates overturned from upheld" }
                }
            }
        }
    }

    /// All items of the result as files.
    fn downloads(&self, response: &Response) -> Markup {
        let file = |format: &str| Link::narrowed("/api/export", self.params).set("format", format);
        html! {
            @if response.total > 0 {
                p.note.actions {
                    "All " (plural(response.total, "item")) ": "
                    a href=(file("csv")) download="" { "CSV" }
                    a href=(file("jsonl")) download="" { "JSON lines" }
                    "Citations: "
                    a href=(file("markdown")) download="" { "Markdown" }
                    a href=(file("text")) download="" { "text" }
                    a href=(file("html")) download="" { "HTML" }
                    @if !response.hits.is_empty() {
                        @let ids: Vec<&str> = response.hits.iter().map(|hit| hit.item.item.id.as_str()).take(MAX_CITED).collect();
                        a href=(cited(&ids)) { "of this page" }
                    }
                }
            }
        }
    }

    fn hits(&self, response: &Response) -> Markup {
        let hits = Hits { site: self.site, params: self.params };
        let (full, partial): (Vec<_>, Vec<_>) =
            response.hits.iter().partition(|hit| hit.matched == Matched::Full);
        html! {
            @if !full.is_empty() {
                ol.hits { @for hit in full { (hits.hit(hit)) } }
            }
            @if !partial.is_empty() {
                h2.divider {
                    "Items with " (response.partial_hold()) " (" (number(response.partial_total)) ")"
                }
                ol.hits { @for hit in partial { (hits.hit(hit)) } }
            }
        }
    }
}

/// How the items came out.
fn outcomes(response: &Response) -> Markup {
    let all = response.facets.iter().flat_map(|facets| &facets.0);
    let outcomes = all.into_iter().find(|facet| facet.name == "outcome");
    let rows = outcomes.iter().flat_map(|facet| facet.met()).filter(|row| row.count > 0);
    html! {
        p.outcomes {
            @for row in rows {
                span.(super::hit::class(&row.path)) { (number(row.count)) " " (row.label) } " "
            }
        }
    }
}
