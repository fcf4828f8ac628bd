//! Letters and items as documents of the index, and back.

use super::facet_sets::sets;
use super::manifest::{Key, SourceRecord};
use super::parts::{text_of, without_marks};
use super::schema::{Fields, facet_term};
use super::segment::{Document, Text};
use super::topic::topic_path;
use crate::letter::sentences;
use crate::record::{CitationRecord, GuidelinesRecord, ItemRecord, LetterRecord};
use crate::vocabulary::{lineage, slug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// An item as the index keeps it: its record and what it has from its letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemDocument {
    /// The item.
    #[serde(flatten)]
    pub item: ItemRecord,
    /// Identity of its letter.
    pub letter: String,
    /// Paths of the reviewer's specialties.
    #[serde(default)]
    pub specialties: Vec<String>,
    /// States that license the reviewer.
    #[serde(default)]
    pub states: Vec<String>,
    /// Outcome of the whole letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter_outcome: Option<String>,
    /// Family of layouts.
    pub layout: String,
    /// Date of decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<String>,
    /// Date of injury.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub injured: Option<String>,
    /// Date of utilization review's decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ur_denial: Option<String>,
    /// Date on which the application was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<String>,
    /// Date on which the case was assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<String>,
    /// `standard` or `expedited`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// Claimant's age.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<u32>,
    /// Claimant's sex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// The file that the letter was read from.
    pub source: String,
}

impl ItemDocument {
    /// The items of a letter.
    pub fn of(letter: &LetterRecord) -> impl Iterator<Item = ItemDocument> + '_ {
        letter.items.iter().map(|item| Self::new(letter, item.clone()))
    }

    pub(super) fn new(letter: &LetterRecord, item: ItemRecord) -> Self {
        Self {
            item,
            letter: letter.id.clone(),
            specialties: letter.reviewer.specialties.clone(),
            states: letter.reviewer.states.clone(),
            letter_outcome: letter.letter_outcome.clone(),
            layout: letter.layout.clone(),
            decided: letter.dates.decision.clone(),
            injured: letter.dates.injury.clone(),
            ur_denial: letter.dates.ur_denial.clone(),
            received: letter.dates.received.clone(),
            assigned: letter.dates.assigned.clone(),
            priority: letter.priority.clone(),
            age: letter.claimant.age,
            sex: letter.claimant.sex.clone(),
            source: letter.source.clone(),
        }
    }

    /// All values of all facets, as facet name and path, without parents.
    pub fn facets(&self) -> Vec<(&'static str, Cow<'_, str>)> {
        fn all(paths: &[String]) -> impl Iterator<Item = Cow<'_, str>> {
            paths.iter().map(|path| Cow::from(path.as_str()))
        }
        fn cited(citations: &[CitationRecord]) -> impl Iterator<Item = Cow<'_, str>> {
            citations.iter().map(|citation| Cow::from(citation.path.as_str()))
        }
        let item = &self.item;
        let mut values: Vec<(&'static str, Cow<'_, str>)> = vec![
            ("outcome", item.outcome.as_str().into()),
            ("laterality", item.laterality.as_str().into()),
            ("ur-action", item.ur_action.as_str().into()),
            ("timing", item.timing.as_str().into()),
            ("layout", self.layout.as_str().into()),
        ];
        let guidelines = &item.guidelines;
        let (claims, reviewer) = (&guidelines.claims_administrator, &guidelines.reviewer);
        let mut add = |facet, paths: &mut dyn Iterator<Item = _>| {
            values.extend(paths.map(|path| (facet, path)));
        };
        add("treatment", &mut all(&item.treatments));
        add("region", &mut all(&item.body_regions));
        add("guideline", &mut cited(reviewer));
        add("guideline-topic", &mut topics(reviewer).into_iter().map(Cow::from));
        add("denial-guideline", &mut cited(claims));
        add("guidelines-agree", &mut guidelines_agree(guidelines).into_iter().map(Cow::from));
        add("specialty", &mut all(&self.specialties));
        add("state", &mut self.states.iter().map(|state| slug(state).into()));
        add("letter-outcome", &mut all(self.letter_outcome.as_slice()));
        add("sex", &mut all(self.sex.as_slice()));
        add("year", &mut self.decided.iter().map(|date| Cow::from(&date[..4])));
        add("age-band", &mut self.age.iter().map(|age| age_band(*age).into()));
        values
    }
}

