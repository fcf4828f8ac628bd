//! Reads "medical professional reviews" of about 2013: one request, the outcome in a heading.
//!
//! Known at second hand only. Two headings are long enough to wrap.

use super::join::Joiner;
use super::lines::{Gap, Line};
use super::model::{Item, Letter, Outcome, UrAction};
use super::{claimant, dispute, header, quantity, reviewer};

/// The headings as their letters, in their order.
const HEADINGS: [(&str, Part); 7] = [
    ("issueatdispute", Part::Issue),
    ("casesummary", Part::Summary),
    ("documentsreviewedfordetermination", Part::Documents),
    ("medicaltreatmentguidelinesrelieduponbyprofessionalreviewerandwhy", Part::Guideline),
    ("rationaleforwhytherequestedtreatmentserviceiswasnotmedicallynecessary", Part::Upheld),
    ("rationaleforwhytherequestedtreatmentserviceiswasmedicallynecessary", Part::Overturned),
    ("medicalreviewerqualifications", Part::Qualifications),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Issue,
    Summary,
    Documents,
    Guideline,
    Upheld,
    Overturned,
    Qualifications,
}

/// Lines that a heading may wrap over.
const MAX_HEADING_LINES: usize = 4;

/// Reads a review into the letter.
pub(super) fn read(lines: &[Line<'_>], joiner: &Joiner<'_>, letter: &mut Letter) {
    let lines = &with_own_headings(lines);
    let parts = parts(lines);
    let text = |wanted: &[Part]| {
        let part = parts.iter().find(|(part, ..)| wanted.contains(part))?;
        Some(joiner.join(&lines[part.1..part.2])).filter(|text| !text.is_empty())
    };
    let top = parts.first().map_or(0, |(_, start, _)| start.saturating_sub(1));
    header::read(&lines[..top], letter);
    letter.summary = text(&[Part::Summary]);
    if let Some(summary) = &letter.summary {
        letter.claimant = claimant::read(summary);
        letter.header.dates.injury = claimant::injury_date(summary);
    }
    letter.reviewer = reviewer::sentence(&text(&[Part::Qualifications]).unwrap_or_default());
    if letter.reviewer.printed.is_none() {
        letter.warn("reviewer-missing", "no specialty of the reviewer is printed", None);
    }
    let Some(title) = text(&[Part::Issue]) else {
        return letter.warn("items-missing", "no issue at dispute was found", None);
    };
    let outcome = parts.iter().find_map(|(part, ..)| match part {
        Part::Upheld => Some(Outcome::Upheld),
        Part::Overturned => Some(Outcome::Overturned),
        _ => None,
    });
    if outcome.is_none() {
        letter.warn("outcome-missing", "no heading states the outcome", Some(1));
    }
    let (disputed, mut ur_action) = dispute::read(&title);
    if letter.summary.as_ref().is_some_and(|summary| says_modified(summary)) {
        ur_action = UrAction::Modified;
    }
    let disputed = disputed.to_owned();
    letter.items.push(Item {
        number: 1,
        quantities: quantity::read(&disputed),
        disputed,
        title,
        outcome: outcome.unwrap_or_default(),
        ur_action,
        claims_guideline: None,
        reviewer_guideline: text(&[Part::Guideline]),
        rationale: text(&[Part::Upheld, Part::Overturned]),
    });
}

/// Whether a sentence of the summary says that the denial's side authorised a part of the one
/// request.
fn says_modified(summary: &str) -> bool {
    let lower = summary.to_ascii_lowercase();
    lower.split_inclusive(". ").any(|sentence| {
        let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
        has(&["utilization review", "claims administrator"])
            && has(&["modified", "modification", "partially certified", "certified in part"])
            && !has(&["not modified", "no modification"])
    })
}

/// The lines, those parted on which a body follows its heading after the colon.
fn with_own_headings<'l>(lines: &[Line<'l>]) -> Vec<Line<'l>> {
    let mut parted = Vec::with_capacity(lines.len());
    for line in lines {
        let colon = line.text.find(':').map_or(0, |colon| colon + 1);
        let (head, body) = line.text.split_at(colon);
        if body.is_empty() || !ends_heading(head) {
            parted.push(*line);
        } else {
            parted.push(Line { text: head, ..*line });
            parted.push(Line { text: body.trim_start(), gap: Gap::None });
        }
    }
    parted
}

/// Whether a text is the end of a heading, or a whole one.
fn ends_heading(text: &str) -> bool {
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let lower = letters.to_ascii_lowercase();
    letters.len() > 3
        && !text.contains(char::is_lowercase)
        && HEADINGS.iter().any(|(heading, _)| heading.ends_with(&lower))
}

/// The parts with the lines of their bodies.
fn parts(lines: &[Line<'_>]) -> Vec<(Part, usize, usize)> {
    let mut parts: Vec<(Part, usize, usize)> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if let Some((part, length)) = heading(&lines[at..]) {
            if let Some(before) = parts.last_mut() {
                before.2 = at;
            }
            parts.push((part, at + length, lines.len()));
            at += length;
        } else {
            at += 1;
        }
    }
    parts
}

/// The heading that lines start with, and how many it takes.
fn heading(lines: &[Line<'_>]) -> Option<(Part, usize)> {
    let mut letters = String::new();
    for (at, line) in lines.iter().take(MAX_HEADING_LINES).enumerate() {
        if line.text.chars().any(char::is_lowercase) {
            return None;
        }
        letters.extend(
            line.text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()),
        );
        if !HEADINGS.iter().any(|(heading, _)| heading.starts_with(&letters)) || letters.is_empty()
        {
            return None;
        }
        if let Some((_, part)) = HEADINGS.iter().find(|(heading, _)| *heading == letters) {
            return Some((*part, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_authorised_is_told_from_a_denial() {
        for (summary, modified) in [
            ("The claims administrator certified in part what was asked.", true),
            ("Six visits were asked for and modified to three by utilization review.", true),
            ("His work was modified. Utilization review denied the request.", false),
            ("Utilization review denied the request.", false),
        ] {
            assert_eq!(says_modified(summary), modified, "{summary}");
        }
    }
}
