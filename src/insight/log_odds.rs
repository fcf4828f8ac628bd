//! Weighted log-odds with an informative Dirichlet prior.
//!
//! Monroe, Colaresi and Quinn (2008), "Fightin' Words", Political Analysis 16:372, equations 16 to 22. A
//! count here is of rationales that hold a phrase, and the total of a side is its rationales, so that the
//! odds are those of a rationale to hold it. The prior is the share in both sides together, worth so many
//! rationales: it draws rare phrases to no difference. The variance is the whole one: that which they shorten it to holds
//! for words of which each is a small part of all, and a phrase may stand in most rationales.
//!
//! Of thousands of phrases compared some differ by chance. How many differ by more is told by the procedure of Benjamini
//! and Hochberg (1995), Journal of the Royal Statistical Society B 57:289.

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
    let variance = |side: Side| {
        let (holding, all) = (side.holding as f64 + alpha, side.all as f64 + prior);
        1.0 / holding + 1.0 / (all - holding)
    };
    LogOdds { delta, z: delta / (variance(a) + variance(b)).sqrt() }
}

/// The share of phrases told to differ by more than chance of which that may be wrong.
const FALSE_DISCOVERIES: f64 = 0.05;

/// From which distance on differences are more than chance explains, given the greatest `z` of so many that were compared;
/// `None` where there is no such difference.
pub(super) fn beyond_chance(greatest: &[f64], compared: usize) -> Option<f64> {
    let mut distances: Vec<f64> = greatest.iter().map(|z| z.abs()).collect();
    distances.sort_by(|a, b| b.total_cmp(a));
    let all = compared.max(distances.len()) as f64;
    let passes = |rank: usize, z: f64| {
        libm::erfc(z / std::f64::consts::SQRT_2) <= FALSE_DISCOVERIES * (rank + 1) as f64 / all
    };
    let last = (0..distances.len()).rev().find(|rank| passes(*rank, distances[*rank]));
    last.map(|rank| distances[rank])
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
        let first_variance = 1.0 / (8.0 + alpha) + 1.0 / (30.0 - 8.0 - alpha);
        let second_variance = 1.0 / (2.0 + alpha) + 1.0 / (40.0 - 2.0 - alpha);
        let sd = f64::sqrt(first_variance + second_variance);
        assert!((found.delta - (first - second)).abs() < 1e-12);
        assert!((found.z - (first - second) / sd).abs() < 1e-12);
        assert!((found.z - 2.299).abs() < 1e-3, "{}", found.z);
    }

    /// What most rationales of both sides hold hardly differs.
    #[test]
    fn a_frequent_phrase_is_no_great_difference() {
        let z = log_odds(side(209, 213), side(208, 208), PRIOR).z;
        assert!(z.abs() < 2.0, "{z}");
    }

    #[test]
    fn of_many_phrases_some_differ_by_chance() {
        // Of one, two standard deviations are enough; of a hundred they are not.
        assert_eq!(beyond_chance(&[2.0], 1), Some(2.0));
        assert_eq!(beyond_chance(&[2.0], 100), None);
        let mut many = vec![0.1; 99];
        many.push(2.0);
        assert_eq!(beyond_chance(&many, 100), None);
        many.extend([-5.0, 4.0]);
        assert_eq!(beyond_chance(&many, 102), Some(4.0));
        assert_eq!(beyond_chance(&[], 0), None);
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
