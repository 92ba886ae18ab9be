/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// How often each server's turn comes.
    pub rounds: usize,
    /// Of batches of 1 KB in a round; larger ones in proportion to what they take.
    pub batches: usize,
    /// Windows after which a server that has not settled is taken as it is.
    pub warm_up_windows: usize,
    /// Of the long segment.
    pub long_segment_bytes: u64,
    /// In the full directory.
    pub segments: u64,
    /// Times a process is started, for what is measured once for each.
    pub starts: usize,
}

impl Extent {
    /// What the table is made of: about a quarter of an hour.
    pub fn full() -> Self {
        Self {
            rounds: 10,
            batches: 2000,
            warm_up_windows: 12,
            long_segment_bytes: 1 << 30,
            segments: 100_000,
            starts: 6,
        }
    }

    /// Enough to see that everything works, and too little to believe a number.
    pub fn quick() -> Self {
        Self {
            rounds: 2,
            batches: 200,
            warm_up_windows: 2,
            long_segment_bytes: 32 << 20,
            segments: 1000,
            starts: 2,
        }
    }

    /// Batches of this size in a round.
    pub fn batches_of(&self, batch_bytes: usize) -> usize {
        const KIB: usize = 1024;
        /// A batch takes this time to travel, and as long for each further stretch.
        const STRETCH: usize = 30 * KIB;
        (self.batches * STRETCH / (STRETCH + batch_bytes)).max(20)
    }
}
