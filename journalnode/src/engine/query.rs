use super::EditsQuery;
use crate::types::{Epoch, SegmentFile, SegmentState, TxId};

/// What the engine must know of the disk, or of a peer, before it can decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// The last transaction in an edits file.
    Scan(ScanTarget),
    /// The content of `paxos/<first>`.
    Paxos(TxId),
    /// Free space of the file system, in bytes.
    FreeSpace,
    /// Whether `edits_inprogress_<first>.epoch=<epoch>` exists.
    Download {
        /// First transaction of the segment.
        first: TxId,
        /// Epoch of the recovery that downloaded it.
        epoch: Epoch,
    },
    /// Fetches a segment from a peer into `edits_inprogress_<first>.epoch=<epoch>` and syncs
    /// it. The only query that takes more than a disk.
    Fetch(Fetch),
    /// Transactions that the cache does not have.
    Edits(EditsQuery),
    /// Whether `previous` exists, and its VERSION.
    PreviousVersion,
    /// The VERSION in `current`, as it is on disk now.
    CurrentVersion,
}

/// Which edits file to scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanTarget {
    /// A segment of `current/`.
    Segment(SegmentFile),
    /// `edits_inprogress_<first>.epoch=<epoch>`.
    Download {
        /// First transaction of the segment.
        first: TxId,
        /// Epoch of the recovery that downloaded it.
        epoch: Epoch,
    },
}

/// A segment to fetch from a peer, for `acceptRecovery`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// What the fetched file must hold.
    pub segment: SegmentState,
    /// Epoch of the recovery, part of the temporary file's name.
    pub epoch: Epoch,
    /// Where it is.
    pub url: String,
}
