//! Tells the families of layouts apart and cuts a letter into its sections.

use super::labels::{Label, after_label, is_heading, label, starts_with_words};
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
const ISSUES: &str = "imrissuesdecisionsandrationales";
const DECISIONS: &str = "imrdecisionsandrationales";
const DOCUMENTS: &str = "documentsreviewed";

/// Recognises the layout by its headings; order and completeness do not matter.
pub(super) fn recognise(lines: &[Line<'_>]) -> Layout {
    let has = |heading: &str| lines.iter().any(|line| is_heading(line.text, heading));
    let opens = |words: &str| {
        lines.iter().take(40).any(|line| line.text.to_ascii_lowercase().contains(words))
    };
    if has(ISSUES) {
        let names_another = |line: &Line<'_>| {
            label(line.text).is_some_and(|(label, _)| label == Label::ReviewerGuideline)
                && !starts_with_words(line.text, "maximus")
        };
        if lines.iter().any(names_another) {
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
    lines.iter().any(|line| line.text.to_ascii_lowercase().contains("board certified"))
}

/// The parts of a short-form letter; a part whose heading is missing is empty.
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

/// Cuts a short-form letter at its headings.
pub(super) fn sections<'a>(lines: &'a [Line<'a>]) -> Sections<'a> {
    let find = |heading: &str| lines.iter().position(|line| is_heading(line.text, heading));
    let end = lines.len();
    let issues = find(ISSUES).or_else(|| find(DECISIONS)).unwrap_or(end);
    let summary = find(SUMMARY).filter(|&at| at < issues).unwrap_or(issues);
    let method = find(METHOD).filter(|&at| at < summary).unwrap_or(summary.min(issues));
    Sections {
        header: &lines[..method],
        method: body(lines, method, summary),
        summary: body(lines, summary, issues),
        issues: body(lines, issues, end),
    }
}

/// The lines after the heading at `start`.
fn body<'a>(lines: &'a [Line<'a>], start: usize, end: usize) -> &'a [Line<'a>] {
    lines.get(start + 1..end).unwrap_or_default()
}
