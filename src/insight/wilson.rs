//! The Wilson score interval of a proportion.
//!
//! Wilson (1927), Journal of the American Statistical Association 22:209; the form used is that of
//! Brown, Cai and `DasGupta` (2001), Statistical Science 16:101. Unlike the textbook interval it stays
//! within 0 and 1 and means something where nothing, or everything, was overturned.

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A proportion with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// The share.
    pub rate: f64,
    /// The lower limit.
    pub low: f64,
    /// The upper limit.
    pub high: f64,
}

/// The share of `successes` in `trials`; `None` where there was no trial.
pub fn proportion(successes: u64, trials: u64) -> Option<Proportion> {
    if trials == 0 {
        return None;
    }
    let (n, z2) = (trials as f64, Z * Z);
    let rate = successes as f64 / n;
    let centre = (rate + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt();
    // At the ends the limit is the end itself, whatever rounding makes of it.
    let low = if successes == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if successes == trials { 1.0 } else { (centre + half).min(1.0) };
    Some(Proportion { rate, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of Newcombe (1998), Statistics in Medicine 17:857, table I, method 3, and two that the
    /// documentation of the JavaScript package wilson-score-interval gives.
    #[test]
    fn limits_are_those_published() {
        for (successes, trials, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
            (430, 474, 0.8777, 0.9301),
            (10, 14, 0.4535, 0.8828),
        ] {
            let found = proportion(successes, trials).map(|p| (p.low, p.high));
            let Some(found) = found else { panic!("{successes}/{trials}") };
            assert!((found.0 - low).abs() < 5e-5, "{successes}/{trials}: {found:?}");
            assert!((found.1 - high).abs() < 5e-5, "{successes}/{trials}: {found:?}");
        }
    }

    #[test]
    fn nothing_decided_has_no_rate() {
        assert_eq!(proportion(0, 0), None);
        assert_eq!(proportion(7, 7).map(|p| p.high), Some(1.0));
    }
}
