//! From letters to their items: the words of a case summary stand in the index once, in the letter's document, and
//! are words of each of its items.

use super::bits::Bits;
use super::top::column;
use crate::index::document::LETTER_PLACE as LETTER;
use crate::index::schema::Fields;
use tantivy::columnar::Column;
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// How far the documents of letters and items stand behind their source's: the letter's next to it, the items after
/// that.
pub(super) struct Places(Column<u64>);

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

    /// Whether a document is a letter's, and no item's.
    pub(super) fn is_letter(&self, doc: DocId) -> bool {
        self.of(doc) == LETTER
    }

    /// The items of a letter, among so many documents.
    pub(super) fn items_of(&self, letter: DocId, documents: DocId) -> impl Iterator<Item = DocId> {
        (letter + 1..documents).take_while(|item| self.of(*item) > LETTER)
    }

    /// Adds a document if it is an item, the items of a letter if it is one.
    fn add_items(&self, doc: DocId, documents: DocId, items: &mut Bits) {
        match self.of(doc) {
            0 => {}
            LETTER => self.items_of(doc, documents).for_each(|item| items.insert(item)),
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
        let documents = || self.documents.scorer(reader, 1.0);
        let (own, letters) = (documents()?, documents()?);
        let places = Places::open(&self.fields, reader)?;
        let mut found = Found { own, letters, places, end: reader.max_doc(), doc: 0 };
        found.seek(0);
        Ok(Box::new(ConstScorer::new(found, boost)))
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

/// Items found one after the other, so that a few are looked up without listing all.
struct Found {
    /// The documents, to be gone through as items,
    own: Box<dyn Scorer>,
    /// and as letters.
    letters: Box<dyn Scorer>,
    places: Places,
    /// How many documents the segment has.
    end: DocId,
    doc: DocId,
}

impl Found {
    /// The first item from a document on that is one of the documents.
    fn own_from(&mut self, target: DocId) -> DocId {
        let mut doc = from(&mut *self.own, target);
        while doc != TERMINATED && self.places.of(doc) <= LETTER {
            doc = self.own.advance();
        }
        doc
    }

    /// The first item from a document on whose letter is one of the documents.
    fn inherited_from(&mut self, target: DocId) -> DocId {
        if target < self.end && self.places.of(target) > LETTER {
            let letter = self.places.letter_of(target);
            if from(&mut *self.letters, letter) == letter {
                return target;
            }
        }
        let mut letter = from(&mut *self.letters, target);
        while letter != TERMINATED {
            let first = letter + 1;
            let has_items = first < self.end && self.places.of(first) > LETTER;
            if self.places.of(letter) == LETTER && has_items {
                return first;
            }
            letter = self.letters.advance();
        }
        TERMINATED
    }
}

/// The first document of some from a document on.
fn from(documents: &mut dyn Scorer, target: DocId) -> DocId {
    if documents.doc() < target { documents.seek(target) } else { documents.doc() }
}

impl DocSet for Found {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.seek(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.doc = self.own_from(target).min(self.inherited_from(target));
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.own.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::schema;
    use crate::index::segment::{Document, Text, index_of};
    use crate::search::forms::any_word;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn items_have_their_own_words_and_their_letter_s(
            // Of each source, whether its letter and each item hold the word.
            sources in prop::collection::vec(prop::collection::vec(any::<bool>(), 0..4), 1..8),
            steps in prop::collection::vec(0..6_u32, 0..12),
        ) {
            let (_, fields) = schema::build();
            let mut written = Vec::new();
            let mut wanted = Vec::new();
            let mut doc = 0;
            for documents in &sources {
                for (place, holds) in [false].iter().chain(documents).enumerate() {
                    let mut document = Document::default();
                    document.kept.add_u64(fields.place, place as u64);
                    document.text = Text::Letter((if *holds { "word" } else { "other" }).to_owned());
                    written.push(document);
                    if place > 1 && (*holds || documents[0]) {
                        wanted.push(doc);
                    }
                    doc += 1;
                }
            }
            let searcher = index_of(&written)?.reader()?.searcher();
            let query = any_word(&[Term::from_field_text(fields.words, "word")], &fields);
            let weight = query.weight(EnableScoring::disabled_from_searcher(&searcher))?;
            let mut all = Vec::new();
            weight.for_each_no_score(searcher.segment_reader(0), &mut |docs| all.extend_from_slice(docs))?;
            prop_assert_eq!(&all, &wanted);
            let mut scorer = weight.scorer(searcher.segment_reader(0), 1.0)?;
            let next = |from: DocId| wanted.iter().copied().find(|doc| *doc >= from).unwrap_or(TERMINATED);
            prop_assert_eq!(scorer.doc(), next(0));
            for step in steps {
                if scorer.doc() == TERMINATED {
                    break;
                }
                let target = scorer.doc() + step;
                let (found, from) = match step {
                    0 => (scorer.advance(), target + 1),
                    _ => (scorer.seek(target), target),
                };
                prop_assert_eq!(found, next(from));
            }
        }
    }
}
