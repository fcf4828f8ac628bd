//! The guidelines that a field cites: chapters with year, topics and pages.
//!
//! A field is a chain of citations: of the state's own schedule, of something outside it, of other
//! evidence. Names of body parts are chapters only where a chapter is named, not within a topic.

use super::topics::{after_name, is_journal, list, pages, topics};
use super::{Citation, Found, Place};
use crate::vocabulary::{Hit, Matcher, Strength, Tokens, Value, Vocabulary};
use std::ops::Range;

pub(super) const OTHER_EVIDENCE: &str = "other-evidence";
pub(super) const NONE_CITED: &str = "none-cited";
pub(super) const OTHER_EDITION: &str = "acoem";
pub(super) const CHAPTER_UNNAMED: &str = "odg/unspecified";

/// The chapters and the phrases that structure a field.
#[derive(Debug)]
pub(super) struct Guidelines {
    schedule: Chapters,
    outside: Chapters,
    markers: Matcher,
    marker_names: Vec<String>,
}

/// Chapters of one source.
#[derive(Debug)]
struct Chapters {
    paths: Vec<String>,
    matcher: Matcher,
}

impl Chapters {
    fn new(vocabulary: &Vocabulary, prefix: &str) -> Result<Self, aho_corasick::BuildError> {
        let values: Vec<Value> = vocabulary
            .values
            .iter()
            .filter(|value| value.path.starts_with(prefix))
            .cloned()
            .collect();
        let paths = values.iter().map(|value| value.path.clone()).collect();
        let matcher = Matcher::new(&Vocabulary { values, ..Vocabulary::default() })?;
        Ok(Self { paths, matcher })
    }
}

/// A field being read.
pub(super) struct Field<'a> {
    text: &'a str,
    tokens: Tokens,
    /// Kind and token range of each marker, in order.
    pub(super) markers: Vec<(&'a str, Range<usize>)>,
    /// Chapters of the schedule and of the outside source, in order.
    hits: [Vec<Hit>; 2],
    /// How many brackets are open before each token.
    depths: Vec<u32>,
}

impl Field<'_> {
    /// The normal form of a token.
    pub(super) fn token(&self, at: usize) -> &str {
        self.tokens.tokens.get(at).map_or("", |token| &self.tokens.normal[token.normal.clone()])
    }

    /// How many brackets are open before a token.
    pub(super) fn depth(&self, at: usize) -> u32 {
        self.depths.get(at).copied().unwrap_or_default()
    }

    /// The text of a token range as printed.
    pub(super) fn printed(&self, range: Range<usize>) -> &str {
        let tokens = self.tokens.tokens.get(range).unwrap_or_default();
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => &self.text[first.source.start..last.source.end],
            _ => "",
        }
    }

    /// The markers of a kind that start within a token range.
    pub(super) fn marked<'s>(
        &'s self,
        kind: &'s str,
        within: &Range<usize>,
    ) -> impl DoubleEndedIterator<Item = &'s Range<usize>> {
        let from = self.markers.partition_point(|(_, marker)| marker.start < within.start);
        let to = self.markers.partition_point(|(_, marker)| marker.start < within.end);
        let markers = self.markers.get(from..to).unwrap_or_default();
        markers.iter().filter(move |(found, _)| *found == kind).map(|(_, range)| range)
    }

    /// Whether a token belongs to a marker of a kind.
    pub(super) fn is(&self, kind: &str, at: usize) -> bool {
        let after = self.markers.partition_point(|(_, marker)| marker.start <= at);
        let marker = after.checked_sub(1).map(|before| &self.markers[before]);
        marker.is_some_and(|(found, range)| *found == kind && range.contains(&at))
    }

    fn found(&self, path: &str, words: Range<usize>) -> Found {
        Found {
            path: path.to_owned(),
            words: self.printed(words).to_owned(),
            from: Place::Guideline,
        }
    }

    pub(super) fn bare(&self, path: &str, words: Range<usize>) -> Citation {
        Citation {
            found: self.found(path, words),
            year: None,
            topics: Vec::new(),
            pages: Vec::new(),
        }
    }
}

impl Guidelines {
    pub(super) fn new(vocabulary: &Vocabulary) -> Result<Self, aho_corasick::BuildError> {
        let marker_names: Vec<String> = vocabulary.markers.keys().cloned().collect();
        let values = vocabulary.markers.iter().map(|(name, terms)| Value {
            path: name.clone(),
            terms: terms.clone(),
            ..Value::default()
        });
        let markers = Vocabulary { values: values.collect(), ..Vocabulary::default() };
        Ok(Self {
            schedule: Chapters::new(vocabulary, "mtus/")?,
            outside: Chapters::new(vocabulary, "odg/")?,
            markers: Matcher::new(&markers)?,
            marker_names,
        })
    }

