//! A place for a text, such as a denial or a draft request: the decisions most like it.

use super::Frame;
use super::alike::similar;
use crate::index::{ItemDocument, Named};
use crate::insight::Similar;
use crate::web::answer::Answer;
use crate::web::api::similar::{Wanted, found};
use crate::web::problem::Problem;
use crate::web::routes::Asked;
use maud::{Markup, html};

/// The longest text in characters: it stands in the address, which has its own end.
const MAX_TEXT: usize = 12_000;

/// The page, with what is like the text if there is one.
pub(crate) fn page(asked: &mut Asked) -> Result<Answer, Problem> {
    let params = asked.params.clone();
    let text = asked.params.take("text")?.unwrap_or_default();
    asked.params.end()?;
    let (site, opened) = (&asked.site, asked.opened()?);
    let items = match text.trim() {
        "" => Vec::new(),
        // An identity stands for its letter or item.
        text => match opened.snapshot.named(text) {
            Ok(Named { letter, number }) => ItemDocument::of(&letter)
                .filter(|item| number.is_none_or(|number| item.item.number == number))
                .collect(),
            Err(_) => site.reading.items(&site.vocabularies, text)?,
        },
    };
    let alike =
        items.iter().map(|item| found(site, &opened, item, Wanted::Alike, Vec::new(), None));
    let alike: Vec<Option<Similar>> = alike.collect::<Result<_, _>>()?;
    let frame = Frame::new("Decisions like a text", "/similar", &params);
    Ok(Answer::page(frame.around(&html! {
        h1 { "Decisions like a text" }
        (form(&text))
        @for alike in alike.iter().flatten() {
            section.alike {
                h2 { (alike.of.item.title) }
                (similar(site, alike))
            }
        }
    })))
}

fn form(text: &str) -> Markup {
    html! {
        form.text action="/similar" method="get" {
            label for="text" { "A denial, a draft request, or a whole letter" }
            textarea #text name="text" rows="8" maxlength=(MAX_TEXT) required { (text) }
            p.note {
                "The first sentence is taken for the request, all of it for the reasons. It is looked for on this machine only, and "
                "stands in the address of the answer."
            }
            button type="submit" { "Find similar decisions" }
        }
    }
}
