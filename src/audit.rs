//! How well letters were read: what share has each field, what was warned of, which words are
//! unknown, what failed.
//!
//! Pure: it counts records and knows neither files nor index.

use crate::record::{ItemRecord, LetterRecord};
use serde::Serialize;
use std::collections::BTreeMap;

/// Examples kept of each warning or failure.
const EXAMPLES: usize = 3;

/// Warnings whose message ends in the words that are not known.
const UNKNOWN: [(&str, &str); 4] = [
    ("specialty-unknown", "specialty"),
    ("state-unknown", "state"),
    ("guideline-unknown", "guideline"),
    ("treatment-unknown", "treatment"),
];

/// The figures of an audit.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Audit {
    /// Letters read.
    pub letters: u64,
    /// Disputed items read.
    pub items: u64,
    /// Letters by layout.
    pub layouts: BTreeMap<String, u64>,
    /// How many letters have each field.
    pub letter_fields: Vec<Filled>,
    /// How many items have each field.
    pub item_fields: Vec<Filled>,
    /// Warnings by code.
    pub warnings: BTreeMap<String, Seen>,
    /// Words that no vocabulary knows, by kind, most frequent first.
    pub unknown: BTreeMap<String, Vec<(String, u64)>>,
    /// Files that could not be read, by code.
    pub failures: BTreeMap<String, Seen>,
}

/// How many have a field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Filled {
    /// The field.
    pub field: &'static str,
    /// How many have it.
    pub filled: u64,
    /// Of how many.
    pub of: u64,
    /// Their share, 0 to 1.
    pub share: f64,
}

/// How often something was seen, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// How often.
    pub count: u64,
    /// Where, for example.
    pub examples: Vec<String>,
}

impl Seen {
    fn add(&mut self, example: String) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(example);
        }
    }
}

/// Counts letters one by one.
#[derive(Debug, Default)]
pub struct Auditor {
    audit: Audit,
    letter_fields: [u64; LETTER_FIELDS.len()],
    item_fields: [u64; ITEM_FIELDS.len()],
    unknown: BTreeMap<&'static str, BTreeMap<String, u64>>,
}

