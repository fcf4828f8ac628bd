//! Compares the manifest with the documents: each source has what its record says and nothing more,
//! no document is without a source, no identity is there twice.

use super::error::StoreError;
use super::manifest::{Key, SourceRecord, Sources, Status};
use super::path_text::shown;
use super::store::Snapshot;
use super::verify::Fault;
use foldhash::HashSet;
use std::collections::HashMap;
use tantivy::postings::SegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

/// The kinds of documents, in the order of [`Counts`].
const KINDS: [&str; 3] = ["source", "letter", "item"];
const LETTER: usize = 1;
const ITEM: usize = 2;

/// How many documents of each kind a source has.
type Counts = [u32; KINDS.len()];

/// What was compared, and what does not agree.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) sources: u64,
    pub(super) letters: u64,
    pub(super) items: u64,
    pub(super) faults: Vec<Fault>,
}

/// The documents that are not deleted.
#[derive(Debug, Default)]
struct Documents {
    by_source: HashMap<String, Counts>,
    /// How often each identity of a letter, and of an item, is there.
    letters: HashMap<String, u32>,
    items: HashMap<String, u32>,
    /// Those without a source or of no kind.
    stray: u64,
    /// Those that do not stand where their source's are looked for.
    misplaced: u64,
}

/// Whether an index holds as many documents as its records say: what is lost or doubled shows here at
/// the cost of an addition.
pub(super) fn agrees(snapshot: &Snapshot, records: &Sources) -> bool {
    let wanted = |record: &SourceRecord| wanted(record).iter().copied().map(u64::from).sum::<u64>();
    let dictionaries = u64::from(snapshot.meta.shares);
    has_dictionaries(snapshot).is_ok_and(|has| has == dictionaries)
        && snapshot.searcher.num_docs() == records.values().map(wanted).sum::<u64>() + dictionaries
}

fn has_dictionaries(snapshot: &Snapshot) -> tantivy::Result<u64> {
    snapshot.searcher.doc_freq(&dictionary(snapshot))
}

/// What the documents of dictionaries hold; none is ever deleted.
fn dictionary(snapshot: &Snapshot) -> Term {
    Term::from_field_text(snapshot.fields.kind, "dictionary")
}

/// The keys of sources whose documents are not what their records say.
pub(super) fn doubtful(snapshot: &Snapshot) -> Result<HashSet<Key>, StoreError> {
    let mut documents = Documents::default();
    for segment in snapshot.searcher.segment_readers() {
        documents.count(snapshot, segment)?;
    }
    let records = snapshot.sources()?;
    let differs = |record: &&SourceRecord| {
        documents.by_source.get(&record.key.to_string()).is_none_or(|has| *has != wanted(record))
    };
    Ok(records.values().filter(differs).map(|record| record.key).collect())
}

fn wanted(record: &SourceRecord) -> Counts {
    let indexed = record.status == Status::Indexed;
    [1, u32::from(indexed), if indexed { record.items } else { 0 }]
}

/// Compares all of an index.
pub(super) fn compare(snapshot: &Snapshot) -> Result<Compared, StoreError> {
    let mut documents = Documents::default();
    for segment in snapshot.searcher.segment_readers() {
        documents.count(snapshot, segment)?;
    }
    let records = snapshot.sources()?;
    let mut compared = Compared { sources: records.len() as u64, ..Compared::default() };
    let mut all: Vec<&SourceRecord> = records.values().collect();
    all.sort_by(|a, b| a.path.cmp(&b.path));
    for record in all {
        let has = documents.by_source.remove(&record.key.to_string()).unwrap_or_default();
        compared.letters += u64::from(has[LETTER]);
        compared.items += u64::from(has[ITEM]);
        let fault = disagreement(record, has, &documents.letters);
        compared.faults.extend(fault.map(|says| Fault::new("manifest", shown(&record.path), says)));
    }
    let mut orphans: Vec<String> = documents.by_source.into_keys().collect();
    orphans.sort();
    let no_record = "its documents have no readable record in the manifest";
    compared.faults.extend(orphans.into_iter().map(|key| Fault::new("no-record", key, no_record)));
    let dictionaries = has_dictionaries(snapshot)?;
    if dictionaries != u64::from(snapshot.meta.shares) {
        let message = format!("it is there {dictionaries} times");
        compared.faults.push(Fault::new("dictionary", "what letters have in common", message));
    }
    if documents.stray > 0 {
        let message = format!("{} documents belong to no source", documents.stray);
        compared.faults.push(Fault::new("stray", "documents", message));
    }
    if documents.misplaced > 0 {
        let message =
            format!("{} documents are not where their source has them", documents.misplaced);
        compared.faults.push(Fault::new("misplaced", "documents", message));
    }
    let identities = documents.letters.into_iter().chain(documents.items);
    let mut doubled: Vec<(String, u32)> = identities.filter(|(_, times)| *times > 1).collect();
    doubled.sort();
    compared.faults.extend(doubled.into_iter().map(|(id, times)| {
        Fault::new("doubled", id, format!("the identity is there {times} times"))
    }));
    Ok(compared)
}

