//! A letter's page: all items with their reasons, what the search looked for marked, and which words
//! each facet came from.

use super::Frame;
use super::alike::{opposite, similar};
use super::evidence::evidence;
use super::hit::verdict;
use super::marked::{Numbered, marked, row};
use super::sections::{Marked, Section, of_item, of_letter, whole_text};
use crate::index::{ItemDocument, Named};
use crate::insight::Similar;
use crate::output::{Evidence, number, plural};
use crate::query::Field;
use crate::record::{ItemRecord, LetterRecord};
use crate::search::{Marker, Request};
use crate::web::answer::Answer;
use crate::web::api::named;
use crate::web::api::similar::{Wanted, found};
use crate::web::living::Opened;
use crate::web::params::Params;
use crate::web::problem::Problem;
use crate::web::routes::Asked;
use crate::web::site::Site;
use crate::web::url::Link;
use maud::{Markup, html};

/// The page of a letter; an item's identity leads to its letter.
pub(crate) fn page(asked: &mut Asked) -> Result<Answer, Problem> {
    let params = asked.params.clone();
    let request = asked.params.take_search()?;
    let (opened, Named { mut letter, .. }) = named(asked)?;
    let site = &asked.site;
    let evidence = site.reading.evidence(&opened, &site.vocabularies, &letter, None)?;
    let text = opened.snapshot.letter_text(&letter.id).map_err(|error| Problem::store(&error))?;
    site.hide_path(&mut letter.source);
    let likes = likes(site, &opened, &letter)?;
    let view = View { site, params: &params, letter: &letter, evidence: &evidence, likes: &likes };
    let frame = Frame::new(&letter.id, "", &params);
    let markup = view.markup(&opened, &request, &text.unwrap_or_default())?;
    Ok(Answer::page(frame.around(&markup)))
}

/// What the parts of the page share.
struct View<'a> {
    site: &'a Site,
    params: &'a Params,
    letter: &'a LetterRecord,
    evidence: &'a [Evidence],
    /// Of each item.
    likes: &'a [Likes],
}

/// The decisions most like an item, and those that came out the other way where it is known how this
/// one did.
struct Likes(Option<Similar>, Option<Similar>);

fn likes(site: &Site, opened: &Opened, letter: &LetterRecord) -> Result<Vec<Likes>, Problem> {
    let likes = ItemDocument::of(letter).map(|item| {
        let found = |wanted| found(site, opened, &item, wanted, Vec::new(), None);
        Ok(Likes(found(Wanted::Alike)?, found(Wanted::Opposite)?))
    });
    likes.collect()
}

