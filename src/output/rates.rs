//! Rates as text and CSV: a table with intervals drawn, a cross table, two populations side by side.

use super::hit_table::csv_error;
use super::interval::{Scale, in_words, limits, percent};
use super::style::{BOLD, DIM, Painted, WARN};
use super::table::{bar, fit, number, plural};
use super::wrap::{clean, wrap};
use crate::insight::{Compared, Comparison, Difference, Rates, Row, Tally, proportion};
use crate::search::QueryInfo;
use std::io::{self, Write};

/// Narrower than this, a row takes two lines.
const NARROW: usize = 60;
/// The columns of figures in a row.
const FIGURES: usize = 38;
/// A drawing narrower than this says nothing.
const MIN_DRAWING: usize = 10;
/// Columns of the bars of a timeline.
const BARS: usize = 12;
/// Columns of a cell of a cross table.
const CELL: usize = 15;
/// Columns of figures where two populations stand side by side.
const PAIRED: usize = 17;
/// Columns of how they differ.
const APART: usize = 26;
/// Narrower than this, they stand one after the other.
const WIDE: usize = 76;

/// Writes rates for a person.
pub(crate) fn rates_text(out: &mut dyn Write, rates: &Rates, width: usize) -> io::Result<()> {
    heading(out, rates.total, rates.all, width)?;
    if let Some(comparison) = &rates.comparison {
        compared_text(out, rates, comparison, width)?;
    }
    let mut table = Table { out, rates, width };
    if !rates.rows.is_empty() {
        writeln!(table.out)?;
        match (rates.by.len(), &rates.comparison) {
            (2.., _) => table.cross()?,
            (_, Some(_)) => table.paired()?,
            _ => table.single()?,
        }
    }
    table.remarks()
}

/// How many, and how they came out.
fn heading(out: &mut dyn Write, total: u64, all: Tally, width: usize) -> io::Result<()> {
    for line in wrap(&format!("{}: {}", plural(total, "item"), in_words(all)), width) {
        writeln!(out, "{}", Painted(BOLD, line))?;
    }
    Ok(())
}

/// The two populations, how they differ and whether by chance.
fn compared_text(
    out: &mut dyn Write,
    rates: &Rates,
    comparison: &Comparison,
    width: usize,
) -> io::Result<()> {
    let Comparison { query, total, compared, test, shared, .. } = comparison;
    heading(out, *total, compared.tally, width)?;
    let mut lines = vec![format!("first: {}; second: {}", said(&rates.query), said(query))];
    if let Some(found) = compared.difference {
        lines.push(format!(
            "difference {} points, 95 % interval {} to {}",
            points(found.difference),
            points(found.low),
            points(found.high)
        ));
    }
    lines.extend(test.map(|test| format!("{}: p {}", test.test, probability(test.p))));
    if *shared > 0 {
        lines.push(format!(
            "{} in both: interval and test take them for different ones",
            plural(*shared, "item")
        ));
    }
    for line in lines.iter().flat_map(|line| wrap(line, width)) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// A population in words: its query and its filters.
fn said(query: &QueryInfo) -> String {
    let parts = [&query.interpreted].into_iter().chain(&query.filters);
    let parts: Vec<&str> = parts.map(String::as_str).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "every item".to_owned() } else { clean(&parts.join(", ")) }
}

/// A difference of shares in points of a hundred, with its sign.
fn points(share: f64) -> String {
    format!("{:+.1}", share * 100.0)
}

/// A probability after its name, such as `= 0.0312`.
pub(crate) fn probability(p: f64) -> String {
    if p < 0.0001 { "< 0.0001".to_owned() } else { format!("= {p:.4}") }
}

struct Table<'a> {
    out: &'a mut dyn Write,
    rates: &'a Rates,
    width: usize,
}

