//! Items that hold most of what was asked for, by weight: rare words tell more than common ones.
//!
//! Parts that are too light to reach the threshold without a heavier one are only looked up in
//! documents that hold a heavier one, so that common words cost little.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

/// Documents whose parts weigh at least so much together.
#[derive(Debug)]
pub(super) struct Coverage {
    /// Heaviest first.
    parts: Vec<(Box<dyn Query>, f32)>,
    needed: f32,
}

impl Coverage {
    /// Documents that hold parts with at least this share of the weight of all.
    pub(super) fn new(mut parts: Vec<(Box<dyn Query>, f32)>, share: f32) -> Self {
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        let all: f32 = parts.iter().map(|(_, weight)| weight).sum();
        Self { parts, needed: all * share }
    }

    /// How many parts a document must hold one of: the others are too light without them.
    fn essential(&self) -> usize {
        let mut rest = 0.0;
        let light = self.parts.iter().rev().take_while(|(_, weight)| {
            rest += weight;
            rest < self.needed
        });
        self.parts.len() - light.count()
    }
}

impl Clone for Coverage {
    fn clone(&self) -> Self {
        let parts = self.parts.iter().map(|(query, weight)| (query.box_clone(), *weight));
        Self { parts: parts.collect(), needed: self.needed }
    }
}

impl Query for Coverage {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let part = |(query, weight): &(Box<dyn Query>, f32)| Ok((query.weight(scoring)?, *weight));
        let parts: tantivy::Result<Vec<_>> = self.parts.iter().map(part).collect();
        let all = self.parts.iter().map(|(_, weight)| weight).sum();
        let (needed, essential) = (self.needed, self.essential());
        Ok(Box::new(CoverageWeight { parts: parts?, all, needed, essential }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.parts.iter().for_each(|(query, _)| query.query_terms(visitor));
    }
}

struct CoverageWeight {
    parts: Vec<(Box<dyn Weight>, f32)>,
    all: f32,
    needed: f32,
    essential: usize,
}

impl Weight for CoverageWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let part =
            |(weight, worth): &(Box<dyn Weight>, f32)| Ok((weight.scorer(reader, boost)?, *worth));
        let parts: tantivy::Result<Vec<_>> = self.parts.iter().map(part).collect();
        let mut scorer = CoverageScorer {
            parts: parts?,
            all: self.all,
            needed: self.needed,
            essential: self.essential,
            doc: 0,
            covered: 0.0,
        };
        scorer.find();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.seek(doc) != doc {
            return Err(tantivy::TantivyError::InvalidArgument(format!("{doc} does not match")));
        }
        Ok(Explanation::new("parts held, by weight", scorer.score()))
    }
}

struct CoverageScorer {
    parts: Vec<(Box<dyn Scorer>, f32)>,
    all: f32,
    needed: f32,
    essential: usize,
    doc: DocId,
    /// Weight of the parts that the document holds.
    covered: f32,
}

impl CoverageScorer {
    /// Finds the first document that holds enough, from where the essential parts stand.
    fn find(&mut self) -> DocId {
        loop {
            let essential = &self.parts[..self.essential];
            let doc = essential.iter().map(|(part, _)| part.doc()).min().unwrap_or(TERMINATED);
            self.doc = doc;
            if doc == TERMINATED {
                return TERMINATED;
            }
            self.covered = 0.0;
            for (part, weight) in &mut self.parts {
                if part.doc() < doc {
                    part.seek(doc);
                }
                if part.doc() == doc {
                    self.covered += *weight;
                }
            }
            if self.covered >= self.needed {
                return doc;
            }
            self.pass(doc);
        }
    }

    /// Moves the essential parts past a document.
    fn pass(&mut self, doc: DocId) {
        for (part, _) in &mut self.parts[..self.essential] {
            if part.doc() == doc {
                part.advance();
            }
        }
    }
}

// `seek_danger` is left to the trait: it looks first where the scorer stands.
impl DocSet for CoverageScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.pass(self.doc);
        self.find()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        for (part, _) in &mut self.parts[..self.essential] {
            if part.doc() < target {
                part.seek(target);
            }
        }
        self.find()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.parts[..self.essential].iter().map(|(part, _)| part.size_hint()).max().unwrap_or(0)
    }
}

impl Scorer for CoverageScorer {
    /// The parts' scores, the more of the weight is covered the more.
    fn score(&mut self) -> Score {
        let doc = self.doc;
        let held = self.parts.iter_mut().filter(|(part, _)| part.doc() == doc);
        let sum: Score = held.map(|(part, _)| part.score()).sum();
        sum * (self.covered / self.all).powf(COVERED)
    }
}

/// How much more a document counts that covers more.
const COVERED: f32 = 0.6;
