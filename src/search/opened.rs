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
    Phrase(Phrase),
    Sequence(Vec<Opened>, u32),
    Near(Vec<Opened>, u32, bool),
    Any(Vec<Opened>),
}

/// A word in its forms.
pub(super) struct Words {
    forms: Vec<SegmentPostings>,
    /// The document at which each form is.
    at: Vec<DocId>,
    /// In how many documents of the segment they stand, at most.
    documents: u64,
    /// The document last asked for, and where they stand in it.
    doc: Option<DocId>,
    places: Vec<u32>,
}

impl Words {
    pub(super) fn open(words: &[Term], reader: &SegmentReader) -> tantivy::Result<Self> {
        let opened = words.iter().map(|word| postings(word, reader));
        let opened: tantivy::Result<Vec<_>> = opened.collect();
        let forms: Vec<SegmentPostings> = opened?.into_iter().flatten().collect();
        let at = forms.iter().map(SegmentPostings::doc).collect();
        let documents = forms.iter().map(|form| u64::from(form.doc_freq())).sum();
        Ok(Self { forms, at, documents, doc: None, places: Vec::new() })
    }

    /// Whether a document holds any of them, wherever.
    fn is_in(&mut self, doc: DocId) -> bool {
        self.forms.iter_mut().zip(&mut self.at).any(|(form, at)| is_at(form, at, doc))
    }

    /// Where a document holds them, in order.
    fn places(&mut self, doc: DocId) -> &[u32] {
        if self.doc == Some(doc) {
            return &self.places;
        }
        self.doc = Some(doc);
        self.places.clear();
        let mut held = 0;
        for (form, at) in self.forms.iter_mut().zip(&mut self.at) {
            if is_at(form, at, doc) {
                form.append_positions_with_offset(0, &mut self.places);
                held += 1;
            }
        }
        // The places of one form are in order.
        if held > 1 {
            self.places.sort_unstable();
            self.places.dedup();
        }
        &self.places
    }
}

fn postings(term: &Term, reader: &SegmentReader) -> tantivy::Result<Option<SegmentPostings>> {
    let index = reader.inverted_index(term.field())?;
    Ok(index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?)
}

/// Whether a document holds a form; where the form is, is kept aside, since most forms of most words stand far ahead.
fn is_at(form: &mut SegmentPostings, at: &mut DocId, doc: DocId) -> bool {
    if *at < doc {
        *at = form.seek(doc);
    }
    *at == doc
}

/// Words one after the other.
pub(super) struct Phrase {
    words: Vec<Words>,
    /// The order in which the words are looked at, as places in `words`: rare ones first, so that little is read
    /// of a document that does not hold the phrase.
    order: Vec<usize>,
    /// The document last asked for, and where it starts in it.
    doc: Option<DocId>,
    starts: Vec<u32>,
}

impl Phrase {
    pub(super) fn new(words: Vec<Words>) -> Self {
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by_key(|at| words[*at].documents);
        Self { words, order, doc: None, starts: Vec::new() }
    }

    /// Where it starts in a document.
    fn starts(&mut self, doc: DocId) -> &[u32] {
        if self.doc == Some(doc) {
            return &self.starts;
        }
        self.doc = Some(doc);
        for (nth, &at) in self.order.iter().enumerate() {
            let places = self.words[at].places(doc);
            let at = at as u32;
            if nth == 0 {
                self.starts.clear();
                self.starts.extend(places.iter().filter_map(|place| place.checked_sub(at)));
            } else {
                self.starts.retain(|start| places.binary_search(&(start + at)).is_ok());
            }
            if self.starts.is_empty() {
                break;
            }
        }
        &self.starts
    }
}

impl Opened {
    /// Whether a document holds it in a part, or in any.
    pub(super) fn holds(&mut self, doc: DocId, marks: &mut Marks, part: Option<Part>) -> bool {
        match (&mut *self, part) {
            (Opened::Any(parts), _) => parts.iter_mut().any(|one| one.holds(doc, marks, part)),
            (Opened::Phrase(phrase), None) => !phrase.starts(doc).is_empty(),
            (Opened::Near(pair, distance, ordered), None) if pair.iter().all(Opened::is_plain) => {
                let [a, b] = pair.as_mut_slice() else { return false };
                let reach = Reach { distance: *distance, ordered: *ordered };
                near_holds(a, b, reach, doc, marks)
            }
            (Opened::Words(words), None) => words.is_in(doc),
            (runs @ (Opened::Words(_) | Opened::Phrase(_)), Some(part)) => {
                let (starts, _) = runs.runs(doc);
                let marks = if starts.is_empty() { &[] } else { marks.of(doc) };
                starts.iter().any(|start| PARTS[part_at(*start, marks)] == part)
            }
            (opened, part) => {
                let marks = marks.of(doc);
                let spans = opened.spans(doc, marks);
                let is_in =
                    |part| spans.iter().any(|span| PARTS[part_at(span.start, marks)] == part);
                part.map_or(!spans.is_empty(), is_in)
            }
        }
    }

    fn is_word(&self) -> bool {
        matches!(self, Opened::Words(_))
    }