    /// Reads a guideline field; empty where nothing in it is known. The reviewer's may only say that the `denial` cites
    /// what is right.
    pub(super) fn read(&self, text: &str, denial: &[Citation]) -> Vec<Citation> {
        let tokens = Tokens::of(text);
        let hits = self.markers.find(text, &tokens);
        let markers = hits
            .into_iter()
            .map(|hit| (self.marker_names[hit.value].as_str(), hit.tokens))
            .collect();
        let hits =
            [&self.schedule, &self.outside].map(|chapters| chapters.matcher.find(text, &tokens));
        let depths = depths(&tokens);
        let field = Field { text, tokens, markers, hits, depths };
        if says_nothing(&field) {
            return vec![field.bare(NONE_CITED, 0..field.tokens.tokens.len())];
        }
        let everything = 0..field.tokens.tokens.len();
        let segments = segments(&field);
        if segments.is_empty() || field.marked("form", &everything).next().is_none() {
            return self.prose(&field, &everything, denial);
        }
        let mut citations = Vec::new();
        for (kind, range) in segments {
            let read = match kind {
                "mtus" => self.schedule(&field, &range),
                _ => self.outside(&field, &range),
            };
            for citation in read {
                merge(&mut citations, citation);
            }
        }
        if citations.is_empty() {
            let none = field.marked("none", &everything).next();
            citations.extend(none.map(|words| field.bare(NONE_CITED, words.clone())));
        }
        citations
    }

    /// Chapters of the state's schedule.
    pub(super) fn schedule(&self, field: &Field<'_>, range: &Range<usize>) -> Vec<Citation> {
        let hits = within(&field.hits[0], range);
        let counted: Vec<&Hit> =
            hits.iter().filter(|hit| names_chapter(field, range, hit)).collect();
        let ends = counted.iter().skip(1).map(|hit| hit.tokens.start).chain([range.end]);
        let citations = counted.iter().zip(ends).map(|(hit, end)| {
            let path = &self.schedule.paths[hit.value];
            let rest = hit.tokens.end..end;
            Citation {
                found: field.found(path, hit.tokens.clone()),
                year: year(field.token(hit.tokens.end)),
                topics: topics(field, &rest),
                pages: pages(field, &rest),
            }
        });
        let mut citations: Vec<Citation> = citations.collect();
        let last = counted.last().map_or(range.end, |hit| hit.tokens.end);
        citations.extend(publication(field, last..range.end));
        citations
    }

    /// Citations outside the schedule.
    fn outside(&self, field: &Field<'_>, range: &Range<usize>) -> Vec<Citation> {
        let odg = field.marked("odg", range).next().cloned();
        let acoem = field.marked("acoem", range).next().cloned();
        let start = field.markers.iter().find(|(_, marker)| marker.start == range.start);
        let start = start.map_or(range.start, |(_, marker)| marker.end);
        let counted = counted(field, range, start);
        let mut citations = match (&odg, &acoem) {
            (None, Some(_)) => Vec::new(),
            (Some(_), _) => self.chapters(field, range, &counted),
            (None, None) => self
                .chapters(field, range, &counted)
                .into_iter()
                .filter(|chapter| opens(field, start, chapter))
                .collect(),
        };
        if !citations.is_empty() {
            citations.extend(unnamed(field, range, &counted));
        }
        if let Some(words) = acoem {
            citations.push(field.bare(OTHER_EDITION, words));
        }
        if citations.is_empty() {
            citations.push(match &odg {
                Some(words) => field.bare(CHAPTER_UNNAMED, words.clone()),
                None => field.bare(OTHER_EVIDENCE, range.clone()),
            });
        }
        let elsewhere = match (odg, counted.last()) {
            (Some(odg), _) => publication(field, odg.end..range.end)
                .or_else(|| publication(field, start..odg.start)),
            // The chapter alone stands for its source.
            (None, Some(chapter)) => publication(field, chapter.tokens.end..range.end),
            (None, None) => None,
        };
        if let Some(elsewhere) = elsewhere {
            merge(&mut citations, elsewhere);
        }
        citations
    }

