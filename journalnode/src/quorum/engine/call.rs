use bytes::Bytes;

use super::NodeIndex;
use crate::engine::{PreparedRecovery, RequestInfo};
use crate::types::{Epoch, SegmentState, TxId};

/// One request of the write path to one node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// `getJournalState`.
    JournalState,
    /// `newEpoch`.
    NewEpoch(Epoch),
    /// `prepareRecovery` of the segment that starts here.
    PrepareRecovery(TxId),
    /// `acceptRecovery`.
    AcceptRecovery {
        /// The segment as it must become.
        segment: SegmentState,
        /// Where to fetch it: `http://host:port` of a node that has it.
        source: String,
    },
    /// `startLogSegment`.
    StartSegment(TxId),
    /// `journal`.
    Journal(Batch),
    /// `heartbeat`.
    Heartbeat,
    /// `finalizeLogSegment`.
    Finalize {
        /// First transaction of the segment.
        first: TxId,
        /// Its last.
        last: TxId,
    },
    /// `purgeLogs` of what is before this transaction.
    Purge(TxId),
}

/// Consecutive transactions of one segment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Batch {
    /// First transaction of the segment.
    pub segment: TxId,
    /// First transaction of the batch.
    pub first: TxId,
    /// How many there are.
    pub count: u32,
    /// The operations, back to back.
    pub records: Bytes,
}

/// What a node answered to a call that succeeded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// To `getJournalState`.
    JournalState {
        /// What the node has promised.
        promised: Epoch,
        /// Where it serves segments: `http://host:port`.
        http: String,
    },
    /// To `newEpoch`: the newest segment that has a transaction.
    NewEpoch(Option<TxId>),
    /// To `prepareRecovery`.
    Prepared(PreparedRecovery),
    /// To everything else.
    Done,
}

/// A call to be made now.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outgoing {
    /// By whom to be answered.
    pub node: NodeIndex,
    /// What is asked.
    pub call: Call,
    /// Who asks; `None` for calls that do not say.
    pub info: Option<RequestInfo>,
}

impl Call {
    /// Whether it says who asks: epoch, serial number, committed transaction.
    pub(super) fn has_request_info(&self) -> bool {
        !matches!(self, Self::JournalState | Self::NewEpoch(_))
    }

    /// Whether a node that missed something of the segment must not get it.
    pub(super) fn needs_sync(&self) -> bool {
        matches!(self, Self::Journal(_) | Self::Finalize { .. })
    }

    /// How much of the limit of queued edits it takes.
    pub(super) fn edits_bytes(&self) -> usize {
        match self {
            Self::Journal(batch) => batch.records.len(),
            _ => 0,
        }
    }
}