/// The topics cited, each once; what is longer than a topic's name is none.
fn topics(citations: &[CitationRecord]) -> Vec<String> {
    let topics =
        citations.iter().flat_map(|citation| &citation.topics).map(|topic| topic_path(topic));
    let named: BTreeSet<String> =
        topics.filter(|topic| !topic.is_empty() && topic.len() <= MAX_TOPIC).collect();
    named.into_iter().collect()
}

/// The longest name of a topic, in bytes.
const MAX_TOPIC: usize = 220;

/// Whether both sides cite the same chapters, some in common, or none; `none` where one cites nothing, absent where what
/// one cites is not known.
fn guidelines_agree(guidelines: &GuidelinesRecord) -> Option<&'static str> {
    fn paths(citations: &[CitationRecord]) -> BTreeSet<&str> {
        citations.iter().map(|citation| citation.path.as_str()).collect()
    }
    let (claims, reviewer) = (paths(&guidelines.claims_administrator), paths(&guidelines.reviewer));
    if claims.is_empty() || reviewer.is_empty() {
        return None;
    }
    let nothing = |paths: &BTreeSet<&str>| paths.contains(NONE_CITED);
    Some(if nothing(&claims) || nothing(&reviewer) {
        "none"
    } else if claims == reviewer {
        "yes"
    } else if !claims.is_disjoint(&reviewer) {
        "partly"
    } else {
        "no"
    })
}

/// The path of a field that says that it cites nothing.
const NONE_CITED: &str = "none-cited";

/// The band of ten years that an age lies in, such as `30-39`.
fn age_band(age: u32) -> String {
    let start = age / 10 * 10;
    format!("{start}-{}", start + 9)
}

/// `YYYY-MM-DD` as the number `YYYYMMDD`.
pub(crate) fn date_number(date: &str) -> Option<u64> {
    date.replace('-', "").parse().ok()
}

/// A letter's identity and an item's number as one number: case numbers sort as printed, other
/// identities after them by their hash.
pub(crate) fn order(letter: &str, item: u32) -> u64 {
    let item = u64::from(item.min(9_999));
    let digits: String = letter.chars().filter(char::is_ascii_digit).collect();
    let case = letter.starts_with("CM") && letter.len() >= 12 && digits.len() >= 9;
    if let (true, Ok(number)) = (case, digits[..9.min(digits.len())].parse::<u64>()) {
        // A clash's number comes before the item's.
        let clash = digits[9..].parse::<u64>().unwrap_or(1).min(999);
        return (number * 1_000 + clash) * 10_000 + item;
    }
    let hash = blake3::hash(letter.as_bytes());
    let high = hash.as_bytes()[..6].iter().fold(0_u64, |all, byte| (all << 8) | u64::from(*byte));
    (1 << 63) | (high << 14) | item
}

/// The place in the order of identities of an item's identity, `<letter id>/<number>`.
pub(crate) fn order_of(id: &str) -> u64 {
    let (letter, number) = id.rsplit_once('/').unwrap_or((id, ""));
    order(letter, number.parse().unwrap_or(0))
}

/// How far behind its source's the document of a letter stands; those of its items follow.
pub(crate) const LETTER_PLACE: u64 = 1;

/// The documents of a letter and its items, which follow on that of their source; `key` is its file's. The letter
/// stays as it is; its items are moved rather than copied meanwhile.
pub(super) fn letter_documents(
    fields: &Fields,
    key: Key,
    letter: &mut LetterRecord,
) -> Vec<Document> {
    let key = &key.to_string();
    let items = std::mem::take(&mut letter.items);
    let mut documents = Vec::with_capacity(items.len() + 2);
    documents.push(letter_document(fields, key, letter));
    for item in items {
        let item = ItemDocument::new(letter, item);
        let summary = letter.summary.as_deref().unwrap_or_default();
        documents.push(item_document(fields, key, &item, summary));
        letter.items.push(item.item);
    }
    for (place, document) in (LETTER_PLACE..).zip(&mut documents) {
        document.kept.add_u64(fields.place, place);
    }
    documents
}

