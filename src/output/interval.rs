//! Shares for people: as per cents, and drawn as a dot on the line of their interval, so that a share
//! of few items looks as uncertain as it is.

use super::style::{BOLD, DIM, Painted};
use super::table::number;
use crate::insight::{Proportion, Tally, proportion};

/// `36.4 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// `22.2-53.4 %`.
pub(crate) fn limits(low: f64, high: f64) -> String {
    format!("{:.1}-{:.1} %", low * 100.0, high * 100.0)
}

/// `12 of 33 overturned, 36.4 % (22.2-53.4 %)`.
pub(crate) fn in_words(tally: Tally) -> String {
    let of = format!("{} of {} overturned", number(tally.overturned), number(tally.decided));
    match proportion(tally.overturned, tally.decided) {
        Some(share) => format!("{of}, {} ({})", percent(share.rate), limits(share.low, share.high)),
        None => "none decided".to_owned(),
    }
}

/// Draws shares on one scale.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// The share at the right end.
    end: f64,
    /// Columns.
    width: usize,
}

/// The right end of a scale is a multiple of this.
const STEP: f64 = 0.1;

impl Scale {
    /// A scale on which all the shares have their place.
    pub(crate) fn new(tallies: impl Iterator<Item = Tally>, width: usize) -> Self {
        let highs = tallies.filter_map(|tally| proportion(tally.overturned, tally.decided));
        let highest = highs.map(|share| share.high).fold(STEP, f64::max);
        Self { end: ((highest - 1e-9) / STEP).ceil() * STEP, width }
    }

    /// The ends of the scale, in its width.
    pub(crate) fn heading(self) -> String {
        let end = format!("{:.0} %", self.end * 100.0);
        format!("0 %{end:>width$}", width = self.width.saturating_sub(3))
    }

    fn column(self, share: f64) -> usize {
        let last = self.width.saturating_sub(1);
        ((share / self.end * last as f64).round() as usize).min(last)
    }

    /// A share with its interval; nothing where nothing was decided.
    pub(crate) fn draw(self, tally: Tally) -> String {
        let share = proportion(tally.overturned, tally.decided);
        share.map(|share| self.line(share)).unwrap_or_default()
    }

    fn line(self, share: Proportion) -> String {
        let (low, dot, high) =
            (self.column(share.low), self.column(share.rate), self.column(share.high));
        let part = |from: usize, to: usize| -> String {
            let sign = |column| match column {
                column if column == low => '\u{251c}',
                column if column == high => '\u{2524}',
                _ => '\u{2500}',
            };
            (from..to).map(sign).collect()
        };
        let before = format!("{}{}", " ".repeat(low), part(low, dot));
        let after = part(dot + 1, high + 1);
        format!("{}{}{}", Painted(DIM, before), Painted(BOLD, '\u{25cf}'), Painted(DIM, after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn few_items_draw_a_long_line() {
        let tally = |overturned, decided| Tally { decided, overturned, ..Tally::default() };
        let (few, many) = (tally(2, 4), tally(200, 400));
        let scale = Scale::new([few, many].into_iter(), 21);
        assert_eq!(scale.heading().chars().count(), 21);
        let (few, many) = (plain(&scale.draw(few)), plain(&scale.draw(many)));
        assert!(few.contains('\u{25cf}') && many.contains('\u{25cf}'), "{few}\n{many}");
        assert_eq!(
            few.find('\u{25cf}').map(|at| few[..at].chars().count()),
            many.find('\u{25cf}').map(|at| many[..at].chars().count())
        );
        assert!(few.trim().chars().count() > many.trim().chars().count() * 3, "{few}\n{many}");
        assert_eq!(scale.draw(tally(0, 0)), "");
        assert_eq!(in_words(tally(0, 0)), "none decided");
    }
}
