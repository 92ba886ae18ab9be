use std::path::PathBuf;

use thiserror::Error;

use crate::types::{Epoch, SegmentFile, SegmentState, TxId};

/// The protocol says no. Each maps to the one exception class that Java throws there, and
/// keeps the parts of its text that Hadoop's tools and tests look for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// `JNStorage.isFormatted` is false.
    #[error("Journal {directory} not formatted", directory = directory.display())]
    NotFormatted {
        /// The journal's directory.
        directory: PathBuf,
    },
    /// A sync failed and left the disk in a state that nobody can tell.
    #[error(
        "Journal is out of service since its disk failed ({reason}); check the disk, then restart \
         this JournalNode"
    )]
    OutOfService {
        /// What the disk reported.
        reason: String,
    },
    /// Fenced: a newer writer was promised this journal.
    #[error("IPC's epoch {epoch} is less than the last promised epoch {promised}")]
    OldEpoch {
        /// The caller's epoch.
        epoch: Epoch,
        /// What this node promised.
        promised: Epoch,
    },
    /// The caller's epoch is promised, but it has not started a segment here.
    #[error("IPC's epoch {epoch} is not the current writer epoch {writer}")]
    NotWriterEpoch {
        /// The caller's epoch.
        epoch: Epoch,
        /// The epoch that last started a segment.
        writer: Epoch,
    },
    /// A request came twice, or out of order.
    #[error("IPC serial {serial} was not higher than prior highest IPC serial {highest}")]
    StaleSerial {
        /// The request's serial number.
        serial: i64,
        /// The highest seen in this epoch.
        highest: i64,
    },
    /// The committed transaction never moves back.
    #[error("Client trying to move committed txid backward from {from} to {to}")]
    CommittedBackward {
        /// What this node knows to be committed.
        from: TxId,
        /// What the request said.
        to: TxId,
    },
    /// `newEpoch` with an epoch that is not higher than the promise.
    #[error("Proposed epoch {epoch} <= last promise {promised}")]
    ProposedEpoch {
        /// The proposed epoch.
        epoch: Epoch,
        /// What this node promised.
        promised: Epoch,
    },
    /// The caller belongs to another namespace.
    #[error(
        "Incompatible namespaceID for journal {directory}: NameNode has nsId {theirs} but storage has nsId {ours}",
        directory = directory.display()
    )]
    NamespaceId {
        /// The journal's directory.
        directory: PathBuf,
        /// The caller's namespace.
        theirs: i32,
        /// This journal's namespace.
        ours: i32,
    },
    /// The caller belongs to another cluster.
    #[error(
        "Incompatible clusterID for journal {directory}: NameNode has clusterId '{theirs}' but storage has clusterId '{ours}'",
        directory = directory.display()
    )]
    ClusterId {
        /// The journal's directory.
        directory: PathBuf,
        /// The caller's cluster.
        theirs: String,
        /// This journal's cluster.
        ours: String,
    },
    /// `journal` before `startLogSegment`, or after a restart of this node.
    #[error("Can't write, no segment open")]
    NoSegmentOpen,
    /// `journal` into a segment whose disk failed.
    #[error(
        "Can't write, segment {segment} was closed after a disk failure ({reason}); \
         writing can go on with the next segment"
    )]
    SegmentFailed {
        /// The segment that the caller writes.
        segment: TxId,
        /// What the disk reported.
        reason: String,
    },
    /// `journal` into a segment that is not the open one.
    #[error(
        "Writer out of sync: it thinks it is writing segment {theirs} but current segment is {ours}"
    )]
    OtherSegment {
        /// The segment that the caller writes.
        theirs: TxId,
        /// The open segment.
        ours: TxId,
    },
    /// `journal` with a gap or an overlap.
    #[error("Can't write txid {first} expecting nextTxId={expected}")]
    TxIdGap {
        /// First transaction of the batch.
        first: TxId,
        /// The transaction that must come next.
        expected: TxId,
    },
    /// `journal` with more transactions than Java's `int` counts.
    #[error("bad number of transactions: {0}")]
    BadTransactionCount(u32),
    /// `startLogSegment` at a transaction that no file name can hold. Java makes a file that
    /// it does not find again.
    #[error("a segment cannot start at txid {0}")]
    BadFirstTxId(TxId),
    /// `startLogSegment` over a finished segment.
    #[error("Already have a finalized segment {segment} beginning at {first}")]
    AlreadyFinalized {
        /// The file that exists.
        segment: SegmentFile,
        /// Where both start.
        first: TxId,
    },
    /// `startLogSegment` over a segment that holds more than its first transaction.
    #[error("The log file {0} seems to contain valid transactions")]
    HoldsTransactions(SegmentFile),
    /// Two files start with the same transaction.
    #[error("More than one log segment found starting at txid {0}")]
    MoreThanOneSegment(TxId),
    /// `startLogSegment` on a disk that is nearly full.
    #[error(
        "Can't start segment {segment}: {free_bytes} bytes are free in {directory}, fewer than the \
         {reserve_bytes} that dfs.journalnode.free-space.reserve.bytes keeps back; free some \
         space, the journal goes on by itself",
        directory = directory.display()
    )]
    NoSpace {
        /// The segment that should start.
        segment: TxId,
        /// The journal's directory.
        directory: PathBuf,
        /// Free space of the file system.
        free_bytes: u64,
        /// What must stay free.
        reserve_bytes: u64,
    },
    /// `finalizeLogSegment` of the open segment, to another end than was written.
    #[error(
        "Trying to finalize in-progress log segment {first} to end at txid {end} but only written up to txid {written}"
    )]
    WrittenShort {
        /// First transaction of the segment.
        first: TxId,
        /// The end that the caller wants.
        end: TxId,
        /// The last transaction written.
        written: TxId,
    },
    /// `finalizeLogSegment` of a closed segment, to another end than it has.
    #[error(
        "Trying to finalize in-progress log segment {first} to end at txid {end} but log {segment} \
         on disk only contains up to txid {on_disk}",
        on_disk = TxId::to_java(*on_disk)
    )]
    DiskShort {
        /// First transaction of the segment.
        first: TxId,
        /// The end that the caller wants.
        end: TxId,
        /// The file.
        segment: SegmentFile,
        /// The last transaction in it.
        on_disk: Option<TxId>,
    },
    /// `finalizeLogSegment` after a recovery that this node missed, of a copy that may not be
    /// the one that was recovered.
    #[error(
        "Segment {first} is not finalized: the recovery of epoch {epoch} did not reach this node, \
         whose copy is of epoch {ours}"
    )]
    NotRecoveredHere {
        /// First transaction of the segment.
        first: TxId,
        /// The caller's epoch.
        epoch: Epoch,
        /// The newest epoch that can have written or accepted the copy.
        ours: Epoch,
    },
    /// `finalizeLogSegment` of a segment that this node does not have.
    #[error("No log file to finalize at transaction ID {0}")]
    NothingToFinalize(TxId),
    /// `finalizeLogSegment` again, with another end.
    #[error("Trying to re-finalize already finalized log {segment} with different endTxId {end}")]
    OtherEnd {
        /// The file that exists.
        segment: SegmentFile,
        /// The end that the caller wants.
        end: TxId,
    },
    /// `finalizeLogSegment` into the range of another finished segment, which Java does.
    #[error("Can't finalize {segment} to end at txid {end}: it would overlap {other}")]
    OverlapsFinalized {
        /// The file to finalize.
        segment: SegmentFile,
        /// The end that the caller wants.
        end: TxId,
        /// The finished segment.
        other: SegmentFile,
    },
    /// A peer's segment that this node does not know to be committed: the peer may be wrong.
    #[error(
        "Segment [{first},{last}] of a peer is not installed: only txid {committed} is known to be \
         committed"
    )]
    SyncedNotCommitted {
        /// First transaction of the segment.
        first: TxId,
        /// Last transaction of the segment.
        last: TxId,
        /// As Java prints it, with -12345 for unknown.
        committed: i64,
    },
    /// A peer's segment that this node has already, in whole or in part, or is writing.
    #[error("Segment [{first},{last}] of a peer is not installed: {ours} is here")]
    SyncedIsHere {
        /// First transaction of the segment.
        first: TxId,
        /// Last transaction of the segment.
        last: TxId,
        /// What is here.
        ours: SegmentFile,
    },
    /// Replacing a segment of which nothing bad is known.
    #[error("{0} is not replaced: it is not known to be damaged")]
    NotDamaged(SegmentFile),
    /// Reading a segment that a scrub found damaged.
    #[error(
        "{segment} is damaged on this JournalNode ({what}) and waits for a good copy; read it from \
         another one"
    )]
    SegmentDamaged {
        /// The file.
        segment: SegmentFile,
        /// What is wrong with it.
        what: String,
    },
    /// Somebody formatted the journal while it was about to rejoin.
    #[error("Journal {directory} is formatted, it need not rejoin", directory = directory.display())]
    AlreadyFormatted {
        /// The journal's directory.
        directory: PathBuf,
    },
    /// `acceptRecovery` of an impossible range.
    #[error("bad recovery state for segment {start}: {segment}", start = segment.start)]
    BadRecoveryState {
        /// What the caller wants accepted.
        segment: SegmentState,
    },
    /// `acceptRecovery` after a newer one was accepted. The epoch checks should have caught it.
    #[error("Bad paxos transition, out-of-order epochs. Old: {old} New: {new}")]
    OutOfOrderEpochs {
        /// Epoch of the recovery accepted before.
        old: Epoch,
        /// Epoch of this one.
        new: Epoch,
    },
    /// `acceptRecovery` would lose a transaction that a quorum has acknowledged.
    #[error(
        "Cannot replace segment {ours} with new segment {theirs}: would discard already-committed txn {committed}"
    )]
    WouldDiscardCommitted {
        /// What this node has.
        ours: SegmentState,
        /// What the caller wants accepted.
        theirs: SegmentState,
        /// The committed transaction.
        committed: TxId,
    },
    /// `acceptRecovery` would change a finished segment.
    #[error(
        "Should never be asked to synchronize a different log on top of an already-finalized segment"
    )]
    OverFinalized,
    /// `getEditLogManifest` over files that overlap.
    #[error("Invalid log manifest (log {next} overlaps {previous})")]
    ManifestOverlap {
        /// The earlier entry.
        previous: String,
        /// The entry that starts too early.
        next: String,
    },
    /// `getJournaledEdits` without a cache.
    #[error(
        "The journal edits cache is not enabled, which is needed to fetch edits over RPC. \
         Set dfs.ha.tail-edits.in-progress to true on the JournalNode"
    )]
    CacheDisabled,
    /// `getJournaledEdits` beyond the end of the log.
    #[error(
        "Highest txn ID available in the journal is {highest}, but requested txns starting at {since}."
    )]
    NewerTxnId {
        /// The last transaction in the journal.
        highest: TxId,
        /// What the caller wants.
        since: TxId,
    },
    /// `getJournaledEdits` of something that the cache has not, with how far it missed.
    #[error("{text}")]
    CacheMiss {
        /// One of Java's three texts.
        text: String,
        /// How many transactions before the cache's start the caller asked, 0 if it is empty.
        missed_by_txns: u64,
    },
    /// `getJournaledEdits` of no transactions, which crashes Java's handler.
    #[error("maxTxns must be at least 1, got {0}")]
    BadMaxTxns(u32),
    /// `discardSegments` would cut a segment in two. Java's exception has no message.
    #[error("java.lang.IllegalStateException")]
    DiscardInsideSegment,
    /// `format` by a NameNode that was not formatted itself.
    #[error("can't format with uninitialized namespace info: namespaceID is 0")]
    UninitializedNamespace,
    /// Rolling back, or being asked to, into another namespace.
    #[error("Directory {directory} is in an inconsistent state: {reason}", directory = directory.display())]
    Inconsistent {
        /// The journal's directory.
        directory: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// There is no VERSION to read.
    #[error("{}/current/VERSION (No such file or directory)", directory.display())]
    NoVersionFile {
        /// The journal's directory.
        directory: PathBuf,
    },
    /// `canRollBack` to a version that `previous` does not have.
    #[error(
        "Cannot rollback to storage version {previous} using this version of the NameNode, which uses storage version {target}. \
         Please use the previous version of HDFS to perform the rollback."
    )]
    RollbackVersion {
        /// Layout version in `previous`.
        previous: i32,
        /// Layout version that the caller can read.
        target: i32,
    },
}

