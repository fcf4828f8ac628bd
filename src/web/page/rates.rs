//! The rates page: how often denials of the present search are overturned, by any facet and over time.

use super::Frame;
use super::chart::{any_beyond, interval, percent, rate, scale, timeline};
use super::chips::{self, chips};
use super::form::{form, kept};
use super::problem::or_form;
use super::row_link::row_link;
use super::told::reading;
use crate::insight::{Difference, Rates, Row, Tally};
use crate::output::{number, plural, probability};
use crate::web::answer::Answer;
use crate::web::api::rates::{ORDERS, Terms};
use crate::web::params::Params;
use crate::web::problem::Problem;
use crate::web::routes::Asked;
use crate::web::site::Site;
use crate::web::url::Link;
use maud::{Markup, html};

const TITLE: &str = "How often denials are overturned";
/// What rates are broken down by where nothing is chosen: its first level.
const USUAL: &str = "treatment:1";
/// Steps of time that can be chosen.
const TIMES: [(&str, &str); 3] = [("year", "Year"), ("quarter", "Quarter"), ("month", "Month")];
/// The most rows of a table; downloads hold all.
const MAX_ROWS: usize = 200;
/// The most columns of a cross table.
const MAX_COLUMNS: usize = 12;

/// The rates page.
pub(crate) fn page(asked: &mut Asked) -> Result<Answer, Problem> {
    let params = asked.params.clone();
    let content = content(asked, &params);
    let frame = Frame::new("Rates", "/rates", &params);
    let site = &asked.site;
    or_form(site, &frame, &html! { h1 { (TITLE) } }, content, |params| {
        let by = params.pairs().iter().filter(|(name, _)| name == "by");
        let by: Vec<String> = by.map(|(_, by)| by.clone()).collect();
        View { site, params, by: &by }.terms()
    })
}

fn content(asked: &mut Asked, params: &Params) -> Result<Markup, Problem> {
    let terms = Terms::take(&mut asked.params)?;
    let opened = asked.opened()?;
    let usual = [USUAL.to_owned()];
    let by = if terms.by.is_empty() { usual.as_slice() } else { terms.by.as_slice() };
    let rates = terms.rates(asked, &opened, by)?;
    let by_time = match rates.by.first() {
        Some(first) if first.is_time => None,
        _ => Some(terms.rates(asked, &opened, &["year".to_owned()])?),
    };
    let view = View { site: &asked.site, params, by };
    Ok(view.markup(&rates, by_time.as_ref()))
}

struct View<'a> {
    site: &'a Site,
    params: &'a Params,
    by: &'a [String],
}

