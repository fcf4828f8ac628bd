//! The serialised letter and item: one form for index, JSON output, API and exports.
//!
//! Absent means unknown. Field names are a contract with other programs.

use crate::classify::{Citation, Facets, Found, ItemFacets};
use crate::letter::{Item, Letter, Quantities};
use crate::vocabulary::slug;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A letter as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LetterRecord {
    /// Unique identity.
    pub id: String,
    /// The file as given, or its path in the index.
    pub source: String,
    /// Family of layouts.
    pub layout: String,
    /// Case number, if the letter prints one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_number: Option<String>,
    /// `standard` or `expedited`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// Dates as `YYYY-MM-DD`.
    #[serde(default)]
    pub dates: DatesRecord,
    /// About whom.
    #[serde(default)]
    pub claimant: ClaimantRecord,
    /// Who judged.
    #[serde(default)]
    pub reviewer: ReviewerRecord,
    /// Outcome over all items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter_outcome: Option<String>,
    /// Clinical case summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Disputed items in letter order.
    #[serde(default)]
    pub items: Vec<ItemRecord>,
    /// What was missing or odd.
    #[serde(default)]
    pub warnings: Vec<WarningRecord>,
}

/// The dates of a case as `YYYY-MM-DD`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatesRecord {
    /// Date of injury.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub injury: Option<String>,
    /// Date of the determination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// Date the case was assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<String>,
    /// Date of the utilization review denial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ur_denial: Option<String>,
    /// Date the application was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<String>,
}

/// The claimant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimantRecord {
    /// Age in years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<u32>,
    /// `female` or `male`, where a word states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
}

/// The reviewer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewerRecord {
    /// Paths of the specialties.
    #[serde(default)]
    pub specialties: Vec<String>,
    /// States of licensure; slips of a state's name are put right.
    #[serde(default)]
    pub states: Vec<String>,
    /// The specialties as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub printed: Option<String>,
}

/// A disputed item as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemRecord {
    /// `<letter id>/<number>`.
    pub id: String,
    /// Place in the letter, from 1.
    pub number: u32,
    /// The request as printed.
    pub title: String,
    /// The portion in dispute.
    pub disputed: String,
    /// Path of the outcome.
    pub outcome: String,
    /// Path of what utilization review had done.
    pub ur_action: String,
    /// Path of the timing.
    pub timing: String,
    /// Path of the side.
    pub laterality: String,
    /// Paths of the body regions.
    pub body_regions: Vec<String>,
    /// `item` if the title names the regions, `rationale` if only that does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_region_basis: Option<String>,
    /// Paths of the treatments.
    pub treatments: Vec<String>,
    /// The guidelines of both sides.
    pub guidelines: GuidelinesRecord,
    /// What was asked for in numbers.
    #[serde(default, skip_serializing_if = "QuantitiesRecord::is_empty")]
    pub quantities: QuantitiesRecord,
    /// Why it was decided so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
}

/// What an item asks for in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuantitiesRecord {
    /// Sessions or visits; the lower end of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sessions: Option<u32>,
    /// The upper end of a range of sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sessions_max: Option<u32>,
    /// Units of a drug.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Strengths, such as `7.5mg`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strengths: Vec<String>,
}

impl QuantitiesRecord {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The guidelines that the two sides cite.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GuidelinesRecord {
    /// Of the claims administrator.
    pub claims_administrator: Vec<CitationRecord>,
    /// Of the reviewer.
    pub reviewer: Vec<CitationRecord>,
    /// The claims administrator's field as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_administrator_printed: Option<String>,
    /// The reviewer's field as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewer_printed: Option<String>,
}

/// A guideline cited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CitationRecord {
    /// Path of the chapter.
    pub path: String,
    /// Year of the edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// Sections or topics as printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// Pages as printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<String>,
}

/// Something a reader of the letter should know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WarningRecord {
    /// Stable name.
    pub code: String,
    /// What was seen.
    pub message: String,
    /// The item it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
}

