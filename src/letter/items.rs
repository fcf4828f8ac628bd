//! Splits the issues section into disputed items.
//!
//! The labels of an item's fields are the anchors; the text that stands before the first of them
//! ends in the outcome mark, and what precedes the mark, back to the previous rationale, is the
//! title. Where the text marks no paragraphs, a sentence end or a line that could have held the
//! next word tells where the rationale ended.

use super::join::Joiner;
use super::labels::{Label, Labels, MAX_LABEL, label, later_label, outcome_mark};
use super::lines::{Gap, Line};
use super::model::{Item, Letter, Outcome};
use super::{dispute, necessity, quantity};

/// The line that leads in the list of items ends in these words.
const LEAD_IN: &str = "below:";

/// The longest title looked for, in lines: a guard, not a rule of the format.
const MAX_TITLE_LINES: usize = 40;

/// An item's place: lines of its head and of its labelled fields.
#[derive(Debug)]
struct Place {
    /// First line of the title.
    start: usize,
    /// One past the head's last line.
    head_end: usize,
    /// Label and line of each field.
    fields: Vec<(Label, usize)>,
}

/// Reads the items of the issues section into the letter, with the warnings met on the way.
pub(super) fn read(lines: &[Line<'_>], joiner: &Joiner<'_>, letter: &mut Letter) {
    let parted = parted(lines);
    let lines = parted.as_deref().unwrap_or(lines);
    let set = Setting::of(lines);
    let places = places(lines, set);
    for (at, place) in places.iter().enumerate() {
        let end = places.get(at + 1).map_or(lines.len(), |next| next.start);
        let item = item(lines, place, end, at as u32 + 1, joiner, letter);
        letter.items.push(item);
    }
    if places.is_empty() {
        letter.warn("items-missing", "no disputed item was found", None);
    }
}

/// The lines with each label at the start of one; `None` where it is so.
fn parted<'l>(lines: &[Line<'l>]) -> Option<Vec<Line<'l>>> {
    lines.iter().find(|line| later_label(line.text).is_some())?;
    let mut parted = Vec::with_capacity(lines.len() + 8);
    for line in lines {
        let mut line = *line;
        while let Some(at) = later_label(line.text) {
            let (before, after) = line.text.split_at(at);
            parted.push(Line { text: before.trim_end(), ..line });
            line = Line { text: after, gap: Gap::None };
        }
        parted.push(line);
    }
    Some(parted)
}

/// How the lines of a letter are set.
#[derive(Debug, Clone, Copy)]
struct Setting {
    /// The length that few lines pass, in characters: where they wrap.
    width: usize,
    /// Whether any gap is one between paragraphs for certain.
    paragraphs: bool,
}