impl View<'_> {
    fn markup(&self, opened: &Opened, request: &Request, text: &str) -> Result<Markup, Problem> {
        let mut sections: Vec<Vec<Section<'_>>> = vec![of_letter(self.letter)];
        sections.extend(self.letter.items.iter().map(of_item));
        let marker = if request.text.is_empty() {
            Marker::default()
        } else {
            let marker = self.site.engine(opened).marker(request);
            marker.map_err(|error| Problem::search(&error, &request.text))?
        };
        let marked_sections: Vec<Vec<Marked<'_>>> = sections
            .into_iter()
            .map(|group| group.into_iter().map(|section| section.marked(&marker)).collect())
            .collect();
        let all = marked_sections.iter().flatten().map(|(_, marks)| marks.len()).sum();
        let mut numbered = Numbered::new(all);
        let (summary, items) = marked_sections.split_at(1);
        Ok(html! {
            (self.head(all))
            @for (section, marks) in summary.iter().flatten() {
                section.part {
                    h2 { (section.name) }
                    p { (numbered.marked(section.text, marks)) }
                }
            }
            @for ((item, sections), likes) in self.letter.items.iter().zip(items).zip(self.likes) {
                (self.item(item, sections, likes, &mut numbered))
            }
            (self.about())
            details.raw data-key="raw" {
                summary { "The whole text as it was read" }
                pre { (marked(text, &whole_text(&marker, text))) }
            }
        })
    }

    fn head(&self, matches: usize) -> Markup {
        let letter = self.letter;
        let items = plural(letter.items.len() as u64, "disputed item");
        html! {
            @let page = self.params.get("offset").unwrap_or_default();
            @if !self.params.pairs().is_empty() {
                p.back { a href=(Link::new("/", self.params).set("offset", page)) { "\u{2190} To the hits" } }
            }
            h1 { (letter.id) }
            p.sub {
                (items)
                @if let Some(date) = &letter.dates.decision { " \u{b7} decided " time datetime=(date) { (date) } }
                @if let Some(outcome) = &letter.letter_outcome {
                    " \u{b7} " (self.site.label("letter-outcome", outcome))
                    @if let Some(plain) = self.site.plain("letter-outcome", outcome) { ": " (plain) }
                }
            }
            @if letter.items.len() > 1 {
                nav.jump aria-label="Items" {
                    ol {
                        @for item in &letter.items {
                            li.(super::hit::class(&item.outcome)) {
                                a href={ "#item-" (item.number) } { (item.title) }
                                " " span { (self.site.label("outcome", &item.outcome)) }
                            }
                        }
                    }
                }
            }
            @if matches > 0 {
                p.matches data-matches=(matches) {
                    (number(matches as u64)) @if matches == 1 { " match" } @else { " matches" } " marked. "
                    a href="#m1" { "Go to the first" }
                }
            }
        }
    }

    fn item(
        &self,
        item: &ItemRecord,
        sections: &[Marked<'_>],
        likes: &Likes,
        numbered: &mut Numbered,
    ) -> Markup {
        let id = format!("item-{}", item.number);
        let (titles, rest): (Vec<_>, Vec<_>) =
            sections.iter().partition(|(section, _)| section.field == Field::Title);
        html! {
            article.item.(super::hit::class(&item.outcome)) id=(id) aria-labelledby={ (id) "-title" } tabindex="-1" {
                (verdict(self.site, &item.outcome))
                h2 id={ (id) "-title" } {
                    span.number { (item.number) ". " }
                    @for (section, marks) in titles { (numbered.marked(section.text, marks)) }
                }
                @for section in rest { (paragraph(section, numbered)) }
                @let found: Vec<&Evidence> =
                    self.evidence.iter().filter(|found| found.item == Some(item.number)).collect();
                (evidence(self.site, &found, &format!("Why item {} has its facets", item.number)))
                (self.likes(item, likes))
                p.note { (item.id) " \u{b7} " a.cite href=(super::cite::cited(&[&item.id])) { "Cite" span.hidden { " " (item.id) } } }
            }
        }
    }

    /// What is like an item, folded.
    fn likes(&self, item: &ItemRecord, Likes(alike, opposed): &Likes) -> Markup {
        html! {
            @if let Some(alike) = alike {
                details.alike data-key={ "alike-" (item.number) } {
                    summary { "Similar decisions" span.hidden { " to item " (item.number) } }
                    (similar(self.site, alike, self.params))
                }
            }
            @if let Some(opposed) = opposed {
                details.alike data-key={ "opposite-" (item.number) } {
                    summary { "Opposite decisions" span.hidden { " to item " (item.number) } }
                    (opposite(self.site, opposed, self.params))
                }
            }
        }
    }

    /// Who, when, from which file.
    fn about(&self) -> Markup {
        let letter = self.letter;
        let dates = &letter.dates;
        let of_letter: Vec<&Evidence> =
            self.evidence.iter().filter(|found| found.item.is_none()).collect();
        let claimant: Vec<String> = letter
            .claimant
            .sex
            .iter()
            .cloned()
            .chain(letter.claimant.age.map(|age| format!("{age} years")))
            .collect();
        let rows = [
            ("Decided", dates.decision.clone()),
            ("Injured", dates.injury.clone()),
            ("Utilization review denied", dates.ur_denial.clone()),
            ("Application received", dates.received.clone()),
            ("Assigned", dates.assigned.clone()),
            ("Priority", letter.priority.clone()),
            ("Claimant", some(&claimant)),
            ("Reviewer", letter.reviewer.printed.clone()),
            ("Licensed in", some(&letter.reviewer.states)),
            ("Layout", Some(self.site.label("layout", &letter.layout))),
            ("File", Some(letter.source.clone())),
        ];
        html! {
            section.about aria-labelledby="about" {
                h2 #about { "About the letter" }
                dl.terms {
                    @for (name, value) in rows {
                        @if let Some(value) = value { (row(name, value)) }
                    }
                }
                (evidence(self.site, &of_letter, "What is known of the reviewer, and from which words"))
                @if !letter.warnings.is_empty() {
                    h3 { "What could not be read for sure" }
                    ul {
                        @for warning in &letter.warnings {
                            li {
                                @if let Some(item) = warning.item { "Item " (item) ": " }
                                (warning.message)
                            }
                        }
                    }
                }
            }
        }
    }
}

fn paragraph((section, marks): &Marked<'_>, numbered: &mut Numbered) -> Markup {
    html! {
        section.part {
            h3 { (section.name) }
            p { (numbered.marked(section.text, marks)) }
        }
    }
}

fn some(values: &[String]) -> Option<String> {
    (!values.is_empty()).then(|| values.join(", "))
}
