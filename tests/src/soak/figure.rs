use std::fmt;

use super::{Bound, Usage};

/// What is looked at, of one daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// Resident memory in KiB.
    ResidentKib,
    /// Proportional memory in KiB.
    ProportionalKib,
    /// Open file descriptors.
    Descriptors,
    /// Threads.
    Threads,
    /// Transactions that a journal is behind what it knows to be committed.
    LagTxns,
    /// Finished segments that a journal keeps.
    Segments,
}

/// The second half of a run has what the first half had.
const MEMORY_GROWTH_KIB: f64 = 12.0 * 1024.0;
const DESCRIPTORS_GROWTH: f64 = 16.0;
const THREADS_GROWTH: f64 = 4.0;
/// About two checkpoints' worth.
const SEGMENTS_GROWTH: f64 = 12.0;
/// About what a second writes: a node that is behind for longer does not keep up.
const LAG_TXNS: f64 = 1000.0;

impl Figure {
    /// What `/proc` tells of a process.
    pub fn of_process(usage: Usage) -> [(Self, u64); 4] {
        [
            (Self::ResidentKib, usage.resident_kib),
            (Self::ProportionalKib, usage.proportional_kib),
            (Self::Descriptors, usage.descriptors),
            (Self::Threads, usage.threads),
        ]
    }

    /// What it must not exceed.
    pub fn bound(self) -> Bound {
        match self {
            Self::ResidentKib | Self::ProportionalKib => Bound::Growth(MEMORY_GROWTH_KIB),
            Self::Descriptors => Bound::Growth(DESCRIPTORS_GROWTH),
            Self::Threads => Bound::Growth(THREADS_GROWTH),
            Self::LagTxns => Bound::InTheEnd(LAG_TXNS),
            Self::Segments => Bound::Growth(SEGMENTS_GROWTH),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ResidentKib => "RSS KiB",
            Self::ProportionalKib => "PSS KiB",
            Self::Descriptors => "descriptors",
            Self::Threads => "threads",
            Self::LagTxns => "lag txns",
            Self::Segments => "segments",
        })
    }
}
