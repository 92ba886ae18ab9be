use bytes::Bytes;
use journalnode::editlog::encode_op;
use journalnode::engine::{Effect, Rejoin};
use journalnode::types::{
    Epoch, LayoutVersion, PaxosRecord, SegmentFile, SegmentState, StorageInfo, TxId,
};

/// One thing that the shell asks of the storage.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Apply(Effect),
    /// Downloads a segment with these transactions.
    Download {
        first: i64,
        last: i64,
        epoch: i64,
    },
    /// Fetches a finished segment with these transactions into `edits.sync/`.
    Synced {
        first: i64,
        last: i64,
    },
    /// Fetches a peer's copy of a segment with these transactions, and chooses it.
    Copy {
        first: i64,
        last: i64,
    },
}

pub(crate) fn info(c_time: i64) -> StorageInfo {
    StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: 12345,
        cluster_id: "CID-x".to_owned(),
        c_time,
    }
}

/// Operations with bodies long enough to reach over sectors.
pub(crate) fn records(first: i64, last: i64) -> Bytes {
    (first..=last).flat_map(|txid| encode_op(9, TxId(txid), &[txid as u8; 700])).collect()
}

fn append(first: i64, last: i64, sync: bool) -> Step {
    let records = records(first, last);
    Step::Apply(Effect::Append { first: TxId(first), last: TxId(last), records, sync })
}

fn open(first: i64) -> Step {
    let layout_version = LayoutVersion::CURRENT;
    Step::Apply(Effect::OpenSegment { first: TxId(first), layout_version })
}

fn finalize(first: i64, last: i64) -> Step {
    Step::Apply(Effect::FinalizeSegment { first: TxId(first), last: TxId(last) })
}

fn promise(epoch: i64) -> [Step; 2] {
    [Effect::PromiseEpoch(Epoch(epoch)), Effect::SetWriterEpoch(Epoch(epoch))].map(Step::Apply)
}

fn format(c_time: i64) -> Step {
    Step::Apply(Effect::Format { info: info(c_time), force: true })
}

fn accept(start: i64, end: i64, epoch: i64) -> Step {
    let segment = SegmentState { start: TxId(start), end: TxId(end), in_progress: true };
    Step::Apply(Effect::WritePaxos(PaxosRecord { segment, accepted_in: Epoch(epoch) }))
}

fn delete_paxos(first: i64) -> Step {
    Step::Apply(Effect::DeletePaxos(TxId(first)))
}

/// A first writer, a second one that dies, a recovery by download, an empty segment, a purge
/// and a discard: every effect but those of an upgrade.
pub(crate) fn writing() -> Vec<Step> {
    let mut script = vec![format(1)];
    script.extend(promise(1));
    script.extend([
        open(1),
        append(1, 3, true),
        Step::Apply(Effect::SetCommittedTxId(TxId(3))),
        append(4, 6, false),
        append(7, 7, true),
        append(8, 9, false),
        Step::Apply(Effect::CloseSegment),
        finalize(1, 9),
        delete_paxos(1),
    ]);
    script.extend(promise(2));
    script.extend([
        open(10),
        append(10, 10, true),
        append(11, 12, false),
        Step::Apply(Effect::AbortSegment),
        Step::Apply(Effect::PromiseEpoch(Epoch(3))),
        Step::Download { first: 10, last: 14, epoch: 3 },
        accept(10, 14, 3),
        Step::Apply(Effect::InstallDownload { first: TxId(10), epoch: Epoch(3) }),
        finalize(10, 14),
        delete_paxos(10),
        open(15),
        Step::Apply(Effect::AbortSegment),
        Step::Apply(Effect::MoveAsideEmpty(SegmentFile::in_progress(TxId(15)))),
        open(15),
        append(15, 15, true),
        Step::Apply(Effect::CloseSegment),
        finalize(15, 15),
        open(16),
        Step::Apply(Effect::AbortSegment),
        Step::Apply(Effect::MoveAsideStale(SegmentFile::in_progress(TxId(16)))),
        Step::Apply(Effect::Purge { min_to_keep: TxId(10), last_opened: None }),
        Step::Apply(Effect::Discard { from: TxId(15) }),
    ]);
    script
}

fn some_edits() -> Vec<Step> {
    let mut script = vec![format(1)];
    script.extend(promise(5));
    script.extend([
        open(1),
        append(1, 3, true),
        Step::Apply(Effect::CloseSegment),
        finalize(1, 3),
        Step::Apply(Effect::SetCommittedTxId(TxId(3))),
    ]);
    script
}

pub(crate) fn format_again() -> Vec<Step> {
    let mut script = some_edits();
    script.extend([accept(4, 4, 5), format(2)]);
    script
}

fn upgrade() -> Vec<Step> {
    let mut script = some_edits();
    script.push(Step::Apply(Effect::PreUpgrade));
    // A writer that comes in the middle must not be forgotten either.
    script.push(Step::Apply(Effect::PromiseEpoch(Epoch(6))));
    script.push(Step::Apply(Effect::Upgrade(info(2))));
    script.extend(promise(7));
    script
}

pub(crate) fn upgraded() -> Vec<Step> {
    let mut script = upgrade();
    script.push(Step::Apply(Effect::FinalizeUpgrade));
    script
}

pub(crate) fn rolled_back() -> Vec<Step> {
    let mut script = upgrade();
    script.push(Step::Apply(Effect::Rollback));
    script
}

/// A peer's segments, installed between those that were written here.
pub(crate) fn synced() -> Vec<Step> {
    let mut script = some_edits();
    let install = |first, last| Effect::InstallSynced { first: TxId(first), last: TxId(last) };
    script.extend([
        Step::Synced { first: 4, last: 8 },
        Step::Apply(install(4, 8)),
        open(9),
        append(9, 9, true),
        Step::Synced { first: 10, last: 12 },
        Step::Apply(install(10, 12)),
    ]);
    script
}

/// A damaged segment, replaced twice: the second time there is a bad file aside already.
pub(crate) fn replaced() -> Vec<Step> {
    let mut script = some_edits();
    for _ in 0..2 {
        script.push(Step::Copy { first: 1, last: 3 });
        script.push(Step::Apply(Effect::ReplaceDamaged {
            first: TxId(1),
            last: TxId(3),
            from: "jn2:8485".to_owned(),
        }));
    }
    script
}

/// What a node that lost its directory comes back with.
pub(crate) fn rejoined() -> Vec<Step> {
    let segments = [(1, 3), (4, 8)];
    let mut script: Vec<Step> =
        segments.iter().map(|&(first, last)| Step::Synced { first, last }).collect();
    script.push(Step::Apply(Effect::Rejoin(Rejoin {
        namespace: info(1),
        promised: Epoch(7),
        committed_txid: Some(TxId(8)),
        segments: segments.map(|(a, b)| SegmentFile::finalized(TxId(a), TxId(b))).into(),
    })));
    script
}

/// What a journal must be able to do after anything.
pub(crate) fn continuation() -> Vec<Step> {
    let mut script: Vec<_> = promise(100).into();
    script.extend([open(100), append(100, 101, true), append(102, 102, false)]);
    script.extend([append(103, 103, true)]);
    script
}
