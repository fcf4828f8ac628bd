//! The texts of a letter in the order in which they are read.

use crate::query::Field;
use crate::record::{ItemRecord, LetterRecord};
use crate::search::Marker;

/// A text with its name and the part of an item that it is for a search.
pub(super) struct Section<'a> {
    pub(super) name: &'static str,
    pub(super) field: Field,
    pub(super) text: &'a str,
}

/// A text with what the search looked for in it, as character offsets.
pub(super) type Marked<'a> = (Section<'a>, Vec<[usize; 2]>);

impl<'a> Section<'a> {
    /// With what is marked in it.
    pub(super) fn marked(self, marker: &Marker) -> Marked<'a> {
        let marks = marker.marks(self.field, self.text);
        (self, marks)
    }
}

/// Texts about the whole letter.
pub(super) fn of_letter(letter: &LetterRecord) -> Vec<Section<'_>> {
    let section = |text| Section { name: "Case summary", field: Field::Summary, text };
    letter.summary.as_deref().map(section).into_iter().collect()
}

/// Texts of an item.
pub(super) fn of_item(item: &ItemRecord) -> Vec<Section<'_>> {
    let guidelines = &item.guidelines;
    let disputed = Some(item.disputed.as_str()).filter(|disputed| *disputed != item.title);
    let texts = [
        ("Request", Field::Title, Some(item.title.as_str())),
        ("In dispute", Field::Disputed, disputed),
        (
            "The denial leans on",
            Field::Guideline,
            guidelines.claims_administrator_printed.as_deref(),
        ),
        ("The reviewer leans on", Field::Guideline, guidelines.reviewer_printed.as_deref()),
        ("The reviewer's reasons", Field::Rationale, item.rationale.as_deref()),
    ];
    let section = |(name, field, text)| Some(Section { name, field, text: text? });
    texts.into_iter().filter_map(section).collect()
}

/// The matches in the whole text, whichever part they are looked for in: in order and apart.
pub(super) fn whole_text(marker: &Marker, text: &str) -> Vec<[usize; 2]> {
    joined(Field::ALL.iter().flat_map(|field| marker.marks(*field, text)).collect())
}

fn joined(mut all: Vec<[usize; 2]>) -> Vec<[usize; 2]> {
    all.sort_unstable();
    let mut apart: Vec<[usize; 2]> = Vec::new();
    for [start, end] in all {
        match apart.last_mut() {
            Some(last) if start < last[1] => last[1] = last[1].max(end),
            _ => apart.push([start, end]),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_of_several_looks_are_joined() {
        let looks = vec![[0, 3], [8, 9], [0, 3], [2, 5], [5, 6]];
        assert_eq!(joined(looks), [[0, 5], [5, 6], [8, 9]]);
    }
}