impl LetterRecord {
    /// The record of a letter and its facets; `source` is the file's name as it is to be shown.
    pub fn new(letter: &Letter, facets: &Facets, source: &str) -> Self {
        let dates = &letter.header.dates;
        let date = |date: Option<crate::letter::Date>| date.map(|date| date.to_string());
        let items = letter.items.iter().zip(&facets.items);
        let warnings = letter.warnings.iter().chain(&facets.warnings);
        Self {
            id: letter.id.clone(),
            source: source.to_owned(),
            layout: letter.layout.as_str().to_owned(),
            case_number: letter.header.case_number.clone(),
            priority: letter.header.priority.map(|priority| priority.as_str().to_owned()),
            dates: DatesRecord {
                injury: date(dates.injury),
                decision: date(dates.decision),
                assigned: date(dates.assigned),
                ur_denial: date(dates.ur_denial),
                received: date(dates.received),
            },
            claimant: ClaimantRecord {
                age: letter.claimant.age,
                sex: letter.claimant.sex.map(|sex| sex.as_str().to_owned()),
            },
            reviewer: ReviewerRecord {
                specialties: paths(&facets.specialties),
                states: letter
                    .reviewer
                    .states
                    .iter()
                    .map(|state| spelled(state, &facets.states))
                    .collect(),
                printed: letter.reviewer.printed.clone(),
            },
            letter_outcome: letter.outcome().map(|outcome| outcome.as_str().to_owned()),
            summary: letter.summary.clone(),
            items: items.map(|(item, facets)| ItemRecord::new(&letter.id, item, facets)).collect(),
            warnings: warnings
                .map(|warning| WarningRecord {
                    code: warning.code.to_owned(),
                    message: warning.message.clone(),
                    item: warning.item,
                })
                .collect(),
        }
    }

    /// Gives the letter and its items another identity.
    pub fn rename(&mut self, id: &str) {
        id.clone_into(&mut self.id);
        for item in &mut self.items {
            item.id = format!("{id}/{}", item.number);
        }
    }
}

impl ItemRecord {
    fn new(letter: &str, item: &Item, facets: &ItemFacets) -> Self {
        Self {
            id: format!("{letter}/{}", item.number),
            number: item.number,
            title: item.title.clone(),
            disputed: item.disputed.clone(),
            outcome: item.outcome.as_str().to_owned(),
            ur_action: item.ur_action.as_str().to_owned(),
            timing: facets.timing.path.clone(),
            laterality: facets.laterality.path.clone(),
            body_regions: paths(&facets.regions),
            body_region_basis: facets.region_basis().map(str::to_owned),
            treatments: paths(&facets.treatments),
            guidelines: GuidelinesRecord {
                claims_administrator: citations(&facets.claims_guidelines),
                reviewer: citations(&facets.reviewer_guidelines),
                claims_administrator_printed: item.claims_guideline.clone(),
                reviewer_printed: item.reviewer_guideline.clone(),
            },
            quantities: QuantitiesRecord::new(&item.quantities),
            rationale: item.rationale.clone(),
        }
    }
}

impl QuantitiesRecord {
    fn new(quantities: &Quantities) -> Self {
        let Quantities { sessions, sessions_max, count, strengths } = quantities.clone();
        Self { sessions, sessions_max, count, strengths }
    }
}

/// A state's name as printed, or as it is spelled where a typing slip was seen through.
fn spelled(printed: &str, states: &[Found]) -> String {
    let known = states.iter().find(|found| found.words == printed.trim());
    match known {
        Some(found) if found.path != slug(printed) => {
            let words = found.path.split('-').map(|word| {
                let mut letters = word.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(letters).collect::<String>()
            });
            words.collect::<Vec<_>>().join(" ")
        }
        _ => printed.to_owned(),
    }
}

fn paths(found: &[Found]) -> Vec<String> {
    found.iter().map(|found| found.path.clone()).collect()
}

fn citations(citations: &[Citation]) -> Vec<CitationRecord> {
    let record = |citation: &Citation| CitationRecord {
        path: citation.found.path.clone(),
        year: citation.year,
        topics: citation.topics.clone(),
        pages: citation.pages.clone(),
    };
    citations.iter().map(record).collect()
}
