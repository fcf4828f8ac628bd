//! Hits and facet counts as text.

use super::style::{BOLD, DIM, Painted, WARN, outcome_style};
use super::table::{bar, fit, number, plural};
use super::wrap::{clean, wrap, wrap_marked};
use crate::query::Field;
use crate::record::ItemRecord;
use crate::search::{FacetRows, Facets, Hit, Matched, QueryInfo, Response};
use crate::vocabulary::Vocabularies;
use std::io::{self, Write};

/// Values of a facet shown beside hits.
const FACET_ROWS: usize = 8;
/// The widest bar, and the shortest that tells anything.
const BAR_WIDTH: usize = 20;
const MIN_BAR_WIDTH: usize = 4;

/// How an answer is laid out.
pub(crate) struct Page {
    /// Whether facet counts are shown.
    pub(crate) facets: bool,
    /// Whether it is said how the query was read.
    pub(crate) explain: bool,
    /// Hits passed over before the first one.
    pub(crate) offset: usize,
    /// Hits asked for.
    pub(crate) limit: usize,
    /// Columns.
    pub(crate) width: usize,
    /// What a command that goes on must be given too: options with a space before each.
    pub(crate) options: String,
}

/// Writes an answer for a person.
pub(crate) fn response_text(
    out: &mut dyn Write,
    response: &Response,
    page: &Page,
    vocabularies: &Vocabularies,
) -> io::Result<()> {
    let (offset, width) = (page.offset, page.width);
    summary(out, response, width)?;
    if page.explain {
        reading(out, &response.query, width)?;
    }
    let mut most = false;
    for (at, hit) in response.hits.iter().enumerate() {
        if hit.matched != Matched::Full && !most {
            most = true;
            let (hold, items) = (response.partial_hold(), number(response.partial_total));
            let note = format!("Items with {hold} ({items}):");
            writeln!(out, "\n{}", Painted(DIM, note))?;
        }
        writeln!(out)?;
        write_hit(out, hit, offset + at + 1, vocabularies, width)?;
    }
    let shown = offset + response.hits.len();
    let all = response.all_hits();
    if (shown as u64) < all && (1..=response.hits.len()).contains(&page.limit) {
        let first = offset + 1;
        let partial = (response.total > 0 && response.partial_total > 0)
            .then(|| format!(", those with {} among them", response.partial_hold()));
        let (all, partial) = (number(all), partial.unwrap_or_default());
        let note = format!("{first}-{shown} of {all}{partial}; next page: --offset {shown}");
        writeln!(out)?;
        for line in wrap(&note, width) {
            writeln!(out, "{}", Painted(DIM, line))?;
        }
    }
    if let Some(facets) = response.facets.as_ref().filter(|_| page.facets) {
        facets_text(out, facets, FACET_ROWS, &(as_typed(&response.query) + &page.options), width)?;
    }
    Ok(())
}

/// How many phrases are named that mean much the same.
const MAX_RELATED: usize = 4;

/// One line: how many, and how they came out.
fn summary(out: &mut dyn Write, response: &Response, width: usize) -> io::Result<()> {
    let mut line = match (response.total, response.partial_total) {
        (0, partial) if partial > 0 => {
            let (hold, items) = (response.partial_hold(), plural(partial, "item"));
            format!("No item holds all the words; {items} with {hold}")
        }
        (total, _) => plural(total, "item"),
    };
    if let Some(of) = response.letters.filter(|of| of.letters > 0) {
        line = format!("{line} in {}", plural(of.letters, "letter"));
    }
    let outcomes = response.facets.iter().flat_map(|facets| &facets.0);
    if let Some(outcomes) = outcomes.into_iter().find(|facet| facet.name == "outcome") {
        let counts = outcomes.met().map(|row| format!("{} {}", number(row.count), row.label));
        let counts: Vec<String> = counts.collect();
        if !counts.is_empty() {
            line = format!("{line}: {}", counts.join(", "));
        }
    }
    for line in wrap(&line, width) {
        writeln!(out, "{}", Painted(BOLD, line))?;
    }
    for expanded in &response.query.expanded {
        let note = format!("also searched for {}: {}", expanded.from, expanded.to.join(", "));
        for line in wrap(&note, width) {
            writeln!(out, "{}", Painted(DIM, line))?;
        }
    }
    for related in &response.query.related {
        let forms = related.to.iter().take(MAX_RELATED).map(|form| format!("\"{form}\""));
        let forms = forms.collect::<Vec<_>>().join(", ");
        let note = format!("much the same as {}, not searched: {forms}", related.from);
        for line in wrap(&note, width) {
            writeln!(out, "{}", Painted(DIM, line))?;
        }
    }
    for note in response.query.guesses().chain(response.query.notes.iter().cloned()) {
        for line in wrap(&note, width) {
            writeln!(out, "{}", Painted(WARN, line))?;
        }
    }
    Ok(())
}

