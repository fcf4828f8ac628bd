//! How items of a segment came out, read from the facet values that they have in any case.

use crate::search::Segment;
use crate::vocabulary::{Ending, Vocabularies};
use std::ops::Range;

/// The endings of a segment's outcomes, by ordinal.
pub struct Outcomes {
    range: Range<u32>,
    endings: Vec<Option<Ending>>,
}

impl Outcomes {
    /// Reads which outcome of a segment is which.
    pub fn new(segment: &Segment<'_>, vocabularies: &Vocabularies) -> Self {
        let Some(facet) = vocabularies.outcome() else {
            return Self { range: 0..0, endings: Vec::new() };
        };
        let range = segment.ordinals(&facet.name);
        let ending = |ordinal| facet.ending(segment.path(&facet.name, ordinal));
        Self { endings: range.clone().map(ending).collect(), range }
    }

    /// The ordinals of all outcomes.
    pub(super) fn ordinals(&self) -> Range<u32> {
        self.range.clone()
    }

    /// The ending that a value says; `None` for values that say none.
    pub fn of(&self, ordinal: u32) -> Option<Ending> {
        if !self.range.contains(&ordinal) {
            return None;
        }
        self.endings[(ordinal - self.range.start) as usize]
    }

    /// How an item came out.
    pub fn of_item(&self, segment: &Segment<'_>, doc: u32) -> Option<Ending> {
        segment.values().of(doc).iter().find_map(|&ordinal| self.of(ordinal))
    }
}
