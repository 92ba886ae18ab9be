use std::fmt;

use super::{Epoch, TxId};

/// An edits file of `current/`, as its name tells: `edits_inprogress_%019d` or
/// `edits_%019d-%019d` (`FileJournalManager.EditLogFile`).
///
/// Ordered as Java orders them: by first transaction, then an in-progress file before a
/// finalized one, then by last transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentFile {
    /// The transaction it starts with.
    pub first: TxId,
    /// The transaction it ends with; `None` while in progress.
    pub last: Option<TxId>,
}

impl SegmentFile {
    /// `edits_inprogress_<first>`.
    pub fn in_progress(first: TxId) -> Self {
        Self { first, last: None }
    }

    /// `edits_<first>-<last>`.
    pub fn finalized(first: TxId, last: TxId) -> Self {
        Self { first, last: Some(last) }
    }

    /// Whether it is still being written, or was left behind by a writer that died.
    pub fn is_in_progress(&self) -> bool {
        self.last.is_none()
    }
}

/// The file name, with Java's 19 digits.
impl fmt::Display for SegmentFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            None => write!(f, "edits_inprogress_{:019}", self.first.0),
            Some(last) => write!(f, "edits_{:019}-{:019}", self.first.0, last.0),
        }
    }
}

/// What a node knows of a segment during recovery (`SegmentStateProto`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SegmentState {
    /// The transaction it starts with.
    pub start: TxId,
    /// The last transaction in it.
    pub end: TxId,
    /// Whether it is in progress there.
    pub in_progress: bool,
}

/// As Java prints the protobuf on one line: log lines and exception texts carry it.
impl fmt::Display for SegmentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { start, end, in_progress } = self;
        write!(f, "startTxId: {start} endTxId: {end} isInProgress: {in_progress}")
    }
}

/// The recovery that a node accepted, kept in `current/paxos/<start>`
/// (`PersistedRecoveryPaxosData`). In Paxos terms: the accepted value and its ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PaxosRecord {
    /// The segment to recover to.
    pub segment: SegmentState,
    /// The epoch of the writer that asked for it.
    pub accepted_in: Epoch,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_19_digits() {
        assert_eq!(
            SegmentFile::finalized(TxId(1), TxId(7)).to_string(),
            "edits_0000000000000000001-0000000000000000007"
        );
        assert_eq!(
            SegmentFile::in_progress(TxId(7916)).to_string(),
            "edits_inprogress_0000000000000007916"
        );
    }

    #[test]
    fn an_in_progress_file_sorts_before_its_finalized_twin() {
        assert!(SegmentFile::in_progress(TxId(5)) < SegmentFile::finalized(TxId(5), TxId(6)));
        assert!(SegmentFile::finalized(TxId(4), TxId(9)) < SegmentFile::in_progress(TxId(5)));
    }
}
