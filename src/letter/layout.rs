//! Tells the families of layouts apart and cuts a letter into its sections.

use super::labels::{Labels, after_label, contains_words, is_heading, label, starts_with_words};
use super::lines::Line;
use std::fmt;

/// The families of layouts that determinations have had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// "Medical professional review", about 2013.
    Review2013,
    /// "Notice of Independent Medical Review Determination", 2013.
    Notice2013,
    /// Letter with an address block and a list of documents, late 2013 and 2014.
    Letter2014,
    /// Short form of 2014: the reviewer's specialty stands in a sentence.
    Short2014,
    /// Short form since 2015: the reviewer's credentials stand in a block.
    Short2015,
    /// As before, after February 2017: labels and guidelines bear other names.
    Later,
    /// Not recognised as a determination.
    #[default]
    Unknown,
}

impl Layout {
    /// All layouts that a letter can have.
    pub const ALL: [Layout; 6] = [
        Layout::Review2013,
        Layout::Notice2013,
        Layout::Letter2014,
        Layout::Short2014,
        Layout::Short2015,
        Layout::Later,
    ];

    /// The name in JSON and in filters.
    pub fn as_str(self) -> &'static str {
        match self {
            Layout::Review2013 => "2013-review",
            Layout::Notice2013 => "2013-notice",
            Layout::Letter2014 => "2014-letter",
            Layout::Short2014 => "2014",
            Layout::Short2015 => "2015",
            Layout::Later => "2017",
            Layout::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const METHOD: &str = "howtheimrfinaldeterminationwasmade";
const SUMMARY: &str = "clinicalcasesummary";
/// The heading of the items, also as it is printed with fewer letters.
const ISSUES: [&str; 4] = [
    "imrissuesdecisionsandrationales",
    "imrissuesdecisionsandrationale",
    "imrissuedecisionandrationale",
    "imrissuesdecisionsrationales",
];
const DECISIONS: &str = "imrdecisionsandrationales";
const DOCUMENTS: &str = "documentsreviewed";

/// Recognises the layout by its headings; order and completeness do not matter.
pub(super) fn recognise(lines: &[Line<'_>]) -> Layout {
    let has = |heading: &str| find(lines, heading).is_some();
    let opens = |words: &str| lines.iter().take(40).any(|line| contains_words(line.text, words));
    if ISSUES.into_iter().any(has) {
        if !Labels::of(lines).is_usual() {
            return Layout::Later;
        }
        return if has_credentials(lines) || !has_board_sentence(lines) {
            Layout::Short2015
        } else {
            Layout::Short2014
        };
    }
    if has(DECISIONS) || (has(DOCUMENTS) && has(METHOD)) {
        return Layout::Letter2014;
    }
    if opens("medical professional review") {
        return Layout::Review2013;
    }
    if opens("notice of independent medical review determination") {
        return Layout::Notice2013;
    }
    Layout::Unknown
}

fn has_credentials(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| after_label(line.text, "certification(s)/specialty").is_some())
}

fn has_board_sentence(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| contains_words(line.text, "board certified"))
}

/// The parts of a letter with headings; a part whose heading is missing is empty.
pub(super) struct Sections<'a> {
    /// Above the first heading.
    pub(super) header: &'a [Line<'a>],
    /// How the determination was made, with the reviewer's credentials.
    pub(super) method: &'a [Line<'a>],
    /// The clinical case summary.
    pub(super) summary: &'a [Line<'a>],
    /// The disputed items.
    pub(super) issues: &'a [Line<'a>],
}

/// Cuts a letter with headings into its sections.
pub(super) fn sections<'a>(lines: &'a [Line<'a>]) -> Sections<'a> {
    let end = lines.len();
    let issues = ISSUES.into_iter().chain([DECISIONS]).find_map(|heading| find(lines, heading));
    let issues = issues.unwrap_or((end, end));
    let summary = find(lines, SUMMARY).filter(|at| at.0 < issues.0).unwrap_or((issues.0, issues.0));
    let method =
        find(lines, METHOD).filter(|at| at.0 < summary.0).unwrap_or((summary.0, summary.0));
    Sections {
        header: &lines[..method.0],
        method: &lines[method.1..summary.0],
        summary: &lines[summary.1..issues.0],
        issues: &lines[issues.1..tail(lines, issues.1)],
    }
}

/// Where, after the last label of an item, the signature or the publisher's disclaimer begins, which is no part of it.
fn tail(lines: &[Line<'_>], from: usize) -> usize {
    let last = lines.iter().rposition(|line| label(line.text).is_some());
    let from = last.map_or(from, |last| from.max(last + 1));
    let signs = |text: &str| text.len() < 40 && starts_with_words(text, "sincerely");
    let disclaims = |at: usize| {
        let next = lines.get(at + 1).map_or("", |line| line.text);
        starts_with_words(lines[at].text, "disclaimer:")
            && contains_words(&format!("{} {next}", lines[at].text), "providing an independent")
    };
    let ends = |at: &usize| signs(lines[*at].text) || disclaims(*at);
    (from..lines.len()).find(ends).unwrap_or(lines.len())
}

/// The lines of a heading: its first, and the one after it. A heading may wrap, and the line that
/// leads in the items may follow on its own line.
fn find(lines: &[Line<'_>], heading: &str) -> Option<(usize, usize)> {
    (0..lines.len()).find_map(|at| {
        let text = lines[at].text;
        if is_heading(text, heading) {
            return Some((at, at + 1));
        }
        let first = text.bytes().next()?.to_ascii_lowercase();
        if !heading.as_bytes().starts_with(&[first]) || text.len() > 400 {
            return None;
        }
        let wraps = |next: &Line<'_>| {
            !text.chars().any(char::is_lowercase)
                && is_heading(&format!("{text} {}", next.text), heading)
        };
        if lines.get(at + 1).is_some_and(wraps) {
            return Some((at, at + 2));
        }
        // The heading's words end where the first word with lower-case letters begins.
        let lowercase = text.find(char::is_lowercase)?;
        let (words, rest) = text.split_at(text[..lowercase].rfind(' ')?);
        (is_heading(words, heading) && rest.ends_with("below:")).then_some((at, at + 1))
    })
}