/// The document of a source file: its manifest record and what is kept of it.
pub(super) fn source_document(
    fields: &Fields,
    source: &SourceRecord,
    kept: Option<&[u8]>,
) -> Document {
    let mut document = Document::with_capacity(kept.map_or(0, <[u8]>::len) + 512);
    document.add_name(fields.kind, "source");
    document.add_name(fields.source, &source.key.to_string());
    document.kept.add_u64(fields.place, 0);
    document.kept.add_bytes(fields.manifest, &source.to_bytes());
    if let Some(kept) = kept {
        document.kept.add_bytes(fields.kept, kept);
    }
    document
}

/// The document of a dictionary that what is kept is packed with.
pub(super) fn dictionary_document(fields: &Fields, dictionary: &[u8]) -> Document {
    let mut document = Document::default();
    document.add_name(fields.kind, "dictionary");
    document.kept.add_u64(fields.place, 0);
    document.kept.add_bytes(fields.kept, dictionary);
    document
}

/// The document of a letter without its items.
fn letter_document(fields: &Fields, key: &str, letter: &LetterRecord) -> Document {
    let mut document = Document::default();
    document.add_name(fields.kind, "letter");
    document.add_name(fields.source, key);
    document.add_name(fields.letter, &letter.id);
    document.kept.add_u64(fields.order, order(&letter.id, 0));
    if let Some(summary) = &letter.summary {
        document.text = Text::Letter(without_marks(summary).into_owned());
    }
    document
}

fn item_document(fields: &Fields, key: &str, item: &ItemDocument, summary: &str) -> Document {
    let rationale = item.item.rationale.as_deref().unwrap_or_default();
    let sentences = sentences(rationale);
    let mut document = Document::with_capacity(2_048);
    document.text = Text::Item(text_of(&item.item, &sentences, summary));
    document.add_name(fields.kind, "item");
    document.add_name(fields.source, key);
    document.add_name(fields.letter, &item.letter);
    document.add_name(fields.item, &item.item.id);
    document.kept.add_u64(fields.order, order(&item.letter, item.item.number));
    let terms = facet_terms(item);
    for set in sets(&terms) {
        document.kept.add_text(fields.facet_sets, set);
    }
    for term in terms {
        document.add_name(fields.facet, &term);
    }
    let quantities = &item.item.quantities;
    for (field, number) in [(fields.age, item.age), (fields.count, quantities.count)] {
        if let Some(number) = number {
            document.kept.add_u64(field, u64::from(number));
        }
    }
    // Of "4 to 8 sessions" each number is one that a filter may ask for.
    let sessions = quantities.sessions.map(|low| (low, quantities.sessions_max.unwrap_or(low)));
    for number in sessions.into_iter().flat_map(|(low, high)| low..=high) {
        document.kept.add_u64(fields.sessions, u64::from(number));
    }
    let strengths: BTreeSet<u64> =
        quantities.strengths.iter().filter_map(|printed| micrograms(printed)).collect();
    for strength in strengths {
        document.kept.add_u64(fields.strength, strength);
    }
    if item.item.rationale.is_some() {
        document.add_number(fields.alike, alike(rationale, &item.item.outcome));
        for sentence in sentences {
            // Half a hash tells the sentences of a page of hits apart.
            document.kept.add_u64(fields.sentences, words_hash(&rationale[sentence]) >> 32);
        }
    }
    document.kept.add_u64(fields.letter_key, words_hash(&item.letter));
    for (field, date) in [(fields.decided, &item.decided), (fields.injured, &item.injured)] {
        if let Some(date) = date.as_deref().and_then(date_number) {
            document.kept.add_u64(field, date);
        }
    }
    document
}

/// What items have in common that give the same reasons, word for word. Decisions that came out otherwise are never alike.
pub(crate) fn alike(rationale: &str, outcome: &str) -> u64 {
    words_hash(&[rationale, " ", outcome].concat())
}

