//! Reads the text of one determination into a [`Letter`].
//!
//! Pure: no files, no index, no vocabularies. It never fails: what cannot be read is absent and
//! leaves a [`Warning`]. Layouts are told apart by their headings, items by their labels and
//! outcome marks, because extraction tools disagree about everything else (blank lines, page
//! breaks, columns).

mod claimant;
mod date;
mod dispute;
mod header;
mod items;
mod join;
mod labels;
mod layout;
mod lines;
mod model;
mod necessity;
mod notice;
mod numbered;
mod prose;
mod quantity;
mod review;
mod reviewer;
mod strength;

pub use date::Date;
pub use layout::Layout;
pub use lines::is_page_mark;
pub use model::{
    Claimant, Dates, Header, Item, Letter, LetterOutcome, Outcome, Priority, Quantities, Reviewer,
    Sex, UrAction, Warning,
};

pub(crate) use header::case_number;
pub(crate) use prose::{conclusion, is_disclaimer, sentences};

use layout::Sections;
use lines::Line;
use std::borrow::Cow;

/// Reads a letter from its extracted text.
///
/// `name` is the file's stem: the letter takes its identity from it where no header prints a case
/// number.
pub fn parse(text: &str, name: &str) -> Letter {
    // Old line ends: a carriage return alone.
    let returns = !text.contains('\n') && text.contains('\r');
    let text = if returns { Cow::Owned(text.replace('\r', "\n")) } else { Cow::Borrowed(text) };
    let lines = lines::split(&text);
    let layout = layout::recognise(&lines);
    let mut letter = Letter { layout, ..Letter::default() };
    let joiner = join::Joiner::new(&lines);
    match layout {
        Layout::Unknown => {}
        Layout::Review2013 => review::read(&lines, &joiner, &mut letter),
        Layout::Notice2013 => notice::read(&lines, &joiner, &mut letter),
        Layout::Letter2014 | Layout::Short2014 | Layout::Short2015 | Layout::Later => {
            read_sections(&layout::sections(&lines), &joiner, &mut letter);
        }
    }
    letter.id = identity(&letter, name);
    letter
}

fn read_sections(sections: &Sections<'_>, joiner: &join::Joiner<'_>, letter: &mut Letter) {
    header::read(sections.header, letter);
    if letter.layout == Layout::Short2015 && letter.header.dates.decision >= LATER {
        letter.layout = Layout::Later;
    }
    letter.reviewer = reviewer::read(sections.method, joiner);
    if letter.reviewer.printed.is_none() {
        letter.warn("reviewer-missing", "no specialty of the reviewer is printed", None);
    }
    letter.summary = summary(sections.summary, joiner);
    if let Some(summary) = &letter.summary {
        letter.claimant = claimant::read(summary);
        if letter.header.dates.injury.is_none() {
            letter.header.dates.injury = claimant::injury_date(summary);
        }
    } else {
        letter.warn("summary-missing", "no clinical case summary was found", None);
    }
    if letter.layout == Layout::Letter2014 {
        numbered::read(sections.issues, joiner, letter);
    } else {
        items::read(sections.issues, joiner, letter);
    }
}

/// Short-form letters from this day on were not at hand: their printed names may differ.
const LATER: Option<Date> = Some(Date { year: 2017, month: 3, day: 1 });

/// Joins the summary's lines and drops the fixed sentence that introduces it.
fn summary(lines: &[Line<'_>], joiner: &join::Joiner<'_>) -> Option<String> {
    let text = joiner.join(lines);
    let opening: String = text.chars().take(320).collect();
    let body = match opening.find(':') {
        Some(colon) if introduces_summary(&opening[..colon]) => text[colon + 1..].trim_start(),
        _ => text.as_str(),
    };
    (!body.is_empty()).then(|| body.to_owned())
}

fn introduces_summary(sentence: &str) -> bool {
    let lower = sentence.to_ascii_lowercase();
    lower.contains("reviewer") && lower.contains("summary") && !lower.contains(". ")
}

/// The case number printed, else the one in the file's name, else the file's stem.
fn identity(letter: &Letter, name: &str) -> String {
    letter
        .header
        .case_number
        .clone()
        .or_else(|| header::case_number(name).map(str::to_owned))
        .unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests;
