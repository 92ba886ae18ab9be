use super::{Problem, Severity};

const COPY: &str = "stop this JournalNode, put the file aside and copy it from another \
    JournalNode whose copy verifies; its edits are not counted on here until then";
const RECOVERED: &str = "nothing: the next writer recovers the segment";

impl Problem {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Unreadable(_) => Severity::Unreadable,
            Self::Vanished | Self::PutAside | Self::UpgradePending | Self::InUse { .. } => {
                Severity::Note
            }
            Self::NothingWritten
            | Self::OtherLayout { .. }
            | Self::TornTail { .. }
            | Self::Gap { .. }
            | Self::LeftInProgress
            | Self::CommittedAhead { .. }
            | Self::CommittedBehind { .. }
            | Self::NotFormatted
            | Self::PaxosWithoutSegment
            | Self::PaxosMismatch { .. }
            | Self::Temporary
            | Self::UnknownName
            | Self::UpgradeInterrupted => Severity::Attention,
            _ => Severity::Damage,
        }
    }

    /// Whether a writer that is in the middle of it explains it.
    pub fn is_of_the_tail(&self) -> bool {
        matches!(self, Self::NothingWritten | Self::TornTail { .. } | Self::StrayPadding { .. })
    }

    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "run as the user of the JournalNode; else look at the disk",
            Self::Vanished => "nothing: the running JournalNode renamed or purged it",
            Self::Header(_)
            | Self::Operation { .. }
            | Self::OutOfOrder { .. }
            | Self::UnknownOpcode { .. }
            | Self::FirstTxId { .. }
            | Self::LastTxId { .. }
            | Self::StrayPadding { .. }
            | Self::More(_) => COPY,
            Self::NothingWritten | Self::TornTail { .. } => RECOVERED,
            Self::UnknownLayout(_) => {
                "if a newer Hadoop wrote it, use its tools; else see it as damaged and copy it \
                 from another JournalNode"
            }
            Self::OtherLayout { .. } => {
                "expected of segments from before an upgrade, until they are purged; else copy \
                 the segment from another JournalNode"
            }
            Self::Backwards | Self::UnknownName => "find out who made it, and move it elsewhere",
            Self::Gap { .. } => {
                "nothing, if this node was down then: another one has them, and they are purged \
                 after the next checkpoint; make sure that a majority has each segment"
            }
            Self::Overlap { .. } => {
                "see with `journalnode dump` which of the two agrees with the other JournalNodes, \
                 and put the other one aside while the JournalNode is stopped"
            }
            Self::LeftInProgress => {
                "nothing: this node missed its end; it is purged after the next checkpoint"
            }
            Self::EpochFile(_) | Self::WriterAbovePromise { .. } => {
                "do not start this JournalNode: it may have forgotten a promise. Keep the directory \
                 and refill the node as one whose disk was wiped (docs/operations.md)"
            }
            Self::CommittedFile(_) => {
                "delete the file while the JournalNode is stopped: it is only a lower bound"
            }
            Self::CommittedAhead { .. } => {
                "nothing, if this node lags: it joins at the next segment (`hdfs dfsadmin \
                 -rollEdits`)"
            }
            Self::CommittedBehind { .. } => "nothing: it is only a lower bound",
            Self::VersionFile(_) | Self::VersionMissing => {
                "copy VERSION from the same journal of another JournalNode"
            }
            Self::NotFormatted => {
                "wrong directory, or a disk that is not mounted? If it was wiped, refill it \
                 (docs/operations.md); never format one node of a cluster by hand"
            }
            Self::PaxosFile(_) | Self::PaxosAbovePromise { .. } => {
                "do not start this JournalNode: it may go back on a recovery it accepted. Keep the \
                 directory and refill the node as one whose disk was wiped (docs/operations.md)"
            }
            Self::PaxosWithoutSegment => "nothing: it is purged with the next checkpoint",
            Self::PaxosMismatch { .. } => {
                "nothing, if an accepted copy (.epoch=N) lies beside the segment: it is put in \
                 place by the next recovery; else copy the segment from another JournalNode"
            }
            Self::Temporary => "nothing: a JournalNode writes it anew or purges it",
            Self::PutAside => "nothing: it is purged with its segment",
            Self::UpgradeInterrupted => "start the JournalNode: it finishes or undoes it",
            Self::UpgradePending => "finalize or roll back with the NameNode when you are sure",
            Self::InUse { .. } => "for an exact answer, stop the JournalNode first",
        }
    }

    /// A name for scripts, which does not change.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Vanished => "vanished",
            Self::Header(_) => "header",
            Self::NothingWritten => "nothing-written",
            Self::UnknownLayout(_) => "unknown-layout",
            Self::OtherLayout { .. } => "other-layout",
            Self::Operation { .. } => "operation",
            Self::TornTail { .. } => "torn-tail",
            Self::More(_) => "more",
            Self::UnknownOpcode { .. } => "unknown-opcode",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::FirstTxId { .. } => "first-txid",
            Self::LastTxId { .. } => "last-txid",
            Self::Backwards => "backwards",
            Self::StrayPadding { .. } => "stray-padding",
            Self::Gap { .. } => "gap",
            Self::Overlap { .. } => "overlap",
            Self::LeftInProgress => "left-in-progress",
            Self::EpochFile(_) => "epoch-file",
            Self::WriterAbovePromise { .. } => "writer-above-promise",
            Self::CommittedFile(_) => "committed-file",
            Self::CommittedAhead { .. } => "committed-ahead",
            Self::CommittedBehind { .. } => "committed-behind",
            Self::VersionFile(_) => "version-file",
            Self::NotFormatted => "not-formatted",
            Self::VersionMissing => "version-missing",
            Self::PaxosFile(_) => "paxos-file",
            Self::PaxosAbovePromise { .. } => "paxos-above-promise",
            Self::PaxosWithoutSegment => "paxos-without-segment",
            Self::PaxosMismatch { .. } => "paxos-mismatch",
            Self::Temporary => "temporary",
            Self::PutAside => "put-aside",
            Self::UnknownName => "unknown-name",
            Self::UpgradeInterrupted => "upgrade-interrupted",
            Self::UpgradePending => "upgrade-pending",
            Self::InUse { .. } => "in-use",
        }
    }
}