    /// The chapters of the outside source that a segment names.
    pub(super) fn chapters(
        &self,
        field: &Field<'_>,
        range: &Range<usize>,
        counted: &[&Hit],
    ) -> Vec<Citation> {
        let ends = counted.iter().skip(1).map(|hit| hit.tokens.start).chain([range.end]);
        let citations = counted.iter().zip(ends).map(|(hit, end)| {
            // Where the source is named again, another citation of it begins.
            let again = sources(field, &(hit.tokens.end..end)).first().map(|odg| odg.start);
            let rest = hit.tokens.end..again.unwrap_or(end);
            Citation {
                found: field.found(&self.outside.paths[hit.value], hit.tokens.clone()),
                year: None,
                topics: list(field, &after_name(field, &rest)),
                pages: pages(field, &rest),
            }
        });
        citations.collect()
    }
}

/// The matches that name a chapter of the outside source in a segment.
pub(super) fn counted<'f>(
    field: &'f Field<'_>,
    range: &Range<usize>,
    start: usize,
) -> Vec<&'f Hit> {
    let mut counted: Vec<&Hit> = Vec::new();
    for hit in within(&field.hits[1], range) {
        if is_chapter(field, range, start, hit, &counted) {
            counted.push(hit);
        }
    }
    counted
}

/// The names of the outside source in a token range that open a citation of it: not those in brackets.
fn sources<'f>(field: &'f Field<'_>, range: &Range<usize>) -> Vec<&'f Range<usize>> {
    field.marked("odg", range).filter(|odg| !in_brackets(field, range, odg.start)).collect()
}

/// A citation of the outside source, named once more after "and", that names no chapter.
fn unnamed(field: &Field<'_>, range: &Range<usize>, counted: &[&Hit]) -> Option<Citation> {
    let sources = sources(field, range);
    let ends = sources.iter().skip(1).map(|next| next.start).chain([range.end]);
    let again = sources.iter().zip(ends).skip(1);
    let parted = again.filter(|(odg, _)| field.token(odg.start - 1) == "and");
    let mut again = parted.map(|(odg, end)| (odg, odg.end..end));
    let says = |at: usize| {
        !field.is("filler", at) && field.token(at).contains(|c: char| c.is_alphabetic())
    };
    let without = again.find(|(_, rest)| {
        !counted.iter().any(|hit| rest.contains(&hit.tokens.start)) && rest.clone().any(says)
    });
    without.map(|(odg, _)| field.bare(CHAPTER_UNNAMED, (*odg).clone()))
}

/// What is published elsewhere, named after another source.
pub(super) fn publication(field: &Field<'_>, range: Range<usize>) -> Option<Citation> {
    let outside = |at: &usize| !in_brackets(field, &range, *at);
    let named = field.marked("publication", &range).map(|name| name.start).find(outside);
    let journal = || range.clone().find(|at| is_journal(field, *at) && outside(at));
    Some(field.bare(OTHER_EVIDENCE, named.or_else(journal)?..range.end))
}

/// Adds a citation, or its topics and pages where its chapter is cited already.
pub(super) fn merge(citations: &mut Vec<Citation>, new: Citation) {
    match citations.iter_mut().find(|known| known.found.path == new.found.path) {
        None => citations.push(new),
        Some(known) => {
            known.year = known.year.or(new.year);
            let topics = new.topics.into_iter().filter(|topic| !known.topics.contains(topic));
            let topics: Vec<String> = topics.collect();
            known.topics.extend(topics);
            let pages = new.pages.into_iter().filter(|page| !known.pages.contains(page));
            let pages: Vec<String> = pages.collect();
            known.pages.extend(pages);
        }
    }
}

/// Cuts a field where it turns to another source; nothing where it names none.
fn segments<'a>(field: &Field<'a>) -> Vec<(&'a str, Range<usize>)> {
    let mut starts: Vec<(&str, usize)> = Vec::new();
    for (kind, range) in &field.markers {
        // A citation of the schedule may turn to the outside source without its form.
        let turns = *kind == "odg"
            && starts.last().is_some_and(|(kind, start)| {
                *kind == "mtus" && !in_brackets(field, &(*start..range.end), range.start)
            });
        if turns || matches!(*kind, "mtus" | "outside" | "other") {
            starts.push((kind, range.start));
        }
    }
    let end = field.tokens.tokens.len();
    let ends = starts.iter().skip(1).map(|(_, start)| *start).chain([end]);
    let segments = starts.iter().zip(ends).map(|((kind, start), end)| {
        let leads = ["form", "lead"]
            .iter()
            .filter_map(|kind| field.marked(kind, &(*start..end)).next().map(|lead| lead.start));
        let lead = leads.min().unwrap_or(end);
        (*kind, *start..lead)
    });
    segments.collect()
}

