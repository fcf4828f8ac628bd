//! Writes answers for a terminal or for programs: text, JSON, JSON lines, CSV.
//!
//! Data goes to stdout, notes and errors to stderr. Only here and in `cli` is anything
//! printed.

mod cite;
mod contrast;
mod evidence;
mod export;
mod hit_table;
mod hits;
mod interval;
mod letter;
mod rates;
mod similar;
mod style;
mod table;
mod wrap;

pub(crate) use cite::{Cites, cite};
pub(crate) use contrast::{contrast_csv, contrast_text};
pub(crate) use evidence::{Evidence, evidence, evidence_text};
pub(crate) use export::{dictionary_csv, export_csv, export_jsonl};
pub(crate) use hit_table::{Column, HIT_COLUMNS, csv_error, hit_columns, hits_csv};
pub(crate) use hits::{Page, facets_text, response_text};
pub(crate) use letter::{Look, item_text, letter_text};
pub(crate) use rates::{probability, rates_csv, rates_text};
pub(crate) use similar::{Pairs, differing, similar_csv, similar_text};
pub(crate) use style::{BOLD, DIM, Painted, WARN, width};
pub(crate) use table::{ago, number, plural};
pub(crate) use wrap::{clean, field};

use serde::Serialize;
use std::io::{self, Write};

/// Writes a value as indented JSON.
pub(crate) fn json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// Writes a value as one line of JSON.
pub(crate) fn json_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}
