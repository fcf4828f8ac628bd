//! Queries by place: phrases, words near each other, words in one part of an item.
//!
//! A document is a candidate if it holds the words at all; then the words' places are compared.
//! Nothing is scored here.

use super::bits::Bits;
use super::forms::{all_of, any_word};
use super::items_of::Places;
use super::opened::{Marks, Opened, Phrase, Words};
use crate::index::parts::Part;
use crate::index::schema::Fields;
use crate::index::term_docs::TermDocs;
use crate::query::Field;
use tantivy::query::{
    BooleanQuery, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{
    DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, TantivyError, Term,
};

/// What is so many times as frequent as something else is looked for only where that stands.
const MUCH: u64 = 8;

/// What is found at places of a text.
#[derive(Debug, Clone)]
pub(super) enum Placed {
    /// Any of these words; every document that holds one holds one of the `any`: their stem, or they
    /// themselves.
    Words { any: Vec<Term>, words: Vec<Term> },
    /// One after the other, with at most so many words in between.
    Sequence(Vec<Placed>, u32, Pairs),
    /// Near each other.
    Near(Box<[Placed; 2]>, u32, bool),
    /// Any of these.
    Any(Vec<Placed>),
}

/// What the index tells of words one after the other without a look at their places.
#[derive(Debug, Clone, Default)]
pub(super) struct Pairs {
    /// Of each word but the last, the term of the pair with the next, if both are frequent.
    pub(super) terms: Vec<Option<Term>>,
    /// Whether all words are looked for by their stems, as pairs are.
    pub(super) by_stems: bool,
}

impl Pairs {
    /// Whether it is one pair and nothing else.
    fn tell_all(&self) -> bool {
        self.by_stems && matches!(self.terms.as_slice(), [Some(_)])
    }

    /// Whether a word is one of a pair.
    fn hold(&self, word: usize) -> bool {
        let pair = |at: usize| self.terms.get(at).is_some_and(Option::is_some);
        pair(word) || word.checked_sub(1).is_some_and(pair)
    }
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

    /// Whether an item that its candidates hold needs no look at places, in whatever part it stands.
    pub(super) fn is_told_by_candidates(&self) -> bool {
        match self {
            Placed::Words { .. } => true,
            Placed::Sequence(.., pairs) => pairs.tell_all(),
            Placed::Near(..) | Placed::Any(_) => false,
        }
    }

    /// Each of several, or the only one.
    fn alternatives(&self) -> &[Placed] {
        match self {
            Placed::Any(parts) => parts,
            only => std::slice::from_ref(only),
        }
    }

    fn words(&self) -> &[Term] {
        match self {
            Placed::Words { words, .. } => words,
            _ => &[],
        }
    }

    /// What every item that holds it matches.
    pub(super) fn candidates(&self, fields: &Fields) -> Box<dyn Query> {
        let all = |parts: &[Placed]| parts.iter().map(|part| part.candidates(fields)).collect();
        match self {
            Placed::Words { any, .. } => any_word(any, fields),
            Placed::Sequence(parts, _, pairs) => {
                let terms = pairs.terms.iter().flatten();
                let mut needed: Vec<Box<dyn Query>> =
                    terms.map(|pair| Box::new(TermDocs::new(pair.clone())) as _).collect();
                let others = parts.iter().enumerate().filter(|(at, _)| !pairs.hold(*at));
                needed.extend(others.map(|(_, part)| part.candidates(fields)));
                all_of(needed)
            }
            Placed::Near(parts, ..) => Box::new(BooleanQuery::intersection(all(&parts[..]))),
            Placed::Any(parts) => Box::new(BooleanQuery::union(all(parts))),
        }
    }

    /// Whether pairs of frequent words tell where to look.
    fn has_pairs(&self) -> bool {
        matches!(self, Placed::Sequence(.., pairs) if pairs.terms.iter().any(Option::is_some))
    }

    /// The documents, items and letters, that may hold it in a text of their own.
    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<Bits> {
        let mut all = Bits::none(reader.max_doc());
        match self {
            Placed::Words { words, .. } => {
                for word in words {
                    let index = reader.inverted_index(word.field())?;
                    let option = IndexRecordOption::Basic;
                    let Some(mut blocks) = index.read_block_postings(word, option)? else {
                        continue;
                    };
                    while !blocks.docs().is_empty() {
                        all.insert_all(blocks.docs());
                        blocks.advance();
                    }
                }
            }
            Placed::Any(parts) => {
                for part in parts {
                    all.or_all([&part.documents(reader)?].into_iter());
                }
            }
            Placed::Sequence(parts, ..) => {
                return Self::of_all(&parts.iter().collect::<Vec<_>>(), reader);
            }
            Placed::Near(parts, ..) => return Self::of_all(&[&parts[0], &parts[1]], reader),
        }
        Ok(all)
    }

    /// The documents that may hold all of some parts. Parts that are much more frequent than the rarest tell little.
    fn of_all(parts: &[&Placed], reader: &SegmentReader) -> tantivy::Result<Bits> {
        let frequency = |part: &&Placed| part.frequency(reader);
        let frequencies: Vec<u64> = parts.iter().map(frequency).collect::<tantivy::Result<_>>()?;
        let rarest = frequencies.iter().min().copied().unwrap_or(0);
        let telling = parts.iter().zip(&frequencies);
        let telling = telling.filter(|(_, frequency)| **frequency <= rarest.saturating_mul(MUCH));
        let mut all: Option<Bits> = None;
        for (part, _) in telling {
            let documents = part.documents(reader)?;
            match &mut all {
                Some(all) => all.and(&documents),
                None => all = Some(documents),
            }
        }
        Ok(all.unwrap_or_else(|| Bits::none(reader.max_doc())))
    }

    /// In how many documents it stands, at most.
    fn frequency(&self, reader: &SegmentReader) -> tantivy::Result<u64> {
        let of = |part: &Placed| part.frequency(reader);
        match self {
            Placed::Words { words, .. } => {
                let of_word = |word: &Term| {
                    let index = reader.inverted_index(word.field())?;
                    Ok(u64::from(index.doc_freq(word)?))
                };
                words.iter().map(of_word).sum()
            }
            Placed::Any(parts) => parts.iter().map(of).sum(),
            Placed::Sequence(parts, ..) => Ok(parts
                .iter()
                .map(of)
                .collect::<tantivy::Result<Vec<_>>>()?
                .into_iter()
                .min()
                .unwrap_or(0)),
            Placed::Near(parts, ..) => Ok(of(&parts[0])?.min(of(&parts[1])?)),
        }
    }

    pub(super) fn open(&self, reader: &SegmentReader) -> tantivy::Result<Opened> {
        let all = |parts: &[Placed]| -> tantivy::Result<Vec<Opened>> {
            parts.iter().map(|part| part.open(reader)).collect()
        };
        Ok(match self {
            Placed::Words { words, .. } => Opened::Words(Words::open(words, reader)?),
            Placed::Sequence(parts, 0, _) if parts.iter().all(Placed::is_word) => {
                let words = parts.iter().map(|part| Words::open(part.words(), reader));
                Opened::Phrase(Phrase::new(words.collect::<tantivy::Result<_>>()?))
            }
            Placed::Sequence(parts, slop, _) => Opened::Sequence(all(parts)?, *slop),
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
        let candidates = placed.candidates(fields);
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
        Ok(Box::new(self.ready(scoring)?))
    }
}

impl PlacedQuery {
    /// The query made ready for the segments.
    pub(super) fn ready(&self, scoring: EnableScoring<'_>) -> tantivy::Result<PlacedWeight> {
        let candidates = self.candidates.weight(scoring)?;
        let mut alternatives = Vec::new();
        for part in self.placed.alternatives() {
            let candidates = part.candidates(&self.fields).weight(scoring)?;
            alternatives.push((part.clone(), candidates));
        }
        // What needs no look at places is found at once, and what holds it needs none for the others.
        alternatives.sort_by_key(|(part, _)| !part.is_told_by_candidates());
        Ok(PlacedWeight { query: self.clone(), candidates, alternatives })
    }
}

/// A query by place made ready for the segments.
pub(super) struct PlacedWeight {
    query: PlacedQuery,
    candidates: Box<dyn Weight>,
    /// Each of several, or the only one, with what finds its candidates.
    alternatives: Vec<(Placed, Box<dyn Weight>)>,
}

impl PlacedWeight {
    /// Leaves the documents of a set that hold it: only their places are looked at.
    pub(super) fn keep(&self, reader: &SegmentReader, items: &mut Bits) -> tantivy::Result<()> {
        let mut held = Bits::none(reader.max_doc());
        for alternative in &self.alternatives {
            let (placed, _) = alternative;
            if placed.is_told_by_candidates() && self.query.field.is_none() {
                self.add(alternative, reader, &mut held)?;
                continue;
            }
            let mut look = self.look(placed, reader)?;
            for doc in items.iter() {
                if !held.contains(doc) && look.holds(doc) {
                    held.insert(doc);
                }
            }
        }
        items.and(&held);
        Ok(())
    }

    fn look(&self, placed: &Placed, reader: &SegmentReader) -> tantivy::Result<Look> {
        let PlacedQuery { fields, field, .. } = &self.query;
        Look::open(placed, fields, field.map(part), reader)
    }

    /// Adds the documents that hold one of several.
    fn add(
        &self,
        (placed, candidates): &(Placed, Box<dyn Weight>),
        reader: &SegmentReader,
        found: &mut Bits,
    ) -> tantivy::Result<()> {
        if placed.is_told_by_candidates() && self.query.field.is_none() {
            return candidates.for_each_no_score(reader, &mut |docs| found.insert_all(docs));
        }
        if !placed.has_pairs() {
            return self.add_by_texts(placed, reader, found);
        }
        let mut look = self.look(placed, reader)?;
        candidates.for_each_no_score(reader, &mut |docs| {
            for doc in docs {
                if !found.contains(*doc) && look.holds(*doc) {
                    found.insert(*doc);
                }
            }
        })
    }
}

impl PlacedWeight {
    /// The same by the texts of items and of letters: a letter's where one of its items does not hold it itself.
    fn add_by_texts(
        &self,
        placed: &Placed,
        reader: &SegmentReader,
        found: &mut Bits,
    ) -> tantivy::Result<()> {
        let PlacedQuery { fields, field, .. } = &self.query;
        let part = field.map(part);
        let (mut opened, mut marks) = (placed.open(reader)?, Marks::open(fields, reader)?);
        let (of_letters, mut letters) = (Places::open(fields, reader)?, Vec::new());
        for doc in placed.documents(reader)?.iter() {
            if of_letters.is_letter(doc) {
                letters.push(doc);
            } else if part != Some(Part::Summary) && opened.holds(doc, &mut marks, part) {
                found.insert(doc);
            }
        }
        if part.is_some_and(|part| part != Part::Summary) {
            return Ok(());
        }
        // A letter's text is one part.
        let (mut opened, mut marks) = (placed.open(reader)?, Marks::open(fields, reader)?);
        for letter in letters {
            let mut items = of_letters.items_of(letter, reader.max_doc());
            if items.any(|item| !found.contains(item)) && opened.holds(letter, &mut marks, None) {
                of_letters.items_of(letter, reader.max_doc()).for_each(|item| found.insert(item));
            }
        }
        Ok(())
    }
}

impl Weight for PlacedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut found = PlacedDocs {
            look: self.look(&self.query.placed, reader)?,
            candidates: self.candidates.scorer(reader, 1.0)?,
        };
        let first = found.candidates.doc();
        found.first_from(first);
        Ok(Box::new(ConstScorer::new(found, boost)))
    }

    /// All documents: each of several alternatives is looked for only where none before it stands.
    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        let mut found = Bits::none(reader.max_doc());
        for alternative in &self.alternatives {
            self.add(alternative, reader, &mut found)?;
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

/// Looks at places in the items of one segment, in ascending order: in their own text, and in that of their letter,
/// which has the case summary.
struct Look {
    own: Opened,
    marks: Marks,
    part: Option<Part>,
    summary: Option<InLetter>,
}

impl Look {
    fn open(
        placed: &Placed,
        fields: &Fields,
        part: Option<Part>,
        reader: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let summary = part.is_none_or(|part| part == Part::Summary);
        let summary = summary.then(|| InLetter::open(placed, fields, reader)).transpose()?;
        let (own, marks) = (placed.open(reader)?, Marks::open(fields, reader)?);
        Ok(Self { own, marks, part, summary })
    }

    fn holds(&mut self, item: DocId) -> bool {
        let own = self.part != Some(Part::Summary);
        own && self.own.holds(item, &mut self.marks, self.part)
            || self.summary.as_mut().is_some_and(|summary| summary.holds(item))
    }
}

/// Looks at places in the letters of items.
struct InLetter {
    placed: Opened,
    places: Places,
    marks: Marks,
    /// The letter last looked at, and whether it holds what is looked for.
    last: Option<(DocId, bool)>,
}

impl InLetter {
    fn open(placed: &Placed, fields: &Fields, reader: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self {
            placed: placed.open(reader)?,
            places: Places::open(fields, reader)?,
            marks: Marks::open(fields, reader)?,
            last: None,
        })
    }

    fn holds(&mut self, item: DocId) -> bool {
        let letter = self.places.letter_of(item);
        match self.last {
            Some((last, holds)) if last == letter => holds,
            _ => {
                // A letter's text is one part.
                let holds = self.placed.holds(letter, &mut self.marks, None);
                self.last = Some((letter, holds));
                holds
            }
        }
    }
}

struct PlacedDocs {
    look: Look,
    candidates: Box<dyn Scorer>,
}

impl PlacedDocs {
    /// The first document from this candidate on that holds its words at the right places.
    fn first_from(&mut self, mut doc: DocId) -> DocId {
        while doc != TERMINATED && !self.look.holds(doc) {
            doc = self.candidates.advance();
        }
        doc
    }
}

impl DocSet for PlacedDocs {
    /// Looks at places only of a document that is asked for: others of a conjunction may not hold the next.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        let found = self.candidates.seek_danger(target);
        if found == SeekDangerResult::Found && !self.look.holds(target) {
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
