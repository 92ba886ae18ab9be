use crate::types::{Epoch, SegmentFile, TxId};

/// How many bytes of edits an answer from disk has at most, unless a single transaction has
/// more. 5000 transactions, the most that a NameNode asks for, have about 1 MiB.
pub(super) const MAX_BYTES: usize = 8 << 20;

/// Consecutive transactions to be read from the edits files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditsQuery {
    /// The files that have them, in order, without a gap.
    pub segments: Vec<SegmentFile>,
    /// The first transaction, in the first of the files.
    pub since: TxId,
    /// No later transaction may be read: it may be in the middle of being written.
    pub up_to: TxId,
    /// How many at most.
    pub max: u32,
    /// How many bytes at most, the header included, unless the first transaction has more.
    pub max_bytes: usize,
    /// The promise when this was asked. Another writer may replace what the open segment
    /// holds: then an answer is worth nothing.
    pub promised: Epoch,
}
