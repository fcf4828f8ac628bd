//! The order of hits: the best at first sight are looked at closely, word by word and part by part.
//!
//! A word counts by its part of the item, its rarity over all parts and how often it stands there (BM25 a
//! part; Robertson and Zaragoza, 2009), less in a sentence that many of these hits have in common; words
//! of the query that stand near each other count more, and so do items about what the query names. Always
//! as many hits are looked at, so that pages stay what they are.

use super::best::Ranked;
use super::bits::Bits;
use super::compile::{Compiled, FirstSight, Leaf, LeafKind};
use super::items_of::Places;
use super::matches::{Matches, docs};
use super::opened::{Marks, Opened};
use super::placed::part;
use super::plan::Plan;
use super::response::{Contribution, Matched};
use super::segments::{each, each_of};
use super::sentences::{Common, Sentences};
use super::spans::{Span, near};
use super::top::Listed;
use crate::index::parts::{PARTS, Part, part_at};
use crate::query::Field;
use std::collections::{HashMap, HashSet};
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Score, Searcher, SegmentReader, TantivyError};

/// How many hits at first sight are looked at closely, and how many more about each topic.
const LOOKED_AT: usize = 100;
const OF_A_TOPIC: usize = 50;

/// What a match in a part is worth: in the request most, in the summary least, for it names every
/// complaint. The weights come from the tuning half of the judged queries.
const WORTH: [(Field, f32); 4] = [
    (Field::Title, 1.75),
    (Field::Rationale, 1.0),
    (Field::Guideline, 0.5),
    (Field::Summary, 0.15),
];

/// Words in a part of middling length, as letters have them.
const USUAL_LENGTH: [f32; 5] = [12.0, 12.0, 30.0, 130.0, 180.0];

/// BM25's saturation and its share of length.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// What one of many words is worth that a word stands for: about what a word of middling rarity is.
const MANY_FORMS_SCORE: f32 = 3.0;
/// What being about something that the query names is worth: about what a rare word is.
const TOPIC_SCORE: f32 = 4.5;
/// What a letter's identity is worth: more than any word.
const IDENTITY_SCORE: f32 = 100.0;
/// What words near each other are worth beside the words themselves, and how near they must stand.
const PAIR_WORTH: f32 = 0.1;
const PAIR_DISTANCE: u32 = 2;

/// Puts hits in order.
pub(super) struct Ranker<'a> {
    listed: Listed<'a>,
    plan: &'a Plan,
    matches: &'a Matches,
    list: Matched,
    /// The items of each topic, by segment.
    topics: Vec<(&'a str, Vec<Bits>)>,
}

/// The first hits of a list in order, and what the scores of those looked at closely are made of.
pub(super) struct Order<'a> {
    pub(super) hits: Vec<Ranked>,
    explained: HashMap<DocAddress, Vec<Share<'a>>>,
}

impl Order<'_> {
    /// Hits in an order of another kind than by scores.
    pub(super) fn of(hits: Vec<Ranked>) -> Self {
        Self { hits, explained: HashMap::new() }
    }

    /// What the score of a hit is made of, if it was looked at closely.
    pub(super) fn explained(&self, address: DocAddress) -> Option<Vec<Contribution>> {
        Some(self.explained.get(&address)?.iter().map(Share::told).collect())
    }
}

/// What one word in one part, or something else, adds to a score.
struct Share<'a> {
    word: &'a str,
    field: &'static str,
    score: f32,
}

impl Share<'_> {
    fn told(&self) -> Contribution {
        Contribution { word: self.word.to_owned(), field: self.field, score: self.score }
    }
}

impl<'a> Ranker<'a> {
    pub(super) fn new(
        listed: Listed<'a>,
        plan: &'a Plan,
        matches: &'a Matches,
        list: Matched,
    ) -> tantivy::Result<Self> {
        let searcher = &listed.snapshot.searcher;
        let topics = plan.compiled.topics.iter();
        let topics = topics.map(|topic| Ok((topic.text.as_str(), of(&*topic.query, searcher)?)));
        let topics = topics.collect::<tantivy::Result<_>>()?;
        Ok(Self { listed, plan, matches, list, topics })
    }

