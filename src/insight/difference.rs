//! The difference of two proportions: its interval, and a test.
//!
//! The interval is Newcombe's method 10, from the Wilson limits of both (Newcombe 1998, Statistics in
//! Medicine 17:873). The test is Pearson's chi-square without continuity correction, which is the
//! square of the two-proportion z test; where a count to be expected is below five, Fisher's exact test,
//! two-sided, by the sum of all tables that are no more likely than the one seen.

use super::wilson::proportion;
use schemars::JsonSchema;
use serde::Serialize;

/// How far the first share lies above the second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Difference {
    /// The first share less the second.
    pub difference: f64,
    /// The lower limit of its 95 % interval.
    pub low: f64,
    /// The upper limit.
    pub high: f64,
}

/// Whether two shares differ by more than chance would have it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Test {
    /// Which test was made.
    pub test: &'static str,
    /// The probability of a difference at least as large if there were none.
    pub p: f64,
}

/// A number of successes among trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// What was counted.
    pub successes: u64,
    /// Of so many.
    pub trials: u64,
}

/// The difference of two shares; `None` where one has no trial.
pub fn difference(a: Counts, b: Counts) -> Option<Difference> {
    let first = proportion(a.successes, a.trials)?;
    let second = proportion(b.successes, b.trials)?;
    let difference = first.rate - second.rate;
    Some(Difference {
        difference,
        low: difference - (first.rate - first.low).hypot(second.high - second.rate),
        high: difference + (first.high - first.rate).hypot(second.rate - second.low),
    })
}

/// Fewer than this many to be expected in a cell make the chi-square distribution a poor guide.
const FEW: f64 = 5.0;

/// Tests whether two shares differ; `None` where one has no trial.
pub fn test(a: Counts, b: Counts) -> Option<Test> {
    if a.trials == 0 || b.trials == 0 {
        return None;
    }
    let (n, m) = (a.trials as f64, b.trials as f64);
    let pooled = (a.successes + b.successes) as f64 / (n + m);
    let least = n.min(m) * pooled.min(1.0 - pooled);
    if least < FEW {
        return Some(Test { test: "Fisher's exact test, two-sided", p: fisher(a, b) });
    }
    let gap = a.successes as f64 / n - b.successes as f64 / m;
    let square = gap * gap / (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m));
    Some(Test { test: "chi-square test without continuity correction", p: beyond(square) })
}

/// The probability that chi-square with one degree of freedom is larger.
fn beyond(square: f64) -> f64 {
    libm::erfc((square / 2.0).sqrt())
}

/// The sum of the probabilities of all tables with these margins that are no more likely than this.
fn fisher(a: Counts, b: Counts) -> f64 {
    let all = a.successes + b.successes;
    let fixed = choose(a.trials + b.trials, all);
    let chance =
        |first: u64| (choose(a.trials, first) + choose(b.trials, all - first) - fixed).exp();
    let seen = chance(a.successes) * (1.0 + 1e-7);
    let first = all.saturating_sub(b.trials)..=all.min(a.trials);
    first.map(chance).filter(|chance| *chance <= seen).sum::<f64>().min(1.0)
}

/// The logarithm of the number of ways to choose `k` of `n`.
fn choose(n: u64, k: u64) -> f64 {
    let factorial = |n: u64| libm::lgamma(n as f64 + 1.0);
    factorial(n) - factorial(k) - factorial(n - k)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(successes: u64, trials: u64) -> Counts {
        Counts { successes, trials }
    }

    /// Newcombe (1998), Statistics in Medicine 17:873, table II, method 10.
    #[test]
    fn intervals_are_those_published() {
        for (a, b, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((0, 10), (0, 10), -0.2775, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
            ((10, 10), (0, 10), 0.6075, 1.0),
        ] {
            let found = difference(counts(a.0, a.1), counts(b.0, b.1));
            let Some(found) = found else { panic!("{a:?} {b:?}") };
            assert!((found.low - low).abs() < 1e-4, "{a:?} {b:?}: {found:?}");
            assert!((found.high - high).abs() < 1e-4, "{a:?} {b:?}: {found:?}");
        }
    }

    /// Critical values that every table of chi-square prints.
    #[test]
    fn chi_square_is_that_of_the_tables() {
        for (square, p) in [(3.841, 0.05), (6.635, 0.01), (10.828, 0.001), (0.0, 1.0)] {
            assert!((beyond(square) - p).abs() < 2e-5, "{square}: {}", beyond(square));
        }
    }

    /// The lady tasting tea (Fisher 1935): 17/70 one-sided, 34/70 two-sided.
    #[test]
    fn fisher_is_that_of_the_lady_tasting_tea() {
        assert!((fisher(counts(3, 4), counts(1, 4)) - 34.0 / 70.0).abs() < 1e-9);
        assert!((fisher(counts(4, 4), counts(0, 4)) - 2.0 / 70.0).abs() < 1e-9);
    }

    #[test]
    fn small_counts_get_the_exact_test() {
        let name = |a, b| test(a, b).map(|test| test.test.split(' ').next().unwrap_or_default());
        assert_eq!(name(counts(3, 4), counts(1, 4)), Some("Fisher's"));
        assert_eq!(name(counts(56, 70), counts(48, 80)), Some("chi-square"));
        assert_eq!(name(counts(0, 0), counts(1, 4)), None);
    }
}
