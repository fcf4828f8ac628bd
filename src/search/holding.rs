//! Counts in how many rationales of a population phrases stand, exactly, from the places of their words.
//!
//! Words are those that `index::printed_once` gives: unstemmed, one at each position.

use super::bits::Bits;
use super::engine::{Engine, SearchError};
use super::opened::{Marks, Opened, Phrase, Words};
use super::population::Population;
use super::segments::each_of;
use crate::index::analyzer::plain;
use crate::index::pairs;
use crate::index::parts::Part;
use crate::index::schema::Fields;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

impl Engine<'_> {
    /// How many items of each of two populations hold each phrase in their rationale.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn holding(
        &self,
        phrases: &[Vec<String>],
        sides: [&Population<'_>; 2],
    ) -> Result<Vec<[u64; 2]>, SearchError> {
        let mut counts = vec![[0; 2]; phrases.len()];
        for (segment, reader) in self.snapshot.searcher.segment_readers().iter().enumerate() {
            let sides = sides.map(|side| {
                let mut items = Bits::none(reader.max_doc());
                items.insert_all(side.docs(segment as u32));
                items
            });
            let fields = &self.snapshot.fields;
            let found = each_of(phrases.len(), |at| count(reader, fields, &phrases[at], &sides))?;
            for (count, found) in counts.iter_mut().zip(found) {
                *count = [count[0] + found[0], count[1] + found[1]];
            }
        }
        Ok(counts)
    }
}

fn count(
    reader: &SegmentReader,
    fields: &Fields,
    phrase: &[String],
    sides: &[Bits; 2],
) -> tantivy::Result<[u64; 2]> {
    let mut counts = [0; 2];
    let terms: Vec<Term> =
        phrase.iter().map(|word| Term::from_field_text(fields.words, word)).collect();
    let all = terms.iter().cloned().chain(pairs(phrase, fields));
    let Some(rarest) = rarest(reader, all)? else { return Ok(counts) };
    let index = reader.inverted_index(rarest.field())?;
    let Some(mut lead) = index.read_postings(&rarest, IndexRecordOption::Basic)? else {
        return Ok(counts);
    };
    let words = terms.iter().map(|term| Words::open(std::slice::from_ref(term), reader));
    let mut phrase = Opened::Phrase(Phrase::new(words.collect::<tantivy::Result<_>>()?));
    let mut marks = Marks::open(fields, reader)?;
    while lead.doc() != TERMINATED {
        let doc = lead.doc();
        let inside = [0, 1].map(|side| u64::from(sides[side].contains(doc)));
        if inside != [0, 0] && phrase.holds(doc, &mut marks, Some(Part::Rationale)) {
            counts = [counts[0] + inside[0], counts[1] + inside[1]];
        }
        lead.advance();
    }
    Ok(counts)
}

/// The pairs of frequent words in a phrase: every item with the phrase has their terms.
fn pairs(phrase: &[String], fields: &Fields) -> impl Iterator<Item = Term> {
    let stems: Vec<Option<String>> = phrase.iter().map(|word| plain(word, true).pop()).collect();
    let field = fields.pairs;
    pairs::pairs(&stems).into_iter().flatten().map(move |pair| Term::from_field_text(field, &pair))
}

/// The term that the fewest documents of a segment have.
fn rarest(
    reader: &SegmentReader,
    terms: impl Iterator<Item = Term>,
) -> tantivy::Result<Option<Term>> {
    let mut rarest = None;
    for term in terms {
        let documents = reader.inverted_index(term.field())?.doc_freq(&term)?;
        if rarest.as_ref().is_none_or(|(fewest, _)| documents < *fewest) {
            rarest = Some((documents, term));
        }
    }
    Ok(rarest.map(|(_, term)| term))
}
