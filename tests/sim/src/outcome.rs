use std::time::Duration;

use journalnode::storage::disk::faulty::FaultyDisk;

use crate::Violation;

/// What a run did and found.
#[derive(Debug)]
pub struct Outcome {
    /// The seed that it follows from.
    pub seed: u64,
    /// What happened, line by line.
    pub trace: Vec<String>,
    /// Stands for the trace and for all bytes of all replicas.
    pub digest: u64,
    /// Simulated time.
    pub simulated: Duration,
    /// Transactions that were acknowledged.
    pub acknowledged: usize,
    /// Writers that won an epoch.
    pub epochs: usize,
    /// Faults that were made.
    pub faults: usize,
    /// What does not hold; empty for a good run.
    pub violations: Vec<Violation>,
    pub(crate) disks: Vec<FaultyDisk>,
}
