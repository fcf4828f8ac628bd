//! The facets beside the hits: several values of one can be chosen, parts unfold below their whole.

use super::form::kept;
use crate::output::number;
use crate::search::{FacetRow, FacetRows, Facets};
use crate::vocabulary::{Facet, Values};
use crate::web::params::Params;
use crate::web::site::Site;
use crate::web::url::Link;
use maud::{Markup, html};

/// Facets that stand open, in this order; the others are folded.
const OPEN: [&str; 7] =
    ["outcome", "treatment", "region", "guideline", "denial-guideline", "specialty", "year"];
/// Values shown of a facet, and of the parts of one value.
const VALUES: usize = 7;
const PARTS: usize = 6;
/// Numbers shown, such as years.
const NUMBERS: usize = 14;

/// Ranges that are typed: parameter, name, example.
const RANGES: [(&str, &str, &str); 4] = [
    ("decided", "Decided", "2014..2016"),
    ("injured", "Injured", "2012-03.."),
    ("age", "Age", "30..45"),
    ("sessions", "Sessions", "12.."),
];

/// All facets of an answer.
pub(super) fn facets(site: &Site, facets: &Facets, params: &Params) -> Markup {
    let link = Link::new("/", params);
    let place = |facet: &&FacetRows| OPEN.iter().position(|name| *name == facet.name);
    let counted = facets.0.iter().filter(|facet| !facet.rows.is_empty());
    let (mut open, folded): (Vec<_>, Vec<_>) =
        counted.partition(|facet| place(facet).is_some() || facet.rows.iter().any(is_chosen));
    open.sort_by_key(|facet| place(facet).unwrap_or(OPEN.len()));
    let shown = |rows: &FacetRows| {
        let facet = site.vocabularies.facet(&rows.name);
        facet.map(|facet| Shown { facet, rows, link: &link, params }.markup())
    };
    html! {
        @for rows in open { (shown(rows).unwrap_or_default()) }
        (ranges(params))
        @if !folded.is_empty() {
            details.rest data-key="rest" {
                summary { "More filters" }
                @for rows in folded { (shown(rows).unwrap_or_default()) }
            }
        }
    }
}

fn is_chosen(row: &FacetRow) -> bool {
    row.selected || row.excluded
}

/// One facet and the search that it filters.
struct Shown<'a> {
    facet: &'a Facet,
    rows: &'a FacetRows,
    link: &'a Link,
    params: &'a Params,
}

impl Shown<'_> {
    fn markup(&self) -> Markup {
        let name = &self.rows.name;
        let tops = self.children("");
        let all = self.rows.rows.len();
        let most = if self.facet.values == Values::Numbers { NUMBERS } else { VALUES };
        html! {
            section.facet aria-labelledby={ "f-" (name) } {
                h3 id={ "f-" (name) } { (self.rows.label) }
                ul { @for row in tops.iter().take(most) { (self.value(row)) } }
                @if all > most { (self.find(all)) } @else {
                    p.note { a.leave href=(self.all()) { "Leave out\u{a0}\u{2026}" span.hidden { " values of " (self.rows.label) } } }
                }
            }
        }
    }

    /// The values right below one, those chosen and the most frequent first.
    fn children(&self, parent: &str) -> Vec<&FacetRow> {
        let depth = if parent.is_empty() { 0 } else { parent.matches('/').count() + 1 };
        let below = |row: &&FacetRow| {
            row.path.matches('/').count() == depth
                && (parent.is_empty() || is_below(&row.path, parent))
                && (row.count > 0 || self.is_chosen_within(&row.path))
        };
        let mut rows: Vec<&FacetRow> = self.rows.rows.iter().filter(below).collect();
        if self.facet.values != Values::Numbers && rows.len() > PARTS {
            rows.sort_by_key(|row| !self.is_chosen_within(&row.path));
        }
        rows
    }

    /// Whether the value, or one below it, is chosen.
    fn is_chosen_within(&self, path: &str) -> bool {
        let mut chosen = self.rows.rows.iter().filter(|row| is_chosen(row));
        chosen.any(|row| row.path == path || is_below(&row.path, path))
    }

    fn value(&self, row: &FacetRow) -> Markup {
        let parts = self.children(&row.path);
        let open = parts.iter().any(|part| self.is_chosen_within(&part.path));
        html! {
            li {
                (choice(self.facet, row, self.link))
                @if !parts.is_empty() {
                    details open[open] data-key={ (self.rows.name) ":" (row.path) } {
                        summary { span.hidden { "Parts of " (row.label) } }
                        ul { @for part in parts.iter().take(PARTS) { (self.value(part)) } }
                    }
                }
            }
        }
    }

    /// The page of all values, on which each can be left out.
    fn all(&self) -> Link {
        Link::new(&format!("/facets/{}", self.rows.name), self.params)
    }

    /// Search inside a long facet.
    fn find(&self, values: usize) -> Markup {
        let name = &self.rows.name;
        let action = format!("/facets/{name}");
        html! {
            form.find action=(action) method="get" data-find=(name) {
                (kept(&action, self.params, &[]))
                label.hidden for={ "find-" (name) } { "Find in " (self.rows.label) }
                input id={ "find-" (name) } type="search" name="find" autocomplete="off"
                    placeholder={ "Find in " (number(values as u64)) };
                button type="submit" { "All, leave out" span.hidden { " values of " (self.rows.label) } }
            }
        }
    }
}

