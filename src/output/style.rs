//! Colours and width of the terminal.

use anstyle::{AnsiColor, Style};
use std::fmt;

/// Headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// What is less important.
pub(crate) const DIM: Style = Style::new().dimmed();
/// Matches.
pub(crate) const MARK: Style = AnsiColor::Yellow.on_default().bold();
/// What asks for attention.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default();

/// The widest text that is pleasant to read.
const MAX_WIDTH: usize = 100;
/// The width where there is no terminal.
const DEFAULT_WIDTH: usize = 80;
/// The narrowest that is wrapped to.
const MIN_WIDTH: usize = 30;

/// The colour of an outcome: never the only sign, the word stands beside it.
pub(crate) fn outcome_style(path: &str) -> Style {
    match path {
        "overturned" => AnsiColor::Green.on_default().bold(),
        "partially-overturned" => AnsiColor::Cyan.on_default().bold(),
        "upheld" => AnsiColor::Red.on_default().bold(),
        _ => Style::new().bold(),
    }
}

/// Columns to write to.
pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns.or_else(terminal).unwrap_or(DEFAULT_WIDTH).clamp(MIN_WIDTH, MAX_WIDTH)
}

/// A text in a style.
pub(crate) struct Painted<T>(pub(crate) Style, pub(crate) T);

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.0.render(), self.1, self.0.render_reset())
    }
}
