//! Hits as a table for programs: the columns, and CSV.

use crate::export::TWINS;
use crate::record::CitationRecord;
use crate::search::{Hit, Matched};
use std::io::{self, Write};

/// A column of a table of hits: its name, and what it says of a hit.
pub(crate) type Column = (&'static str, fn(&Hit) -> String);

/// All columns; lists are joined by `; `.
pub(crate) const HIT_COLUMNS: [Column; 27] = [
    ("id", |hit| hit.item.item.id.clone()),
    ("letter", |hit| hit.item.letter.clone()),
    ("number", |hit| hit.item.item.number.to_string()),
    ("score", |hit| format!("{:.4}", hit.score)),
    ("matched", |hit| matched(hit.matched).to_owned()),
    ("outcome", |hit| hit.item.item.outcome.clone()),
    ("title", |hit| hit.item.item.title.clone()),
    ("disputed", |hit| hit.item.item.disputed.clone()),
    ("decided", |hit| hit.item.decided.clone().unwrap_or_default()),
    ("injured", |hit| hit.item.injured.clone().unwrap_or_default()),
    ("treatments", |hit| joined(&hit.item.item.treatments)),
    ("body_regions", |hit| joined(&hit.item.item.body_regions)),
    ("laterality", |hit| hit.item.item.laterality.clone()),
    ("timing", |hit| hit.item.item.timing.clone()),
    ("ur_action", |hit| hit.item.item.ur_action.clone()),
    ("reviewer_guidelines", |hit| cited(&hit.item.item.guidelines.reviewer)),
    ("denial_guidelines", |hit| cited(&hit.item.item.guidelines.claims_administrator)),
    ("specialties", |hit| joined(&hit.item.specialties)),
    ("states", |hit| joined(&hit.item.states)),
    ("letter_outcome", |hit| hit.item.letter_outcome.clone().unwrap_or_default()),
    ("age", |hit| hit.item.age.map(|age| age.to_string()).unwrap_or_default()),
    ("sex", |hit| hit.item.sex.clone().unwrap_or_default()),
    ("layout", |hit| hit.item.layout.clone()),
    ("passage", |hit| hit.passages.first().map(|passage| passage.text.clone()).unwrap_or_default()),
    ("passage_part", |hit| {
        hit.passages.first().map(|passage| passage.field.to_owned()).unwrap_or_default()
    }),
    ("conclusion", |hit| hit.conclusion.as_ref().map(|c| c.text.clone()).unwrap_or_default()),
    ("source", |hit| hit.item.source.clone()),
];

fn joined(values: &[String]) -> String {
    values.join("; ")
}

fn cited(citations: &[CitationRecord]) -> String {
    citations.iter().map(|citation| citation.path.as_str()).collect::<Vec<_>>().join("; ")
}

fn matched(matched: Matched) -> &'static str {
    match matched {
        Matched::Full => "full",
        Matched::Most => "most",
        Matched::Some => "some",
    }
}

/// The columns named, or all.
///
/// # Errors
/// The first name that is no column's.
pub(crate) fn hit_columns(names: &[String]) -> Result<Vec<Column>, &str> {
    if names.is_empty() {
        return Ok(HIT_COLUMNS.to_vec());
    }
    let chosen = names.iter().map(|name| {
        let plain = name.trim().replace('-', "_");
        let is_it = |(known, _): &Column| *known == plain || TWINS.contains(&(&plain, known));
        HIT_COLUMNS.into_iter().find(is_it).ok_or_else(|| name.trim())
    });
    chosen.collect()
}

/// Writes hits as CSV.
///
/// # Errors
/// If writing fails.
pub(crate) fn hits_csv(out: &mut dyn Write, hits: &[Hit], columns: &[Column]) -> io::Result<()> {
    let write = || {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(columns.iter().map(|(name, _)| name))?;
        for hit in hits {
            csv.write_record(columns.iter().map(|(_, of)| of(hit)))?;
        }
        Ok(csv.flush()?)
    };
    write().map_err(csv_error)
}

/// The error of writing a table; that of the writer below it is kept, which tells a closed pipe.
pub(crate) fn csv_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}