    /// Whether it is words, phrases, or any of these.
    fn is_plain(&self) -> bool {
        match self {
            Opened::Words(_) | Opened::Phrase(_) => true,
            Opened::Any(parts) => parts.iter().all(Opened::is_plain),
            Opened::Sequence(..) | Opened::Near(..) => false,
        }
    }

    /// In how many documents of the segment words or a phrase stand, at most.
    fn documents(&self) -> u64 {
        match self {
            Opened::Words(words) => words.documents,
            Opened::Phrase(phrase) => {
                phrase.words.iter().map(|words| words.documents).min().unwrap_or_default()
            }
            Opened::Sequence(..) | Opened::Near(..) | Opened::Any(_) => u64::MAX,
        }
    }

    /// Where words or a phrase start, and how many words they are.
    fn runs(&mut self, doc: DocId) -> (&[u32], u32) {
        match self {
            Opened::Words(words) => (words.places(doc), 1),
            Opened::Phrase(phrase) => {
                let length = phrase.words.len() as u32;
                (phrase.starts(doc), length)
            }
            _ => (&[], 1),
        }
    }

    /// The places in a document, each within one part; `marks` part the parts.
    pub(super) fn spans(&mut self, doc: DocId, marks: &[u32]) -> Vec<Span> {
        let mut spans = match self {
            Opened::Words(words) => {
                return words.places(doc).iter().copied().map(Span::word).collect();
            }
            Opened::Phrase(phrase) => {
                let last = phrase.words.len() as u32 - 1;
                let starts = phrase.starts(doc).iter();
                starts.map(|&start| Span { start, end: start + last }).collect()
            }
            Opened::Sequence(parts, slop) => sequence(&spans_of_all(parts, doc, marks), *slop),
            Opened::Near(parts, distance, ordered) => {
                let parts = spans_of_all(parts, doc, marks);
                near(&parts[0], &parts[1], *distance, *ordered)
            }
            Opened::Any(parts) => {
                let spans = parts.iter_mut().flat_map(|part| part.spans(doc, marks));
                return sorted(spans.collect());
            }
        };
        spans.retain(|span| part_at(span.start, marks) == part_at(span.end, marks));
        spans
    }
}

/// The places of each of some parts, all of which are needed. Single words come last: a candidate holds them
/// all, and where something else is missing they need no look.
fn spans_of_all(parts: &mut [Opened], doc: DocId, marks: &[u32]) -> Vec<Vec<Span>> {
    let mut all = vec![Vec::new(); parts.len()];
    for words in [false, true] {
        for (part, spans) in parts.iter_mut().zip(&mut all) {
            if part.is_word() != words {
                continue;
            }
            *spans = part.spans(doc, marks);
            if spans.is_empty() {
                return vec![Vec::new(); parts.len()];
            }
        }
    }
    all
}

/// How near is near.
#[derive(Clone, Copy)]
struct Reach {
    distance: u32,
    ordered: bool,
}

/// Whether two things stand near each other, each words, a phrase, or any of several: without a list of spans.
fn near_holds(a: &mut Opened, b: &mut Opened, reach: Reach, doc: DocId, marks: &mut Marks) -> bool {
    if let Opened::Any(parts) = a {
        return parts.iter_mut().any(|a| near_holds(a, b, reach, doc, marks));
    }
    if let Opened::Any(parts) = b {
        return parts.iter_mut().any(|b| near_holds(a, b, reach, doc, marks));
    }
    // Mostly it is the rarer one that a text lacks.
    let (rarer, other) =
        if a.documents() <= b.documents() { (&mut *a, &mut *b) } else { (&mut *b, &mut *a) };
    if rarer.runs(doc).0.is_empty() || other.runs(doc).0.is_empty() {
        return false;
    }
    let (a, b) = (a.runs(doc), b.runs(doc));
    let mut found = pairs_within(a, b, reach.distance);
    let mut back = pairs_within(b, a, if reach.ordered { 0 } else { reach.distance });
    let marks = std::cell::LazyCell::new(|| marks.of(doc));
    let mut in_one = |(a, b)| part_at(a, &marks) == part_at(b, &marks);
    found.any(&mut in_one) || back.any(&mut in_one)
}

/// Where two things start, the second at most so many words after the first one's end; each given by where it
/// starts and its number of words.
fn pairs_within<'p>(
    (first, length): (&'p [u32], u32),
    (second, _): (&'p [u32], u32),
    distance: u32,
) -> impl Iterator<Item = (u32, u32)> + 'p {
    let mut at = 0;
    first.iter().filter_map(move |a| {
        let end = a + length - 1;
        while second.get(at).is_some_and(|b| *b <= end) {
            at += 1;
        }
        second.get(at).filter(|b| *b - end <= distance).map(|b| (*a, *b))
    })
}

/// The marks between parts of one segment's documents.
pub(super) struct Marks(Words);

impl Marks {
    pub(super) fn open(fields: &Fields, reader: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self(Words::open(&[Term::from_field_text(fields.words, PART)], reader)?))
    }

    /// The places of a document's marks.
    pub(super) fn of(&mut self, doc: DocId) -> &[u32] {
        self.0.places(doc)
    }
}
