//! Decisions to hand on: a list to copy, or a page that pastes into a word processor.

use super::Frame;
use super::hit::in_letter;
use crate::export::{Citation, cite};
use crate::index::{ItemDocument, Named};
use crate::output::{Cites, cite as write};
use crate::web::answer::Answer;
use crate::web::params::Params;
use crate::web::problem::Problem;
use crate::web::routes::Asked;
use crate::web::url::Link;
use maud::html;
use std::io;

/// The most identities of one list.
pub(super) const MAX_CITED: usize = 50;
/// The forms of citations by name, each with its type of content.
pub(in crate::web) const FORMS: [(&str, (Cites, &str)); 3] = [
    ("html", (Cites::Html, "text/html; charset=utf-8")),
    ("markdown", (Cites::Markdown, "text/markdown; charset=utf-8")),
    ("text", (TEXT, "text/plain; charset=utf-8")),
];
const TEXT: Cites = Cites::Text { width: 80 };

/// The citations of the items or letters named by `id`.
pub(crate) fn page(asked: &mut Asked) -> Result<Answer, Problem> {
    let form = asked.params.take_choice("format", &FORMS)?;
    let ids = asked.params.take_all("id");
    asked.params.end()?;
    if ids.is_empty() || ids.len() > MAX_CITED {
        return Err(Problem::bad(format!("name 1 to {MAX_CITED} items or letters with id")));
    }
    let (site, opened) = (&asked.site, asked.opened()?);
    let mut citations = Vec::new();
    for id in &ids {
        let named = opened.snapshot.named(id).map_err(|error| Problem::name(&error))?;
        let Named { letter, number } = named;
        let text = opened.snapshot.letter_text(&letter.id).map_err(|e| Problem::store(&e))?;
        let text = text.unwrap_or_default();
        for item in ItemDocument::of(&letter) {
            if number.is_none_or(|number| item.item.number == number) {
                let mut citation = cite(&letter, &item, &text, &site.vocabularies);
                site.hide_path(&mut citation.source);
                citations.push(citation);
            }
        }
    }
    match form {
        Some((form, kind)) => Ok(Answer::text(kind, written(form, &citations)?)),
        None => shown(&ids, &citations),
    }
}

/// Where items or letters are cited.
pub(super) fn cited(ids: &[impl AsRef<str>]) -> Link {
    let cite = Link::new("/cite", &Params::default());
    ids.iter().fold(cite, |link, id| link.add("id", id.as_ref()))
}

fn shown(ids: &[String], citations: &[Citation]) -> Result<Answer, Problem> {
    let (text, markdown) = (written(TEXT, citations)?, written(Cites::Markdown, citations)?);
    let of = |format: &str| cited(ids).set("format", format);
    let frame = Frame::new("Citation", "", &Params::default()).around(&html! {
        @if let [id] = ids { p.back { a href=(in_letter(id, &Params::default())) { "\u{2190} To the decision" } } }
        h1 { "To hand on" }
        p.note { "The passage is quoted as printed, with its place in the letter. Select and copy, or open it in another form: "
            a href=(of("html")) { "for a word processor" } ", "
            a href=(of("markdown")) { "Markdown" } ", "
            a href=(of("text")) { "plain text" } "."
        }
        pre.citation tabindex="0" { (text) }
        details { summary { "As Markdown" } pre.citation tabindex="0" { (markdown) } }
    });
    Ok(Answer::page(frame))
}

fn written(form: Cites, citations: &[Citation]) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    let citations = citations.iter().cloned().map(Ok::<_, io::Error>);
    write(&mut bytes, form, citations).map_err(|_| Problem::internal())?;
    String::from_utf8(bytes).map_err(|_| Problem::internal())
}
