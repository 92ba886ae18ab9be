use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How often `getJournaledEdits` missed, and by how much.
#[derive(Debug, Default)]
pub struct CacheMissStat {
    misses: AtomicU64,
    missed_txns: AtomicU64,
}

impl CacheMissStat {
    /// Counts one miss by that many transactions.
    pub fn record(&self, by_txns: u64) {
        self.misses.fetch_add(1, Relaxed);
        self.missed_txns.fetch_add(by_txns, Relaxed);
    }

    /// How many there were.
    pub fn misses(&self) -> u64 {
        self.misses.load(Relaxed)
    }

    /// How many transactions they missed by on average, 0 without a miss.
    pub fn average_txns(&self) -> f64 {
        match self.misses() {
            0 => 0.0,
            misses => self.missed_txns.load(Relaxed) as f64 / misses as f64,
        }
    }
}