/// A field and whether a letter has it.
type LetterField = (&'static str, fn(&LetterRecord) -> bool);
/// A field and whether an item has it.
type ItemField = (&'static str, fn(&ItemRecord) -> bool);

const LETTER_FIELDS: [LetterField; 13] = [
    ("case_number", |letter| letter.case_number.is_some()),
    ("priority", |letter| letter.priority.is_some()),
    ("dates.decision", |letter| letter.dates.decision.is_some()),
    ("dates.injury", |letter| letter.dates.injury.is_some()),
    ("dates.ur_denial", |letter| letter.dates.ur_denial.is_some()),
    ("dates.received", |letter| letter.dates.received.is_some()),
    ("dates.assigned", |letter| letter.dates.assigned.is_some()),
    ("claimant.age", |letter| letter.claimant.age.is_some()),
    ("claimant.sex", |letter| letter.claimant.sex.is_some()),
    ("reviewer.specialties", |letter| !letter.reviewer.specialties.is_empty()),
    ("reviewer.states", |letter| !letter.reviewer.states.is_empty()),
    ("summary", |letter| letter.summary.is_some()),
    ("letter_outcome", |letter| letter.letter_outcome.is_some()),
];

const ITEM_FIELDS: [ItemField; 8] = [
    ("title", |item| !item.title.is_empty()),
    ("outcome", |item| item.outcome != "unknown"),
    ("rationale", |item| item.rationale.is_some()),
    ("treatments", |item| !item.treatments.is_empty()),
    ("body_regions", |item| !item.body_regions.is_empty()),
    ("guidelines.reviewer", |item| !item.guidelines.reviewer.is_empty()),
    ("guidelines.claims_administrator", |item| !item.guidelines.claims_administrator.is_empty()),
    ("quantities", |item| item.quantities != crate::record::QuantitiesRecord::default()),
];

/// Fields that many letters rightly lack: no measure of how well they were read.
const OPTIONAL: [&str; 2] = ["body_regions", "quantities"];

impl Auditor {
    /// Counts a letter that was read.
    pub fn letter(&mut self, letter: &LetterRecord) {
        self.audit.letters += 1;
        self.audit.items += letter.items.len() as u64;
        *self.audit.layouts.entry(letter.layout.clone()).or_default() += 1;
        for (count, (_, has)) in self.letter_fields.iter_mut().zip(LETTER_FIELDS) {
            *count += u64::from(has(letter));
        }
        for item in &letter.items {
            for (count, (_, has)) in self.item_fields.iter_mut().zip(ITEM_FIELDS) {
                *count += u64::from(has(item));
            }
        }
        for warning in &letter.warnings {
            let place =
                warning.item.map_or_else(|| letter.id.clone(), |n| format!("{}/{n}", letter.id));
            self.audit.warnings.entry(warning.code.clone()).or_default().add(place);
            let kind = UNKNOWN.iter().find(|(code, _)| *code == warning.code);
            if let (Some((_, kind)), Some((_, words))) = (kind, warning.message.split_once(": ")) {
                *self.unknown.entry(kind).or_default().entry(words.to_owned()).or_default() += 1;
            }
        }
    }

    /// Counts a file that could not be read.
    pub fn failure(&mut self, source: &str, code: &str) {
        self.audit.failures.entry(code.to_owned()).or_default().add(source.to_owned());
    }

    /// The figures.
    pub fn finish(mut self) -> Audit {
        let filled = |field, filled, of| Filled {
            field,
            filled,
            of,
            share: if of == 0 { 0.0 } else { filled as f64 / of as f64 },
        };
        let (letters, items) = (self.audit.letters, self.audit.items);
        let fields = LETTER_FIELDS.iter().zip(self.letter_fields);
        self.audit.letter_fields = fields.map(|((name, _), n)| filled(*name, n, letters)).collect();
        let fields = ITEM_FIELDS.iter().zip(self.item_fields);
        self.audit.item_fields = fields.map(|((name, _), n)| filled(*name, n, items)).collect();
        for (kind, words) in self.unknown {
            let mut words: Vec<(String, u64)> = words.into_iter().collect();
            words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            self.audit.unknown.insert(kind.to_owned(), words);
        }
        self.audit
    }
}

impl Audit {
    /// The fields whose share lies below one given, and the share of files read if that does.
    pub fn below(&self, share: f64) -> Vec<String> {
        let fields = self.letter_fields.iter().chain(&self.item_fields);
        let fields = fields.filter(|field| !OPTIONAL.contains(&field.field) && field.of > 0);
        let mut below: Vec<String> = fields
            .filter(|field| field.share < share)
            .map(|field| format!("{} {:.3}", field.field, field.share))
            .collect();
        let failed: u64 = self.failures.values().map(|seen| seen.count).sum();
        let read = self.letters as f64 / (self.letters + failed).max(1) as f64;
        if read < share {
            below.push(format!("files read {read:.3}"));
        }
        below
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::WarningRecord;

    #[test]
    fn shares_unknown_words_and_failures() {
        let warning = |words: &str| WarningRecord {
            code: "specialty-unknown".to_owned(),
            message: format!("no value known by this name: {words}"),
            item: None,
        };
        let mut auditor = Auditor::default();
        for words in ["Wizardry", "Alchemy", "Wizardry"] {
            let letter = LetterRecord {
                layout: "2015".to_owned(),
                summary: Some("text".to_owned()),
                items: vec![ItemRecord { outcome: "unknown".to_owned(), ..ItemRecord::default() }],
                warnings: vec![warning(words)],
                ..LetterRecord::default()
            };
            auditor.letter(&letter);
        }
        auditor.failure("a.pdf", "no-text");
        let audit = auditor.finish();
        assert_eq!((audit.letters, audit.items, audit.layouts["2015"]), (3, 3, 3));
        let words = [("Wizardry".to_owned(), 2), ("Alchemy".to_owned(), 1)];
        assert_eq!(audit.unknown["specialty"], words);
        assert_eq!(audit.failures["no-text"].examples, ["a.pdf"]);
        let below = audit.below(0.9);
        assert!(below.iter().any(|field| field == "outcome 0.000"), "{below:?}");
        assert!(below.iter().any(|field| field == "files read 0.750"), "{below:?}");
        assert!(!below.iter().any(|field| field.starts_with("summary")), "{below:?}");
    }
}
