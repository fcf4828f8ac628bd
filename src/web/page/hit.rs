//! A hit: how it came out, what was asked for, why it was found.

use super::cite::cited;
use super::marked::marked;
use crate::output::number;
use crate::search::{Hit, Matched, SAME_REASONS};
use crate::web::params::Params;
use crate::web::site::Site;
use crate::web::url::{Link, below};
use maud::{Markup, html};

/// What the hits of a page share.
pub(super) struct Hits<'a> {
    pub(super) site: &'a Site,
    pub(super) params: &'a Params,
}

impl Hits<'_> {
    /// One hit of a list.
    pub(super) fn hit(&self, hit: &Hit) -> Markup {
        let item = &hit.item.item;
        let letter = Link::new(&below("/letters/", &hit.item.letter), self.params);
        let page = self.params.get("offset").unwrap_or_default();
        let letter = letter.set("offset", page).at(&format!("item-{}", item.number));
        html! {
            li.hit.(class(&item.outcome)) {
                (verdict(self.site, &item.outcome))
                h3 { a href=(letter) { (marked(&item.title, &hit.title_marks)) } }
                // Where what was searched for stands in the sentence that concludes.
                @let conclusion = hit.conclusion.as_ref().filter(|found| !found.marks.is_empty());
                @let concludes = |text: &str| conclusion.is_some_and(|found| found.text == text);
                @for passage in hit.passages.iter().filter(|passage| !concludes(&passage.text)) {
                    p.passage {
                        @if passage.field != "rationale" { span.field { (passage.field) } " " }
                        (marked(&passage.text, &passage.marks))
                    }
                }
                @if let Some(conclusion) = conclusion {
                    p.passage {
                        span.field { "conclusion" } " " (marked(&conclusion.text, &conclusion.marks))
                    }
                }
                (self.facts(hit))
                p.more {
                    @if hit.matched != Matched::Full && !hit.missing.is_empty() {
                        span.lacks { "Without: " (hit.missing.join(", ")) }
                    }
                    a href=(cited(&[&item.id])) { "Cite" span.hidden { " " (item.id) } }
                    @if let Some(folded) = hit.folded { (self.folded(hit, folded.get())) }
                }
            }
        }
    }

    fn facts(&self, hit: &Hit) -> Markup {
        let document = &hit.item;
        let item = &document.item;
        let labels = |facet: &str, paths: &[String]| {
            let labels = paths.iter().map(|path| self.site.label(facet, path));
            labels.collect::<Vec<_>>().join(", ")
        };
        let guidelines: Vec<String> =
            item.guidelines.reviewer.iter().map(|cited| cited.path.clone()).collect();
        let facts = [
            ("Treatment", labels("treatment", &item.treatments)),
            ("Region", labels("region", &item.body_regions)),
            ("Guideline", labels("guideline", &guidelines)),
            ("Reviewer", labels("specialty", &document.specialties)),
        ];
        html! {
            p.facts {
                span.id { (item.id) }
                @if let Some(date) = &document.decided {
                    " \u{b7} " time datetime=(date) { (date) }
                }
                @for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
                    " \u{b7} " span.hidden { (name) ": " } (value)
                }
            }
        }
    }

    /// The items that a hit stands for, each by itself.
    fn folded(&self, hit: &Hit, count: u64) -> Markup {
        let link = Link::narrowed("/", self.params).set("no-fold", "true");
        let link = match self.params.get("group") {
            Some(_) => link,
            None => link.set(SAME_REASONS, &hit.item.item.id),
        };
        html! {
            a href=(link) data-live title="List them, with the same reasons word for word" {
                "and " (number(count)) " more like it"
            }
        }
    }
}

/// How an item came out, as a word, a colour and in plain words.
pub(super) fn verdict(site: &Site, outcome: &str) -> Markup {
    html! {
        p.verdict.(class(outcome)) {
            strong { (site.label("outcome", outcome)) }
            @if let Some(plain) = site.plain("outcome", outcome) { span { ": " (plain) } }
        }
    }
}

/// Where an item stands in its letter, by its identity; the search goes along.
pub(super) fn in_letter(id: &str, search: &Params) -> Link {
    let (letter, number) = id.rsplit_once('/').unwrap_or((id, "1"));
    let letter = Link::new(&below("/letters/", letter), search);
    letter.at(&format!("item-{number}"))
}

/// The class that colours an outcome.
pub(super) fn class(outcome: &str) -> String {
    format!("is-{outcome}")
}
