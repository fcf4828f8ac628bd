//! Rates as drawings: an interval beside a row, and a line with its band over time.
//!
//! A drawing is made of numbers that stand beside it in a table, so it is hidden from those who listen.

use crate::insight::{Proportion, Row, Tally, proportion};
use maud::{Markup, html};

/// Rows with fewer decided items do not stretch the scale.
const FEW: u64 = 5;
/// Width and height of a row's drawing.
const WIDTH: f64 = 220.0;
const HEIGHT: f64 = 20.0;
/// Width, height and margins of the drawing over time.
const PLOT: (f64, f64) = (760.0, 250.0);
const LEFT: f64 = 48.0;
const BOTTOM: f64 = 34.0;
const TOP: f64 = 12.0;
/// Room for the name of a step below the drawing over time.
const NAME: f64 = 62.0;

/// The share of overturned among decided items.
pub(super) fn rate(tally: Tally) -> Option<Proportion> {
    proportion(tally.overturned, tally.decided)
}

/// The end of a scale that holds the rates of rows: a whole tenth.
pub(super) fn scale<'r>(rows: impl Iterator<Item = &'r Row>) -> f64 {
    let known = rows.filter(|row| row.tally.decided >= FEW).filter_map(|row| rate(row.tally));
    tenth(known.map(|rate| rate.high).fold(0.0, f64::max))
}

/// The first whole tenth that is not below a share.
pub(super) fn tenth(share: f64) -> f64 {
    ((share * 10.0).ceil() / 10.0).clamp(0.1, 1.0)
}

/// A rate with its interval on a scale, and where the rate of all lies.
pub(super) fn interval(tally: Tally, all: Tally, scale: f64) -> Markup {
    let x = |share: f64| fixed((share / scale).min(1.0) * (WIDTH - 12.0) + 6.0);
    let middle = HEIGHT / 2.0;
    html! {
        svg.interval viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) aria-hidden="true" focusable="false" {
            line.ground x1="6" x2=(WIDTH - 6.0) y1=(middle) y2=(middle) {}
            @if let Some(all) = rate(all) {
                line.all x1=(x(all.rate)) x2=(x(all.rate)) y1="0" y2=(HEIGHT) {}
            }
            @if let Some(own) = rate(tally) {
                line.whisker x1=(x(own.low)) x2=(x(own.high)) y1=(middle) y2=(middle) {}
                circle.dot.beyond[is_beyond(own.rate, scale)] cx=(x(own.rate)) cy=(middle) r="4.5" {}
            }
        }
    }
}

/// Whether a rate lies beyond the end of a scale: its dot stands hollow at the end.
fn is_beyond(rate: f64, scale: f64) -> bool {
    rate > scale + 1e-9
}

/// Whether any rate of rows does.
pub(super) fn any_beyond(rows: &[Row]) -> bool {
    let scale = scale(rows.iter());
    rows.iter().filter_map(|row| rate(row.tally)).any(|rate| is_beyond(rate.rate, scale))
}

/// The shares of two sides as bars, each in the colour of its class.
pub(super) fn shares(sides: &[(f64, String); 2]) -> Markup {
    const BAR: f64 = 8.0;
    html! {
        svg.shares viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) aria-hidden="true" focusable="false" {
            @for (at, (share, class)) in sides.iter().enumerate() {
                @let y = at as f64 * (BAR + 3.0);
                rect.ground x="0" y=(y) width=(WIDTH) height=(BAR) {}
                rect.bar.(class) x="0" y=(y) width=(fixed(share.clamp(0.0, 1.0) * WIDTH)) height=(BAR) {}
            }
        }
    }
}

/// Rates over time: a line, and the band in which the true rate may well lie.
pub(super) fn timeline(rows: &[Row]) -> Markup {
    let mut known: Vec<(&Row, Proportion)> =
        rows.iter().filter_map(|row| Some((row, rate(row.tally)?))).collect();
    // Rows may stand in another order.
    known.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    if known.len() < 2 {
        return html! {};
    }
    let times = known.iter().map(|(row, _)| months(&row.path)).collect();
    let place = Place { times, scale: scale(rows.iter()) };
    let named = place.named();
    let upper = known.iter().enumerate().map(|(at, (_, rate))| place.point(at, rate.high));
    let lower = known.iter().enumerate().rev().map(|(at, (_, rate))| place.point(at, rate.low));
    let band: Vec<String> = upper.chain(lower).collect();
    let line = known.iter().enumerate().map(|(at, (_, rate))| place.point(at, rate.rate));
    let line: Vec<String> = line.collect();
    html! {
        svg.timeline viewBox={ "0 0 " (PLOT.0) " " (PLOT.1) } aria-hidden="true" focusable="false" {
            (place.grid())
            polygon.band points=(band.join(" ")) {}
            polyline.line points=(line.join(" ")) {}
            @for (at, (row, rate)) in known.iter().enumerate() {
                circle.dot.beyond[is_beyond(rate.rate, place.scale)] cx=(fixed(place.x(at))) cy=(fixed(place.y(rate.rate))) r="4" {
                    title { (row.label) ": " (percent(rate.rate)) }
                }
                @if named.contains(&at) {
                    text x=(fixed(place.x(at))) y=(PLOT.1 - 10.0) text-anchor="middle" { (row.label) }
                }
            }
        }
    }
}