    /// The first hits of the list, in order: so many, if it has as many.
    pub(super) fn order(&self, wanted: usize) -> tantivy::Result<Order<'a>> {
        let scoring = self.plan.scoring(self.list);
        // Among the further ones may be enough about a topic.
        let further = if self.topics.is_empty() { 0 } else { LOOKED_AT };
        let limit = wanted.max(LOOKED_AT) + further;
        // Where all are looked at closely, that tells which of those that are alike is the best.
        let hits = if self.listed.count() <= LOOKED_AT as u64 {
            self.listed.all()?
        } else {
            self.first(&self.listed, scoring.as_ref(), limit)?
        };
        let is_all = hits.len() < limit;
        let mut head: Vec<Ranked> = hits.iter().take(LOOKED_AT).copied().collect();
        for (_, topic) in &self.topics {
            let known = topic_hits(topic, &hits);
            if is_all || known.len() == OF_A_TOPIC {
                head.extend(known);
            } else {
                head.extend(self.first_about(topic, scoring.as_ref())?);
            }
        }
        let mut known = HashSet::new();
        head.retain(|hit| known.insert(hit.address));
        let explained = self.look(&mut head)?;
        head.sort_unstable_by(|a, b| b.cmp(a));
        let least = head.last().map_or(0.0, |hit| hit.score);
        let rest = hits.into_iter().filter(|hit| !known.contains(&hit.address));
        let rest = rest.map(|mut hit| {
            hit.set_score(hit.score.min(least));
            hit
        });
        head.extend(rest);
        let mut likes = HashSet::new();
        head.retain(|hit| hit.like.is_none_or(|like| likes.insert(like)));
        head.truncate(wanted);
        Ok(Order { hits: head, explained })
    }

    /// The first items about a topic.
    fn first_about(
        &self,
        topic: &[Bits],
        scoring: Option<&FirstSight>,
    ) -> tantivy::Result<Vec<Ranked>> {
        let pairs = self.listed.sets.iter().zip(topic);
        let sets: Vec<Bits> = pairs.map(|(items, topic)| items.anded(topic)).collect();
        self.first(&Listed { sets: &sets, ..self.listed }, scoring, OF_A_TOPIC)
    }

    fn first(
        &self,
        listed: &Listed<'_>,
        scoring: Option<&FirstSight>,
        limit: usize,
    ) -> tantivy::Result<Vec<Ranked>> {
        listed.by_score(scoring, &|address| self.factor(address), limit)
    }

    /// How many times as much an item counts for what it holds of the words.
    fn factor(&self, address: DocAddress) -> Score {
        if self.list == Matched::Full {
            return 1.0;
        }
        self.matches.covered(address.segment_ord, address.doc_id)
    }

    /// Scores hits by their words' places.
    fn look(&self, hits: &mut [Ranked]) -> tantivy::Result<HashMap<DocAddress, Vec<Share<'a>>>> {
        let common = Common::among(self.listed.snapshot, hits.iter().map(|hit| hit.address))?;
        hits.sort_unstable_by_key(|hit| hit.address);
        let by_segment: Vec<&[Ranked]> =
            hits.chunk_by(|a, b| a.address.segment_ord == b.address.segment_ord).collect();
        let searcher = &self.listed.snapshot.searcher;
        let looked = each_of(by_segment.len(), |at| {
            let reader = searcher.segment_reader(by_segment[at][0].address.segment_ord);
            let mut closer = Closer::open(self, self.plan, &common, reader)?;
            let looked = by_segment[at].iter().map(|hit| closer.look(hit.address));
            Ok::<Vec<_>, TantivyError>(looked.collect())
        })?;
        let mut explained = HashMap::new();
        for (hit, parts) in hits.iter_mut().zip(looked.into_iter().flatten()) {
            hit.set_score(parts.iter().map(|part| part.score).sum());
            explained.insert(hit.address, parts);
        }
        Ok(explained)
    }
}

/// The first of some hits that are about a topic.
fn topic_hits(topic: &[Bits], hits: &[Ranked]) -> Vec<Ranked> {
    let about =
        |hit: &&Ranked| topic[hit.address.segment_ord as usize].contains(hit.address.doc_id);
    hits.iter().filter(about).take(OF_A_TOPIC).copied().collect()
}