impl Setting {
    fn of(lines: &[Line<'_>]) -> Self {
        let mut lengths: Vec<usize> = lines.iter().map(|line| line.text.chars().count()).collect();
        lengths.sort_unstable();
        let width = lengths.get(lengths.len() * 9 / 10).copied().unwrap_or_default();
        Self { width, paragraphs: lines.iter().any(|line| line.gap == Gap::Paragraph) }
    }
}

/// Finds the items: groups of labels, and heads that have lost theirs.
fn places(lines: &[Line<'_>], set: Setting) -> Vec<Place> {
    let floor =
        lines.iter().take(6).position(|line| line.text.ends_with(LEAD_IN)).map_or(0, |at| at + 1);
    let mut places: Vec<Place> = Vec::new();
    let mut previous: Option<Label> = None;
    let labels = Labels::of(lines);
    // One past the last line that ended as a head does, with a line after it that may be a label.
    let mut head = None;
    for (at, line) in lines.iter().enumerate().skip(floor) {
        let found = labels.find(line.text).map(|(label, _)| label);
        let bottom = places.last().map_or(floor, |place| {
            place.fields.last().map_or(place.head_end, |(_, field)| field + 1)
        });
        let lost = head.filter(|head| *head > bottom && *head < at);
        if let (Some(label), Some(place), None) = (found, places.last_mut(), lost)
            && previous.map_or(!ends_in_mark(lines, bottom, at), |before| label > before)
        {
            place.fields.push((label, at));
            previous = Some(label);
            continue;
        }
        // Only the first of an item's labels can do without an outcome before it.
        let starts = |label| label == Label::ClaimsGuideline || ends_in_mark(lines, bottom, at);
        let head_end = found.filter(|label| starts(*label)).map(|_| at).or(lost);
        if let (Some(label), Some(head_end)) = (found, head_end) {
            // Between the line that leads in and the first label stands nothing but the title.
            let only = places.is_empty() && floor > 0;
            let start = if only { floor } else { title_start(lines, bottom, head_end, set) };
            places.push(Place { start, head_end, fields: vec![(label, at)] });
            previous = Some(label);
        } else if is_bare_head(lines, at) {
            let start = title_start(lines, bottom, at + 1, set);
            places.push(Place { start, head_end: at + 1, fields: Vec::new() });
            previous = None;
        }
        if ends_head(lines, at) && lines.get(at + 1).is_some_and(|next| is_like_label(next.text)) {
            head = Some(at + 1);
        }
    }
    places
}

/// Whether a line may be one with a label that cannot be read.
fn is_like_label(line: &str) -> bool {
    let colon = memchr::memchr(b':', line.as_bytes()).is_some_and(|colon| colon <= MAX_LABEL);
    colon && line.starts_with(|c: char| c.is_uppercase())
}

/// Whether the text before line `at` ends in an outcome mark.
fn ends_in_mark(lines: &[Line<'_>], bottom: usize, at: usize) -> bool {
    at > bottom
        && (outcome_mark(lines[at - 1].text).is_some()
            || necessity::heading(lines[at - 1].text).is_some())
}

/// Whether an outcome mark after a colon ends this line.
fn ends_head(lines: &[Line<'_>], at: usize) -> bool {
    outcome_mark(lines[at].text).is_some_and(|(before, _)| {
        before.ends_with(':') || (before.is_empty() && at > 0 && lines[at - 1].text.ends_with(':'))
    })
}

/// Whether a head ends at this line and no label follows: a letter that is cut short.
fn is_bare_head(lines: &[Line<'_>], at: usize) -> bool {
    let next = lines.get(at + 1);
    let apart = next.is_none_or(|next| next.gap != Gap::None);
    ends_head(lines, at) && apart && next.is_none_or(|next| label(next.text).is_none())
}

/// The first line of the title whose head ends before line `end`; not before line `bottom`.
fn title_start(lines: &[Line<'_>], bottom: usize, end: usize, set: Setting) -> usize {
    if end <= bottom {
        return end;
    }
    // An outcome alone on its line belongs to the title before it, whatever lies between.
    let alone = outcome_mark(lines[end - 1].text).is_some_and(|(before, _)| before.is_empty());
    let last = end - 1 - usize::from(alone && end - 1 > bottom);
    let lowest = bottom.max(last.saturating_sub(MAX_TITLE_LINES)).max(1);
    let find = |ends: fn(&[Line<'_>], usize, Setting) -> bool| {
        (lowest..=last).rev().find(|&at| ends(lines, at, set))
    };
    let marked = if set.paragraphs { find(ends_by_mark) } else { None };
    let start = marked.or_else(|| find(ends_by_form)).unwrap_or(last);
    back_to_request(lines, bottom, start, end, set)
}

/// Whether a paragraph ends before line `at` by blank lines, or by a page break and its form.
fn ends_by_mark(lines: &[Line<'_>], at: usize, set: Setting) -> bool {
    match lines[at].gap {
        Gap::Paragraph => true,
        Gap::Page => ends_by_form(lines, at, set),
        Gap::None => false,
    }
}

/// Whether the line before `at` ends a paragraph by its form: a sentence ends with it, or the
/// next word would have fitted onto it.
fn ends_by_form(lines: &[Line<'_>], at: usize, set: Setting) -> bool {
    let before = lines[at - 1].text;
    if before.ends_with(':') {
        return false;
    }
    let closed = before.trim_end_matches(['"', '\u{201d}', ')', ']', '\'']);
    if closed.ends_with(['.', '?', '!']) {
        return !ends_in_abbreviation(closed);
    }
    // A line that is merely short ends a paragraph only where the next one could begin one.
    if lines[at].text.starts_with(char::is_lowercase) {
        return false;
    }
    let next = lines[at].text.split(' ').next().map_or(0, |word| word.chars().count());
    let room = set.width.saturating_sub(set.width / 8);
    before.chars().count() + 1 + next < room && !before.ends_with([',', '-', ';', '&'])
}

/// Whether a full stop belongs to an abbreviation and ends no sentence.
fn ends_in_abbreviation(text: &str) -> bool {
    let word = text.rsplit([' ', '(']).next().unwrap_or_default();
    ABBREVIATIONS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Abbreviations that a title's line may end in.
const ABBREVIATIONS: [&str; 9] =
    ["dr.", "mr.", "mrs.", "ms.", "st.", "no.", "vs.", "approx.", "qty."];

/// A modified request is printed as several sentences: goes back to the one that states it.
fn back_to_request(
    lines: &[Line<'_>],
    bottom: usize,
    start: usize,
    end: usize,
    set: Setting,
) -> usize {
    let text = |from: usize| {
        let words: Vec<&str> = lines[from..end].iter().map(|line| line.text).collect();
        words.join(" ")
    };
    let title = text(start);
    let part = dispute::is_modified(&title) || dispute::ends_request(&title);
    if !part || dispute::states_request(&title) {
        return start;
    }
    let lowest = bottom.max(start.saturating_sub(MAX_TITLE_LINES));
    (lowest..start)
        .rev()
        .filter(|&at| at == bottom || ends_by_mark(lines, at, set) || ends_by_form(lines, at, set))
        .find(|&at| dispute::states_request(&text(at)))
        .unwrap_or(start)
}

/// Reads one item from its place; its last field ends before line `end`.
fn item(
    lines: &[Line<'_>],
    place: &Place,
    end: usize,
    number: u32,
    joiner: &Joiner<'_>,
    letter: &mut Letter,
) -> Item {
    let (title, outcome) = head(&joiner.join(&lines[place.start..place.head_end]));
    if outcome == Outcome::Unknown {
        letter.warn("outcome-missing", "no outcome mark ends the item's heading", Some(number));
    }
    if title.is_empty() {
        letter.warn("title-missing", "no request stands before the item's outcome", Some(number));
    }
    let mut field = |wanted: Label, code: &'static str, what: &str| {
        let found = field_text(lines, place, end, wanted, joiner);
        if found.is_none() {
            letter.warn(code, format!("the item has no {what}"), Some(number));
        }
        found
    };
    let claims_guideline =
        field(Label::ClaimsGuideline, "claims-guideline-missing", "claims administrator guideline");
    let reviewer_guideline =
        field(Label::ReviewerGuideline, "reviewer-guideline-missing", "reviewer's guideline");
    let rationale = field(Label::Rationale, "rationale-missing", "rationale");
    let (disputed, ur_action) = dispute::read(&title);
    let disputed = disputed.to_owned();
    let quantities = quantity::read(&disputed);
    Item {
        number,
        title,
        disputed,
        outcome,
        ur_action,
        quantities,
        claims_guideline,
        reviewer_guideline,
        rationale,
    }
}

/// Splits a head into title and outcome.
fn head(text: &str) -> (String, Outcome) {
    let stated = outcome_mark(text).or_else(|| necessity::heading(text));
    let (title, outcome) = stated.unwrap_or((text, Outcome::Unknown));
    (title.trim_end_matches([':', ' ', '-', '\u{2013}']).to_owned(), outcome)
}

/// The text of a labelled field, up to the next label or the item's end.
fn field_text(
    lines: &[Line<'_>],
    place: &Place,
    end: usize,
    wanted: Label,
    joiner: &Joiner<'_>,
) -> Option<String> {
    let at = place.fields.iter().position(|(label, _)| *label == wanted)?;
    let start = place.fields[at].1;
    let end = place.fields.get(at + 1).map_or(end, |(_, line)| *line);
    let first = label(lines[start].text).map(|(_, rest)| rest)?;
    let rest = lines[start + 1..end].iter().map(|line| line.text);
    let text = joiner.join_texts(std::iter::once(first).chain(rest));
    (!text.is_empty()).then_some(text)
}