impl Refusal {
    /// The class that Java throws there.
    pub fn java_class(&self) -> &'static str {
        use Refusal::*;
        match self {
            NotFormatted { .. } => {
                "org.apache.hadoop.hdfs.qjournal.protocol.JournalNotFormattedException"
            }
            StaleSerial { .. }
            | NoSegmentOpen
            | SegmentFailed { .. }
            | OtherSegment { .. }
            | TxIdGap { .. }
            | WrittenShort { .. }
            | DiskShort { .. }
            | NotRecoveredHere { .. }
            | NothingToFinalize(_) => {
                "org.apache.hadoop.hdfs.qjournal.protocol.JournalOutOfSyncException"
            }
            OldEpoch { .. }
            | NotWriterEpoch { .. }
            | ProposedEpoch { .. }
            | NamespaceId { .. }
            | ClusterId { .. }
            | NoSpace { .. }
            | OutOfService { .. }
            | SegmentDamaged { .. }
            | CacheDisabled
            | RollbackVersion { .. } => "java.io.IOException",
            CommittedBackward { .. }
            | BadTransactionCount(_)
            | BadFirstTxId(_)
            | OtherEnd { .. }
            | BadRecoveryState { .. }
            | BadMaxTxns(_) => "java.lang.IllegalArgumentException",
            AlreadyFinalized { .. }
            | HoldsTransactions(_)
            | MoreThanOneSegment(_)
            | OverlapsFinalized { .. }
            | SyncedNotCommitted { .. }
            | SyncedIsHere { .. }
            | AlreadyFormatted { .. }
            | NotDamaged(_)
            | ManifestOverlap { .. }
            | DiscardInsideSegment
            | UninitializedNamespace => "java.lang.IllegalStateException",
            OutOfOrderEpochs { .. } | WouldDiscardCommitted { .. } | OverFinalized => {
                "java.lang.AssertionError"
            }
            NoVersionFile { .. } => "java.io.FileNotFoundException",
            NewerTxnId { .. } => "org.apache.hadoop.hdfs.qjournal.server.NewerTxnIdException",
            CacheMiss { .. } => {
                "org.apache.hadoop.hdfs.qjournal.server.JournaledEditsCache$CacheMissException"
            }
            Inconsistent { .. } => {
                "org.apache.hadoop.hdfs.server.common.InconsistentFSStateException"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal::{self, *};
    use crate::engine::fixture::{file, segment};
    use crate::types::{Epoch, TxId};

    const NOT_FORMATTED: &str =
        "org.apache.hadoop.hdfs.qjournal.protocol.JournalNotFormattedException";
    const OUT_OF_SYNC: &str = "org.apache.hadoop.hdfs.qjournal.protocol.JournalOutOfSyncException";
    const NEWER_TXN_ID: &str = "org.apache.hadoop.hdfs.qjournal.server.NewerTxnIdException";
    const CACHE_MISS: &str =
        "org.apache.hadoop.hdfs.qjournal.server.JournaledEditsCache$CacheMissException";
    const INCONSISTENT: &str = "org.apache.hadoop.hdfs.server.common.InconsistentFSStateException";
    const IO: &str = "java.io.IOException";
    const ARGUMENT: &str = "java.lang.IllegalArgumentException";
    const STATE: &str = "java.lang.IllegalStateException";
    const ASSERTION: &str = "java.lang.AssertionError";

    /// Each refusal has the class of `Journal.java`, and the words that Hadoop's tools and
    /// tests look for.
    #[track_caller]
    fn all_are(class: &str, cases: &[(Refusal, &str)]) {
        for (refusal, text) in cases {
            assert_eq!(refusal.java_class(), class, "{refusal:?}");
            assert!(refusal.to_string().contains(text), "{refusal}");
        }
    }

    fn directory() -> std::path::PathBuf {
        "/jn/ns1".into()
    }

    #[test]
    fn jn_045_not_formatted() {
        all_are(NOT_FORMATTED, &[(NotFormatted { directory: directory() }, "not formatted")]);
    }

    #[test]
    fn jn_048_070_072_078_080_out_of_sync() {
        let (first, end, written, on_disk) = (TxId(1), TxId(6), TxId(3), Some(TxId(3)));
        let segment = file(1, None);
        let failed = SegmentFailed { segment: first, reason: "EIO".into() };
        all_are(
            OUT_OF_SYNC,
            &[
                (StaleSerial { serial: 1, highest: 2 }, "was not higher than prior highest IPC"),
                (NoSegmentOpen, "Can't write, no segment open"),
                (failed, "Can't write, segment 1 was closed after a disk failure (EIO)"),
                (OtherSegment { theirs: first, ours: end }, "Writer out of sync"),
                (TxIdGap { first, expected: end }, "Can't write txid 1 expecting nextTxId=6"),
                (WrittenShort { first, end, written }, "but only written up to txid 3"),
                (DiskShort { first, end, segment, on_disk }, "disk only contains up to txid 3"),
                (
                    NotRecoveredHere { first, epoch: Epoch(3), ours: Epoch(1) },
                    "the recovery of epoch 3 did not reach this node, whose copy is of epoch 1",
                ),
                (NothingToFinalize(TxId(1000)), "No log file to finalize at transaction ID 1000"),
            ],
        );
    }

    #[test]
    fn jn_046_057_058_068_100_io() {
        let (epoch, promised) = (Epoch(1), Epoch(3));
        let cluster = |name: &str| format!("CID-{name}");
        let segment = TxId(1);
        let full = NoSpace { segment, directory: directory(), free_bytes: 1, reserve_bytes: 2 };
        let (theirs, ours) = (cluster("y"), cluster("x"));
        all_are(
            IO,
            &[
                (OldEpoch { epoch, promised }, "epoch 1 is less than the last promised epoch 3"),
                (NotWriterEpoch { epoch, writer: promised }, "is not the current writer epoch"),
                (ProposedEpoch { epoch: promised, promised }, "Proposed epoch 3 <= last promise 3"),
                (
                    NamespaceId { directory: directory(), theirs: 1, ours: 2 },
                    "Incompatible namespaceID",
                ),
                (ClusterId { directory: directory(), theirs, ours }, "Incompatible clusterID"),
                (full, "dfs.journalnode.free-space.reserve.bytes"),
                (OutOfService { reason: "EIO".into() }, "out of service"),
                (SegmentDamaged { segment: file(1, 4), what: "EIO".into() }, "damaged on this"),
                (CacheDisabled, "dfs.ha.tail-edits.in-progress"),
                (RollbackVersion { previous: -65, target: -66 }, "Cannot rollback to storage"),
            ],
        );
    }

    #[test]
    fn jn_049_081_092_102_bad_arguments() {
        let (from, to) = (TxId(5), TxId(4));
        let bad = segment(5, 0);
        all_are(
            ARGUMENT,
            &[
                (
                    CommittedBackward { from, to },
                    "Client trying to move committed txid backward from 5 to 4",
                ),
                (BadTransactionCount(u32::MAX), "bad number of transactions"),
                (
                    OtherEnd { segment: file(1, 4), end: to },
                    "Trying to re-finalize already finalized log",
                ),
                (
                    BadRecoveryState { segment: bad },
                    "bad recovery state for segment 5: startTxId: 5 endTxId: 0 isInProgress: true",
                ),
                (BadMaxTxns(0), "maxTxns"),
            ],
        );
    }

    #[test]
    fn jn_056_064_098_105_bad_states() {
        let (previous, next) = ("[1,5]".to_owned(), "[5,9]".to_owned());
        let (segment, first, end) = (file(1, 4), TxId(1), TxId(9));
        let other = file(5, 9);
        all_are(
            STATE,
            &[
                (AlreadyFinalized { segment, first }, "have a finalized segment"),
                (HoldsTransactions(segment), "seems to contain valid transactions"),
                (MoreThanOneSegment(first), "More than one log segment"),
                (OverlapsFinalized { segment, end, other }, "would overlap"),
                (SyncedNotCommitted { first, last: end, committed: 3 }, "only txid 3 is known"),
                (SyncedIsHere { first, last: end, ours: other }, "is here"),
                (AlreadyFormatted { directory: directory() }, "need not rejoin"),
                (NotDamaged(segment), "not known to be damaged"),
                (
                    ManifestOverlap { previous, next },
                    "Invalid log manifest (log [5,9] overlaps [1,5])",
                ),
                (DiscardInsideSegment, "java.lang.IllegalStateException"),
                (UninitializedNamespace, "can't format with uninitialized namespace info"),
            ],
        );
    }

    #[test]
    fn jn_093_094_broken_invariants() {
        let (ours, theirs, committed) = (segment(1, 9), segment(1, 4), TxId(6));
        let (old, new) = (Epoch(4), Epoch(3));
        all_are(
            ASSERTION,
            &[
                (OutOfOrderEpochs { old, new }, "Bad paxos transition, out-of-order epochs."),
                (
                    WouldDiscardCommitted { ours, theirs, committed },
                    "would discard already-committed txn 6",
                ),
                (OverFinalized, "on top of an already-finalized segment"),
            ],
        );
    }

    #[test]
    fn jn_054_101_103_109_the_rest() {
        let (highest, since) = (TxId(5), TxId(7));
        let reason = "cluster Id is incompatible with others.".to_owned();
        let text = "Cache is empty".to_owned();
        all_are(NEWER_TXN_ID, &[(NewerTxnId { highest, since }, "starting at 7.")]);
        all_are(CACHE_MISS, &[(CacheMiss { text, missed_by_txns: 0 }, "Cache is empty")]);
        all_are(
            INCONSISTENT,
            &[(
                Inconsistent { directory: directory(), reason },
                "Directory /jn/ns1 is in an inconsistent state: cluster Id is incompatible",
            )],
        );
        all_are(
            "java.io.FileNotFoundException",
            &[(NoVersionFile { directory: directory() }, "/jn/ns1/current/VERSION")],
        );
    }
}
