use std::fmt;

use crate::types::{Epoch, TxId};

/// One question to all nodes. Answers to an earlier one no longer count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoundId(pub u64);

/// What the nodes were asked. Its text is the name in errors and logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `getJournalState`.
    JournalState,
    /// `newEpoch`.
    NewEpoch(Epoch),
    /// `prepareRecovery` of the segment that starts here.
    PrepareRecovery(TxId),
    /// `acceptRecovery`.
    AcceptRecovery {
        /// First transaction of the segment.
        first: TxId,
        /// Its last.
        last: TxId,
    },
    /// `startLogSegment`.
    StartSegment(TxId),
    /// `journal`.
    Write {
        /// First transaction of the batch.
        first: TxId,
        /// Its last.
        last: TxId,
    },
    /// `finalizeLogSegment`.
    Finalize {
        /// First transaction of the segment.
        first: TxId,
        /// Its last.
        last: TxId,
    },
    /// `purgeLogs`.
    Purge(TxId),
    /// `format`.
    Format,
    /// `isFormatted`.
    IsFormatted,
    /// `getEditLogManifest`.
    Manifest(TxId),
    /// `getJournaledEdits`.
    JournaledEdits(TxId),
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JournalState => write!(f, "getJournalState()"),
            Self::NewEpoch(epoch) => write!(f, "newEpoch({epoch})"),
            Self::PrepareRecovery(first) => write!(f, "prepareRecovery({first})"),
            Self::AcceptRecovery { first, last } => write!(f, "acceptRecovery({first}-{last})"),
            Self::StartSegment(first) => write!(f, "startLogSegment({first})"),
            Self::Write { first, last } => write!(f, "journal({first}-{last})"),
            Self::Finalize { first, last } => write!(f, "finalizeLogSegment({first}-{last})"),
            Self::Purge(keep_from) => write!(f, "purgeLogs({keep_from})"),
            Self::Format => write!(f, "format()"),
            Self::IsFormatted => write!(f, "isFormatted()"),
            Self::Manifest(since) => write!(f, "getEditLogManifest({since})"),
            Self::JournaledEdits(since) => write!(f, "getJournaledEdits({since})"),
        }
    }
}
