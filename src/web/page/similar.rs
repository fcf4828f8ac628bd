//! A place for a text, such as a denial or a draft request: the decisions most like it.

use super::Frame;
use super::alike::similar;
use crate::index::{ItemDocument, NameError, Named};
use crate::insight::Similar;
use crate::letter::case_number;
use crate::output::number;
use crate::web::answer::Answer;
use crate::web::api::similar::{Wanted, found};
use crate::web::living::Opened;
use crate::web::params::Params;
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
        text => match named(&opened, text)? {
            Some(Named { letter, number }) => ItemDocument::of(&letter)
                .filter(|item| number.is_none_or(|number| item.item.number == number))
                .collect(),
            None => site.reading.items(&site.vocabularies, text)?,
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
                (similar(site, alike, &Params::default()))
            }
        }
    })))
}

/// The longest text in bytes that only names a letter or an item.
const MAX_NAME: usize = 60;
/// The longest name of a file, in bytes, with the number of an item.
const MAX_FILE_NAME: usize = 260;

/// The letter or item that a text names.
fn named(opened: &Opened, text: &str) -> Result<Option<Named>, Problem> {
    if let Some(id) = identity(text) {
        return opened.snapshot.named(&id).map(Some).map_err(|error| Problem::name(&error));
    }
    // Letters that print no case number are known by the name of their file.
    let may_name = text.len() <= MAX_FILE_NAME && !text.contains('\n');
    match may_name.then(|| opened.snapshot.named(text)) {
        Some(Err(NameError::Store(error))) => Err(Problem::store(&error)),
        Some(Ok(named)) => Ok(Some(named)),
        _ => Ok(None),
    }
}

/// The identity of a letter or item, where a text is not much more than that.
fn identity(text: &str) -> Option<String> {
    let text = text.to_uppercase();
    let number = case_number(&text).filter(|_| text.len() <= MAX_NAME)?;
    let after = &text[text.find(number)? + number.len()..];
    let digits = after.strip_prefix('/').unwrap_or_default();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    Some(if end > 0 { format!("{number}/{}", &digits[..end]) } else { number.to_owned() })
}

fn form(text: &str) -> Markup {
    html! {
        form.text action="/similar" method="get" {
            label for="text" { "A denial, a draft request, or a whole letter" }
            textarea #text name="text" rows="8" maxlength=(MAX_TEXT) required { (text) }
            p.note {
                "At most " (number(MAX_TEXT as u64)) " characters: the box takes no more of a longer text. The first sentence is taken "
                "for the request, all of it for the reasons. It is looked for on this machine only, and stands in the address of the answer."
            }
            button type="submit" { "Find similar decisions" }
        }
    }
}
