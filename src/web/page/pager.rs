//! The order of hits and the way from page to page.

use crate::output::number;
use crate::search::{Fold, Request, Response, Sort};
use crate::web::params::{MAX_DEPTH, SORTS};
use crate::web::url::Link;
use maud::{Markup, html};

/// Which order, as links.
pub(super) fn orders(request: &Request, link: &Link) -> Markup {
    let name = |sort: Sort| match sort {
        Sort::Relevance => "Best match",
        Sort::Newest => "Newest",
        Sort::Oldest => "Oldest",
    };
    html! {
        nav.orders aria-label="Order" {
            @for (value, sort) in SORTS {
                @let value = if sort == Sort::default() { "" } else { value };
                a href=(link.clone().set("sort", value)) data-live data-key={ "sort:" (value) }
                    aria-current=[(sort == request.sort).then_some("true")] { (name(sort)) }
            }
            @let by_letter = request.fold == Fold::Letter;
            @let group = if by_letter { "" } else { "letter" };
            a href=(link.clone().without("no-fold").set("group", group)) data-live data-key="group"
                aria-current=[by_letter.then_some("true")] title="Of each letter its best item" { "One a letter" }
        }
    }
}

/// The page before and the page after.
pub(super) fn pages(request: &Request, response: &Response, link: &Link) -> Markup {
    let shown = request.offset + response.hits.len();
    let full = response.hits.len() == request.limit && request.limit > 0;
    let fits = shown + request.limit <= MAX_DEPTH;
    let more = (shown as u64) < response.all_hits();
    let at = |offset: usize| {
        let offset = if offset == 0 { String::new() } else { offset.to_string() };
        link.clone().set("offset", &offset).at("results")
    };
    html! {
        @if request.offset > 0 || full && more {
            nav.pages aria-label="Pages" {
                @if request.offset > 0 {
                    a rel="prev" href=(at(request.offset.saturating_sub(request.limit))) data-live {
                        "\u{2190} Previous"
                    }
                }
                @if !response.hits.is_empty() {
                    span { (number(request.offset as u64 + 1)) "\u{2013}" (number(shown as u64)) }
                }
                @if full && more && fits {
                    a rel="next" href=(at(shown)) data-live { "Next \u{2192}" }
                }
            }
        }
    }
}