/// How the query was read.
fn reading(out: &mut dyn Write, query: &QueryInfo, width: usize) -> io::Result<()> {
    let lines = [
        ("read as", query.interpreted.clone()),
        ("adds to the score only", query.optional.join(", ")),
        ("filters", query.filters.join(" AND ")),
    ];
    for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
        for line in wrap(&format!("{name}: {value}"), width) {
            writeln!(out, "{}", Painted(DIM, line))?;
        }
    }
    Ok(())
}

/// What a hit's score is made of, in one paragraph.
fn explanation(hit: &Hit) -> Option<String> {
    let parts = hit.explanation.as_ref().filter(|parts| !parts.is_empty())?.iter();
    let parts = parts.map(|part| format!("{} in {} {:.2}", part.word, part.field, part.score));
    Some(format!("score {:.2} = {}", hit.score, parts.collect::<Vec<_>>().join(" + ")))
}

fn write_hit(
    out: &mut dyn Write,
    hit: &Hit,
    rank: usize,
    vocabularies: &Vocabularies,
    width: usize,
) -> io::Result<()> {
    let label = |facet: &str, path: &str| vocabularies.label(facet, path);
    let item = &hit.item.item;
    let (title, title_marks) = heading(item, &hit.title_marks);
    let outcome = label("outcome", &item.outcome).to_uppercase();
    writeln!(out, "{rank:>3}. {}", Painted(outcome_style(&item.outcome), outcome))?;
    for line in wrap_marked(title, &title_marks, width.saturating_sub(5)) {
        writeln!(out, "     {}", Painted(BOLD, line))?;
    }
    let mut facts = vec![item.id.clone()];
    facts.extend(hit.item.decided.iter().map(|date| format!("decided {date}")));
    facts.extend(item.treatments.iter().map(|path| label("treatment", path)));
    facts.extend(item.body_regions.iter().map(|path| label("region", path)));
    facts.extend(item.guidelines.reviewer.iter().map(|cited| label("guideline", &cited.path)));
    if !hit.missing.is_empty() {
        facts.push(format!("without: {}", hit.missing.join(", ")));
    }
    for line in wrap(&facts.join(" \u{b7} "), width.saturating_sub(5)) {
        writeln!(out, "     {}", Painted(DIM, line))?;
    }
    for passage in &hit.passages {
        // What the reviewer does not say is told apart.
        if let Some(of) = said_by_others(passage.field) {
            writeln!(out, "     \u{2502} {}", Painted(DIM, of))?;
        }
        for line in wrap_marked(&passage.text, &passage.marks, width.saturating_sub(7)) {
            writeln!(out, "     \u{2502} {line}")?;
        }
    }
    if let Some(conclusion) = &hit.conclusion {
        let lines = wrap_marked(&conclusion.text, &conclusion.marks, width.saturating_sub(7));
        for (at, line) in lines.into_iter().enumerate() {
            let mark = if at == 0 { "\u{21d2}" } else { " " };
            writeln!(out, "     {mark} {}", Painted(DIM, line))?;
        }
    }
    if let Some(folded) = hit.folded {
        let more = format!("and {} more like it", number(folded.get()));
        writeln!(out, "     {}", Painted(DIM, more))?;
    }
    for line in wrap(&explanation(hit).unwrap_or_default(), width.saturating_sub(5)) {
        writeln!(out, "     {}", Painted(DIM, line))?;
    }
    Ok(())
}

