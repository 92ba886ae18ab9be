use bytes::Bytes;

use crate::types::{Epoch, LayoutVersion, SegmentFile, SegmentState, StorageInfo, TxId};

/// What precedes every request of a writer (`RequestInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestInfo {
    /// The writer's epoch.
    pub epoch: Epoch,
    /// Grows with every request of the writer's channel to this node, from 0.
    pub ipc_serial: i64,
    /// What the writer knows to be on a quorum.
    pub committed_txid: Option<TxId>,
}

/// `newEpoch`: promise to serve no older writer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewEpoch {
    /// The caller's namespace.
    pub namespace: StorageInfo,
    /// The epoch to promise.
    pub epoch: Epoch,
}

/// `startLogSegment`: open a segment for writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StartLogSegment {
    /// Who asks.
    pub info: RequestInfo,
    /// First transaction of the segment.
    pub txid: TxId,
    /// Goes into the segment's header.
    pub layout_version: LayoutVersion,
}

/// `journal`: append a batch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Journal {
    /// Who asks.
    pub info: RequestInfo,
    /// First transaction of the segment that the writer believes to be open.
    pub segment: TxId,
    /// First transaction of the batch.
    pub first: TxId,
    /// How many transactions `records` holds. Trusted, as in Java.
    pub count: u32,
    /// Framed operations, kept as they are.
    pub records: Bytes,
}

/// `finalizeLogSegment`: close a segment for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FinalizeLogSegment {
    /// Who asks.
    pub info: RequestInfo,
    /// First transaction of the segment.
    pub start: TxId,
    /// Last transaction of the segment.
    pub end: TxId,
}

/// `purgeLogsOlderThan`: drop what a checkpoint made superfluous.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PurgeLogs {
    /// Who asks.
    pub info: RequestInfo,
    /// The oldest transaction that must stay.
    pub min_to_keep: TxId,
}

/// `prepareRecovery`: say what this node has of a segment. In Paxos terms, phase 1b.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PrepareRecovery {
    /// Who asks.
    pub info: RequestInfo,
    /// First transaction of the segment.
    pub segment: TxId,
}

/// `acceptRecovery`: replace the segment by the chosen one. In Paxos terms, phase 2a.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AcceptRecovery {
    /// Who asks.
    pub info: RequestInfo,
    /// What the segment must become.
    pub segment: SegmentState,
    /// Where a copy of it is.
    pub url: String,
}

/// `format`: start an empty journal for a namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Format {
    /// The namespace to belong to.
    pub namespace: StorageInfo,
    /// Whether the journal may hold something.
    pub force: bool,
}

/// What a node that lost its directory takes from its peers to be a member again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rejoin {
    /// The namespace that the peers agree on.
    pub namespace: StorageInfo,
    /// The highest promise that a majority of all nodes, without this one, has given.
    pub promised: Epoch,
    /// What a peer knows to be committed.
    pub committed_txid: Option<TxId>,
    /// The finished segments, in `edits.sync/` and verified, oldest first.
    pub segments: Vec<SegmentFile>,
}

/// `canRollBack`: whether `previous` is what the caller would roll back to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CanRollBack {
    /// The caller's storage now.
    pub storage: StorageInfo,
    /// The caller's storage before its upgrade.
    pub previous: StorageInfo,
    /// The layout version that the caller can read.
    pub target: LayoutVersion,
}
