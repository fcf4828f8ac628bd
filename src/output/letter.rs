//! A letter or an item as text a person reads.

use super::style::{BOLD, DIM, Painted, WARN, outcome_style};
use super::table::plural;
use super::wrap::{clean, field, wrap, wrap_marked};
use crate::query::Field;
use crate::record::{CitationRecord, ItemRecord, LetterRecord};
use crate::search::Marker;
use crate::vocabulary::Vocabularies;
use std::io::{self, Write};

/// Width of the names of fields.
const NAMES: usize = 16;

struct Page<'a> {
    out: &'a mut dyn Write,
    look: &'a Look<'a>,
}

/// How a letter is shown.
pub(crate) struct Look<'a> {
    pub(crate) vocabularies: &'a Vocabularies,
    /// Columns.
    pub(crate) width: usize,
    /// What is marked.
    pub(crate) marker: &'a Marker,
}

/// Writes a letter with all its items.
pub(crate) fn letter_text(
    out: &mut dyn Write,
    letter: &LetterRecord,
    look: &Look<'_>,
) -> io::Result<()> {
    let mut page = Page { out, look };
    page.header(letter)?;
    for item in &letter.items {
        writeln!(page.out)?;
        page.item(item)?;
    }
    page.warnings(letter)
}

/// Writes one item of a letter.
pub(crate) fn item_text(
    out: &mut dyn Write,
    letter: &LetterRecord,
    item: &ItemRecord,
    look: &Look<'_>,
) -> io::Result<()> {
    let mut page = Page { out, look };
    page.item(item)?;
    writeln!(page.out)?;
    let one = LetterRecord { summary: None, ..letter.clone() };
    page.header(&one)
}

impl Page<'_> {
    fn header(&mut self, letter: &LetterRecord) -> io::Result<()> {
        let items = plural(letter.items.len() as u64, "disputed item");
        writeln!(self.out, "{} \u{b7} {items}", Painted(BOLD, clean(&letter.id)))?;
        let outcome = letter.letter_outcome.as_deref();
        self.field("Outcome", outcome.map(|path| self.label("letter-outcome", path)).as_deref())?;
        let dates = &letter.dates;
        for (name, date) in [
            ("Decided", &dates.decision),
            ("Injured", &dates.injury),
            ("UR denial", &dates.ur_denial),
            ("Received", &dates.received),
            ("Assigned", &dates.assigned),
        ] {
            self.field(name, date.as_deref())?;
        }
        self.field("Priority", letter.priority.as_deref())?;
        let claimant = &letter.claimant;
        let claimant: Vec<String> = claimant
            .sex
            .iter()
            .cloned()
            .chain(claimant.age.map(|age| format!("{age} years")))
            .collect();
        self.field("Claimant", some(&claimant, ", ").as_deref())?;
        let specialties = self.labels("specialty", &letter.reviewer.specialties);
        self.field("Reviewer", some(&specialties, "; ").as_deref())?;
        self.field("Licensed in", some(&letter.reviewer.states, ", ").as_deref())?;
        self.field("Layout", Some(&self.label("layout", &letter.layout)))?;
        self.field("File", Some(&letter.source))?;
        self.paragraph("Case summary", Field::Summary, letter.summary.as_deref())
    }

    fn item(&mut self, item: &ItemRecord) -> io::Result<()> {
        let outcome = self.label("outcome", &item.outcome).to_uppercase();
        let outcome = Painted(outcome_style(&item.outcome), outcome);
        writeln!(self.out, "{} {}", Painted(BOLD, clean(&item.id)), outcome)?;
        let marks = self.look.marker.marks(Field::Title, &item.title);
        for line in wrap_marked(&item.title, &marks, self.look.width) {
            writeln!(self.out, "{}", Painted(BOLD, line))?;
        }
        if item.disputed != item.title {
            self.field("In dispute", Some(&item.disputed))?;
        }
        let treatments = self.labels("treatment", &item.treatments);
        self.field("Treatment", some(&treatments, "; ").as_deref())?;
        let mut regions = self.labels("region", &item.body_regions);
        if item.body_region_basis.as_deref() == Some("rationale") {
            regions.push("(from the rationale)".to_owned());
        }
        self.field("Body region", some(&regions, "; ").as_deref())?;
        if item.laterality != "none" {
            self.field("Side", Some(&self.label("laterality", &item.laterality)))?;
        }
        self.field("UR had", Some(&self.label("ur-action", &item.ur_action).to_lowercase()))?;
        self.field("Timing", Some(&self.label("timing", &item.timing)))?;
        self.field("Quantity", quantities(item).as_deref())?;
        let guidelines = &item.guidelines;
        self.citations("Denial cites", &guidelines.claims_administrator)?;
        self.citations("Reviewer cites", &guidelines.reviewer)?;
        self.paragraph("Rationale", Field::Rationale, item.rationale.as_deref())
    }

    fn citations(&mut self, name: &str, citations: &[CitationRecord]) -> io::Result<()> {
        let cited = citations.iter().map(|citation| {
            let mut text = self.label("guideline", &citation.path);
            if let Some(year) = citation.year {
                text = format!("{text} {year}");
            }
            let detail: Vec<String> = citation
                .topics
                .iter()
                .cloned()
                .chain(
                    (!citation.pages.is_empty())
                        .then(|| format!("p. {}", citation.pages.join(", "))),
                )
                .collect();
            if detail.is_empty() { text } else { format!("{text} ({})", detail.join("; ")) }
        });
        let cited: Vec<String> = cited.collect();
        self.field(name, some(&cited, "; ").as_deref())
    }

    fn warnings(&mut self, letter: &LetterRecord) -> io::Result<()> {
        for warning in &letter.warnings {
            let place = warning.item.map_or_else(String::new, |item| format!("item {item}: "));
            let line = format!("{}: {place}{}", warning.code, warning.message);
            for line in wrap(&line, self.look.width) {
                writeln!(self.out, "{}", Painted(WARN, line))?;
            }
        }
        Ok(())
    }

    fn field(&mut self, name: &str, value: Option<&str>) -> io::Result<()> {
        write!(self.out, "{}", field(name, value.unwrap_or_default(), NAMES, self.look.width))
    }

    fn paragraph(&mut self, name: &str, part: Field, text: Option<&str>) -> io::Result<()> {
        let Some(text) = text else { return Ok(()) };
        writeln!(self.out, "{}", Painted(DIM, name))?;
        let marks = self.look.marker.marks(part, text);
        for line in wrap_marked(text, &marks, self.look.width.saturating_sub(2)) {
            writeln!(self.out, "  {line}")?;
        }
        Ok(())
    }

    fn label(&self, facet: &str, path: &str) -> String {
        self.look.vocabularies.label(facet, path)
    }

    fn labels(&self, facet: &str, paths: &[String]) -> Vec<String> {
        paths.iter().map(|path| self.label(facet, path)).collect()
    }
}

fn some(values: &[String], separator: &str) -> Option<String> {
    (!values.is_empty()).then(|| values.join(separator))
}

fn quantities(item: &ItemRecord) -> Option<String> {
    let quantities = &item.quantities;
    let mut parts = Vec::new();
    match (quantities.sessions, quantities.sessions_max) {
        (Some(low), Some(high)) => parts.push(format!("{low} to {high} sessions")),
        (Some(sessions), None) => parts.push(plural(u64::from(sessions), "session")),
        _ => {}
    }
    parts.extend(quantities.count.map(|count| format!("#{count}")));
    parts.extend(quantities.strengths.iter().cloned());
    some(&parts, ", ")
}
