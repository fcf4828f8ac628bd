//! Weighted log-odds with an informative Dirichlet prior.
//!
//! Monroe, Colaresi and Quinn (2008), "Fightin' Words", Political Analysis 16:372, equations 16 to 22. A
//! count here is of rationales that hold a phrase, and the total of a side is its rationales, so that the
//! odds are those of a rationale to hold it. The prior is the share in both sides together, worth so many
//! rationales: it draws rare phrases to no difference.

/// How often something is held on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// Rationales that hold it.
    pub holding: u64,
    /// All of the side.
    pub all: u64,
}

/// How far two sides differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogOdds {
    /// The difference of the log-odds, that of the first side less that of the second.
    pub delta: f64,
    /// The same in its standard deviations.
    pub z: f64,
}

/// The prior as so many rationales.
pub const PRIOR: f64 = 20.0;

/// How far the first side's odds lie above the second's.
pub fn log_odds(a: Side, b: Side, prior: f64) -> LogOdds {
    // Half a rationale keeps the share away from 0 and 1, whose odds are none.
    let share = ((a.holding + b.holding) as f64 + 0.5) / ((a.all + b.all) as f64 + 1.0);
    let alpha = prior * share;
    let odds = |side: Side| {
        let (holding, all) = (side.holding as f64 + alpha, side.all as f64 + prior);
        (holding / (all - holding)).ln()
    };
    let delta = odds(a) - odds(b);
    let variance = 1.0 / (a.holding as f64 + alpha) + 1.0 / (b.holding as f64 + alpha);
    LogOdds { delta, z: delta / variance.sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(holding: u64, all: u64) -> Side {
        Side { holding, all }
    }

    /// By hand from the equations: 8 of 20 against 2 of 30 with a prior worth 10.
    #[test]
    fn a_small_example_by_hand() {
        let found = log_odds(side(8, 20), side(2, 30), 10.0);
        let alpha = 10.0 * 10.5 / 51.0;
        let first = f64::ln((8.0 + alpha) / (30.0 - 8.0 - alpha));
        let second = f64::ln((2.0 + alpha) / (40.0 - 2.0 - alpha));
        let sd = f64::sqrt(1.0 / (8.0 + alpha) + 1.0 / (2.0 + alpha));
        assert!((found.delta - (first - second)).abs() < 1e-12);
        assert!((found.z - (first - second) / sd).abs() < 1e-12);
        assert!((found.z - 2.545).abs() < 1e-3, "{}", found.z);
    }

    #[test]
    fn sides_alike_do_not_differ_and_rare_phrases_hardly() {
        assert!(log_odds(side(5, 50), side(10, 100), PRIOR).z.abs() < 0.1);
        let swapped =
            (log_odds(side(8, 20), side(2, 30), PRIOR), log_odds(side(2, 30), side(8, 20), PRIOR));
        assert!((swapped.0.z + swapped.1.z).abs() < 1e-12);
        let rare = log_odds(side(1, 50), side(0, 50), PRIOR).z;
        let frequent = log_odds(side(25, 50), side(5, 50), PRIOR).z;
        assert!(rare < 1.0 && frequent > 3.0, "{rare} {frequent}");
    }
}