/// The documents of a query, by segment.
pub(super) fn of(query: &dyn Query, searcher: &Searcher) -> tantivy::Result<Vec<Bits>> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    each(searcher, |segment| docs(&*weight, searcher.segment_reader(segment)))
}

/// Looks at the documents of one segment, in ascending order.
struct Closer<'l, 'a> {
    ranker: &'l Ranker<'a>,
    compiled: &'a Compiled,
    marks: Marks,
    places: Places,
    sentences: Sentences<'l>,
    leaves: Vec<OpenLeaf>,
}

enum OpenLeaf {
    /// In the items' own text, and in that of their letters, which has the case summary.
    Words(Opened, Opened),
    Identity(Bits),
}

/// What the words of one leaf score in each part, and where they stand in title and rationale.
#[derive(Default)]
struct Looked {
    scores: [f32; 5],
    /// The same without the part's worth, for pairs.
    plain: [f32; 5],
    spans: Vec<Span>,
}

impl<'l, 'a> Closer<'l, 'a> {
    fn open(
        ranker: &'l Ranker<'a>,
        plan: &'a Plan,
        common: &'l Common,
        reader: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let fields = &ranker.listed.snapshot.fields;
        let compiled = &plan.compiled;
        let open = |leaf: &Leaf| -> tantivy::Result<OpenLeaf> {
            match &leaf.kind {
                LeafKind::Words { form, .. } => {
                    let placed = form.placed(fields);
                    Ok(OpenLeaf::Words(placed.open(reader)?, placed.open(reader)?))
                }
                LeafKind::Identity(term) => {
                    let index = reader.inverted_index(term.field())?;
                    let mut bits = Bits::none(reader.max_doc());
                    if let Some(mut postings) =
                        index.read_postings(term, IndexRecordOption::Basic)?
                    {
                        while postings.doc() < reader.max_doc() {
                            bits.insert(postings.doc());
                            postings.advance();
                        }
                    }
                    Ok(OpenLeaf::Identity(bits))
                }
            }
        };
        Ok(Self {
            ranker,
            compiled,
            marks: Marks::open(fields, reader)?,
            places: Places::open(fields, reader)?,
            sentences: Sentences::open(ranker.listed.snapshot, common, reader)?,
            leaves: compiled.leaves.iter().map(open).collect::<tantivy::Result<_>>()?,
        })
    }

    /// What a document's score is made of.
    fn look(&mut self, address: DocAddress) -> Vec<Share<'a>> {
        let doc = address.doc_id;
        let marks = self.marks.of(doc).to_vec();
        let letter = self.places.letter_of(doc);
        // The case summary follows on the other parts.
        let shift = marks.last().map_or(0, |mark| mark + 1);
        let sentences = self.sentences.of(doc);
        let factor = self.ranker.factor(address);
        let mut all = Vec::new();
        let mut looked: Vec<Looked> = Vec::with_capacity(self.leaves.len());
        for (leaf, open) in self.compiled.leaves.iter().zip(&mut self.leaves) {
            let factor = if leaf.covers { factor } else { 1.0 };
            match open {
                OpenLeaf::Words(own, summary) => {
                    let mut spans = own.spans(doc, &marks);
                    let of_letter = summary.spans(letter, &[]).into_iter();
                    spans.extend(of_letter.map(|span| span.shifted(shift)));
                    let mut found = looked_at(leaf, spans, &marks, &sentences);
                    found.scores.iter_mut().for_each(|score| *score *= factor);
                    looked.push(found);
                }
                OpenLeaf::Identity(items) => {
                    let score = if items.contains(doc) { IDENTITY_SCORE } else { 0.0 };
                    push(&mut all, &leaf.text, "letter", score);
                    looked.push(Looked::default());
                }
            }
        }
        self.push_best(&looked, &mut all);
        let pairs: f32 =
            self.compiled.pairs.iter().map(|pair| near_score(&looked, *pair, &marks)).sum();
        push(&mut all, "words near each other", "query", pairs * PAIR_WORTH);
        for (text, items) in &self.ranker.topics {
            if items[address.segment_ord as usize].contains(doc) {
                push(&mut all, text, "facet", TOPIC_SCORE);
            }
        }
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        all
    }

    /// Adds what each word scores in each part: of a word and what it expands to, the best.
    fn push_best(&self, looked: &[Looked], all: &mut Vec<Share<'a>>) {
        let mut rest = looked;
        for leaves in self.compiled.leaves.chunk_by(|a, b| a.first == b.first) {
            let (looked, others) = rest.split_at(leaves.len());
            rest = others;
            for field in Field::ALL {
                let scores = looked.iter().map(|found| found.scores[part(field) as usize]);
                // Of equals the first, as typed.
                let best = leaves.iter().zip(scores).rev().max_by(|a, b| a.1.total_cmp(&b.1));
                if let Some((leaf, score)) = best {
                    push(all, &leaf.text, field.as_str(), score);
                }
            }
        }
    }
}

