//! What is like an item: a list that says why, and pairs with the other outcome side by side.

use super::chart::{interval, percent, rate};
use super::hit::{class, in_letter, verdict};
use super::marked::differing;
use crate::index::ItemDocument;
use crate::insight::{Alike, Similar, Tally};
use crate::output::{differing as differences, number};
use crate::web::params::Params;
use crate::web::site::Site;
use maud::{Markup, html};

/// The nearest decisions, how they came out and why each is like it; links keep the search that led here.
pub(super) fn similar(site: &Site, similar: &Similar, search: &Params) -> Markup {
    let (nearest, outcomes) = (&similar.nearest, similar.outcomes);
    html! {
        @if nearest.is_empty() {
            p.note { "No decision in the index is like it." }
        } @else {
            div.came-out {
                span {
                    "Of the nearest " (nearest.len()) ": " strong { (outcomes.overturned) " of " (outcomes.decided) " overturned" }
                    @if let Some(rate) = rate(outcomes) {
                        ", " (percent(rate.rate)) " (95\u{a0}% interval " (percent(rate.low)) " to " (percent(rate.high)) ")"
                    }
                }
                (interval(outcomes, Tally::default(), 1.0))
            }
            @for note in &similar.notes { p.told { (note) } }
            ol.nearest { @for near in nearest { (listed(site, near, search)) } }
        }
    }
}

fn listed(site: &Site, near: &Alike, search: &Params) -> Markup {
    let values: Vec<&str> = near.shared_values.iter().map(|value| value.label.as_str()).collect();
    html! {
        li.(class(&near.item.item.outcome)) {
            p.title {
                span.verdict { strong { (site.label("outcome", &near.item.item.outcome)) } } " "
                a href=(in_letter(&near.item.item.id, search)) { (near.item.item.title) }
            }
            p.note {
                (facts(&near.item)) " \u{b7} " (format!("{:.0}\u{a0}%", near.likeness * 100.0)) " alike"
                @if near.folded > 0 { " \u{b7} and " (number(near.folded)) " more with the same reasons" }
            }
            p.note {
                @if !values.is_empty() { "Both: " (values.join(", ")) ". " }
                @if !near.shared_words.is_empty() { "Words of both: " (near.shared_words.join(", ")) "." }
            }
        }
    }
}

/// Requests most like it that came out the other way, each beside it.
pub(super) fn opposite(site: &Site, similar: &Similar, search: &Params) -> Markup {
    html! {
        @if similar.nearest.is_empty() {
            p.note { "No request like it came out the other way." }
        } @else {
            p.note { "The requests most like this one that came out the other way. Words that only one of two holds are underlined." }
            @for near in &similar.nearest {
                div.pair.beside {
                    (half(site, &similar.of, &near.item, search))
                    (half(site, &near.item, &similar.of, search))
                }
            }
        }
    }
}

/// One of two items; words that the other does not hold are told apart.
fn half(site: &Site, item: &ItemDocument, other: &ItemDocument, search: &Params) -> Markup {
    let (own, verdicts) = (&item.item, site.vocabularies.verdicts());
    let reasons = |item: &ItemDocument| item.item.rationale.clone().unwrap_or_default();
    let (text, others) = (reasons(item), reasons(other));
    html! {
        div.(class(&own.outcome)) {
            (verdict(site, &own.outcome))
            p.title {
                a href=(in_letter(&own.id, search)) {
                    (differing(&own.title, &differences(&own.title, &other.item.title, verdicts)))
                }
            }
            p.note { (facts(item)) }
            p.passage { (differing(&text, &differences(&text, &others, verdicts))) }
        }
    }
}

/// Identity and date.
fn facts(item: &ItemDocument) -> Markup {
    html! {
        span.id { (item.item.id) }
        @if let Some(date) = &item.decided { " \u{b7} " time datetime=(date) { (date) } }
    }
}
