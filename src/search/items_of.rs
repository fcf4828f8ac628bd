//! From letters to their items: the words of a case summary stand in the index once, in the letter's document, and
//! are words of each of its items.

use super::bits::Bits;
use super::top::column;
use crate::index::schema::Fields;
use tantivy::columnar::Column;
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// How far the documents of letters and items stand behind their source's: the letter's next to it, the items after
/// that.
pub(super) struct Places(Column<u64>);

const LETTER: u64 = 1;

impl Places {
    pub(super) fn open(fields: &Fields, reader: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self(column(reader, reader.schema().get_field_name(fields.place))?))
    }

    fn of(&self, doc: DocId) -> u64 {
        self.0.first(doc).unwrap_or(0)
    }

    /// The letter of an item.
    pub(super) fn letter_of(&self, item: DocId) -> DocId {
        (item + LETTER as DocId).saturating_sub(self.of(item) as DocId)
    }

    /// Adds a document if it is an item, the items of a letter if it is one.
    fn add_items(&self, doc: DocId, documents: DocId, items: &mut Bits) {
        match self.of(doc) {
            0 => {}
            LETTER => {
                let after = doc + 1..documents;
                let own = after.take_while(|item| self.of(*item) > LETTER);
                own.for_each(|item| items.insert(item));
            }
            _ => items.insert(doc),
        }
    }
}

/// The items among some documents, and those of letters among them.
#[derive(Debug)]
pub(super) struct ItemsOf {
    documents: Box<dyn Query>,
    fields: Fields,
}

impl ItemsOf {
    pub(super) fn new(documents: Box<dyn Query>, fields: &Fields) -> Self {
        Self { documents, fields: fields.clone() }
    }
}

impl Clone for ItemsOf {
    fn clone(&self) -> Self {
        Self::new(self.documents.box_clone(), &self.fields)
    }
}

impl Query for ItemsOf {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let documents = self.documents.weight(scoring)?;
        Ok(Box::new(ItemsOfWeight { documents, fields: self.fields.clone() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.documents.query_terms(visitor);
    }
}

struct ItemsOfWeight {
    documents: Box<dyn Weight>,
    fields: Fields,
}

impl ItemsOfWeight {
    fn items(&self, reader: &SegmentReader) -> tantivy::Result<Bits> {
        let places = Places::open(&self.fields, reader)?;
        let mut items = Bits::none(reader.max_doc());
        self.documents.for_each_no_score(reader, &mut |docs| {
            for doc in docs {
                places.add_items(*doc, reader.max_doc(), &mut items);
            }
        })?;
        Ok(items)
    }
}

impl Weight for ItemsOfWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let docs: Vec<DocId> = self.items(reader)?.iter().collect();
        Ok(Box::new(ConstScorer::new(Listed { docs, at: 0 }, boost)))
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        self.items(reader)?.iter().for_each(|doc| callback(&[doc]));
        Ok(())
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        if self.items(reader)?.contains(doc) {
            return Ok(Explanation::new("words of the item or of its letter", 1.0));
        }
        Err(TantivyError::InvalidArgument(format!("{doc} does not match")))
    }
}

/// Documents in ascending order.
struct Listed {
    docs: Vec<DocId>,
    at: usize,
}

impl DocSet for Listed {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.at +=
            self.docs.get(self.at..).map_or(0, |rest| rest.partition_point(|doc| *doc < target));
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.docs.len() as u32
    }
}
