//! What separates two sides, as text and CSV.

use super::hit_table::csv_error;
use super::style::{BOLD, DIM, Painted, WARN};
use super::table::{fit, number, plural};
use super::wrap::{wrap, wrap_marked};
use crate::insight::{Contrast, Phrase, SideInfo};
use std::io::{self, Write};

/// Columns of a count with its share.
const COUNT: usize = 17;
/// Columns of the measure.
const Z: usize = 7;
/// With fewer columns left for a phrase its figures stand below it.
const NARROW: usize = 16;

/// Writes a contrast for a person.
pub(crate) fn contrast_text(
    out: &mut dyn Write,
    contrast: &Contrast,
    width: usize,
) -> io::Result<()> {
    let sides = contrast.sides.iter().map(|side| format!("{} {}", number(side.items), side.label));
    let head =
        format!("{}: {}", plural(contrast.total, "item"), sides.collect::<Vec<_>>().join(", "));
    for line in wrap(&head, width) {
        writeln!(out, "{}", Painted(BOLD, line))?;
    }
    if contrast.total == 0 {
        return writeln!(out, "{}", Painted(DIM, "nothing to compare"));
    }
    for (at, side) in contrast.sides.iter().enumerate() {
        let own: Vec<&Phrase> =
            contrast.phrases.iter().filter(|phrase| phrase.number == at).collect();
        let other = &contrast.sides[1 - at];
        writeln!(out)?;
        let head =
            format!("More often in: {} ({})", side.label, plural(side.rationales, "rationale"));
        for line in wrap(&head, width) {
            writeln!(out, "{}", Painted(BOLD, line))?;
        }
        if own.is_empty() {
            let empty = contrast.sides.iter().any(|side| side.items == 0);
            let why = if side.items == 0 {
                "no item is on this side"
            } else if empty {
                "there is nothing to compare with"
            } else {
                "nothing that chance does not explain"
            };
            writeln!(out, "{}", Painted(DIM, why))?;
            continue;
        }
        let table = Table { sides: [side, other], at, label: width.saturating_sub(2 * COUNT + Z) };
        let is_narrow = table.label < NARROW;
        if !is_narrow {
            table.head(out)?;
        }
        for phrase in own {
            if is_narrow {
                table.narrow(out, phrase, width)?;
            } else {
                table.row(out, phrase)?;
            }
            if let Some(example) = &phrase.example {
                for line in wrap_marked(&example.text, &example.marks, width.saturating_sub(4)) {
                    writeln!(out, "  \u{2502} {line}")?;
                }
            }
        }
    }
    notes(out, contrast, width)
}

/// The phrases of a side.
struct Table<'a> {
    /// Its own side first.
    sides: [&'a SideInfo; 2],
    at: usize,
    /// Columns of a phrase.
    label: usize,
}

impl Table<'_> {
    fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        let [own, other] = self.sides.map(|side| fit(&side.label, COUNT - 2).trim_end().to_owned());
        let label = fit("", self.label);
        let head = format!("{label}{own:>COUNT$}{other:>COUNT$}{:>Z$}", "z");
        writeln!(out, "{}", Painted(DIM, head))
    }

    fn shares(&self, phrase: &Phrase) -> [String; 2] {
        let counts = [phrase.counts[self.at], phrase.counts[1 - self.at]];
        [0, 1].map(|side| share(counts[side], self.sides[side].rationales))
    }

    fn row(&self, out: &mut dyn Write, phrase: &Phrase) -> io::Result<()> {
        let [own, other] = self.shares(phrase);
        let figures = format!("{own:>COUNT$}{other:>COUNT$}{:>Z$}", distance(phrase));
        writeln!(out, "{}{figures}", Painted(BOLD, fit(&phrase.phrase, self.label)))
    }

    /// A phrase with its figures below it.
    fn narrow(&self, out: &mut dyn Write, phrase: &Phrase, width: usize) -> io::Result<()> {
        for line in wrap(&phrase.phrase, width) {
            writeln!(out, "{}", Painted(BOLD, line))?;
        }
        let [own, other] = self.shares(phrase);
        let labels = self.sides.map(|side| &side.label);
        let figures = format!("{} {own}, {} {other}, z {}", labels[0], labels[1], distance(phrase));
        for line in wrap(&figures, width.saturating_sub(2)) {
            writeln!(out, "  {line}")?;
        }
        Ok(())
    }
}

/// How far the sides differ; with a mark where that may be chance.
fn distance(phrase: &Phrase) -> String {
    let mark = if phrase.beyond_chance { "" } else { "?" };
    format!("{:.1}{mark}", phrase.z.abs())
}

fn share(count: u64, all: u64) -> String {
    let share = if all == 0 { 0.0 } else { count as f64 * 100.0 / all as f64 };
    format!("{} ({share:.0} %)", number(count))
}

fn notes(out: &mut dyn Write, contrast: &Contrast, width: usize) -> io::Result<()> {
    if !contrast.notes.is_empty() {
        writeln!(out)?;
    }
    for line in contrast.notes.iter().flat_map(|note| wrap(note, width)) {
        writeln!(out, "{}", Painted(WARN, line))?;
    }
    if contrast.phrases.iter().any(|phrase| !phrase.beyond_chance) {
        let line = "? after z: the difference may be chance";
        writeln!(out, "{}", Painted(DIM, line))?;
    }
    Ok(())
}

/// Writes a contrast as CSV.
pub(crate) fn contrast_csv(out: &mut dyn Write, contrast: &Contrast) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let mut write = |record: &[String]| csv.write_record(record).map_err(csv_error);
    let head = [
        "phrase",
        "side",
        "z",
        "log_odds",
        "first",
        "first_all",
        "second",
        "second_all",
        "example_id",
        "example",
        "beyond_chance",
    ];
    write(&head.map(str::to_owned))?;
    let [first, second] = &contrast.sides;
    for phrase in &contrast.phrases {
        let example = phrase.example.as_ref();
        write(&[
            phrase.phrase.clone(),
            phrase.side.clone(),
            format!("{:.3}", phrase.z),
            format!("{:.3}", phrase.log_odds),
            phrase.counts[0].to_string(),
            first.rationales.to_string(),
            phrase.counts[1].to_string(),
            second.rationales.to_string(),
            example.map(|example| example.id.clone()).unwrap_or_default(),
            example.map(|example| example.text.clone()).unwrap_or_default(),
            phrase.beyond_chance.to_string(),
        ])?;
    }
    csv.flush()
}