impl View<'_> {
    fn markup(&self, rates: &Rates, by_time: Option<&Rates>) -> Markup {
        html! {
            h1 { (TITLE) }
            (form("/rates", self.params, None))
            (chips(self.site, &Link::new("/rates", self.params)))
            (reading(&rates.query, "/rates", self.params))
            (head(rates))
            @if let Some(comparison) = &rates.comparison {
                p.told {
                    "Compared with \u{201c}" (comparison.query.text) "\u{201d}: "
                    (share(comparison.compared.tally))
                    @if let Some(by) = &comparison.compared.difference { "; difference " (points(by)) }
                    @if let Some(test) = &comparison.test { "; " (test.test) " p\u{a0}" (probability(test.p)) }
                    @if comparison.shared > 0 {
                        "; " (plural(comparison.shared, "item")) " in both: interval and test take them for different ones"
                    }
                    "."
                    @if chips::any(&Link::new("/rates", self.params)) { " The filters above are not applied to it." }
                }
            }
            @for note in &rates.notes { p.told { (note) } }
            (self.terms())
            @let is_time = rates.by.first().is_some_and(|by| by.is_time);
            @if is_time { (drawn(&rates.rows)) }
            @let is_cross = rates.rows.iter().any(|row| !row.columns.is_empty());
            @if is_cross { (self.cross(rates)) } @else { (self.table(rates)) }
            @if let Some(by_time) = by_time {
                h2 { "Over time" }
                (drawn(&by_time.rows))
                details data-key="time" { summary { "The figures" } (self.table(by_time)) }
            }
            p.note {
                "The line beside a rate is its 95\u{a0}% interval (Wilson): where the true rate may well lie. It is long where few "
                "items were decided. The thin upright line is the rate of all of them. An item counts under each of its values."
                @if any_beyond(&rates.rows) || by_time.is_some_and(|by| any_beyond(&by.rows)) {
                    " A hollow dot lies beyond the end of the scale, which is made for rows of five decided items or more."
                }
            }
        }
    }

    /// What to break down by, in which order.
    fn terms(&self) -> Markup {
        let facets = self.site.vocabularies.facets();
        let chosen = |at: usize, name: &str| self.by.get(at).is_some_and(|by| by == name);
        let options = |at: usize| {
            html! {
                @for (name, label) in TIMES { option value=(name) selected[chosen(at, name)] { (label) } }
                @for facet in facets.iter().filter(|facet| facet.name != TIMES[0].0) {
                    @if facet.vocabulary.values.iter().any(|value| value.path.contains('/')) {
                        @let first = format!("{}:1", facet.name);
                        option value=(first) selected[chosen(at, &first)] { (facet.label) ", first level" }
                    }
                    option value=(facet.name) selected[chosen(at, &facet.name)] { (facet.label) }
                }
            }
        };
        html! {
            form.actions action="/rates" method="get" {
                (kept("/rates", self.params, &["by", "sort", "min", "primary", "compare"]))
                label { "By " select name="by" { (options(0)) } }
                label { "and by " select name="by" { option value="" { "\u{2013}" } (options(1)) } }
                label {
                    "Order " select name="sort" {
                        @for (name, _) in ORDERS {
                            option value=(name) selected[self.params.get("sort") == Some(name)] { (name) }
                        }
                    }
                }
                label {
                    "At least decided " input.short name="min" inputmode="numeric" value=(self.params.get("min").unwrap_or_default());
                }
                label {
                    input type="checkbox" name="primary" value="true" checked[self.params.get("primary").is_some()];
                    " without services that only go with another"
                }
                label {
                    "Compare with, whatever the filters " input name="compare" placeholder="chiropractic region:neck"
                        value=(self.params.get("compare").unwrap_or_default());
                }
                button type="submit" { "Show" }
                a href=(self.by.iter().fold(Link::new("/api/rates", self.params).without("by"), |link, by| link.add("by", by))) { "JSON" }
            }
        }
    }

    fn table(&self, rates: &Rates) -> Markup {
        let scale = scale(rates.rows.iter());
        let compared = rates.comparison.is_some();
        let by = rates.by.first();
        let name = format!("Rates by {}", by.map_or("", |by| by.label.as_str()));
        html! {
            div.wide tabindex="0" role="region" aria-label=(name) {
            table.rates {
                caption.hidden { (name) }
                thead {
                    tr {
                        th scope="col" { (by.map_or("", |by| by.label.as_str())) }
                        th.drawn scope="col" { span.hidden { "Drawing" } "0 to " (percent(scale)) }
                        th.number scope="col" { "Rate" }
                        th.number scope="col" { "95\u{a0}% interval" }
                        th.number scope="col" { "Overturned / decided" }
                        @if compared { th.number scope="col" { "The other" } th.number scope="col" { "Difference" } }
                    }
                }
                tbody {
                    @for row in rates.rows.iter().take(MAX_ROWS) { (self.row(rates, row, scale)) }
                    (total(rates, scale))
                }
            }
            }
            (left(rates))
        }
    }

    fn row(&self, rates: &Rates, row: &Row, scale: f64) -> Markup {
        html! {
            tr {
                th scope="row" class={ "depth-" (row.path.matches('/').count().min(4)) } {
                    (self.to_hits(rates, row))
                }
                (figures(row.tally, rates.all, scale))
                @if let Some(other) = &row.compared {
                    td.number { (share(other.tally)) }
                    td.number { @if let Some(by) = &other.difference { (points(by)) } }
                }
            }
        }
    }

    /// A row's name; where it can be searched for, as a link to the items.
    fn to_hits(&self, rates: &Rates, row: &Row) -> Markup {
        let name = rates.by.first().map_or("", |by| by.name.as_str());
        let facet = name.split(':').next().unwrap_or(name);
        let (facet, value) = match facet {
            "quarter" => ("decided", quarter(&row.path)),
            "month" => ("decided", row.path.clone()),
            facet => (facet, row.path.clone()),
        };
        let link = row_link(self.params, facet, &value, &self.site.vocabularies);
        html! { a href=(link) { (row.label) } }
    }

    fn cross(&self, rates: &Rates) -> Markup {
        let (columns, others) = columns(rates);
        html! {
            div.wide tabindex="0" role="region" aria-label="Cross table" {
                table.rates.cross {
                    caption.hidden { "Rates by two facets" }
                    thead {
                        tr {
                            th scope="col" { (rates.by.first().map_or("", |by| by.label.as_str())) }
                            th.number scope="col" { "All" }
                            @for (_, label) in &columns { th.number scope="col" { (label) } }
                        }
                    }
                    tbody {
                        @for row in rates.rows.iter().take(MAX_ROWS) {
                            tr {
                                th scope="row" class={ "depth-" (row.path.matches('/').count().min(4)) } { (self.to_hits(rates, row)) }
                                td.number { (share(row.tally)) }
                                @for (path, _) in &columns {
                                    td.number {
                                        @if let Some(cell) = row.columns.iter().find(|cell| cell.path == *path) { (share(cell.tally)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if others > 0 {
                p.note { (plural(others as u64, "column")) " with fewer items left out; JSON holds all." }
            }
            (left(rates))
        }
    }
}

/// The columns of a cross table, those with most items, and how many others there are: numbers and times in their order,
/// others in that of the first row that has them.
fn columns(rates: &Rates) -> (Vec<(String, String)>, usize) {
    let mut columns: Vec<(String, String, u64)> = Vec::new();
    for cell in rates.rows.iter().filter(|row| !row.path.contains('/')).flat_map(|row| &row.columns)
    {
        match columns.iter_mut().find(|(path, ..)| *path == cell.path) {
            Some((.., items)) => *items += cell.tally.decided,
            None => columns.push((cell.path.clone(), cell.label.clone(), cell.tally.decided)),
        }
    }
    let mut most: Vec<u64> = columns.iter().map(|(.., items)| *items).collect();
    most.sort_unstable_by_key(|items| std::cmp::Reverse(*items));
    let least = most.get(MAX_COLUMNS - 1).copied().unwrap_or(0);
    let all = columns.len();
    let kept = columns.into_iter().filter(|(.., items)| *items >= least).take(MAX_COLUMNS);
    let mut kept: Vec<(String, String)> = kept.map(|(path, label, _)| (path, label)).collect();
    if kept.iter().all(|(path, _)| path.starts_with(|c: char| c.is_ascii_digit())) {
        kept.sort();
    }
    let others = all - kept.len();
    (kept, others)
}

fn head(rates: &Rates) -> Markup {
    html! {
        p.lead {
            @match rate(rates.all) {
                Some(all) => {
                    strong { (percent(all.rate)) } " of " (plural(rates.all.decided, "decided item")) " were overturned "
                    span.note { "(95\u{a0}% interval " (percent(all.low)) " to " (percent(all.high)) ")" }
                }
                None if rates.total == 0 => { "No item matches." }
                None => { "No item was decided." }
            }
        }
        p.note {
            (plural(rates.total, "item")) @if rates.total == 1 { " matches" } @else { " match" }
            @if rates.all.partly > 0 { "; " (number(rates.all.partly)) " overturned in part count as decided, not as overturned" }
            @if rates.all.unknown > 0 { "; " (number(rates.all.unknown)) " without a known outcome are in no rate" }
            @if rates.repeated > 0 { "; " (number(rates.repeated)) @if rates.repeated == 1 { " has" } @else { " have" } " a rationale that stands word for word in another" }
            "."
        }
    }
}

fn drawn(rows: &[Row]) -> Markup {
    html! {
        figure {
            div.wide tabindex="0" role="region" aria-label="Drawing over time" { (timeline(rows)) }
            figcaption.note { "Rate of overturned items with its 95\u{a0}% band." }
        }
    }
}

fn figures(tally: Tally, all: Tally, scale: f64) -> Markup {
    html! {
        td.drawn { (interval(tally, all, scale)) }
        @match rate(tally) {
            Some(own) => {
                td.number { strong { (percent(own.rate)) } }
                td.number { (percent(own.low)) "\u{2013}" (percent(own.high)) }
            }
            None => { td.number { "\u{2013}" } td.number {} }
        }
        td.number { (number(tally.overturned)) " / " (number(tally.decided)) }
    }
}

fn total(rates: &Rates, scale: f64) -> Markup {
    html! {
        tr.total {
            th scope="row" { "All" }
            (figures(rates.all, rates.all, scale))
            @if let Some(comparison) = &rates.comparison {
                td.number { (share(comparison.compared.tally)) }
                td.number { @if let Some(by) = &comparison.compared.difference { (points(by)) } }
            }
        }
    }
}

/// What a table does not show.
fn left(rates: &Rates) -> Markup {
    html! {
        @if rates.rows.len() > MAX_ROWS {
            p.note { "The first " (MAX_ROWS) " of " (plural(rates.rows.len() as u64, "row")) "; JSON holds all." }
        }
        @let of = rates.by.first().map_or_else(String::new, |by| format!(" of \u{201c}{}\u{201d}", by.label.to_lowercase()));
        @if rates.left_out > 0 { p.note { (plural(rates.left_out, "row")) (of) " with fewer items decided left out." } }
        @if rates.without.items() > 0 { p.note { (plural(rates.without.items(), "item")) " without a value" (of) "." } }
    }
}

/// A rate in few words.
fn share(tally: Tally) -> Markup {
    html! {
        @match rate(tally) {
            Some(rate) => {
                span title={ (percent(rate.low)) " to " (percent(rate.high)) } { (percent(rate.rate)) }
                " " span.note { "(" (number(tally.overturned)) "/" (number(tally.decided)) ")" }
            }
            None => { "\u{2013}" }
        }
    }
}

/// A difference in percentage points.
fn points(by: &Difference) -> String {
    let point = |share: f64| format!("{:+.1}", share * 100.0);
    format!("{} points ({} to {})", point(by.difference), point(by.low), point(by.high))
}

/// `2015-Q2` as the range of its months.
fn quarter(path: &str) -> String {
    let parts = path
        .split_once("-Q")
        .and_then(|(year, quarter)| Some((year, quarter.parse::<u32>().ok()?)));
    parts.map_or_else(
        || path.to_owned(),
        |(year, quarter)| format!("{year}-{:02}..{year}-{:02}", quarter * 3 - 2, quarter * 3),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_a_range_of_months() {
        assert_eq!(quarter("2015-Q1"), "2015-01..2015-03");
        assert_eq!(quarter("2015-Q4"), "2015-10..2015-12");
    }
}
