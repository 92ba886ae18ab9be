use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Choices that follow from a seed.
#[derive(Clone, Debug)]
pub(crate) struct Seed(ChaCha8Rng);

impl Seed {
    /// A source of choices; each `stream` of a seed is independent of the others.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// One of `low..high`.
    pub(crate) fn within(&mut self, low: u64, high: u64) -> u64 {
        self.0.random_range(low..high)
    }

    /// A time of `low..high` milliseconds.
    pub(crate) fn millis(&mut self, low: u64, high: u64) -> Duration {
        Duration::from_millis(self.within(low, high))
    }

    /// An index of something that has `len`.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        self.0.random_range(0..len)
    }

    /// True so often, in percent.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.0.random_ratio(percent, 100)
    }
}
