//! Reads the notices of 2013: decisions as whole sentences, printed twice, then a part for each
//! request.
//!
//! Known by the beginning of one letter and at second hand, so built tolerant: a notice that ends
//! after its list of decisions still gives its items.

use super::date::Date;
use super::join::Joiner;
use super::labels::{after_label, is_heading, starts_with_words};
use super::lines::Line;
use super::model::{Item, Letter, Outcome};
use super::{claimant, dispute, header, necessity, quantity, reviewer};
use std::collections::HashSet;

const DETERMINED: &str = "has determined the request for ";
const DECISION: &str = "independentmedicalreviewdecisionandrationale";
const QUALIFICATIONS: &str = "medical qualifications of the expert reviewer";
const SUMMARY: &str = "case summary";
const DOCUMENTS: &str = "documents reviewed";
const REGARDING: &str = "regarding the request for";
const RATIONALE: &str = "rationale for the decision";
/// What follows the last request.
const ENDS: [&str; 3] = ["effect of the decision", "sincerely", "cc:"];

/// A request as decided.
struct Decision {
    title: String,
    outcome: Outcome,
}

/// Reads a notice into the letter.
pub(super) fn read(lines: &[Line<'_>], joiner: &Joiner<'_>, letter: &mut Letter) {
    let labelled = |words: &str| lines.iter().position(|l| after_label(l.text, words).is_some());
    let first_request = lines.iter().position(|line| regarding(line.text));
    let end = lines.len();
    let qualifications = labelled(QUALIFICATIONS).unwrap_or(end);
    let summary = labelled(SUMMARY).unwrap_or(end);
    let documents = labelled(DOCUMENTS).or(first_request).unwrap_or(end);
    let top =
        lines.iter().position(|line| line.text.contains(DETERMINED.trim_end())).unwrap_or(end);
    header::read(&lines[..top], letter);
    dates(lines, joiner, letter);
    letter.reviewer = reviewer::sentence(&joiner.join(part(lines, qualifications, summary)));
    if letter.reviewer.printed.is_none() {
        letter.warn("reviewer-missing", "no specialty of the reviewer is printed", None);
    }
    letter.summary = quoted(&joiner.join(part(lines, summary + 1, documents)));
    if let Some(summary) = &letter.summary {
        letter.claimant = claimant::read(summary);
        let injury = letter.header.dates.injury;
        letter.header.dates.injury = injury.or_else(|| claimant::injury_date(summary));
    }
    let decided = decisions(&joiner.join(&lines[..qualifications]));
    items(lines, first_request.unwrap_or(end), decided, joiner, letter);
}

fn part<'l, 'a>(lines: &'l [Line<'a>], start: usize, end: usize) -> &'l [Line<'a>] {
    lines.get(start..end.max(start)).unwrap_or_default()
}

/// Fills the dates that stand in the sentence after the second heading.
fn dates(lines: &[Line<'_>], joiner: &Joiner<'_>, letter: &mut Letter) {
    let Some(start) = lines.iter().position(|line| is_heading(line.text, DECISION)) else { return };
    let text = joiner.join(part(lines, start + 1, (start + 12).min(lines.len())));
    let text = text.split(DETERMINED).next().unwrap_or_default();
    let near = |words: &str| claimant::date_after(text, words, 16);
    let dates = &mut letter.header.dates;
    let fill = |slot: &mut Option<Date>, found: Option<Date>| *slot = slot.or(found);
    fill(&mut dates.received, application(text));
    fill(&mut dates.ur_denial, near("utilization review"));
    fill(&mut dates.assigned, near("notice of assignment"));
}

/// The date of the application: right before its name, or soon after it and before the denial's.
fn application(text: &str) -> Option<Date> {
    const NAME: &str = "application";
    let lower = text.to_ascii_lowercase();
    let at = lower.find(NAME)?;
    let before = lower[..at].trim_end();
    let article = ["an", "the", "your", "this"].iter().find_map(|word| before.strip_suffix(word));
    let last = article.and_then(|before| before.split_whitespace().next_back());
    let denial = lower[at..].find("utilization review").map_or(text.len(), |found| at + found);
    last.and_then(Date::at_start)
        .or_else(|| claimant::date_after(&text[at..denial.max(at)], NAME, 12))
}

/// The passage in quotation marks, else the text after the disclaimer.
fn quoted(text: &str) -> Option<String> {
    let open = text
        .find(['\u{201c}', '"'])
        .map(|at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let passage = match open {
        Some(open) => {
            let close = text[open..].rfind(['\u{201d}', '"']).map_or(text.len(), |end| open + end);
            &text[open..close]
        }
        None => text,
    };
    let passage = passage.trim();
    (!passage.is_empty()).then(|| passage.to_owned())
}

/// The decisions in order, each once.
fn decisions(text: &str) -> Vec<Decision> {
    let (mut found, mut known) = (Vec::new(), HashSet::new());
    for sentence in text.split(DETERMINED).skip(1) {
        let Some(statement) = necessity::find(sentence) else { continue };
        let title = sentence[..statement.range.start].trim().to_owned();
        if known.insert(squash(&title)) {
            found.push(Decision { title, outcome: statement.outcome });
        }
    }
    found
}

fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a line opens the part about a request.
fn regarding(line: &str) -> bool {
    let text =
        line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches([')', '.', ' ']);
    starts_with_words(text, REGARDING)
}

/// Reads the requests; those that only the list decides come without rationale.
fn items(
    lines: &[Line<'_>],
    first: usize,
    decided: Vec<Decision>,
    joiner: &Joiner<'_>,
    letter: &mut Letter,
) {
    let starts: Vec<usize> = (first..lines.len()).filter(|&at| regarding(lines[at].text)).collect();
    let last = (first..lines.len())
        .find(|&at| ENDS.iter().any(|words| starts_with_words(lines[at].text, words)))
        .unwrap_or(lines.len());
    for (at, decision) in decided.into_iter().enumerate() {
        let number = at as u32 + 1;
        let part = starts.get(at).map(|&start| {
            let end = starts.get(at + 1).copied().unwrap_or(last);
            &lines[start..end.max(start)]
        });
        letter.items.push(item(number, decision, part.unwrap_or_default(), joiner));
        if letter.items[at].rationale.is_none() {
            letter.warn("rationale-missing", "the item has no rationale", Some(number));
        }
    }
    if letter.items.is_empty() {
        letter.warn("items-missing", "no disputed item was found", None);
    }
}

fn item(number: u32, decision: Decision, lines: &[Line<'_>], joiner: &Joiner<'_>) -> Item {
    let rationale = lines.iter().position(|line| after_label(line.text, RATIONALE).is_some());
    let text = |lines: &[Line<'_>]| Some(joiner.join(lines)).filter(|text| !text.is_empty());
    let guidelines = joiner.join(part(lines, 0, rationale.unwrap_or(lines.len())));
    let (claims_guideline, reviewer_guideline) = dispute::sides(&guidelines);
    let (disputed, ur_action) = dispute::read(&decision.title);
    let disputed = disputed.to_owned();
    Item {
        number,
        quantities: quantity::read(&disputed),
        disputed,
        title: decision.title,
        outcome: decision.outcome,
        ur_action,
        claims_guideline,
        reviewer_guideline,
        rationale: rationale.and_then(|at| text(&lines[at + 1..])),
    }
}
