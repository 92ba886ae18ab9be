use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What the index counts since the process started.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) hits: AtomicU64,
    pub(super) misses: AtomicU64,
    pub(super) rebuilds: AtomicU64,
    pub(super) events_dropped: AtomicU64,
    /// Not a count of what happened: how many segments are known now.
    pub(super) segments: AtomicU64,
}

impl Counters {
    /// Counts a question, and passes its answer on.
    pub(super) fn asked<T>(&self, answer: Option<T>) -> Option<T> {
        let counter = if answer.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Relaxed);
        answer
    }
}
