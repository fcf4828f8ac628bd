//! Guideline fields in sentences of their own, as letters before 2015 have them: each statement says what it cites and
//! whether that is a part of the state's schedule.

use super::Citation;
use super::guideline::{
    CHAPTER_UNNAMED, Field, Guidelines, NONE_CITED, OTHER_EDITION, OTHER_EVIDENCE, counted,
    in_brackets, merge, publication,
};
use std::ops::Range;

impl Guidelines {
    /// A field in sentences of its own, as letters before 2015 have, or without a source's mark: what
    /// it names, it cites.
    pub(super) fn prose(
        &self,
        field: &Field<'_>,
        everything: &Range<usize>,
        denial: &[Citation],
    ) -> Vec<Citation> {
        let mut citations = agreed(field, everything, denial);
        // Who agrees may cite more after that.
        let agrees = field.marked("same", everything).next().filter(|_| !citations.is_empty());
        let from = agrees.map_or(everything.start, |words| words.end);
        for statement in statements(field, &(from..everything.end)) {
            self.statement(field, &statement, &mut citations);
        }
        if citations.is_empty() {
            let acoem = field.marked("acoem", everything).next();
            let none = field.marked("none", everything).next();
            let known = acoem.map(|words| field.bare(OTHER_EDITION, words.clone()));
            citations.extend(known.or_else(|| Some(field.bare(NONE_CITED, none?.clone()))));
        }
        let says = |kind| field.marked(kind, everything).next().is_some();
        if citations.is_empty() && (says("based") || says("lead") && says("apart")) {
            citations.push(field.bare(OTHER_EVIDENCE, everything.clone()));
        }
        citations
    }

    /// Adds what one statement of such a field cites.
    fn statement(
        &self,
        field: &Field<'_>,
        statement: &Range<usize>,
        citations: &mut Vec<Citation>,
    ) {
        let edition = other_edition(field, statement);
        let end = edition.as_ref().map_or(statement.end, |acoem| acoem.start);
        let (whole, statement) = (statement, &(statement.start..end));
        let odg = field.marked("odg", statement).next();
        let before = odg.map_or(statement.end, |odg| odg.start);
        // After the other source's name only its own can lead back to the schedule.
        let again = field.marked("mtus", &(before..statement.end)).next();
        let after = again.map_or(statement.end, |marker| marker.start);
        for range in [statement.start..before, after..statement.end] {
            for cited in self.schedule(field, &range) {
                merge(citations, cited);
            }
        }
        if let Some(odg) = odg {
            let range = odg.start..statement.end;
            let counted = counted(field, &range, odg.end);
            let mut chapters = self.chapters(field, &range, &counted);
            if chapters.is_empty() {
                chapters.push(field.bare(CHAPTER_UNNAMED, odg.clone()));
            }
            for chapter in chapters {
                merge(citations, chapter);
            }
        }
        let outside = field.marked("apart", whole).next().is_some();
        let published = publication(field, statement.clone());
        if let Some(published) = published.filter(|_| outside || !citations.is_empty()) {
            merge(citations, published);
        }
        if let Some(edition) = edition {
            merge(citations, field.bare(OTHER_EDITION, edition));
        }
    }
}

/// What the denial cites, where the field says that this is right.
fn agreed(field: &Field<'_>, everything: &Range<usize>, denial: &[Citation]) -> Vec<Citation> {
    let Some(words) = field.marked("same", everything).next() else { return Vec::new() };
    let is_denied = |at| matches!(field.token(at), "not" | "none" | "no" | "neither");
    if (everything.start..words.start).any(is_denied) {
        return Vec::new();
    }
    let cited = denial.iter().filter(|citation| citation.found.path != NONE_CITED);
    cited
        .map(|citation| {
            let found = field.bare(&citation.found.path, words.clone()).found;
            Citation { found, ..citation.clone() }
        })
        .collect()
}

/// The statements of a field in sentences: each ends by saying whether what it cites is a part of the schedule.
fn statements(field: &Field<'_>, everything: &Range<usize>) -> Vec<Range<usize>> {
    let ends = |at: usize| {
        let and =
            field.token(at) == "and" || field.token(at) == "," && field.token(at + 1) == "and";
        and || matches!(field.token(at), "." | ";" | "")
    };
    let said = field.markers.iter().filter(|(kind, words)| {
        matches!(*kind, "aside" | "apart")
            && ends(words.end)
            && !in_brackets(field, everything, words.start)
    });
    let mut starts = vec![everything.start];
    starts.extend(said.map(|(_, words)| words.end));
    let ends = starts[1..].iter().copied().chain([everything.end]);
    starts.iter().zip(ends).map(|(start, end)| *start..end).collect()
}

/// The name of an edition of the schedule's chapters that a statement says to be no part of it: what it names last.
fn other_edition(field: &Field<'_>, statement: &Range<usize>) -> Option<Range<usize>> {
    let apart = field.marked("apart", statement).next_back()?;
    let before = statement.start..apart.start;
    let last = |kind: &'static str| field.marked(kind, &before).next_back();
    let acoem = last("acoem")?;
    let others = ["odg", "publication", "mtus"].iter().filter_map(|kind| last(kind));
    others.into_iter().all(|other| other.start < acoem.start).then(|| acoem.clone())
}
