use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What the scrub of one journal counts, since the process started.
#[derive(Debug, Default)]
pub struct ScrubMetrics {
    segments: AtomicU64,
    bytes: AtomicU64,
    healed: AtomicU64,
}

impl ScrubMetrics {
    /// Counts a segment that was checked.
    pub fn checked(&self, bytes: u64) {
        self.segments.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes, Relaxed);
    }

    /// Counts a damaged segment that was replaced by a peer's copy.
    pub fn healed(&self) {
        self.healed.fetch_add(1, Relaxed);
    }

    /// Segments checked.
    pub fn segments_checked(&self) -> u64 {
        self.segments.load(Relaxed)
    }

    /// Bytes that were read for it.
    pub fn bytes_checked(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Damaged segments that were replaced.
    pub fn segments_healed(&self) -> u64 {
        self.healed.load(Relaxed)
    }
}