/// A strength as printed, such as `7.5mg` or `10/325mg`, its first number in micrograms; nothing for
/// shares and volumes.
fn micrograms(printed: &str) -> Option<u64> {
    let units = printed.find(|c: char| c.is_ascii_alphabetic() || c == '%')?;
    let factor = match printed[units..].split('/').next()? {
        "mcg" => 1.0,
        "mg" => 1e3,
        "g" | "gm" | "gms" | "gram" | "grams" => 1e6,
        _ => return None,
    };
    let first = printed[..units].split(['/', '-']).next()?.trim();
    first.parse::<f64>().ok().map(|number| (number * factor).round() as u64)
}

/// A hash of a text's letters and digits.
fn words_hash(text: &str) -> u64 {
    let mut letters = vec![0; text.len()];
    let mut count = 0;
    // Letters of other scripts are looked for only where they can be.
    if text.is_ascii() {
        for byte in text.bytes() {
            letters[count] = byte;
            count += usize::from(byte.is_ascii_alphanumeric());
        }
    } else {
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            letters[count..][..word.len()].copy_from_slice(word.as_bytes());
            count += word.len();
        }
    }
    let hash = blake3::hash(&letters[..count]);
    hash.as_bytes()[..8].iter().fold(0, |all, byte| (all << 8) | u64::from(*byte))
}

/// The facet terms of an item, parents included, each once.
fn facet_terms(item: &ItemDocument) -> Vec<String> {
    let mut terms = Vec::new();
    for (facet, path) in item.facets() {
        for path in lineage(&path) {
            let term = facet_term(facet, path);
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_sort_as_case_numbers_do() {
        let ordered = ["CM13-0000002", "CM14-0000001", "CM14-0000001~2", "CM14-0000002"];
        let mut numbers: Vec<u64> = ordered.iter().map(|id| order(id, 1)).collect();
        assert!(numbers.is_sorted());
        numbers.dedup();
        assert_eq!(numbers.len(), 4);
        assert!(order("CM14-0000001", 2) > order("CM14-0000001", 1));
        assert!(order("stem", 1) > order("CM99-9999999", 9));
    }

    #[test]
    fn guidelines_agree_in_full_in_part_or_not() {
        let cited = |paths: &[&str]| -> Vec<CitationRecord> {
            let citation =
                |path: &&str| CitationRecord { path: (*path).to_owned(), ..Default::default() };
            paths.iter().map(citation).collect()
        };
        for (claims, reviewer, agree) in [
            (&["mtus", "odg"][..], &["odg", "mtus"][..], Some("yes")),
            (&["mtus"], &["mtus", "odg"], Some("partly")),
            (&["mtus"], &["odg"], Some("no")),
            (&["mtus"], &["none-cited"], Some("none")),
            (&[], &["odg"], None),
        ] {
            let guidelines = GuidelinesRecord {
                claims_administrator: cited(claims),
                reviewer: cited(reviewer),
                ..Default::default()
            };
            assert_eq!(guidelines_agree(&guidelines), agree, "{claims:?} {reviewer:?}");
        }
    }

    #[test]
    fn a_hash_of_words_looks_at_letters_and_digits_alone() {
        assert_eq!(words_hash("No. 5, x-ray"), words_hash("No 5 xray"));
        assert_eq!(words_hash("45\u{b0} caf\u{e9}"), words_hash("45 caf\u{e9}."));
        assert_ne!(words_hash("caf\u{e9}"), words_hash("caf"));
    }

    #[test]
    fn strengths_as_printed() {
        for (printed, micro) in [
            ("7.5mg", Some(7_500)),
            ("10/325mg", Some(10_000)),
            ("75mcg", Some(75)),
            ("1gm", Some(1_000_000)),
            ("5%", None),
            ("10ml", None),
            ("10mg/1ml", Some(10_000)),
        ] {
            assert_eq!(micrograms(printed), micro, "{printed}");
        }
    }

    #[test]
    fn parents_are_facet_values_too() {
        let mut item = ItemDocument::default();
        item.item.body_regions = vec!["spine/lumbar".to_owned(), "spine/thoracic".to_owned()];
        let terms = facet_terms(&item);
        let regions: Vec<&str> =
            terms.iter().filter_map(|term| term.strip_prefix("region:")).collect();
        assert_eq!(regions, ["spine", "spine/lumbar", "spine/thoracic"]);
    }
}