fn is_below(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'))
}

/// A value with its count: a link that chooses it, or takes the choice back.
pub(super) fn choice(facet: &Facet, row: &FacetRow, link: &Link) -> Markup {
    let chosen = is_chosen(row);
    let target = if chosen { without(facet, row, link) } else { with(facet, row, link) };
    let plain = facet.plain_of(&row.path);
    let state = match (row.excluded, row.selected) {
        (true, _) => ", left out: take back",
        (_, true) => ", chosen: take back",
        _ => "",
    };
    html! {
        a.value.chosen[row.selected].excluded[row.excluded] href=(target) data-live
            data-key={ "value:" (facet.name) ":" (row.path) } title=[plain] {
            span.label { (row.label) }
            " " span.count { (number(row.count)) }
            @if !state.is_empty() { span.hidden { (state) } }
        }
    }
}

/// The search with one more value; the wholes and parts of it give way.
fn with(facet: &Facet, row: &FacetRow, link: &Link) -> Link {
    let related = |typed: &str| {
        let path = path(facet, typed);
        !typed.starts_with('!') && (is_below(&path, &row.path) || is_below(&row.path, &path))
    };
    link.clone().without_values(&facet.name, related).add(&facet.name, &typed(facet, row))
}

/// How a value is asked for; words of an open facet ask for all values that hold them.
pub(super) fn typed(facet: &Facet, row: &FacetRow) -> String {
    typed_value(facet, &row.path)
}

/// The same of a value by its path.
pub(super) fn typed_value(facet: &Facet, path: &str) -> String {
    if facet.values == Values::Open { format!("={path}") } else { path.to_owned() }
}

/// The search without a value, under whatever name it was typed.
fn without(facet: &Facet, row: &FacetRow, link: &Link) -> Link {
    let same = |typed: &str| path(facet, typed.trim_start_matches('!')) == row.path;
    link.clone().without_values(&facet.name, same)
}

fn path(facet: &Facet, typed: &str) -> String {
    let typed = typed.trim();
    let typed = if facet.values == Values::Open { typed.trim_start_matches('=') } else { typed };
    facet.resolve(typed).map_or_else(|_| typed.to_owned(), |resolved| resolved.path)
}

/// Ranges to type.
pub(super) fn ranges(params: &Params) -> Markup {
    let names: Vec<&str> = RANGES.iter().map(|(name, ..)| *name).collect();
    html! {
        form.ranges action="/" method="get" data-live {
            h3 { "From \u{2026} to" }
            (kept("/", params, &names))
            @for (name, ..) in RANGES {
                // The first is typed anew below.
                @for (_, further) in params.pairs().iter().filter(|(typed, _)| typed == name).skip(1) { input type="hidden" name=(name) value=(further) data-further; }
            }
            @for (name, label, example) in RANGES {
                label for={ "range-" (name) } { (label) }
                input id={ "range-" (name) } name=(name) placeholder=(example) autocomplete="off"
                    value=(params.get(name).unwrap_or_default());
            }
            button type="submit" { "Apply" }
        }
    }
}