/// The hits that start within a token range.
fn within<'h>(hits: &'h [Hit], range: &Range<usize>) -> &'h [Hit] {
    let from = hits.partition_point(|hit| hit.tokens.start < range.start);
    let to = hits.partition_point(|hit| hit.tokens.start < range.end);
    hits.get(from..to).unwrap_or_default()
}

/// Whether a match in a citation of the schedule names a chapter and not a section of one.
fn names_chapter(field: &Field<'_>, range: &Range<usize>, hit: &Hit) -> bool {
    let before = range.start..hit.tokens.start;
    // A chapter of another publication.
    if field.marked("publication", &before).any(|name| !in_brackets(field, range, name.start)) {
        return false;
    }
    if field.marked("section", &before).next().is_none() {
        return true;
    }
    // The year may be a part of the name: "Eye 2004".
    let dated = (hit.tokens.start + 1..=hit.tokens.end).any(|at| year(field.token(at)).is_some());
    dated || field.is("filler", hit.tokens.end)
}

/// Whether a match is a chapter's name: right after its source's name, before the word "chapter",
/// or in a list of chapters.
fn is_chapter(
    field: &Field<'_>,
    range: &Range<usize>,
    start: usize,
    hit: &Hit,
    counted: &[&Hit],
) -> bool {
    let at = hit.tokens.start;
    let after = skip_asides(field, hit.tokens.end);
    if field.is("chapter", after) {
        return true;
    }
    if in_brackets(field, range, at) {
        return false;
    }
    let source =
        field.marked("odg", &(range.start..at)).rfind(|odg| odg.end <= at).map(|odg| odg.end);
    let from = source.unwrap_or(start);
    let fresh = !counted.iter().any(|known| known.tokens.start >= from);
    let first = skip_asides(field, from) >= at;
    if fresh && first {
        return true;
    }
    if hit.strength == Strength::Weak {
        return false;
    }
    let topic = (from..at).any(|token| field.token(token) == ":" && token > from);
    let listed = at > 0 && matches!(field.token(at - 1), "," | ";" | "." | "and");
    // "Low Back, Knee brace": what goes on is no chapter.
    let next = hit.tokens.end;
    let printed =
        field.tokens.tokens.get(next - 1).map_or(field.text.len(), |last| last.source.end);
    let ends = next >= range.end
        || field.text[printed..].starts_with('/')
        || !field.token(next).contains(char::is_alphanumeric)
        || ["chapter", "filler", "qualifier", "odg"].iter().any(|kind| field.is(kind, next));
    !topic
        && (fresh || listed && ends || counted.last().is_some_and(|known| known.tokens.end == at))
}

/// Whether a citation stands at the very start of its segment.
fn opens(field: &Field<'_>, start: usize, citation: &Citation) -> bool {
    let end = field.tokens.tokens.len();
    let first = skip_asides(field, start);
    field.printed(first..end).starts_with(&citation.found.words)
}

/// Skips punctuation, numbers, brackets and words that say nothing of the chapter.
fn skip_asides(field: &Field<'_>, from: usize) -> usize {
    let mut at = from;
    let end = field.tokens.tokens.len();
    while at < end {
        let token = field.token(at);
        let says_nothing = token.starts_with(|c: char| c.is_ascii_digit())
            || !token.contains(char::is_alphanumeric)
            || ["filler", "qualifier", "odg"].iter().any(|kind| field.is(kind, at));
        if token == "(" {
            at = (at..end).find(|&close| field.token(close) == ")").unwrap_or(end);
        } else if !says_nothing || field.is("chapter", at) {
            break;
        }
        at += 1;
    }
    at
}

pub(super) fn in_brackets(field: &Field<'_>, range: &Range<usize>, at: usize) -> bool {
    field.depth(at) > field.depth(range.start)
}

/// How many brackets are open before each token.
fn depths(tokens: &Tokens) -> Vec<u32> {
    let mut depth = 0_u32;
    let before = tokens.tokens.iter().map(|token| {
        let before = depth;
        depth = match &tokens.normal[token.normal.clone()] {
            "(" => depth + 1,
            ")" => depth.saturating_sub(1),
            _ => depth,
        };
        before
    });
    before.collect()
}

/// Whether all of a field says that nothing is cited.
fn says_nothing(field: &Field<'_>) -> bool {
    let nothing = field.markers.first().filter(|(kind, _)| *kind == "nothing");
    nothing.is_some_and(|(_, words)| {
        let mut rest = words.end..field.tokens.tokens.len();
        words.start == 0 && rest.all(|at| !field.token(at).contains(char::is_alphanumeric))
    })
}

pub(super) fn year(token: &str) -> Option<u16> {
    token.parse().ok().filter(|year| (1990..2100).contains(year))
}
