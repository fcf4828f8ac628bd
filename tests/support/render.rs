//! Writes a letter's record as text the way different extraction tools leave it.

use imr_search::record::{DatesRecord, ItemRecord, LetterRecord};

/// How an extraction tool marks lines, paragraphs and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Texture {
    /// An empty line after every line, a line of spaces between paragraphs, three empty lines for
    /// a page.
    Seed,
    /// A line of spaces between paragraphs, a space at line ends.
    Spaces,
    /// Centred headings, empty lines between paragraphs, form feeds.
    Layout,
    /// No paragraph breaks at all.
    Raw,
    /// Empty lines between paragraphs, no page marks.
    Plain,
    /// Header column by column, lines of spaces between paragraphs, form feeds.
    Columns,
    /// An empty line for a page, a line of spaces between paragraphs.
    EmptyPages,
}

pub(crate) const TEXTURES: [Texture; 7] = [
    Texture::Seed,
    Texture::Spaces,
    Texture::Layout,
    Texture::Raw,
    Texture::Plain,
    Texture::Columns,
    Texture::EmptyPages,
];

/// A line to print.
enum Line {
    Text(String),
    Heading(String),
    Paragraph,
}

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

fn heading(lines: &mut Vec<Line>, text: &str) {
    lines.push(Line::Heading(text.to_owned()));
    lines.push(Line::Paragraph);
}

fn paragraph(lines: &mut Vec<Line>, text: &str, width: usize) {
    lines.extend(wrap(text, width).into_iter().map(Line::Text));
    lines.push(Line::Paragraph);
}

fn header(letter: &LetterRecord, texture: Texture) -> Vec<Line> {
    let Some(case) = &letter.case_number else { return Vec::new() };
    let DatesRecord { injury, decision, assigned, ur_denial, received } = &letter.dates;
    let date = |date: &Option<String>| {
        date.as_ref().map(|d| format!("{}/{}/{}", &d[5..7], &d[8..], &d[..4])).unwrap_or_default()
    };
    let priority = letter.priority.clone().unwrap_or_default();
    let columns = [
        vec![
            ("Case Number:", case.clone()),
            ("Date Assigned:", date(assigned)),
            ("Decision Date:", date(decision)),
            ("Priority:", priority.clone()),
        ],
        vec![
            ("Date of Injury:", date(injury)),
            ("UR Denial Date:", date(ur_denial)),
            ("Application\nReceived:", date(received)),
        ],
    ];
    let text = if texture == Texture::Columns {
        // Labels without a value are left out: which one it is cannot be told.
        let columns = columns.map(|fields| {
            let printed = fields.into_iter().filter(|(_, value)| !value.is_empty());
            let (labels, values): (Vec<&str>, Vec<String>) = printed.unzip();
            format!("{}\n{}\n", labels.join("\n"), values.join("\n"))
        });
        columns.concat()
    } else {
        format!(
            "Case Number: {case}\nDate Assigned: {} Date of Injury: {}\nDecision Date: {} UR Denial Date: \
             {}\nPriority: {priority} Application\nReceived:\n{}",
            date(assigned),
            date(injury),
            date(decision),
            date(ur_denial),
            date(received)
        )
    };
    let lines =
        text.lines().filter(|line| !line.is_empty()).map(|line| Line::Text(line.to_owned()));
    lines.chain([Line::Paragraph]).collect()
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

/// Wraps at words, and inside words after a hyphen between letters or digits.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let fits =
            |line: &str, part: &str| line.chars().count() + 1 + part.chars().count() <= width;
        if line.is_empty() || fits(&line, word) {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        let chars: Vec<char> = word.chars().collect();
        let inner = chars
            .windows(3)
            .position(|w| w[0].is_ascii_digit() && w[1] == '-' && w[2].is_ascii_digit());
        let (head, tail) = inner.map_or((0, 0), |at| (at + 2, at + 2));
        let first: String = chars[..head].iter().collect();
        if head > 0 && fits(&line, &first) {
            line.push(' ');
            line.push_str(&first);
            lines.push(std::mem::take(&mut line));
            line = chars[tail..].iter().collect();
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn print(lines: &[Line], texture: Texture, width: usize, page: usize) -> String {
    let (line_end, paragraph, page_break) = match texture {
        Texture::Seed => (" \n\n", " \n\n", "\n\n"),
        Texture::Spaces | Texture::Columns => (" \n", " \n", ""),
        Texture::Layout | Texture::Plain => ("\n", "\n", ""),
        Texture::Raw => ("\n", "", ""),
        Texture::EmptyPages => ("\n", " \n", "\n"),
    };
    let form_feeds = matches!(texture, Texture::Layout | Texture::Columns | Texture::Raw);
    let mut text = String::new();
    let mut printed = 0;
    for line in lines {
        match line {
            Line::Paragraph => text.push_str(paragraph),
            Line::Heading(heading) if texture == Texture::Layout => {
                let indent = width.saturating_sub(heading.len()) / 2;
                text.push_str(&" ".repeat(indent));
                text.push_str(heading);
                text.push_str(line_end);
            }
            Line::Heading(words) | Line::Text(words) => {
                text.push_str(words);
                text.push_str(line_end);
                printed += 1;
                if printed % page == 0 {
                    text.push_str(if form_feeds { "\x0c" } else { page_break });
                }
            }
        }
    }
    text
}
