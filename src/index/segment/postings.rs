//! The documents that hold each term of a field, gathered document by document.

use super::lists::{List, Lists, Numbers};
use std::io;
use tantivy::DocId;
use tantivy::postings::FieldSerializer;

/// What is kept of where a term stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    Documents,
    /// And how often.
    Times,
    /// And at which places.
    Places,
}

/// The terms of a field by their numbers, and where each stands.
#[derive(Debug)]
pub(super) struct Postings {
    detail: Detail,
    terms: Vec<Term>,
    /// How many words all documents have in the field.
    pub(super) words: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Term {
    list: List,
    documents: u32,
    /// The last document that holds it, and the last place there.
    document: DocId,
    place: u32,
}

/// What follows on the places in a document; places are told by what lies between them and one more.
const END: u8 = 0;

impl Postings {
    pub(super) fn new(detail: Detail) -> Self {
        Self { detail, terms: Vec::new(), words: 0 }
    }

    /// Begins anew.
    pub(super) fn clear(&mut self) {
        *self = Self::new(self.detail);
    }

    /// Whether a document holds a term.
    pub(super) fn has(&self, term: u32) -> bool {
        self.terms.get(term as usize).is_some_and(|term| term.documents > 0)
    }

    /// How many bytes are taken.
    pub(super) fn size(&self) -> usize {
        self.terms.capacity() * size_of::<Term>()
    }

    fn term(&mut self, number: u32) -> &mut Term {
        let at = number as usize;
        if at >= self.terms.len() {
            self.terms.resize(at + 1, Term::default());
        }
        &mut self.terms[at]
    }

    /// Says that a document holds a term.
    pub(super) fn add(&mut self, lists: &mut Lists, term: u32, document: DocId) {
        self.words += 1;
        let term = self.term(term);
        if !term.is_last(document) {
            term.begin(lists, document);
        }
    }

    /// Says how often a document holds a term; once for each document.
    pub(super) fn add_times(&mut self, lists: &mut Lists, term: u32, document: DocId, times: u32) {
        self.words += u64::from(times);
        let term = self.term(term);
        term.begin(lists, document);
        lists.push_number(&mut term.list, times);
    }

    /// Says that a document holds a term at a place; places of a term come in order.
    pub(super) fn add_place(&mut self, lists: &mut Lists, term: u32, document: DocId, place: u32) {
        self.words += 1;
        let term = self.term(term);
        if !term.is_last(document) {
            if term.documents > 0 {
                lists.push(&mut term.list, END);
            }
            term.begin(lists, document);
            term.place = 0;
        }
        lists.push_number(&mut term.list, place - term.place + 1);
        term.place = place;
    }

    /// Writes those of some terms, in the order of their texts; each is held by a document.
    pub(super) fn write(
        &self,
        lists: &Lists,
        terms: &[(&[u8], u32)],
        serializer: &mut FieldSerializer<'_>,
    ) -> io::Result<()> {
        let (mut bytes, mut places) = (Vec::new(), Vec::new());
        for (text, number) in terms {
            let term = &self.terms[*number as usize];
            lists.copy(&term.list, &mut bytes);
            serializer.new_term(text, term.documents, self.detail != Detail::Documents)?;
            let (mut numbers, mut document) = (Numbers::of(&bytes), 0);
            while let Some(further) = numbers.next() {
                document += further;
                places.clear();
                let times = match self.detail {
                    Detail::Documents => 0,
                    Detail::Times => numbers.next().unwrap_or_default(),
                    Detail::Places => {
                        let further =
                            numbers.by_ref().take_while(|number| *number != u32::from(END));
                        places.extend(further.map(|number| number - 1));
                        places.len() as u32
                    }
                };
                serializer.write_doc(document, times, &places);
            }
            serializer.close_term()?;
        }
        Ok(())
    }
}

impl Term {
    fn is_last(&self, document: DocId) -> bool {
        self.documents > 0 && self.document == document
    }

    fn begin(&mut self, lists: &mut Lists, document: DocId) {
        lists.push_number(&mut self.list, document - self.document);
        self.documents += 1;
        self.document = document;
    }
}
