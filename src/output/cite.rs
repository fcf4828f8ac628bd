//! Citations as Markdown, plain text and HTML.

use super::wrap::{clean, wrap};
use crate::export::{Citation, Cited, Quote};
use crate::letter::case_number;
use std::io::{self, Write};

/// How citations are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cites {
    /// A Markdown list.
    Markdown,
    /// Plain text of so many columns.
    Text {
        /// Columns.
        width: usize,
    },
    /// A page of HTML that pastes into a word processor.
    Html,
}

/// Writes citations one after the other, numbered; how many there were.
pub(crate) fn cite<E: From<io::Error>>(
    out: &mut dyn Write,
    form: Cites,
    citations: impl Iterator<Item = Result<Citation, E>>,
) -> Result<u64, E> {
    if form == Cites::Html {
        writeln!(
            out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Decisions</title></head>\n<body>\n<ol>"
        )?;
    }
    let mut written = 0;
    for citation in citations {
        let citation = citation?;
        written += 1;
        match form {
            Cites::Markdown => as_markdown(out, written, &citation)?,
            Cites::Text { width } => as_text(out, written, &citation, width)?,
            Cites::Html => as_html(out, &citation)?,
        }
    }
    if form == Cites::Html {
        writeln!(out, "</ol>\n</body>\n</html>")?;
    }
    Ok(written)
}

fn as_text(out: &mut dyn Write, at: u64, citation: &Citation, width: usize) -> io::Result<()> {
    if at > 1 {
        writeln!(out)?;
    }
    let number = format!("{at}. ");
    let indent = " ".repeat(number.len());
    let room = width.saturating_sub(indent.len());
    let mut start = number.as_str();
    let lines = wrap(&heading(citation), room).into_iter().chain(wrap(&request(citation), room));
    let facts = facts(citation);
    let facts = facts.iter().flat_map(|(name, value)| wrap(&format!("{name}: {value}"), room));
    for line in lines.chain(facts) {
        writeln!(out, "{start}{line}")?;
        start = &indent;
    }
    for quote in &citation.quotes {
        let text = format!("\u{201c}{}\u{201d} ({})", quote.text, place(quote));
        for line in wrap(&text, room.saturating_sub(2)) {
            writeln!(out, "{indent}  {line}")?;
        }
    }
    Ok(())
}

fn as_markdown(out: &mut dyn Write, at: u64, citation: &Citation) -> io::Result<()> {
    let number = format!("{at}. ");
    let indent = " ".repeat(number.len());
    writeln!(out, "{number}**{}**  ", markdown(&heading(citation)))?;
    writeln!(out, "{indent}{}", markdown(&request(citation)))?;
    for (name, value) in facts(citation) {
        writeln!(out, "{indent}- {name}: {}", markdown(&value))?;
    }
    for quote in &citation.quotes {
        writeln!(out, "\n{indent}> {}", markdown(&quote.text))?;
        writeln!(out, "{indent}> ({})", markdown(&place(quote)))?;
    }
    writeln!(out)
}

fn as_html(out: &mut dyn Write, citation: &Citation) -> io::Result<()> {
    let (heading, request) = (html(&heading(citation)), html(&request(citation)));
    writeln!(out, "<li>\n<p><b>{heading}</b><br>\n{request}</p>\n<ul>")?;
    for (name, value) in facts(citation) {
        writeln!(out, "<li>{name}: {}</li>", html(&value))?;
    }
    writeln!(out, "</ul>")?;
    for quote in &citation.quotes {
        let (text, place) = (html(&quote.text), html(&place(quote)));
        writeln!(out, "<blockquote><p>\u{201c}{text}\u{201d} ({place})</p></blockquote>")?;
    }
    writeln!(out, "</li>")
}

/// Case, item, date and outcome.
fn heading(citation: &Citation) -> String {
    let decided =
        citation.decided.as_ref().map(|date| format!(", decided {date}")).unwrap_or_default();
    let Citation { case, item, outcome_label, .. } = citation;
    let name = match case_number(case) {
        Some(_) => format!("IMR case {}", clean(case)),
        None => format!("IMR determination without a case number ({})", clean(case)),
    };
    format!("{name}, item {item}{decided}: {outcome_label}")
}

fn request(citation: &Citation) -> String {
    let disputed =
        citation.disputed.as_ref().map(|disputed| format!(" (in dispute: {})", clean(disputed)));
    format!("{}{}", clean(&citation.title), disputed.unwrap_or_default())
}

/// The guidelines of both sides.
fn facts(citation: &Citation) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    for (name, cited) in [
        ("Reviewer's guideline", &citation.reviewer_guidelines),
        ("Denial's guideline", &citation.denial_guidelines),
    ] {
        if !cited.is_empty() {
            facts.push((name, cited.iter().map(guideline).collect::<Vec<_>>().join("; ")));
        }
    }
    facts
}

/// A guideline with its year, sections and pages.
fn guideline(cited: &Cited) -> String {
    let Cited { label, citation } = cited;
    let year = citation.year.map(|year| format!(" {year}")).unwrap_or_default();
    let sections = citation.topics.iter().map(|topic| clean(topic));
    let pages =
        (!citation.pages.is_empty()).then(|| clean(&format!("p. {}", citation.pages.join(", "))));
    let detail: Vec<String> = sections.chain(pages).collect();
    if detail.is_empty() {
        format!("{label}{year}")
    } else {
        format!("{label}{year} ({})", detail.join("; "))
    }
}

/// Where a passage stands.
fn place(quote: &Quote) -> String {
    let range = |name: &str, [first, last]: [usize; 2]| {
        if first == last { format!("{name} {first}") } else { format!("{name}s {first}-{last}") }
    };
    let sentences = quote.sentences.map(|sentences| range("sentence", sentences));
    let lines = quote.place.map(|place| format!("{} of the text", range("line", place.lines)));
    let parts: Vec<String> =
        [Some(quote.part.clone()), sentences, lines].into_iter().flatten().collect();
    parts.join(", ")
}

/// A text in which nothing is taken for a mark of Markdown.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn html(text: &str) -> String {
    clean(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_letter_is_taken_for_a_mark() {
        assert_eq!(markdown("a *b* [c] #60 <d>"), "a \\*b\\* \\[c\\] \\#60 \\<d\\>");
        assert_eq!(html("a <b> & \"c\""), "a &lt;b&gt; &amp; &quot;c&quot;");
    }
}