/// How the documents of a source are not what its record says.
fn disagreement(
    record: &SourceRecord,
    has: Counts,
    letters: &HashMap<String, u32>,
) -> Option<String> {
    let indexed = record.status == Status::Indexed;
    let wanted = wanted(record);
    if has != wanted {
        let counts = |counts: Counts| {
            let parts = KINDS.iter().zip(counts).map(|(kind, count)| format!("{count} {kind}"));
            parts.collect::<Vec<_>>().join(", ")
        };
        return Some(format!("has {}; its record says {}", counts(has), counts(wanted)));
    }
    let named = !indexed || letters.contains_key(record.id());
    (!named).then(|| format!("its letter is not there as {}", record.id()))
}

impl Documents {
    fn count(&mut self, snapshot: &Snapshot, segment: &SegmentReader) -> Result<(), StoreError> {
        let fields = &snapshot.fields;
        let kinds = kinds(segment, fields.kind)?;
        let places = segment.fast_fields().u64(segment.schema().get_field_name(fields.place))?;
        let mut seen = 0;
        each_term(segment, fields.source, |key, postings| {
            let counts = self.by_source.entry(key).or_default();
            let mut source = None;
            each_alive(segment, postings, |doc| {
                let Some(kind) = kinds[doc as usize] else { return };
                counts[kind] += 1;
                seen += 1;
                let first = *source.get_or_insert(doc);
                let place = places.first(doc).unwrap_or(0);
                self.misplaced += u64::from(place != u64::from(doc - first));
            });
        })?;
        // A term whose documents are all deleted is no source.
        self.by_source.retain(|_, counts| *counts != Counts::default());
        let index = segment.inverted_index(fields.kind)?;
        let dictionaries = index.doc_freq(&dictionary(snapshot));
        let dictionaries = dictionaries.map_err(tantivy::TantivyError::from)?;
        let others = u64::from(segment.num_docs()).saturating_sub(u64::from(dictionaries));
        self.stray += others.saturating_sub(seen);
        for (field, kind, times) in
            [(fields.letter, LETTER, &mut self.letters), (fields.item, ITEM, &mut self.items)]
        {
            each_term(segment, field, |id, postings| {
                let mut here = 0;
                each_alive(segment, postings, |doc| {
                    here += u32::from(kinds[doc as usize] == Some(kind));
                });
                if here > 0 {
                    *times.entry(id).or_default() += here;
                }
            })?;
        }
        Ok(())
    }
}

/// The kind of each document of a segment.
fn kinds(segment: &SegmentReader, field: Field) -> Result<Vec<Option<usize>>, StoreError> {
    let mut kinds = vec![None; segment.max_doc() as usize];
    let index = segment.inverted_index(field)?;
    for (at, kind) in KINDS.iter().enumerate() {
        let term = Term::from_field_text(field, kind);
        let postings = index.read_postings(&term, IndexRecordOption::Basic);
        let Some(postings) = postings.map_err(tantivy::TantivyError::from)? else { continue };
        each_alive(segment, postings, |doc| kinds[doc as usize] = Some(at));
    }
    Ok(kinds)
}

fn each_term(
    segment: &SegmentReader,
    field: Field,
    mut each: impl FnMut(String, SegmentPostings),
) -> Result<(), StoreError> {
    let index = segment.inverted_index(field)?;
    let mut terms = index.terms().stream().map_err(tantivy::TantivyError::from)?;
    while terms.advance() {
        let text = String::from_utf8_lossy(terms.key()).into_owned();
        let postings = index
            .read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)
            .map_err(tantivy::TantivyError::from)?;
        each(text, postings);
    }
    Ok(())
}

fn each_alive(segment: &SegmentReader, mut postings: SegmentPostings, mut each: impl FnMut(u32)) {
    let mut doc = postings.doc();
    while doc != TERMINATED {
        if !segment.is_deleted(doc) {
            each(doc);
        }
        doc = postings.advance();
    }
}
