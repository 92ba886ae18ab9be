use std::net::SocketAddr;
use std::time::SystemTime;

use crate::types::{Epoch, TxId};

/// One line of a journal's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// When it became durable.
    pub at: SystemTime,
    /// Who asked for it; `None` for what this node did by itself.
    pub by: Option<SocketAddr>,
    /// What happened.
    pub event: Event,
}

/// What happened to a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Promised not to listen to older writers.
    EpochPromised(Epoch),
    /// A segment was started by the writer of this epoch.
    SegmentStarted {
        /// Its first transaction.
        first: TxId,
        /// The writer's epoch.
        epoch: Epoch,
    },
    /// A segment was finished.
    SegmentFinalized {
        /// Its first transaction.
        first: TxId,
        /// Its last transaction.
        last: TxId,
    },
    /// A recovery was accepted.
    RecoveryAccepted {
        /// First transaction of the segment.
        first: TxId,
        /// Where the recovery ended it.
        last: TxId,
        /// The epoch of the recovering writer.
        epoch: Epoch,
    },
    /// A missing segment was fetched from a peer.
    SegmentFetched {
        /// Its first transaction.
        first: TxId,
        /// Its last transaction.
        last: TxId,
    },
    /// A finished segment is not what it was.
    SegmentDamaged {
        /// Its first transaction.
        first: TxId,
        /// Its last transaction.
        last: TxId,
        /// What was found.
        what: String,
    },
    /// A damaged segment was replaced by a peer's copy.
    SegmentHealed {
        /// Its first transaction.
        first: TxId,
        /// Its last transaction.
        last: TxId,
        /// The peer.
        from: String,
    },
    /// Formatted, rejoined after a loss, upgraded, rolled back, purged, failed: in words.
    Other(String),
}
