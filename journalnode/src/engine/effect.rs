use bytes::Bytes;

use super::{Rejoin, SegmentDamage};
use crate::types::{Epoch, LayoutVersion, PaxosRecord, SegmentFile, StorageInfo, TxId};

/// One change to a journal, decided by the engine, made durable by the storage and only then
/// committed to memory by the state.
///
/// The effects of one request run in order. If one fails, those before it stay, the rest and
/// the answer are dropped, and the caller gets the failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Memory only: the serial number of the writer's latest request.
    NoteIpcSerial(i64),
    /// Memory only: recovery moved the end of what readers may see.
    NoteHighestWritten(TxId),
    /// Memory only: a finished segment is not what it was.
    NoteDamaged {
        /// Which.
        file: SegmentFile,
        /// What is wrong with it.
        damage: SegmentDamage,
    },
    /// Memory only: a segment that was marked as damaged is as it should be.
    NoteSound(SegmentFile),
    /// Replaces `last-promised-epoch`. A higher epoch forgets the serial number.
    PromiseEpoch(Epoch),
    /// Replaces `last-writer-epoch`.
    SetWriterEpoch(Epoch),
    /// Overwrites `committed-txid`, without a sync: it is only a lower bound.
    SetCommittedTxId(TxId),
    /// Creates or truncates `edits_inprogress_<first>`, writes its header, preallocates, syncs.
    OpenSegment {
        /// The transaction that the segment will start with.
        first: TxId,
        /// Goes into the header.
        layout_version: LayoutVersion,
    },
    /// Appends records to the open segment.
    Append {
        /// First transaction of the batch.
        first: TxId,
        /// Last transaction of the batch.
        last: TxId,
        /// Framed operations, written as they came.
        records: Bytes,
        /// False for a batch that a quorum has already: it may stay unsynced until the
        /// segment is closed.
        sync: bool,
    },
    /// Closes the open segment and leaves its padding. Syncs what was not synced.
    AbortSegment,
    /// Closes the open segment and cuts its padding off. Syncs what was not synced.
    CloseSegment,
    /// Renames `edits_inprogress_<first>` to `edits_<first>-<last>`.
    FinalizeSegment {
        /// First transaction of the segment.
        first: TxId,
        /// Last transaction of the segment.
        last: TxId,
    },
    /// Renames an edits file without transactions to `<name>.empty`.
    MoveAsideEmpty(SegmentFile),
    /// Renames what was left in progress of a segment that is finished elsewhere to
    /// `<name>.stale`.
    MoveAsideStale(SegmentFile),
    /// Deletes `paxos/<first>`, if it exists.
    DeletePaxos(TxId),
    /// Replaces `paxos/<start of the segment>`. The commit point of an accepted recovery.
    WritePaxos(PaxosRecord),
    /// Renames `edits_inprogress_<first>.epoch=<epoch>` over `edits_inprogress_<first>`.
    InstallDownload {
        /// First transaction of the segment.
        first: TxId,
        /// Epoch of the recovery that downloaded it.
        epoch: Epoch,
    },
    /// Renames `edits.sync/edits_<first>-<last>` into `current/`: a peer had it, this node
    /// did not.
    InstallSynced {
        /// First transaction of the segment.
        first: TxId,
        /// Last transaction of the segment.
        last: TxId,
    },
    /// Keeps a damaged `edits_<first>-<last>` as `<name>.corrupt` and puts the copy of a peer,
    /// which waits in `edits.sync/`, in its place. At no time there is neither.
    ReplaceDamaged {
        /// First transaction of the segment.
        first: TxId,
        /// Last transaction of the segment.
        last: TxId,
        /// Whose copy it is, for the log and the history.
        from: String,
    },
    /// Makes a blank directory a member again: empties `current/`, puts the promise, the
    /// committed transaction and the segments from `edits.sync/` in place, and writes VERSION
    /// last. Before that the journal is not formatted, and answers no writer.
    Rejoin(Rejoin),
    /// Deletes and marks stale what a checkpoint made superfluous.
    Purge {
        /// The oldest transaction that must stay.
        min_to_keep: TxId,
        /// The in-progress segment that is not stale: the last one this process opened.
        last_opened: Option<TxId>,
    },
    /// Renames every segment that starts at or after this to `<name>.trash`.
    Discard {
        /// First transaction to throw away.
        from: TxId,
    },
    /// Empties `current/` and writes a new VERSION.
    Format {
        /// The namespace to belong to.
        info: StorageInfo,
        /// Whether `current/` may hold something.
        force: bool,
    },
    /// `current` becomes `previous.tmp`; a new `current` gets hard links to the edits.
    PreUpgrade,
    /// Writes the new VERSION, `previous.tmp` becomes `previous`, the small files are copied.
    Upgrade(StorageInfo),
    /// Deletes `previous`, if it exists.
    FinalizeUpgrade,
    /// `previous` becomes `current`, if it exists.
    Rollback,
}

impl Effect {
    /// Whether it changes the disk.
    pub fn is_durable(&self) -> bool {
        !matches!(
            self,
            Self::NoteIpcSerial(_)
                | Self::NoteHighestWritten(_)
                | Self::NoteDamaged { .. }
                | Self::NoteSound(_)
        )
    }

    /// Whether it changes the directory as a whole. If it fails half-way, only reading the
    /// directory again tells what is there.
    pub fn replaces_directory(&self) -> bool {
        matches!(
            self,
            Self::Format { .. }
                | Self::Rejoin(_)
                | Self::PreUpgrade
                | Self::Upgrade(_)
                | Self::FinalizeUpgrade
                | Self::Rollback
        )
    }

    /// What it does, for log lines.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NoteIpcSerial(_) | Self::NoteHighestWritten(_) => "taking note",
            Self::NoteDamaged { .. } | Self::NoteSound(_) => "taking note of a segment",
            Self::PromiseEpoch(_) => "promising an epoch",
            Self::SetWriterEpoch(_) => "setting the writer epoch",
            Self::SetCommittedTxId(_) => "setting the committed txid",
            Self::OpenSegment { .. } => "starting a segment",
            Self::Append { .. } => "appending a batch",
            Self::AbortSegment | Self::CloseSegment => "closing a segment",
            Self::FinalizeSegment { .. } => "finalizing a segment",
            Self::MoveAsideEmpty(_) => "moving an empty segment aside",
            Self::MoveAsideStale(_) => "moving a stale segment aside",
            Self::DeletePaxos(_) => "deleting a paxos record",
            Self::WritePaxos(_) => "accepting a recovery",
            Self::InstallDownload { .. } => "installing a downloaded segment",
            Self::InstallSynced { .. } => "installing a segment of a peer",
            Self::ReplaceDamaged { .. } => "replacing a damaged segment",
            Self::Rejoin(_) => "rejoining the quorum",
            Self::Purge { .. } => "purging old edits",
            Self::Discard { .. } => "discarding segments",
            Self::Format { .. } => "formatting",
            Self::PreUpgrade | Self::Upgrade(_) => "upgrading",
            Self::FinalizeUpgrade => "finalizing an upgrade",
            Self::Rollback => "rolling back",
        }
    }
}
