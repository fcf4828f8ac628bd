//! Queries by place: phrases, words near each other, words in one part of an item.
//!
//! A document is a candidate if it holds the words at all; then the words' places are compared.
//! Nothing is scored here.

use super::bits::Bits;
use super::forms::any_word;
use super::opened::{Marks, Opened, Phrase, Words};
use crate::index::parts::Part;
use crate::index::schema::Fields;
use crate::query::Field;
use tantivy::query::{
    BooleanQuery, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::{
    DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, TantivyError, Term,
};

/// What is found at places of a text.
#[derive(Debug, Clone)]
pub(super) enum Placed {
    /// Any of these words; every document that holds one holds one of the `any`: their stem, or they
    /// themselves.
    Words { any: Vec<Term>, words: Vec<Term> },
    /// One after the other, with at most so many words in between.
    Sequence(Vec<Placed>, u32),
    /// Near each other.
    Near(Box<[Placed; 2]>, u32, bool),
    /// Any of these.
    Any(Vec<Placed>),
}

impl Placed {
    /// Any of several; of words, as one word with more forms.
    pub(super) fn any(parts: Vec<Placed>) -> Self {
        if !parts.iter().all(Placed::is_word) {
            return Placed::Any(parts);
        }
        let (mut all_any, mut all_words) = (Vec::new(), Vec::new());
        for part in parts {
            if let Placed::Words { any, words } = part {
                all_any.extend(any);
                all_words.extend(words);
            }
        }
        all_words.sort_unstable();
        all_words.dedup();
        Placed::Words { any: all_any, words: all_words }
    }

    fn is_word(&self) -> bool {
        matches!(self, Placed::Words { .. })
    }

    fn words(&self) -> &[Term] {
        match self {
            Placed::Words { words, .. } => words,
            _ => &[],
        }
    }

    /// What every document that holds it matches.
    pub(super) fn candidates(&self) -> Box<dyn Query> {
        let all = |parts: &[Placed]| parts.iter().map(Placed::candidates).collect();
        match self {
            Placed::Words { any, .. } => any_word(any),
            Placed::Sequence(parts, _) => Box::new(BooleanQuery::intersection(all(parts))),
            Placed::Near(parts, ..) => Box::new(BooleanQuery::intersection(all(&parts[..]))),
            Placed::Any(parts) => Box::new(BooleanQuery::union(all(parts))),
        }
    }

    pub(super) fn open(&self, reader: &SegmentReader) -> tantivy::Result<Opened> {
        let all = |parts: &[Placed]| -> tantivy::Result<Vec<Opened>> {
            parts.iter().map(|part| part.open(reader)).collect()
        };
        Ok(match self {
            Placed::Words { words, .. } => Opened::Words(Words::open(words, reader)?),
            Placed::Sequence(parts, 0) if parts.iter().all(Placed::is_word) => {
                let words = parts.iter().map(|part| Words::open(part.words(), reader));
                Opened::Phrase(Phrase::new(words.collect::<tantivy::Result<_>>()?))
            }
            Placed::Sequence(parts, slop) => Opened::Sequence(all(parts)?, *slop),
            Placed::Near(parts, distance, ordered) => {
                Opened::Near(all(&parts[..])?, *distance, *ordered)
            }
            Placed::Any(parts) => Opened::Any(all(parts)?),
        })
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
        let alternatives = match (&self.placed, self.field) {
            (Placed::Any(parts), None) => {
                parts.iter().map(|part| self.found(part, scoring)).collect()
            }
            _ => Ok(Vec::new()),
        };
        Ok(Box::new(PlacedWeight { query: self.clone(), candidates, alternatives: alternatives? }))
    }
}

impl PlacedQuery {
    /// What finds one of several: words wherever they stand.
    fn found(&self, part: &Placed, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        if part.is_word() {
            return part.candidates().weight(scoring);
        }
        PlacedQuery::new(part.clone(), &self.fields, None).weight(scoring)
    }
}

struct PlacedWeight {
    query: PlacedQuery,
    candidates: Box<dyn Weight>,
    /// What finds each of several.
    alternatives: Vec<Box<dyn Weight>>,
}

impl Weight for PlacedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let PlacedQuery { placed, fields, field, .. } = &self.query;
        let mut found = PlacedDocs {
            placed: placed.open(reader)?,
            marks: Marks::open(fields, reader)?,
            part: field.map(part),
            candidates: self.candidates.scorer(reader, 1.0)?,
        };
        let first = found.candidates.doc();
        found.first_from(first);
        Ok(Box::new(ConstScorer::new(found, boost)))
    }

    /// All documents: of several alternatives each is found by itself, the usual ones without a look at places.
    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        let mut found = Bits::none(reader.max_doc());
        if self.alternatives.is_empty() {
            found = docs_of(self.scorer(reader, 1.0)?, found);
        }
        for alternative in &self.alternatives {
            alternative.for_each_no_score(reader, &mut |docs| {
                for doc in docs {
                    found.insert(*doc);
                }
            })?;
        }
        for doc in found.iter() {
            callback(&[doc]);
        }
        Ok(())
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        if self.scorer(reader, 1.0)?.seek(doc) == doc {
            return Ok(Explanation::new("words at their places", 1.0));
        }
        Err(TantivyError::InvalidArgument(format!("{doc} does not match")))
    }
}

/// Adds the documents of a scorer to a set.
fn docs_of(mut scorer: Box<dyn Scorer>, mut found: Bits) -> Bits {
    while scorer.doc() != TERMINATED {
        found.insert(scorer.doc());
        scorer.advance();
    }
    found
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
        while doc != TERMINATED && !self.placed.holds(doc, &mut self.marks, self.part) {
            doc = self.candidates.advance();
        }
        doc
    }
}

impl DocSet for PlacedDocs {
    /// Looks at places only of a document that is asked for: others of a conjunction may not hold the next.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        let found = self.candidates.seek_danger(target);
        if found == SeekDangerResult::Found
            && !self.placed.holds(target, &mut self.marks, self.part)
        {
            return SeekDangerResult::SeekLowerBound(target + 1);
        }
        found
    }

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