fn push<'a>(all: &mut Vec<Share<'a>>, word: &'a str, field: &'static str, score: f32) {
    if score > 0.0 {
        all.push(Share { word, field, score });
    }
}

/// What the words of a leaf score where they stand.
fn looked_at(leaf: &Leaf, spans: Vec<Span>, marks: &[u32], sentences: &[(u32, f32)]) -> Looked {
    let mut times = [0.0_f32; 5];
    for span in &spans {
        let part = PARTS[part_at(span.start, marks)];
        let count = match part {
            Part::Rationale => weight_at(span.start, sentences),
            _ => 1.0,
        };
        times[part as usize] += count;
    }
    let mut looked = Looked { spans, ..Looked::default() };
    for field in Field::ALL {
        let at = part(field) as usize;
        let worth = match leaf.field {
            None => {
                WORTH.iter().find(|(known, _)| *known == field).map_or(0.0, |(_, worth)| *worth)
            }
            Some(only) => f32::from(u8::from(only == field)),
        };
        let LeafKind::Words { rarity, .. } = &leaf.kind else { continue };
        if times[at] > 0.0 {
            looked.plain[at] = match rarity {
                Some(rarity) => rarity * (K1 + 1.0) * times[at] / (times[at] + norm(at, marks)),
                None => MANY_FORMS_SCORE,
            };
            looked.scores[at] = looked.plain[at] * worth * leaf.weight;
        }
    }
    looked
}

/// How much a word counts in the sentence at a place.
fn weight_at(position: u32, sentences: &[(u32, f32)]) -> f32 {
    let after = sentences.partition_point(|(start, _)| *start <= position);
    sentences[..after].last().map_or(1.0, |(_, weight)| *weight)
}

/// BM25's norm of a part by its length.
fn norm(part: usize, marks: &[u32]) -> f32 {
    let length = |end: usize| {
        let start = if end == 0 { 0 } else { marks.get(end - 1).map_or(0, |mark| mark + 1) };
        marks.get(end).map_or(0, |mark| mark - start)
    };
    let length = match PARTS.iter().position(|known| *known as usize == part) {
        Some(at) if PARTS[at] == Part::Guideline => length(at) + length(at + 1),
        Some(at) => length(at),
        None => 0,
    };
    // Where the last part ends is not marked.
    let ratio = if length == 0 { 1.0 } else { length as f32 / USUAL_LENGTH[part] };
    K1 * (1.0 - B + B * ratio)
}

/// What a pair of words scores in title and rationale where they stand near each other.
fn near_score(looked: &[Looked], [a, b]: [usize; 2], marks: &[u32]) -> f32 {
    let (Some(a), Some(b)) = (looked.get(a), looked.get(b)) else { return 0.0 };
    let spans = near(&a.spans, &b.spans, PAIR_DISTANCE, false);
    [Part::Title, Part::Rationale]
        .into_iter()
        .filter(|part| {
            let within = |span: &Span| {
                part_at(span.start, marks) == part_at(span.end, marks)
                    && PARTS[part_at(span.start, marks)] == *part
            };
            spans.iter().any(within)
        })
        .map(|part| a.plain[part as usize] + b.plain[part as usize])
        .sum()
}