/// A year, quarter or month, such as `2015`, `2015-Q2` or `2015-04`, in months.
fn months(path: &str) -> f64 {
    let (year, rest) = path.split_once('-').unwrap_or((path, "1"));
    let month = match rest.strip_prefix('Q') {
        Some(quarter) => quarter.parse::<f64>().map_or(1.0, |quarter| quarter * 3.0 - 2.0),
        None => rest.parse().unwrap_or(1.0),
    };
    year.parse::<f64>().unwrap_or(0.0) * 12.0 + month
}

/// Where things stand in the drawing over time.
struct Place {
    /// When each step is, in months.
    times: Vec<f64>,
    scale: f64,
}

impl Place {
    fn x(&self, at: usize) -> f64 {
        let width = PLOT.0 - LEFT - 24.0;
        let (first, last) = (self.times[0], self.times[self.times.len() - 1]);
        LEFT + width * (self.times[at] - first) / (last - first).max(1.0)
    }

    /// The steps whose names have room.
    fn named(&self) -> Vec<usize> {
        let mut named: Vec<usize> = Vec::new();
        for at in 0..self.times.len() {
            if named.last().is_none_or(|last| self.x(at) - self.x(*last) >= NAME) {
                named.push(at);
            }
        }
        named
    }

    fn y(&self, share: f64) -> f64 {
        let height = PLOT.1 - TOP - BOTTOM;
        TOP + height * (1.0 - (share / self.scale).min(1.0))
    }

    fn point(&self, at: usize, share: f64) -> String {
        format!("{},{}", fixed(self.x(at)), fixed(self.y(share)))
    }

    fn grid(&self) -> Markup {
        html! {
            @let steps = steps(self.scale);
            @for step in 0..=steps {
                @let share = self.scale * f64::from(step) / f64::from(steps);
                line.ground x1=(LEFT) x2=(PLOT.0) y1=(fixed(self.y(share))) y2=(fixed(self.y(share))) {}
                text x=(LEFT - 8.0) y=(fixed(self.y(share) + 4.0)) text-anchor="end" { (percent(share)) }
            }
        }
    }
}

/// Into how many steps of whole percent a scale of whole tenths is parted.
fn steps(scale: f64) -> u32 {
    match (scale * 10.0).round() as u32 {
        1 | 5 => 5,
        3 | 9 => 3,
        7 => 7,
        _ => 4,
    }
}

/// A share in percent: one place where it is small.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let rounded = (percent * 10.0).round() / 10.0;
    if rounded >= 10.0 || rounded.fract().abs() < f64::EPSILON {
        format!("{percent:.0}\u{a0}%")
    } else {
        format!("{percent:.1}\u{a0}%")
    }
}

/// A length with one place.
fn fixed(length: f64) -> String {
    format!("{length:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(overturned: u64, decided: u64) -> Row {
        Row { tally: Tally { decided, overturned, ..Tally::default() }, ..Row::default() }
    }

    #[test]
    fn shares_read_as_percent() {
        for (share, shown) in [
            (0.0, "0\u{a0}%"),
            (0.083, "8.3\u{a0}%"),
            (0.1249, "12\u{a0}%"),
            (1.0, "100\u{a0}%"),
            (0.09999, "10\u{a0}%"),
        ] {
            assert_eq!(percent(share), shown);
        }
    }

    #[test]
    fn few_items_do_not_stretch_the_scale() {
        let rows = [row(10, 100), row(2, 2)];
        assert!((scale(rows.iter()) - 0.2).abs() < 1e-9, "{}", scale(rows.iter()));
        assert!((scale([].iter()) - 0.1).abs() < 1e-9);
    }

    #[test]
    fn a_rate_beyond_the_scale_is_told_apart() {
        let rows = [row(10, 100), row(2, 2)];
        assert!(any_beyond(&rows) && !any_beyond(&rows[..1]));
        let drawn = interval(rows[1].tally, rows[0].tally, scale(rows.iter())).into_string();
        assert!(drawn.contains("dot beyond"), "{drawn}");
        for tenths in 1..=10 {
            let step = f64::from(tenths) * 10.0 / f64::from(steps(f64::from(tenths) / 10.0));
            assert!((step - step.round()).abs() < 1e-9, "{tenths}: {step}");
        }
    }

    #[test]
    fn steps_stand_where_their_time_is() {
        assert!((months("2015-Q2") - months("2015-04")).abs() < 1e-9);
        assert!((months("2016") - months("2015") - 12.0).abs() < 1e-9);
        let times = ["2013", "2014", "2016"].map(months).to_vec();
        let place = Place { times, scale: 1.0 };
        let gaps = [place.x(1) - place.x(0), place.x(2) - place.x(1)];
        assert!((gaps[1] - 2.0 * gaps[0]).abs() < 1e-9, "{gaps:?}");
    }

    #[test]
    fn nothing_decided_draws_no_dot() {
        let shown = interval(Tally::default(), row(1, 10).tally, 0.5).into_string();
        assert!(!shown.contains("dot") && shown.contains("class=\"all\""), "{shown}");
        assert_eq!(timeline(&[row(1, 2)]).into_string(), "");
    }
}