impl Table<'_> {
    fn title(&self) -> String {
        self.rates.by.iter().map(|by| by.label.as_str()).collect::<Vec<_>>().join(" and ")
    }

    /// A row a value, or two where the terminal is narrow; over time with bars of the counts.
    fn single(&mut self) -> io::Result<()> {
        if self.width < NARROW {
            return self.narrow();
        }
        let is_time = self.rates.by.iter().any(|by| by.is_time);
        let label = if is_time { 8 } else { (self.width / 3).clamp(12, 40) };
        let bars = if is_time { BARS + 1 } else { 0 };
        let drawing = self.width.saturating_sub(label + bars + FIGURES + 1);
        let rows = || self.rates.rows.iter();
        let scale = Scale::new(rows().map(|row| row.tally), drawing);
        let drawn = drawing >= MIN_DRAWING;
        let title = if is_time { fit("", label + bars) } else { fit(&self.title(), label) };
        let ends = if drawn { scale.heading() } else { String::new() };
        let head = format!(
            "{title}{:>9}{:>7}{:>8}{:>14} {ends}",
            "decided", "overt.", "rate", "95 % interval"
        );
        writeln!(self.out, "{}", Painted(DIM, head.trim_end()))?;
        let most = rows().map(|row| row.tally.decided).max().unwrap_or(0);
        for row in rows() {
            let mut start = fit(&indented(row), label);
            if is_time {
                let bar = fit(&bar(row.tally.decided, most, BARS), bars);
                start = format!("{start}{bar}");
            }
            let line = if drawn { scale.draw(row.tally) } else { String::new() };
            writeln!(self.out, "{start}{} {line}", figures(row.tally))?;
        }
        self.total(label + bars)
    }

    /// The last row: all items, each once.
    fn total(&mut self, label: usize) -> io::Result<()> {
        let line = format!("{}{}", fit("All", label), figures(self.rates.all));
        writeln!(self.out, "{}", Painted(BOLD, line))
    }

    fn narrow(&mut self) -> io::Result<()> {
        writeln!(self.out, "{}", Painted(DIM, self.title()))?;
        for row in &self.rates.rows {
            for line in wrap(&indented(row), self.width) {
                writeln!(self.out, "{}", Painted(BOLD, line))?;
            }
            for line in wrap(&in_words(row.tally), self.width.saturating_sub(2)) {
                writeln!(self.out, "  {line}")?;
            }
        }
        Ok(())
    }

    /// Both populations where there is no room for them side by side.
    fn paired_narrow(&mut self) -> io::Result<()> {
        writeln!(self.out, "{}", Painted(DIM, self.title()))?;
        for row in &self.rates.rows {
            let Some(Compared { tally, difference }) = &row.compared else { continue };
            for line in wrap(&indented(row), self.width) {
                writeln!(self.out, "{}", Painted(BOLD, line))?;
            }
            let apart = difference.map_or_else(|| "-".to_owned(), apart);
            let line = format!("{} against {}, {apart}", share(row.tally), share(*tally));
            for line in wrap(&line, self.width.saturating_sub(2)) {
                writeln!(self.out, "  {line}")?;
            }
        }
        Ok(())
    }

    /// Values of the first facet down, of the second across, as many as there is room for.
    fn cross(&mut self) -> io::Result<()> {
        let label = (self.width / 3).clamp(12, 30);
        let room = (self.width.saturating_sub(label) / CELL).max(1);
        let columns = self.columns();
        let shown = &columns[..room.min(columns.len())];
        let heads: Vec<String> = shown
            .iter()
            .map(|(_, label)| format!(" {:>w$}", short(label, CELL - 1), w = CELL - 1))
            .collect();
        let head = heads.concat();
        writeln!(self.out, "{}", Painted(DIM, self.title()))?;
        writeln!(self.out, "{}{}", fit("", label), Painted(DIM, head))?;
        for row in &self.rates.rows {
            let cell = |path: &str| {
                row.columns.iter().find(|cell| cell.path == path).map(|cell| cell.tally)
            };
            let cells: Vec<String> =
                shown.iter().map(|(path, _)| format!("{:>CELL$}", cell_text(cell(path)))).collect();
            writeln!(self.out, "{}{}", fit(&indented(row), label), cells.concat())?;
        }
        if columns.len() > shown.len() {
            let more = columns.len() - shown.len();
            for line in wrap(&format!("{more} more columns: --format csv has them all"), self.width)
            {
                writeln!(self.out, "{}", Painted(DIM, line))?;
            }
        }
        Ok(())
    }

    /// The values of the second facet, most decided first; those of time in order.
    fn columns(&self) -> Vec<(String, String)> {
        let mut columns: Vec<(u64, String, String)> = Vec::new();
        for cell in self.rates.rows.iter().flat_map(|row| &row.columns) {
            match columns.iter_mut().find(|(_, path, _)| *path == cell.path) {
                Some((count, ..)) => *count += cell.tally.decided,
                None => columns.push((cell.tally.decided, cell.path.clone(), cell.label.clone())),
            }
        }
        if self.rates.by.get(1).is_some_and(|by| by.is_time) {
            columns.sort_by(|a, b| a.1.cmp(&b.1));
        } else {
            columns.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        }
        columns.into_iter().map(|(_, path, label)| (path, label)).collect()
    }

    /// Both populations, and how they differ, value by value.
    fn paired(&mut self) -> io::Result<()> {
        if self.width < WIDE {
            return self.paired_narrow();
        }
        let label = self.width.saturating_sub(2 * PAIRED + APART).min(40);
        let head = format!(
            "{}{:>PAIRED$}{:>PAIRED$}{:>APART$}",
            fit(&self.title(), label),
            "first",
            "second",
            "difference, points"
        );
        writeln!(self.out, "{}", Painted(DIM, head))?;
        for row in &self.rates.rows {
            let Some(Compared { tally, difference }) = &row.compared else { continue };
            let apart = difference.map_or_else(String::new, apart);
            let (first, second) = (share(row.tally), share(*tally));
            writeln!(
                self.out,
                "{}{first:>PAIRED$}{second:>PAIRED$}{apart:>APART$}",
                fit(&indented(row), label)
            )?;
        }
        Ok(())
    }

    /// What the figures do not show by themselves.
    fn remarks(&mut self) -> io::Result<()> {
        let Rates { all, without, left_out, repeated, by, .. } = self.rates;
        let mut notes = self.rates.notes.clone();
        if all.partly > 0 {
            notes.push(format!(
                "{} overturned in part: decided, not counted as overturned",
                plural(all.partly, "item")
            ));
        }
        if all.unknown > 0 {
            notes.push(format!(
                "{} without a known outcome: in no rate",
                plural(all.unknown, "item")
            ));
        }
        if let (Some(first), 1..) = (by.first(), without.items()) {
            let name = first.label.to_lowercase();
            notes.push(format!(
                "{} without a value of \"{name}\": {}",
                plural(without.items(), "item"),
                in_words(*without)
            ));
        }
        if *repeated > 0 {
            notes.push(format!(
                "{} of {} have a rationale that stands word for word in another: so many fewer reasons than items",
                number(*repeated),
                plural(all.items(), "item")
            ));
        }
        if *left_out > 0 {
            notes.push(format!(
                "{} with fewer items decided left out (--min)",
                plural(*left_out, "row")
            ));
        }
        let items = |rows: &[Row]| rows.iter().map(|row| row.tally.items()).sum::<u64>();
        let rows = &self.rates.rows;
        if items(rows) > all.items()
            || rows.iter().any(|row| items(&row.columns) > row.tally.items())
        {
            notes.push("an item counts under each of its values, once in the total".to_owned());
        }
        if !notes.is_empty() {
            writeln!(self.out)?;
        }
        for line in notes.iter().flat_map(|note| wrap(note, self.width)) {
            writeln!(self.out, "{}", Painted(WARN, line))?;
        }
        Ok(())
    }
}

