//! The columns of an export, each with what it means: the table and its dictionary cannot differ.

use crate::index::ItemDocument;
use crate::record::CitationRecord;
use crate::vocabulary::{Facet, Values, Vocabularies};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// A column of an export.
#[derive(Debug, Clone, Serialize)]
pub struct Column<'v> {
    /// Its name.
    pub name: String,
    /// `text`, `number`, `date` or `list`.
    pub kind: &'static str,
    /// What it means.
    pub about: String,
    /// The values it may have, if they are listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Listed<'v>>,
    #[serde(skip)]
    source: Source<'v>,
}

/// A value that a column may have.
#[derive(Debug, Clone, Serialize)]
pub struct Listed<'v> {
    /// Its path.
    pub path: &'v str,
    /// Its name for a person.
    pub label: &'v str,
}

#[derive(Debug, Clone)]
enum Source<'v> {
    Own(fn(&ItemDocument) -> Value),
    Paths(&'v Facet),
    Labels(&'v Facet),
}

/// A column that is no facet: name, kind, meaning, value.
type Own = (&'static str, &'static str, &'static str, fn(&ItemDocument) -> Value);

const BEFORE: [Own; 11] = [
    ("id", "text", "identity of the item: letter and number", |item| text(&item.item.id)),
    ("letter", "text", "identity of the letter", |item| text(&item.letter)),
    ("number", "number", "the item's place in its letter, from 1", |item| item.item.number.into()),
    ("decided", "date", "date of the determination", |item| optional(item.decided.as_ref())),
    ("injured", "date", "date of injury", |item| optional(item.injured.as_ref())),
    ("ur_denial", "date", "date of utilization review's decision", |item| {
        optional(item.ur_denial.as_ref())
    }),
    ("received", "date", "date on which the application was received", |item| {
        optional(item.received.as_ref())
    }),
    ("assigned", "date", "date on which the case was assigned", |item| {
        optional(item.assigned.as_ref())
    }),
    ("priority", "text", "standard or expedited", |item| optional(item.priority.as_ref())),
    ("title", "text", "the request as printed", |item| text(&item.item.title)),
    ("disputed", "text", "the portion of it in dispute", |item| text(&item.item.disputed)),
];

const AFTER: [Own; 12] = [
    (
        "region_basis",
        "text",
        "item: the request names the body region; rationale: only the rationale does",
        |item| optional(item.item.body_region_basis.as_ref()),
    ),
    ("age", "number", "the claimant's age in years", |item| item.age.into()),
    ("sessions", "number", "sessions or visits in dispute; the lower end of a range", |item| {
        item.item.quantities.sessions.into()
    }),
    ("sessions_max", "number", "the upper end of a range of sessions", |item| {
        item.item.quantities.sessions_max.into()
    }),
    ("quantity", "number", "units in dispute: tablets, patches, pieces", |item| {
        item.item.quantities.count.into()
    }),
    ("strengths", "list", "strengths of a drug as printed", |item| {
        list(&item.item.quantities.strengths)
    }),
    ("guideline_pages", "list", "pages that the reviewer cites", |item| {
        pages(&item.item.guidelines.reviewer)
    }),
    ("guideline_printed", "text", "the reviewer's guideline as printed", |item| {
        optional(item.item.guidelines.reviewer_printed.as_ref())
    }),
    ("denial_guideline_pages", "list", "pages that the claims administrator cites", |item| {
        pages(&item.item.guidelines.claims_administrator)
    }),
    (
        "denial_guideline_printed",
        "text",
        "the claims administrator's guideline as printed",
        |item| optional(item.item.guidelines.claims_administrator_printed.as_ref()),
    ),
    ("rationale", "text", "why it was decided so", |item| optional(item.item.rationale.as_ref())),
    ("source", "text", "the file that the letter was read from", |item| text(&item.source)),
];

fn text(text: &str) -> Value {
    Value::from(text)
}

fn optional(text: Option<&String>) -> Value {
    text.map_or(Value::Null, |text| Value::from(text.as_str()))
}

fn list(values: &[String]) -> Value {
    Value::from(values.to_vec())
}

fn pages(citations: &[CitationRecord]) -> Value {
    citations.iter().flat_map(|citation| citation.pages.iter().cloned()).collect::<Vec<_>>().into()
}

/// All columns: identity and request, each facet as paths and as labels, the rest.
pub fn columns(vocabularies: &Vocabularies) -> Vec<Column<'_>> {
    let own = |(name, kind, about, value): Own| Column {
        name: name.to_owned(),
        kind,
        about: about.to_owned(),
        values: Vec::new(),
        source: Source::Own(value),
    };
    let facets = vocabularies.facets().iter().flat_map(of_facet);
    BEFORE.into_iter().map(own).chain(facets).chain(AFTER.into_iter().map(own)).collect()
}

/// The columns of a facet; its labels apart where they differ from its paths.
fn of_facet(facet: &Facet) -> Vec<Column<'_>> {
    let name = facet.name.replace('-', "_");
    let values = facet
        .vocabulary
        .values
        .iter()
        .map(|value| Listed { path: &value.path, label: &value.label });
    let paths = Column {
        name: name.clone(),
        kind: "list",
        about: facet.about.clone(),
        values: values.collect(),
        source: Source::Paths(facet),
    };
    if facet.values != Values::Listed {
        return vec![paths];
    }
    let labels = Column {
        name: format!("{name}_label"),
        kind: "list",
        about: format!("{}, as a person names it", facet.about),
        values: Vec::new(),
        source: Source::Labels(facet),
    };
    vec![paths, labels]
}

/// Columns that are called by their facet here and by what they hold in a list of hits: both names are taken in both.
pub(crate) const TWINS: [(&str, &str); 6] = [
    ("treatment", "treatments"),
    ("region", "body_regions"),
    ("guideline", "reviewer_guidelines"),
    ("denial_guideline", "denial_guidelines"),
    ("specialty", "specialties"),
    ("state", "states"),
];

/// The columns named, in that order; all where none is.
///
/// # Errors
/// The first name that is no column's.
pub fn chosen<'v>(
    vocabularies: &'v Vocabularies,
    names: &[String],
) -> Result<Vec<Column<'v>>, String> {
    let all = columns(vocabularies);
    if names.is_empty() {
        return Ok(all);
    }
    let found = names.iter().map(|name| {
        let name = name.trim().replace('-', "_");
        let is_it = |column: &&Column<'_>| {
            column.name == name || TWINS.contains(&(column.name.as_str(), name.as_str()))
        };
        all.iter().find(is_it).cloned().ok_or(name)
    });
    found.collect()
}

impl Column<'_> {
    /// An item's value; null where it is not known.
    pub fn value(&self, item: &ItemDocument, facets: &[(&'static str, Cow<'_, str>)]) -> Value {
        let of = |facet: &Facet| -> Vec<String> {
            facets
                .iter()
                .filter(|(name, _)| *name == facet.name)
                .map(|(_, path)| path.to_string())
                .collect()
        };
        match &self.source {
            Source::Own(value) => value(item),
            Source::Paths(facet) => of(facet).into(),
            Source::Labels(facet) => {
                of(facet).iter().map(|path| facet.label_of(path)).collect::<Vec<_>>().into()
            }
        }
    }
}
