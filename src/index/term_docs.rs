//! The documents of one term as a query.
//!
//! Where all of them are wanted they are handed on a block at a time, as they are unpacked; the library hands them on
//! one by one, which costs more than unpacking them. Everything else is the library's own query.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, SegmentReader, Term};

/// The documents that hold a term, without its frequencies.
#[derive(Debug, Clone)]
pub(crate) struct TermDocs(TermQuery);

impl TermDocs {
    /// Those of a term.
    pub(crate) fn new(term: Term) -> Self {
        Self(TermQuery::new(term, IndexRecordOption::Basic))
    }
}

impl Query for TermDocs {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let term = self.0.term().clone();
        Ok(Box::new(TermDocsWeight { term, weight: self.0.weight(scoring)? }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.query_terms(visitor);
    }
}

struct TermDocsWeight {
    term: Term,
    weight: Box<dyn Weight>,
}

impl Weight for TermDocsWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        self.weight.scorer(reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.weight.explain(reader, doc)
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        self.weight.count(reader)
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        let index = reader.inverted_index(self.term.field())?;
        let blocks = index.read_block_postings(&self.term, IndexRecordOption::Basic)?;
        let Some(mut blocks) = blocks else { return Ok(()) };
        while !blocks.docs().is_empty() {
            callback(blocks.docs());
            blocks.advance();
        }
        Ok(())
    }
}
