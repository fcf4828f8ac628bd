//! Queries by place: words near each other, phrases with words in between or with wildcards.
//!
//! A document is a candidate if it holds the words at all; then the words' positions are compared.

use super::spans::{Span, near, sequence, sorted};
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{
    BooleanQuery, EnableScoring, Explanation, Query, Scorer, TermQuery, TermSetQuery, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

/// Words in more forms than this are not scored one by one.
const MAX_SCORED: usize = 16;

/// What is found at places of one field.
#[derive(Debug, Clone)]
pub(super) enum Placed {
    /// Any of these words.
    Words(Vec<Term>),
    /// One after the other, with at most so many words in between.
    Sequence(Vec<Placed>, u32),
    /// Near each other.
    Near(Box<[Placed; 2]>, u32, bool),
    /// Any of these.
    Any(Vec<Placed>),
}

impl Placed {
    /// What every document that holds it matches.
    fn candidates(&self) -> Box<dyn Query> {
        let all = |parts: &[Placed]| parts.iter().map(Placed::candidates).collect();
        match self {
            Placed::Words(terms) if terms.len() > MAX_SCORED => {
                Box::new(TermSetQuery::new(terms.iter().cloned()))
            }
            Placed::Words(terms) => {
                let term = |term: &Term| -> Box<dyn Query> {
                    Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs))
                };
                Box::new(BooleanQuery::union(terms.iter().map(term).collect()))
            }
            Placed::Sequence(parts, _) => Box::new(BooleanQuery::intersection(all(parts))),
            Placed::Near(parts, ..) => Box::new(BooleanQuery::intersection(all(&parts[..]))),
            Placed::Any(parts) => Box::new(BooleanQuery::union(all(parts))),
        }
    }

    fn open(&self, reader: &SegmentReader) -> tantivy::Result<Opened> {
        let all = |parts: &[Placed]| -> tantivy::Result<Vec<Opened>> {
            parts.iter().map(|part| part.open(reader)).collect()
        };
        Ok(match self {
            Placed::Words(terms) => {
                let mut postings = Vec::new();
                for term in terms {
                    let index = reader.inverted_index(term.field())?;
                    let option = IndexRecordOption::WithFreqsAndPositions;
                    postings.extend(index.read_postings(term, option)?);
                }
                Opened::Words(postings)
            }
            Placed::Sequence(parts, slop) => Opened::Sequence(all(parts)?, *slop),
            Placed::Near(parts, distance, ordered) => {
                Opened::Near(all(&parts[..])?, *distance, *ordered)
            }
            Placed::Any(parts) => Opened::Any(all(parts)?),
        })
    }
}

/// [`Placed`] with the postings of one segment.
enum Opened {
    Words(Vec<SegmentPostings>),
    Sequence(Vec<Opened>, u32),
    Near(Vec<Opened>, u32, bool),
    Any(Vec<Opened>),
}

impl Opened {
    /// The places in a document; documents must be asked for in ascending order.
    fn spans(&mut self, doc: DocId) -> Vec<Span> {
        match self {
            Opened::Words(postings) => {
                let mut spans = Vec::new();
                let mut positions = Vec::new();
                for postings in postings {
                    if postings.doc() < doc {
                        postings.seek(doc);
                    }
                    if postings.doc() == doc {
                        postings.positions(&mut positions);
                        spans.extend(positions.iter().copied().map(Span::word));
                    }
                }
                sorted(spans)
            }
            Opened::Sequence(parts, slop) => {
                let parts: Vec<Vec<Span>> = parts.iter_mut().map(|part| part.spans(doc)).collect();
                sequence(&parts, *slop)
            }
            Opened::Near(parts, distance, ordered) => {
                let parts: Vec<Vec<Span>> = parts.iter_mut().map(|part| part.spans(doc)).collect();
                near(&parts[0], &parts[1], *distance, *ordered)
            }
            Opened::Any(parts) => {
                sorted(parts.iter_mut().flat_map(|part| part.spans(doc)).collect())
            }
        }
    }
}

/// Documents that hold something at a place of one field; scored by the words.
#[derive(Debug)]
pub(super) struct PlacedQuery {
    placed: Placed,
    candidates: Box<dyn Query>,
}

impl PlacedQuery {
    pub(super) fn new(placed: Placed) -> Self {
        let candidates = placed.candidates();
        Self { placed, candidates }
    }
}

impl Clone for PlacedQuery {
    fn clone(&self) -> Self {
        Self { placed: self.placed.clone(), candidates: self.candidates.box_clone() }
    }
}

impl Query for PlacedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let candidates = self.candidates.weight(scoring)?;
        Ok(Box::new(PlacedWeight { placed: self.placed.clone(), candidates }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.candidates.query_terms(visitor);
    }
}

struct PlacedWeight {
    placed: Placed,
    candidates: Box<dyn Weight>,
}

impl Weight for PlacedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let candidates = self.candidates.scorer(reader, boost)?;
        let mut scorer = PlacedScorer { placed: self.placed.open(reader)?, candidates };
        let first = scorer.candidates.doc();
        scorer.first_from(first);
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.candidates.explain(reader, doc)
    }
}

struct PlacedScorer {
    placed: Opened,
    candidates: Box<dyn Scorer>,
}

impl PlacedScorer {
    /// The first document from this candidate on that holds its words at the right places.
    fn first_from(&mut self, mut doc: DocId) -> DocId {
        while doc != TERMINATED && self.placed.spans(doc).is_empty() {
            doc = self.candidates.advance();
        }
        doc
    }
}

// `seek_danger` is left to the trait: it looks first where the scorer stands.
impl DocSet for PlacedScorer {
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

impl Scorer for PlacedScorer {
    fn score(&mut self) -> Score {
        self.candidates.score()
    }
}