/// What a passage that is no reason of the reviewer's comes from.
fn said_by_others(field: &str) -> Option<&'static str> {
    if field == Field::Summary.as_str() {
        Some("case summary:")
    } else if field == Field::Guideline.as_str() {
        Some("guidelines:")
    } else {
        None
    }
}

/// What a hit is headed by, with its marks: the portion in dispute where the title says more, as it does of requests that
/// were granted in part.
fn heading<'i>(item: &'i ItemRecord, marks: &[[usize; 2]]) -> (&'i str, Vec<[usize; 2]>) {
    let Some(at) = item.title.rfind(&item.disputed).filter(|_| !item.disputed.is_empty()) else {
        return (&item.title, marks.to_vec());
    };
    let start = item.title[..at].chars().count();
    let end = start + item.disputed.chars().count();
    let within = marks.iter().filter(|[from, to]| start <= *from && *to <= end);
    (&item.disputed, within.map(|[from, to]| [from - start, to - start]).collect())
}

/// A query and its filters as one argument of a command; nothing where there are none.
fn as_typed(query: &QueryInfo) -> String {
    let parts = [&query.text].into_iter().chain(&query.filters).filter(|part| !part.is_empty());
    let parts: Vec<String> = parts
        .map(|part| if part.contains(" OR ") { format!("({part})") } else { part.clone() })
        .collect();
    let all = clean(&parts.join(" ")).replace('\'', r"'\''");
    if all.is_empty() { all } else { format!(" '{all}'") }
}

/// Writes the counts of facets with bars; at most `limit` top values of each. `query` is what narrows them, as an
/// argument.
pub(crate) fn facets_text(
    out: &mut dyn Write,
    facets: &Facets,
    limit: usize,
    query: &str,
    width: usize,
) -> io::Result<()> {
    for facet in facets.0.iter().filter(|facet| !facet.rows.is_empty()) {
        writeln!(out, "\n{}", Painted(BOLD, &facet.label))?;
        facet_rows(out, facet, limit, query, width)?;
    }
    Ok(())
}

fn facet_rows(
    out: &mut dyn Write,
    facet: &FacetRows,
    limit: usize,
    query: &str,
    width: usize,
) -> io::Result<()> {
    let label_width = (width / 2).clamp(16, 46);
    let room = width.saturating_sub(label_width + 20).min(BAR_WIDTH);
    let bar_width = if room < MIN_BAR_WIDTH { 0 } else { room };
    let whole: u64 = facet.rows.iter().map(|row| row.count).max().unwrap_or(0);
    for row in facet.rows.iter().take(limit) {
        let depth = row.path.matches('/').count();
        let mark = match (row.selected, row.excluded) {
            (_, true) => "-",
            (true, _) => "*",
            _ => " ",
        };
        let label = fit(&format!("{}{}", "  ".repeat(depth), row.label), label_width);
        let bar = bar(row.count, whole, bar_width);
        let style = if facet.name == "outcome" { outcome_style(&row.path) } else { DIM };
        let line = format!(" {mark} {label} {:>9} ", number(row.count));
        writeln!(
            out,
            "{}{}",
            if bar.is_empty() { line.trim_end() } else { &line },
            Painted(style, bar)
        )?;
    }
    let more = facet.rows.len().saturating_sub(limit);
    if more > 0 {
        let note = format!("{more} more: imr facets {}{query}", facet.name);
        for line in wrap(&note, width.saturating_sub(3)) {
            writeln!(out, "   {}", Painted(DIM, line))?;
        }
    }
    Ok(())
}
