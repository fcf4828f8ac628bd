//! Writes a letter's record as text the way different extraction tools leave it.

pub(crate) use crate::synthetic::texture::{TEXTURES, Texture};

use crate::synthetic::header::{self, HeaderFields};
use crate::synthetic::texture::{Line, heading, paragraph, print, wrap};
use imr_search::record::{DatesRecord, ItemRecord, LetterRecord};

/// Writes a letter with lines of at most `width` characters and pages of `page` lines.
pub(crate) fn render(letter: &LetterRecord, texture: Texture, width: usize, page: usize) -> String {
    let mut lines = header(letter, texture);
    heading(&mut lines, "HOW THE IMR FINAL DETERMINATION WAS MADE");
    reviewer(&mut lines, letter, width);
    heading(&mut lines, "CLINICAL CASE SUMMARY");
    paragraph(&mut lines, letter.summary.as_deref().unwrap_or_default(), width);
    heading(&mut lines, "IMR ISSUES, DECISIONS AND RATIONALES");
    let lead = "The Final Determination rests on the items/services set forth below:";
    paragraph(&mut lines, lead, width);
    for item in &letter.items {
        self::item(&mut lines, item, width);
    }
    print(&lines, texture, width, page)
}

/// Prints the lines of a letter's text as another tool would leave them: line ends as they are,
/// other marks of paragraphs and pages.
pub(crate) fn reprint(text: &str, texture: Texture, page: usize) -> String {
    let source: Vec<&str> =
        text.split(['\n', '\x0c']).map(|line| line.trim_end_matches('\r')).collect();
    let printed = source.iter().filter(|line| !line.trim().is_empty()).count();
    let empty = source.iter().filter(|line| line.is_empty()).count();
    // Where an empty line follows every line, only lines of spaces part paragraphs.
    let double_spaced = empty * 2 > printed;
    let mut lines = Vec::new();
    for line in source {
        if !line.trim().is_empty() {
            lines.push(Line::Text(line.trim().to_owned()));
        } else if (!double_spaced || !line.is_empty())
            && !matches!(lines.last(), Some(Line::Paragraph))
        {
            lines.push(Line::Paragraph);
        }
    }
    print(&lines, texture, 96, page)
}

fn header(letter: &LetterRecord, texture: Texture) -> Vec<Line> {
    let Some(case) = letter.case_number.clone() else { return Vec::new() };
    let DatesRecord { injury, decision, assigned, ur_denial, received } = &letter.dates;
    let date = |date: &Option<String>| {
        date.as_ref().map(|d| format!("{}/{}/{}", &d[5..7], &d[8..], &d[..4])).unwrap_or_default()
    };
    let fields = HeaderFields {
        case,
        assigned: date(assigned),
        injury: date(injury),
        decision: date(decision),
        denial: date(ur_denial),
        priority: letter.priority.clone().unwrap_or_default(),
        received: date(received),
    };
    header::lines(fields, texture)
}

fn reviewer(lines: &mut Vec<Line>, letter: &LetterRecord, width: usize) {
    let printed = letter.reviewer.printed.clone().unwrap_or_default();
    let states = letter.reviewer.states.join(", ");
    if letter.layout == "2014" {
        let text = format!(
            "The file went to an expert. The expert reviewer is Board Certified in {printed} and is licensed \
             to practice in {states}. The expert works."
        );
        return paragraph(lines, &text, width);
    }
    paragraph(lines, "The file went to an expert, who works in the field.", width);
    lines.push(Line::Text("The Expert Reviewer has the following credentials:".to_owned()));
    lines.extend(
        wrap(&format!("State(s) of Licensure: {states}"), width).into_iter().map(Line::Text),
    );
    paragraph(lines, &format!("Certification(s)/Specialty: {printed}"), width);
}

fn item(lines: &mut Vec<Line>, item: &ItemRecord, width: usize) {
    let outcome = match item.outcome.as_str() {
        "upheld" => "Upheld",
        "overturned" => "Overturned",
        "partially-overturned" => "Partially Overturned",
        other => panic!("the corpus has no {other}"),
    };
    paragraph(lines, &format!("{}:  {outcome}", item.title), width);
    let guidelines = &item.guidelines;
    let fields = [
        ("Claims Administrator guideline", &guidelines.claims_administrator_printed),
        ("MAXIMUS guideline", &guidelines.reviewer_printed),
        ("Decision rationale", &item.rationale),
    ];
    for (label, text) in fields {
        if let Some(text) = text {
            paragraph(lines, &format!("{label}: {text}"), width);
        }
    }
}
