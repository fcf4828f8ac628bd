//! How much of the words' weight the documents of a segment hold.
//!
//! Few shares are kept as a set of documents each, and combined 64 documents at a time; of many, each
//! document adds up what it holds.

use super::bits::Bits;

/// More smallest combinations of shares than this are not compared: adding up is faster.
const MOST_COMBINED: usize = 32;

/// The shares of the words' weight, and how much of it is enough.
#[derive(Debug)]
pub(super) struct Shares {
    weights: Vec<u32>,
    enough: u32,
    /// The smallest combinations of shares that are enough; `None` if they are too many.
    combined: Option<Vec<Vec<usize>>>,
}

impl Shares {
    pub(super) fn new(weights: Vec<u32>, enough: u32) -> Self {
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(weights[*at]));
        let mut found = Vec::new();
        let all = combine(&weights, &order, enough, &mut Vec::new(), &mut found);
        Self { combined: all.then_some(found), weights, enough }
    }

    /// Nothing held yet, of so many documents.
    pub(super) fn none(&self, documents: u32) -> Cover {
        match self.combined {
            Some(_) => Cover::Sets(Vec::with_capacity(self.weights.len())),
            None => Cover::Sums { shares: 0, sums: vec![0; documents as usize] },
        }
    }

    /// Adds the documents of the next share.
    pub(super) fn add(&self, cover: &mut Cover, share: Bits) {
        match cover {
            Cover::Sets(sets) => sets.push(share),
            Cover::Sums { shares, sums } => {
                let weight = self.weights[*shares];
                *shares += 1;
                share.iter().for_each(|doc| sums[doc as usize] += weight);
            }
        }
    }

    /// The documents that hold enough.
    pub(super) fn enough(&self, cover: &Cover, documents: u32) -> Bits {
        match (cover, &self.combined) {
            (Cover::Sums { sums, .. }, _) => Bits::fitting(sums, |sum| sum >= self.enough),
            (Cover::Sets(sets), Some(combined)) => {
                let mut enough = Bits::none(documents);
                for combination in combined {
                    enough.or_all(combination.iter().map(|share| &sets[*share]));
                }
                enough
            }
            (Cover::Sets(_), None) => Bits::none(documents),
        }
    }

    /// How much a document holds.
    pub(super) fn held(&self, cover: &Cover, doc: u32) -> u32 {
        match cover {
            Cover::Sums { sums, .. } => sums[doc as usize],
            Cover::Sets(sets) => {
                let held = sets.iter().zip(&self.weights).filter(|(set, _)| set.contains(doc));
                held.map(|(_, weight)| weight).sum()
            }
        }
    }
}

/// What the documents of one segment hold.
#[derive(Debug)]
pub(super) enum Cover {
    /// The documents of each share.
    Sets(Vec<Bits>),
    /// Of each document the sum of the first shares' weights.
    Sums { shares: usize, sums: Vec<u32> },
}

/// Finds the combinations of shares, given from the heaviest on, that are enough and no more than that: of
/// such a one the lightest share is taken last. Whether all were found.
fn combine(
    weights: &[u32],
    order: &[usize],
    lacking: u32,
    taken: &mut Vec<usize>,
    found: &mut Vec<Vec<usize>>,
) -> bool {
    for (nth, &share) in order.iter().enumerate() {
        let rest: u32 = order[nth..].iter().map(|share| weights[*share]).sum();
        if rest < lacking {
            break;
        }
        taken.push(share);
        let done = if weights[share] >= lacking {
            found.push(taken.clone());
            found.len() <= MOST_COMBINED
        } else {
            combine(weights, &order[nth + 1..], lacking - weights[share], taken, found)
        };
        taken.pop();
        if !done {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sets_and_sums_tell_the_same(
            weights in prop::collection::vec(1_u32..20, 1..12),
            part in 1_u32..100,
            seed in prop::collection::vec(any::<u16>(), 150),
        ) {
            let documents = seed.len() as u32;
            let enough = (weights.iter().sum::<u32>() * part / 100).max(1);
            let shares = Shares::new(weights.clone(), enough);
            let held = |doc: u32, share: usize| seed[doc as usize] >> share & 1 == 1;
            let by_sums = Cover::Sums { shares: 0, sums: vec![0; documents as usize] };
            for mut cover in [shares.none(documents), by_sums] {
                for share in 0..weights.len() {
                    shares.add(&mut cover, Bits::of(documents, |doc| held(doc, share)));
                }
                let shares_of = |doc| (0..weights.len()).filter(move |at| held(doc, *at));
                let sum = |doc| shares_of(doc).map(|at| weights[at]).sum::<u32>();
                prop_assert!((0..documents).all(|doc| shares.held(&cover, doc) == sum(doc)));
                let expected = Bits::of(documents, |doc| sum(doc) >= enough);
                prop_assert_eq!(shares.enough(&cover, documents), expected);
            }
        }
    }

    #[test]
    fn many_shares_are_added_up() {
        assert!(Shares::new(vec![10, 10, 10], 8).combined.is_some_and(|all| all.len() == 3));
        assert!(Shares::new(vec![1; 40], 10).combined.is_none());
        assert!(Shares::new(Vec::new(), 1).combined.is_some_and(|all| all.is_empty()));
    }
}
