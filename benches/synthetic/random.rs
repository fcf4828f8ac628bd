//! A small generator of random numbers (`SplitMix64`: Steele, Lea and Flood, 2014): the same seed gives
//! the same numbers on every machine and with every version of any library.

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The stream of these numbers: other numbers, another stream.
    pub(crate) fn of(seed: &[u64]) -> Self {
        let mut random = Self(0x9e37_79b9_7f4a_7c15);
        for part in seed {
            random.0 ^= part.wrapping_mul(0xd134_2543_de82_ef95);
            random.0 = random.next();
        }
        random
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, not including, `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// From `low` to `high`, both included.
    pub(crate) fn within(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high - low) as usize + 1) as u32
    }

    /// From 0 up to, not including, 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// Near the normal distribution, with mean 0 and deviation 1, between -6 and 6.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }

    /// A rank from 0 whose probability falls as a power of it (Pareto): after n draws, about
    /// `n^growth` ranks have been met, without end.
    pub(crate) fn open_rank(&mut self, growth: f64) -> u64 {
        let tail = 1.0 / growth - 1.0;
        ((1.0 - self.share()).powf(-1.0 / tail)).min(1e15) as u64 - 1
    }
}

/// Choices with weights.
#[derive(Debug, Clone)]
pub(crate) struct Weighted(Vec<f64>);

impl Weighted {
    pub(crate) fn new(weights: impl IntoIterator<Item = f64>) -> Self {
        let sums = weights.into_iter().scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        });
        Self(sums.collect())
    }

    /// Weights that fall as Zipf's law has it.
    pub(crate) fn zipf(count: usize, exponent: f64) -> Self {
        Self::new((1..=count).map(|rank| (rank as f64).powf(-exponent)))
    }

    pub(crate) fn pick(&self, random: &mut Random) -> usize {
        let total = self.0.last().copied().unwrap_or_default();
        let at = random.share() * total;
        self.0.partition_point(|sum| *sum <= at).min(self.0.len() - 1)
    }
}