fn indented(row: &Row) -> String {
    format!("{}{}", "  ".repeat(row.path.matches('/').count()), clean(&row.label))
}

fn short(text: &str, width: usize) -> String {
    fit(text, width).trim_end().to_owned()
}

/// Decided, overturned, rate, interval, in [`FIGURES`] columns.
fn figures(tally: Tally) -> String {
    let (rate, interval) = proportion(tally.overturned, tally.decided)
        .map(|share| (percent(share.rate), limits(share.low, share.high)))
        .unwrap_or_default();
    let (decided, overturned) = (number(tally.decided), number(tally.overturned));
    format!("{decided:>9}{overturned:>7}{rate:>8}{interval:>14}")
}

/// `+9.2 (-0.5 to +20.3)`, in points of a hundred.
fn apart(found: Difference) -> String {
    format!("{} ({} to {})", points(found.difference), points(found.low), points(found.high))
}

/// `36.4 % (12/33)`.
fn share(tally: Tally) -> String {
    match proportion(tally.overturned, tally.decided) {
        Some(share) => format!("{} ({}/{})", percent(share.rate), tally.overturned, tally.decided),
        None => "-".to_owned(),
    }
}

fn cell_text(tally: Option<Tally>) -> String {
    let tally = tally.unwrap_or_default();
    match proportion(tally.overturned, tally.decided) {
        Some(share) => format!("{:.0} % of {}", share.rate * 100.0, number(tally.decided)),
        None => "\u{b7}".to_owned(),
    }
}

