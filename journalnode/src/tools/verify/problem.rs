use thiserror::Error;

use crate::editlog::{Damage, HeaderFault};
use crate::types::{Epoch, LayoutVersion, TxId};

/// Something about a journal's directory that an operator may want to know.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// The operating system refused.
    #[error("could not be read: {0}")]
    Unreadable(String),
    /// It was there when the directory was listed.
    #[error("went away while the directory was read")]
    Vanished,
    /// A segment without a header, so without operations.
    #[error("{0}")]
    Header(HeaderFault),
    /// A header was to be written, in a segment in progress, and was not.
    #[error("the segment was started and nothing was written into it")]
    NothingWritten,
    /// A layout that Hadoop 3.4 does not read, or that this cannot check.
    #[error("layout version {0} is unknown")]
    UnknownLayout(LayoutVersion),
    /// Not the layout of the journal.
    #[error("layout version {found}, but VERSION says {expected}")]
    OtherLayout {
        /// In the segment.
        found: LayoutVersion,
        /// In VERSION.
        expected: LayoutVersion,
    },
    /// Where an operation should be there is none, and others follow.
    #[error("no operation at byte {offset}: {reason}{}", next(*.resumes_at))]
    Operation {
        /// Where.
        offset: u64,
        /// Where the next one is.
        resumes_at: Option<u64>,
        /// What is wrong.
        reason: Damage,
    },
    /// A segment in progress ends in a half-written operation.
    #[error("ends in a half-written operation at byte {offset}: {reason}")]
    TornTail {
        /// Where.
        offset: u64,
        /// What is wrong.
        reason: Damage,
    },
    /// More of the same, not listed.
    #[error("{0} more of these in the same file")]
    More(u64),
    /// A good checksum around an operation that no Hadoop 3.4 knows.
    #[error("transaction {txid} at byte {offset} has opcode {opcode}, which is unknown")]
    UnknownOpcode {
        /// Where.
        offset: u64,
        /// Its number.
        txid: i64,
        /// What it has.
        opcode: u8,
    },
    /// A transaction is not the one after its predecessor.
    #[error("transaction {found} at byte {offset} where {expected} should be")]
    OutOfOrder {
        /// Where.
        offset: u64,
        /// Which one is there.
        found: i64,
        /// Which one should be.
        expected: i64,
    },
    /// The name promises another first transaction.
    #[error("begins with transaction {}, not {named}", or_none(*.found))]
    FirstTxId {
        /// In the file.
        found: Option<TxId>,
        /// In the name.
        named: TxId,
    },
    /// The name promises another last transaction.
    #[error("ends with transaction {}, not {named}", or_none(*.found))]
    LastTxId {
        /// In the file.
        found: Option<TxId>,
        /// In the name.
        named: TxId,
    },
    /// A name such as `edits_9-3`.
    #[error("the name ends before it begins")]
    Backwards,
    /// Padding is 0xFF.
    #[error("byte {at} is in the padding and is not 0xFF")]
    StrayPadding {
        /// The first such byte.
        at: u64,
    },
    /// Transactions that no segment here has.
    #[error("transactions {first} to {last} are not here")]
    Gap {
        /// The first one missing.
        first: TxId,
        /// The last one missing.
        last: TxId,
    },
    /// Two finalized segments have the same transactions.
    #[error("begins at or before transaction {last}, with which {other} ends")]
    Overlap {
        /// The other segment.
        other: String,
        /// Its last transaction.
        last: TxId,
    },
    /// A segment in progress that has successors.
    #[error("was never finalized, and later segments follow")]
    LeftInProgress,
    /// An epoch file that is not a number and a newline.
    #[error("is not a number and a newline: {0:?}")]
    EpochFile(String),
    /// The writer has an epoch that nobody promised it.
    #[error("the writer's epoch {writer} is above the promised one, {promised}")]
    WriterAbovePromise {
        /// last-writer-epoch.
        writer: Epoch,
        /// last-promised-epoch.
        promised: Epoch,
    },
    /// committed-txid is not 8 bytes long, or the number in it is impossible.
    #[error("is not 8 bytes that hold a transaction: {0}")]
    CommittedFile(String),
    /// What the quorum committed is not all here.
    #[error("transaction {committed} is committed, but the last one here is {}", or_none(*.last))]
    CommittedAhead {
        /// committed-txid.
        committed: TxId,
        /// The last transaction of all segments.
        last: Option<TxId>,
    },
    /// Less was committed than lies before the first segment.
    #[error("transaction {committed} is committed, but the first segment begins at {first}")]
    CommittedBehind {
        /// committed-txid.
        committed: TxId,
        /// The first transaction of all segments.
        first: TxId,
    },
    /// VERSION is damaged.
    #[error("{0}")]
    VersionFile(String),
    /// There is no VERSION.
    #[error("there is no VERSION: the journal is not formatted")]
    NotFormatted,
    /// There is no VERSION, but there are edits.
    #[error("there is no VERSION, but there are edits")]
    VersionMissing,
    /// A recovery record that cannot be read.
    #[error("{0}")]
    PaxosFile(String),
    /// A recovery was accepted in an epoch that nobody promised.
    #[error("a recovery was accepted in epoch {accepted}, above the promised one, {promised}")]
    PaxosAbovePromise {
        /// In the record.
        accepted: Epoch,
        /// last-promised-epoch.
        promised: Epoch,
    },
    /// A recovery of a segment that is not here.
    #[error("is about a segment that is not here")]
    PaxosWithoutSegment,
    /// The accepted recovery is not what the segment holds.
    #[error(
        "a recovery up to transaction {accepted} was accepted, but the segment ends with {}",
        or_none(*.found)
    )]
    PaxosMismatch {
        /// In the record.
        accepted: TxId,
        /// In the segment.
        found: Option<TxId>,
    },
    /// Something that was being written when the process ended.
    #[error("a temporary file that nobody finished")]
    Temporary,
    /// Something that a JournalNode put aside on purpose.
    #[error("put aside by a JournalNode")]
    PutAside,
    /// A name that no JournalNode gives.
    #[error("a name that no JournalNode gives")]
    UnknownName,
    /// An upgrade, rollback or finalization did not end.
    #[error("an upgrade, its end or its rollback was interrupted")]
    UpgradeInterrupted,
    /// An upgrade can still be rolled back.
    #[error("an upgrade waits for its finalization")]
    UpgradePending,
    /// A JournalNode is running on the directory.
    #[error("a JournalNode (process {pid}) is running here: what it writes meanwhile looks torn")]
    InUse {
        /// Its process id; 0 if it cannot be told.
        pid: i32,
    },
}

fn or_none(txid: Option<TxId>) -> String {
    txid.map_or_else(|| "none".to_owned(), |txid| txid.to_string())
}

fn next(resumes_at: Option<u64>) -> String {
    resumes_at.map_or_else(String::new, |at| format!("; the next one is at byte {at}"))
}
