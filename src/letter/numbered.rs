//! Reads the items of letters with an address block: numbered decisions as sentences, then what
//! each side relied on, then the rationale.
//!
//! Known at second hand only; each item's anchor is the label of its rationale.

use super::join::Joiner;
use super::lines::Line;
use super::model::{Item, Letter, Outcome};
use super::{dispute, labels, necessity, quantity};

/// Reads the items into the letter.
pub(super) fn read(lines: &[Line<'_>], joiner: &Joiner<'_>, letter: &mut Letter) {
    let anchors: Vec<usize> = (0..lines.len())
        .filter(|&at| {
            labels::label(lines[at].text).is_some_and(|(l, _)| l == labels::Label::Rationale)
        })
        .collect();
    let heads: Vec<usize> = anchors
        .iter()
        .enumerate()
        .map(|(at, &anchor)| {
            let bottom = at.checked_sub(1).map_or(0, |before| anchors[before] + 1);
            head(lines, bottom, anchor, at as u32 + 1)
        })
        .collect();
    for (at, (&anchor, &start)) in anchors.iter().zip(&heads).enumerate() {
        let end = heads.get(at + 1).copied().unwrap_or(lines.len());
        let item = item(&lines[start..anchor], &lines[anchor..end], at as u32 + 1, joiner);
        if item.outcome == Outcome::Unknown {
            letter.warn("outcome-missing", "no decision states the outcome", Some(item.number));
        }
        letter.items.push(item);
    }
    if letter.items.is_empty() {
        letter.warn("items-missing", "no disputed item was found", None);
    }
}

/// The line that an item's decision starts with: the nearest that bears its number, or states an
/// outcome.
fn head(lines: &[Line<'_>], bottom: usize, anchor: usize, number: u32) -> usize {
    let numbered =
        |at: &usize| number_of(lines[*at].text).is_some_and(|(found, _)| found == number);
    let bears = (bottom..anchor).rev().find(numbered);
    let states = || (bottom..anchor).rev().find(|&at| necessity::find(lines[at].text).is_some());
    bears.or_else(states).unwrap_or(anchor)
}

/// The number that a line starts with, and the rest.
fn number_of(line: &str) -> Option<(u32, &str)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].strip_prefix(['.', ')'])?;
    Some((line[..digits].parse().ok()?, rest.trim_start()))
}

fn item(head: &[Line<'_>], rationale: &[Line<'_>], number: u32, joiner: &Joiner<'_>) -> Item {
    let text = joiner.join(head);
    let text = number_of(&text).map_or(text.as_str(), |(_, rest)| rest);
    let statement = necessity::find(text);
    let (title, outcome, rest) = match &statement {
        Some(statement) => {
            (text[..statement.range.start].trim(), statement.outcome, &text[statement.range.end..])
        }
        None => (text, Outcome::Unknown, ""),
    };
    let (claims_guideline, reviewer_guideline) = dispute::sides(rest);
    let first = rationale.first().and_then(|line| labels::label(line.text)).map(|(_, rest)| rest);
    let rest = rationale.iter().skip(1).map(|line| line.text);
    let rationale = joiner.join_texts(first.into_iter().chain(rest));
    let (disputed, ur_action) = dispute::read(title);
    Item {
        number,
        title: title.to_owned(),
        disputed: disputed.to_owned(),
        outcome,
        ur_action,
        quantities: quantity::read(disputed),
        claims_guideline,
        reviewer_guideline,
        rationale: Some(rationale).filter(|text| !text.is_empty()),
    }
}
