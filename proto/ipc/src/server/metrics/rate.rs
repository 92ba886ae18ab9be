use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// How often something happened and how long it took altogether.
#[derive(Debug, Default)]
pub struct Rate {
    count: AtomicU64,
    total_ns: AtomicU64,
}

/// A [`Rate`] at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateSnapshot {
    /// Times it happened.
    pub count: u64,
    /// Nanoseconds it took altogether.
    pub total_ns: u64,
}

impl Rate {
    /// Counts one more.
    pub fn add(&self, took: Duration) {
        self.count.fetch_add(1, Relaxed);
        self.total_ns.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }

    /// The values now.
    pub fn snapshot(&self) -> RateSnapshot {
        RateSnapshot { count: self.count.load(Relaxed), total_ns: self.total_ns.load(Relaxed) }
    }
}
