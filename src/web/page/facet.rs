//! All values of one facet, to choose or to leave out, with a search among them.

use super::Frame;
use super::chips::chips;
use super::facets::{choice, typed};
use super::form::kept;
use crate::output::plural;
use crate::search::FacetRow;
use crate::vocabulary::Facet;
use crate::web::answer::Answer;
use crate::web::api::facet_values;
use crate::web::problem::Problem;
use crate::web::routes::Asked;
use crate::web::url::Link;
use maud::{Markup, html};

/// The most values listed; a search among them finds the others.
const MAX_VALUES: usize = 500;

/// The page of a facet.
pub(crate) fn page(asked: &mut Asked) -> Result<Answer, Problem> {
    let params = asked.params.clone();
    for name in ["sort", "group", "no-fold", "limit", "offset", "explain"] {
        asked.params.take(name)?;
    }
    let values = facet_values(asked)?;
    let site = &asked.site;
    let known = site.vocabularies.facet(&asked.name);
    let (Some(rows), Some(facet)) = (values.0.first(), known) else {
        return Err(Problem::not_found("there is no such facet"));
    };
    let frame = Frame::new(&rows.label, "", &params);
    let link = Link::new("/", &params);
    let find = params.get("find").unwrap_or_default();
    let action = format!("/facets/{}", asked.name);
    Ok(Answer::page(frame.around(&html! {
        h1 { (rows.label) }
        p.note { (facet.about) }
        (chips(site, &link))
        form.find action=(action) method="get" {
            (kept(&action, &params, &[]))
            label for="find" { "Find a value" } " "
            input #find type="search" name="find" value=(find) autocomplete="off";
            button type="submit" { "Find" }
        }
        p { (plural(rows.rows.len() as u64, "value")) ". " a href=(link) { "Back to the hits" } }
        ul.values { @for row in rows.rows.iter().take(MAX_VALUES) { (value(facet, row, &link)) } }
        @if rows.rows.len() > MAX_VALUES {
            p.note { "The first " (MAX_VALUES) " are listed: find others by their name." }
        }
    })))
}

fn value(facet: &Facet, row: &FacetRow, link: &Link) -> Markup {
    let depth = row.path.matches('/').count().min(4);
    html! {
        li.{ "depth-" (depth) } {
            (choice(facet, row, link))
            @if !row.excluded {
                a.exclude href=(link.clone().add(&facet.name, &format!("!{}", typed(facet, row)))) {
                    "leave out" span.hidden { " " (row.label) }
                }
            }
        }
    }
}
