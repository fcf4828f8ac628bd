//! Queries by place: phrases, words near each other, words in one part of an item.
//!
//! A document is a candidate if it holds the words at all; then the words' places are compared.
//! Nothing is scored here.

use super::forms::any_word;
use super::spans::{Span, near, sequence, sorted};
use crate::index::parts::{PART, PARTS, Part, part_at};
use crate::index::schema::Fields;
use crate::query::Field;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{
    BooleanQuery, ConstScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// What is found at places of a text.
#[derive(Debug, Clone)]
pub(super) enum Placed {
    /// Any of these words; all that have a stem, if it is one's.
    Words { stem: Option<Term>, words: Vec<Term> },
    /// One after the other, with at most so many words in between.
    Sequence(Vec<Placed>, u32),
    /// Near each other.
    Near(Box<[Placed; 2]>, u32, bool),
    /// Any of these.
    Any(Vec<Placed>),
}

impl Placed {
    /// What every document that holds it matches.
    pub(super) fn candidates(&self) -> Box<dyn Query> {
        let all = |parts: &[Placed]| parts.iter().map(Placed::candidates).collect();
        match self {
            Placed::Words { stem: Some(stem), .. } => {
                Box::new(TermQuery::new(stem.clone(), IndexRecordOption::Basic))
            }
            Placed::Words { stem: None, words } => any_word(words),
            Placed::Sequence(parts, _) => Box::new(BooleanQuery::intersection(all(parts))),
            Placed::Near(parts, ..) => Box::new(BooleanQuery::intersection(all(&parts[..]))),
            Placed::Any(parts) => Box::new(BooleanQuery::union(all(parts))),
        }
    }

    /// Whether its words can lie in two parts of an item.
    fn may_cross(&self) -> bool {
        match self {
            Placed::Words { .. } => false,
            Placed::Near(..) => true,
            Placed::Sequence(parts, slop) => *slop > 0 || parts.iter().any(Placed::may_cross),
            Placed::Any(parts) => parts.iter().any(Placed::may_cross),
        }
    }

    pub(super) fn open(&self, reader: &SegmentReader) -> tantivy::Result<Opened> {
        let all = |parts: &[Placed]| -> tantivy::Result<Vec<Opened>> {
            parts.iter().map(|part| part.open(reader)).collect()
        };
        Ok(match self {
            Placed::Words { words, .. } => {
                let opened = words.iter().map(|word| postings(word, reader));
                let opened: tantivy::Result<Vec<_>> = opened.collect();
                Opened::Words(opened?.into_iter().flatten().collect())
            }
            Placed::Sequence(parts, slop) => Opened::Sequence(all(parts)?, *slop),
            Placed::Near(parts, distance, ordered) => {
                Opened::Near(all(&parts[..])?, *distance, *ordered)
            }
            Placed::Any(parts) => Opened::Any(all(parts)?),
        })
    }
}

fn postings(term: &Term, reader: &SegmentReader) -> tantivy::Result<Option<SegmentPostings>> {
    let index = reader.inverted_index(term.field())?;
    Ok(index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?)
}

/// Appends the places of a word in a document; documents must be asked for in ascending order.
fn places(postings: &mut SegmentPostings, doc: DocId, into: &mut Vec<u32>) {
    if postings.doc() < doc {
        postings.seek(doc);
    }
    if postings.doc() == doc {
        postings.append_positions_with_offset(0, into);
    }
}

/// [`Placed`] with the postings of one segment.
pub(super) enum Opened {
    Words(Vec<SegmentPostings>),
    Sequence(Vec<Opened>, u32),
    Near(Vec<Opened>, u32, bool),
    Any(Vec<Opened>),
}

impl Opened {
    /// The places in a document, each within one part; `marks` part the parts. Documents must be asked
    /// for in ascending order.
    pub(super) fn spans(&mut self, doc: DocId, marks: &[u32]) -> Vec<Span> {
        let all = |parts: &mut Vec<Opened>| -> Vec<Vec<Span>> {
            parts.iter_mut().map(|part| part.spans(doc, marks)).collect()
        };
        let mut spans = match self {
            Opened::Words(words) => {
                let mut positions = Vec::new();
                for postings in words.iter_mut() {
                    places(postings, doc, &mut positions);
                }
                positions.sort_unstable();
                positions.dedup();
                return positions.into_iter().map(Span::word).collect();
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

/// The marks between parts of one segment's documents.
pub(super) struct Marks(Option<SegmentPostings>);

impl Marks {
    pub(super) fn open(fields: &Fields, reader: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self(postings(&Term::from_field_text(fields.words, PART), reader)?))
    }

    /// The places of a document's marks; documents must be asked for in ascending order.
    pub(super) fn of(&mut self, doc: DocId) -> Vec<u32> {
        let mut marks = Vec::with_capacity(PARTS.len());
        if let Some(postings) = &mut self.0 {
            places(postings, doc, &mut marks);
        }
        marks
    }
}

/// The part that a field's name stands for.
pub(super) fn part(field: Field) -> Part {
    match field {
        Field::Title => Part::Title,
        Field::Disputed => Part::Disputed,
        Field::Rationale => Part::Rationale,
        Field::Guideline => Part::Guideline,
        Field::Summary => Part::Summary,
    }
}

/// Documents that hold something at a place, in any part or in one.
#[derive(Debug)]
pub(super) struct PlacedQuery {
    placed: Placed,
    candidates: Box<dyn Query>,
    fields: Fields,
    field: Option<Field>,
}

impl PlacedQuery {
    pub(super) fn new(placed: Placed, fields: &Fields, field: Option<Field>) -> Self {
        let candidates = placed.candidates();
        Self { placed, candidates, fields: fields.clone(), field }
    }
}

impl Clone for PlacedQuery {
    fn clone(&self) -> Self {
        Self::new(self.placed.clone(), &self.fields, self.field)
    }
}

impl Query for PlacedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let candidates = self.candidates.weight(scoring)?;
        Ok(Box::new(PlacedWeight { query: self.clone(), candidates }))
    }
}

struct PlacedWeight {
    query: PlacedQuery,
    candidates: Box<dyn Weight>,
}

impl Weight for PlacedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let PlacedQuery { placed, fields, field, .. } = &self.query;
        let needs_marks = field.is_some() || placed.may_cross();
        let mut found = PlacedDocs {
            placed: placed.open(reader)?,
            marks: Marks(None),
            part: field.map(part),
            candidates: self.candidates.scorer(reader, 1.0)?,
        };
        if needs_marks {
            found.marks = Marks::open(fields, reader)?;
        }
        let first = found.candidates.doc();
        found.first_from(first);
        Ok(Box::new(ConstScorer::new(found, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        if self.scorer(reader, 1.0)?.seek(doc) == doc {
            return Ok(Explanation::new("words at their places", 1.0));
        }
        Err(TantivyError::InvalidArgument(format!("{doc} does not match")))
    }
}

struct PlacedDocs {
    placed: Opened,
    marks: Marks,
    part: Option<Part>,
    candidates: Box<dyn Scorer>,
}

impl PlacedDocs {
    /// The first document from this candidate on that holds its words at the right places.
    fn first_from(&mut self, mut doc: DocId) -> DocId {
        while doc != TERMINATED && !self.holds(doc) {
            doc = self.candidates.advance();
        }
        doc
    }

    fn holds(&mut self, doc: DocId) -> bool {
        let marks = self.marks.of(doc);
        let spans = self.placed.spans(doc, &marks);
        match self.part {
            None => !spans.is_empty(),
            Some(part) => spans.iter().any(|span| PARTS[part_at(span.start, &marks)] == part),
        }
    }
}

// `seek_danger` is left to the trait: it looks first where the set stands.
impl DocSet for PlacedDocs {
    fn advance(&mut self) -> DocId {
        let next = self.candidates.advance();
        self.first_from(next)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let next = self.candidates.seek(target);
        self.first_from(next)
    }

    fn doc(&self) -> DocId {
        self.candidates.doc()
    }

    fn size_hint(&self) -> u32 {
        self.candidates.size_hint()
    }

    fn cost(&self) -> u64 {
        self.candidates.cost().saturating_mul(4)
    }
}
