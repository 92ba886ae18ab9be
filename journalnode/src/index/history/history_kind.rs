use std::fmt;

use crate::types::{Epoch, TxId};

/// What happened to a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryKind {
    /// It was formatted.
    Formatted {
        /// For which cluster.
        cluster_id: String,
    },
    /// It promised to serve no lower epoch.
    Promised {
        /// Which.
        epoch: Epoch,
    },
    /// A writer of this epoch started its first segment.
    WriterEpoch {
        /// Which.
        epoch: Epoch,
    },
    /// A segment was started.
    SegmentStarted {
        /// Its first transaction.
        first: TxId,
    },
    /// A segment was left in progress.
    SegmentLeft {
        /// Its first transaction.
        first: TxId,
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
        /// Whose.
        epoch: Epoch,
        /// First transaction of the segment.
        first: TxId,
        /// Where it is to end.
        last: TxId,
    },
    /// A missing segment was fetched from a peer.
    SegmentFetched {
        /// Its first transaction.
        first: TxId,
        /// Its last transaction.
        last: TxId,
    },
    /// A finished segment was found not to be what it was.
    SegmentDamaged {
        /// Its first transaction.
        first: TxId,
        /// Its last transaction.
        last: TxId,
        /// What is wrong with it.
        what: String,
    },
    /// A damaged segment was replaced.
    SegmentReplaced {
        /// Its first transaction.
        first: TxId,
        /// Its last transaction.
        last: TxId,
        /// By whose copy.
        from: String,
    },
    /// A wiped node came back.
    Rejoined {
        /// With which promise.
        epoch: Epoch,
        /// With how many segments.
        segments: u64,
    },
    /// Old edits were purged.
    Purged {
        /// The oldest transaction that had to stay.
        min_to_keep: TxId,
    },
    /// Segments were thrown away.
    Discarded {
        /// From this transaction on.
        from: TxId,
    },
    /// A step of an upgrade was taken.
    Upgrade {
        /// Which.
        step: String,
    },
    /// A writer goes on without this node.
    OutOfStep,
    /// A writer writes to this node again.
    InStep,
    /// The index was built from the files; what is older than this was taken from their times.
    IndexRebuilt {
        /// From how many finished segments.
        segments: u64,
    },
}

/// As people read it: `segment 1-7 finalized`.
impl fmt::Display for HistoryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Formatted { cluster_id } => write!(f, "formatted for cluster {cluster_id}"),
            Self::Promised { epoch } => write!(f, "promised epoch {epoch}"),
            Self::WriterEpoch { epoch } => write!(f, "writer epoch {epoch}"),
            Self::SegmentStarted { first } => write!(f, "segment {first} started"),
            Self::SegmentLeft { first } => write!(f, "segment {first} left in progress"),
            Self::SegmentFinalized { first, last } => write!(f, "segment {first}-{last} finalized"),
            Self::RecoveryAccepted { epoch, first, last } => {
                write!(f, "recovery of segment {first} to txid {last} accepted in epoch {epoch}")
            }
            Self::SegmentFetched { first, last } => {
                write!(f, "segment {first}-{last} fetched from a peer")
            }
            Self::SegmentDamaged { first, last, what } => {
                write!(f, "segment {first}-{last} damaged: {what}")
            }
            Self::SegmentReplaced { first, last, from } => {
                write!(f, "segment {first}-{last} replaced by the copy of {from}")
            }
            Self::Rejoined { epoch, segments } => {
                write!(f, "rejoined in epoch {epoch} with {segments} segments")
            }
            Self::Purged { min_to_keep } => write!(f, "purged before txid {min_to_keep}"),
            Self::Discarded { from } => write!(f, "discarded from txid {from} on"),
            Self::Upgrade { step } => write!(f, "upgrade: {step}"),
            Self::OutOfStep => f.write_str("out of step"),
            Self::InStep => f.write_str("in step again"),
            Self::IndexRebuilt { segments } => write!(f, "index built from {segments} segments"),
        }
    }
}
