//! The pages: whole without a script, every state an address.
//!
//! Templates only: what is shown was computed before, and every text is escaped by the templates.

pub(super) mod alike;
pub(super) mod chart;
pub(super) mod chips;
pub(super) mod cite;
pub(super) mod contrast;
pub(super) mod evidence;
pub(super) mod facet;
pub(super) mod facets;
pub(super) mod form;
pub(super) mod help;
pub(super) mod hit;
pub(super) mod letter;
pub(super) mod marked;
pub(super) mod pager;
pub(super) mod problem;
pub(super) mod rates;
mod row_link;
pub(super) mod search;
pub(super) mod sections;
pub(super) mod similar;
pub(super) mod status;
pub(super) mod told;

use super::assets::VERSION;
use super::params::Params;
use super::url::Link;
use maud::{DOCTYPE, Markup, html};

/// Pages that the head of each page links to.
const PLACES: [(&str, &str); 6] = [
    ("/", "Search"),
    ("/rates", "Rates"),
    ("/contrast", "Contrast"),
    ("/similar", "Similar"),
    ("/status", "Index"),
    ("/help", "Help"),
];

/// What frames a page.
pub(super) struct Frame<'a> {
    /// The page's own title.
    pub(super) title: &'a str,
    /// The place among those of the head.
    pub(super) place: &'a str,
    /// The search that the page is about.
    pub(super) params: &'a Params,
    /// Seconds after which the page is asked for again.
    pub(super) again: Option<u32>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(title: &'a str, place: &'a str, params: &'a Params) -> Self {
        Self { title, place, params, again: None }
    }

    /// The whole page around its content.
    pub(super) fn around(&self, content: &Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    @if let Some(seconds) = self.again {
                        meta http-equiv="refresh" content=(seconds);
                    }
                    title { (self.title) " \u{2013} IMR decisions" }
                    link rel="stylesheet" href={ "/assets/style.css?v=" (*VERSION) };
                    link rel="icon" type="image/svg+xml" href={ "/assets/icon.svg?v=" (*VERSION) };
                    script src={ "/assets/imr.js?v=" (*VERSION) } defer {}
                }
                body {
                    a.skip href="#main" { "Skip to the content" }
                    @if self.place == "/" { a.skip href="#results" { "Skip to the results" } }
                    header.top {
                        a.brand href="/" { "IMR decisions" }
                        nav #places aria-label="Site" { (self.places()) }
                    }
                    main #main tabindex="-1" { (content) }
                    footer.bottom {
                        p {
                            "Independent Medical Review determinations of California, read by a program on this "
                            "machine. The letter itself is what counts."
                        }
                    }
                }
            }
        }
    }

    fn places(&self) -> Markup {
        html! {
            @for (path, name) in PLACES {
                @let carries = !matches!(path, "/similar" | "/status" | "/help");
                @let link = if carries { Link::narrowed(path, self.params).to_string() } else { path.to_owned() };
                a href=(link) aria-current=[(path == self.place).then_some("page")] { (name) }
            }
        }
    }
}