/// Writes rates as CSV: a line a value, or a line a cell; last the total.
pub(crate) fn rates_csv(out: &mut dyn Write, rates: &Rates) -> io::Result<()> {
    write_csv(out, rates).map_err(csv_error)
}

const TALLY: [&str; 7] = ["decided", "overturned", "rate", "low", "high", "partly", "unknown"];

fn write_csv(out: &mut dyn Write, rates: &Rates) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let is_cross = rates.by.len() > 1;
    let mut head = vec!["path", "label"];
    head.extend(if is_cross { &["path_2", "label_2"][..] } else { &[] });
    head.extend(TALLY);
    if rates.comparison.is_some() {
        head.extend([
            "other_decided",
            "other_overturned",
            "difference",
            "difference_low",
            "difference_high",
        ]);
    }
    csv.write_record(&head)?;
    for row in &rates.rows_with_totals() {
        let names = |row: &Row| [row.path.clone(), row.label.clone()];
        let mut columns: Vec<&Row> = row.columns.iter().collect();
        if !is_cross || row.path.is_empty() {
            columns = vec![row];
        }
        for cell in columns {
            let mut record: Vec<String> = names(row).to_vec();
            if is_cross {
                let second =
                    if row.path.is_empty() { [String::new(), String::new()] } else { names(cell) };
                record.extend(second);
            }
            record.extend(tally_fields(cell.tally));
            record.extend(
                rates.comparison.iter().flat_map(|_| compared_fields(cell.compared.as_ref())),
            );
            csv.write_record(record)?;
        }
    }
    Ok(csv.flush()?)
}

fn tally_fields(tally: Tally) -> [String; 7] {
    let share = proportion(tally.overturned, tally.decided);
    let limit = |limit: fn(crate::insight::Proportion) -> f64| {
        share.map(|share| format!("{:.6}", limit(share))).unwrap_or_default()
    };
    [
        tally.decided.to_string(),
        tally.overturned.to_string(),
        limit(|share| share.rate),
        limit(|share| share.low),
        limit(|share| share.high),
        tally.partly.to_string(),
        tally.unknown.to_string(),
    ]
}

fn compared_fields(compared: Option<&Compared>) -> [String; 5] {
    let Some(Compared { tally, difference }) = compared else { return Default::default() };
    let points = difference.map(|found| [found.difference, found.low, found.high]);
    let [apart, low, high] =
        points.map(|all| all.map(|share| format!("{share:.6}"))).unwrap_or_default();
    [tally.decided.to_string(), tally.overturned.to_string(), apart, low, high]
}
