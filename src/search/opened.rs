//! Places of words in the documents of one segment. Documents must be asked for in ascending order.
//!
//! Whether a document holds something is asked for every candidate, so the usual shapes, words one after
//! the other and two words near each other, are answered without a list of spans.

use super::spans::{Span, near, sequence, sorted};
use crate::index::parts::{PART, PARTS, Part, part_at};
use crate::index::schema::Fields;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, Term};

/// What is looked for, with the postings of one segment.
pub(super) enum Opened {
    Words(Words),
    Sequence(Vec<Opened>, u32),
    Near(Vec<Opened>, u32, bool),
    Any(Vec<Opened>),
}

/// A word in its forms.
pub(super) struct Words {
    forms: Vec<SegmentPostings>,
    /// Where they stand in the document last asked for.
    places: Vec<u32>,
}

impl Words {
    pub(super) fn open(words: &[Term], reader: &SegmentReader) -> tantivy::Result<Self> {
        let opened = words.iter().map(|word| postings(word, reader));
        let opened: tantivy::Result<Vec<_>> = opened.collect();
        Ok(Self { forms: opened?.into_iter().flatten().collect(), places: Vec::new() })
    }

    /// Where a document holds them, in order.
    fn places(&mut self, doc: DocId) -> &[u32] {
        self.places.clear();
        for form in &mut self.forms {
            append(form, doc, &mut self.places);
        }
        if !self.places.is_sorted() {
            self.places.sort_unstable();
        }
        self.places.dedup();
        &self.places
    }
}

fn postings(term: &Term, reader: &SegmentReader) -> tantivy::Result<Option<SegmentPostings>> {
    let index = reader.inverted_index(term.field())?;
    Ok(index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?)
}

/// Appends the places of a word in a document.
fn append(postings: &mut SegmentPostings, doc: DocId, into: &mut Vec<u32>) {
    if postings.doc() < doc {
        postings.seek(doc);
    }
    if postings.doc() == doc {
        postings.append_positions_with_offset(0, into);
    }
}

impl Opened {
    /// Whether a document holds it in a part, or in any.
    pub(super) fn holds(&mut self, doc: DocId, marks: &mut Marks, part: Option<Part>) -> bool {
        match (&mut *self, part) {
            (Opened::Sequence(parts, 0), None) if parts.iter().all(Opened::is_word) => {
                holds_phrase(parts, doc)
            }
            (Opened::Near(pair, distance, ordered), None) if pair.iter().all(Opened::is_word) => {
                let [Opened::Words(a), Opened::Words(b)] = pair.as_mut_slice() else {
                    return false;
                };
                let (a, b) = (a.places(doc), b.places(doc));
                let mut found = pairs_within(a, b, *distance);
                let mut back = pairs_within(b, a, if *ordered { 0 } else { *distance });
                let marks = std::cell::LazyCell::new(|| marks.of(doc));
                let mut in_one = |(a, b)| part_at(a, &marks) == part_at(b, &marks);
                found.any(&mut in_one) || back.any(&mut in_one)
            }
            (opened, part) => {
                let marks = marks.of(doc);
                let spans = opened.spans(doc, &marks);
                let is_in =
                    |part| spans.iter().any(|span| PARTS[part_at(span.start, &marks)] == part);
                part.map_or(!spans.is_empty(), is_in)
            }
        }
    }

    fn is_word(&self) -> bool {
        matches!(self, Opened::Words(_))
    }

    /// The places in a document, each within one part; `marks` part the parts.
    pub(super) fn spans(&mut self, doc: DocId, marks: &[u32]) -> Vec<Span> {
        let all = |parts: &mut Vec<Opened>| -> Vec<Vec<Span>> {
            parts.iter_mut().map(|part| part.spans(doc, marks)).collect()
        };
        let mut spans = match self {
            Opened::Words(words) => {
                return words.places(doc).iter().copied().map(Span::word).collect();
            }
            Opened::Sequence(parts, slop) => sequence(&all(parts), *slop),
            Opened::Near(parts, distance, ordered) => {
                let parts = all(parts);
                near(&parts[0], &parts[1], *distance, *ordered)
            }
            Opened::Any(parts) => return sorted(all(parts).concat()),
        };
        spans.retain(|span| part_at(span.start, marks) == part_at(span.end, marks));
        spans
    }
}

/// Whether words stand one after the other.
fn holds_phrase(parts: &mut [Opened], doc: DocId) -> bool {
    let mut starts: Option<Vec<u32>> = None;
    for (at, part) in parts.iter_mut().enumerate() {
        let Opened::Words(words) = part else { return false };
        let places = words.places(doc);
        let starts = match &mut starts {
            None => starts.insert(places.to_vec()),
            Some(starts) => {
                let at = at as u32;
                starts.retain(|start| places.binary_search(&(start + at)).is_ok());
                starts
            }
        };
        if starts.is_empty() {
            return false;
        }
    }
    starts.is_some()
}

/// Places of two words, the second at most so far after the first.
fn pairs_within<'p>(
    first: &'p [u32],
    second: &'p [u32],
    distance: u32,
) -> impl Iterator<Item = (u32, u32)> + 'p {
    let mut at = 0;
    first.iter().filter_map(move |a| {
        while second.get(at).is_some_and(|b| b <= a) {
            at += 1;
        }
        second.get(at).filter(|b| *b - a <= distance).map(|b| (*a, *b))
    })
}

/// The marks between parts of one segment's documents.
pub(super) struct Marks(Option<SegmentPostings>);

impl Marks {
    pub(super) fn open(fields: &Fields, reader: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self(postings(&Term::from_field_text(fields.words, PART), reader)?))
    }

    /// The places of a document's marks.
    pub(super) fn of(&mut self, doc: DocId) -> Vec<u32> {
        let mut marks = Vec::with_capacity(PARTS.len());
        if let Some(postings) = &mut self.0 {
            append(postings, doc, &mut marks);
        }
        marks
    }
}
