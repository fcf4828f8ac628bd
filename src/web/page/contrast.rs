//! The contrast page: the phrases that separate overturned from upheld reasons of the present search.

use super::Frame;
use super::chart::{percent, shares, tenth};
use super::chips::chips;
use super::form::{form, kept};
use super::hit::{class, in_letter};
use super::marked::marked;
use super::problem::or_form;
use super::told::reading;
use crate::insight::{Contrast, ContrastRequest, Phrase, SideInfo};
use crate::output::{number, plural};
use crate::web::answer::Answer;
use crate::web::api::contrast::{found, take};
use crate::web::params::Params;
use crate::web::problem::Problem;
use crate::web::routes::Asked;
use crate::web::site::Site;
use crate::web::url::Link;
use maud::{Markup, html};

const TITLE: &str = "What separates overturned from upheld";

/// The contrast page.
pub(crate) fn page(asked: &mut Asked) -> Result<Answer, Problem> {
    let params = asked.params.clone();
    let content = content(asked, &params);
    let frame = Frame::new("Contrast", "/contrast", &params);
    or_form(&asked.site, &frame, &html! { h1 { (TITLE) } }, content, terms)
}

fn content(asked: &mut Asked, params: &Params) -> Result<Markup, Problem> {
    let wanted = take(&mut asked.params)?;
    let contrast = found(asked, &*asked.opened()?, &wanted)?;
    let view = View { site: &asked.site, params, wanted: &wanted, contrast: &contrast };
    Ok(view.markup())
}

struct View<'a> {
    site: &'a Site,
    params: &'a Params,
    wanted: &'a ContrastRequest,
    contrast: &'a Contrast,
}

impl View<'_> {
    fn markup(&self) -> Markup {
        let Contrast { query, total, sides, notes, .. } = self.contrast;
        html! {
            h1 {
                @if self.wanted.between.is_none() { (TITLE) }
                @else { "What separates two sides" }
            }
            (form("/contrast", self.params, None))
            (chips(self.site, &Link::new("/contrast", self.params)))
            (reading(query, "/contrast", self.params))
            p.lead {
                a href=(Link::narrowed("/", self.params)) { (plural(*total, "item")) }
                ": "
                @for (at, side) in sides.iter().enumerate() {
                    @if at > 0 { ", " }
                    strong.side.(class(&side.name)) { (number(side.items)) " " (side.label) }
                }
            }
            @for side in sides.iter().filter(|side| side.items == 0) { (self.empty(side)) }
            @for note in notes { p.told { (note) } }
            (terms(self.params))
            @if sides.iter().all(|side| side.items > 0) {
                div.pair { @for at in 0..sides.len() { (self.side(at)) } }
            }
            p.note {
                "Phrases of the reviewers' reasons, counted once a rationale. Those that state the outcome, and sentences that stand word "
                "for word in many letters of both sides, are left out unless everything is asked for. z says how far the sides differ, in "
                "standard deviations of the difference of their log-odds."
            }
        }
    }

    /// A side on which there is nothing.
    fn empty(&self, side: &SideInfo) -> Markup {
        let outcomes = Link::new("/contrast", self.params).without("outcome");
        html! {
            p.told {
                "There is nothing on the side " strong { (side.label) } ", so there is nothing to contrast. "
                @if self.wanted.between.is_none() && self.params.get("outcome").is_some() {
                    a href=(outcomes) { "Contrast without the filter on the outcome" }
                }
            }
        }
    }

    fn side(&self, at: usize) -> Markup {
        let side = &self.contrast.sides[at];
        let scale = self.scale();
        let own = || self.contrast.phrases.iter().filter(|phrase| phrase.number == at);
        html! {
            section.(class(&side.name)) aria-labelledby={ "side-" (at) } {
                h2 id={ "side-" (at) } { "More often in: " span.side { (side.label) } }
                p.note { (plural(side.rationales, "different rationale")) "; bars go to " (percent(scale)) }
                @if own().next().is_none() { p.note { "Nothing that chance does not explain." } }
                ol { @for phrase in own() { (self.phrase(phrase, scale)) } }
            }
        }
    }

    /// The share of a side's rationales that hold a phrase.
    fn share(&self, phrase: &Phrase, at: usize) -> f64 {
        phrase.counts[at] as f64 / self.contrast.sides[at].rationales.max(1) as f64
    }

    /// The end of the scale of all bars: a whole tenth.
    fn scale(&self) -> f64 {
        let phrases = self.contrast.phrases.iter();
        let shares = phrases.map(|phrase| self.share(phrase, 0).max(self.share(phrase, 1)));
        tenth(shares.fold(0.0, f64::max))
    }

    fn phrase(&self, phrase: &Phrase, scale: f64) -> Markup {
        let sides = &self.contrast.sides;
        let share = |at: usize| self.share(phrase, at);
        let [own, other] = [phrase.number, 1 - phrase.number];
        html! {
            li.phrase {
                h3 {
                    @match self.search(phrase) {
                        Some(link) => { a href=(link) { (phrase.phrase) } }
                        None => { (phrase.phrase) }
                    }
                }
                (shares(&[own, other].map(|at| (share(at) / scale, class(&sides[at].name)))))
                p.note {
                    (percent(share(own))) " of " (sides[own].label) " (" (number(phrase.counts[own])) "), "
                    (percent(share(other))) " of " (sides[other].label) " (" (number(phrase.counts[other])) "); "
                    span.whole { "z " (format!("{:.1}", phrase.z.abs())) }
                    @if !phrase.beyond_chance { "; may be chance" }
                }
                @if let Some(example) = &phrase.example {
                    p.passage {
                        (marked(&example.text, &example.marks)) " "
                        a.id href=(in_letter(&example.id, &Params::default()).set("q", &as_query(phrase))) { (example.id) }
                    }
                }
            }
        }
    }

    /// The items of a phrase's side that hold it. Where any word of the query is enough, none.
    fn search(&self, phrase: &Phrase) -> Option<Link> {
        if self.params.get("any").is_some() {
            return None;
        }
        let typed = self.params.query();
        let side = self.wanted.between.as_ref().map(|sides| sides[phrase.number].text.as_str());
        let parts = [Some(typed.as_str()), side].into_iter().flatten();
        let parts = parts.filter(|part| !part.trim().is_empty()).map(|part| format!("({part})"));
        let query: Vec<String> = parts.chain([as_query(phrase)]).collect();
        let link = Link::narrowed("/", self.params).set("q", &query.join(" "));
        Some(if side.is_some() { link } else { link.set("outcome", &phrase.side) })
    }
}

/// What is contrasted, and which phrases count.
fn terms(params: &Params) -> Markup {
    let given = params.pairs().iter().filter(|(name, _)| name == "between");
    let sides: Vec<&str> = given.map(|(_, side)| side.as_str()).collect();
    let names = [("First side", "year:..2015"), ("Second side", "year:2016..")];
    html! {
        form.actions action="/contrast" method="get" {
            (kept("/contrast", params, &["between", "raw"]))
            label {
                input type="checkbox" name="raw" value="true" checked[params.get("raw").is_some()];
                " everything, also what states the outcome"
            }
            @for (at, (name, example)) in names.into_iter().enumerate() {
                label {
                    (name) " " input name="between" placeholder=(example)
                        value=(sides.get(at).copied().unwrap_or_default());
                }
            }
            button type="submit" { "Show" }
            a href=(Link::new("/api/contrast", params)) { "JSON" }
        }
    }
}

/// A phrase as it stands in reasons, as a query.
fn as_query(phrase: &Phrase) -> String {
    format!("rationale:=\"{}\"", phrase.phrase)
}
