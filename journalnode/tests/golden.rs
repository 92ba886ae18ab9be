//! Directories that Hadoop wrote, read; and the same bytes written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/golden.rs"]
mod kept;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use journalnode::engine::{Effect, ScanTarget};
use journalnode::storage::disk::RealDisk;
use journalnode::storage::{Contents, JournalStorage, StorageOptions};
use journalnode::types::{
    Epoch, LayoutVersion, PaxosRecord, SegmentFile, SegmentState, StorageInfo, TxId,
};
use kept::{PREALLOCATED_BYTES, golden, unpack};
use tempfile::TempDir;

fn open(root: &Path) -> (JournalStorage, Contents) {
    let options = StorageOptions::default();
    JournalStorage::open(Arc::new(RealDisk), root.to_owned(), options).unwrap()
}

fn opened(name: &str) -> (TempDir, JournalStorage, Contents) {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("journal");
    unpack(&golden(name), &root);
    let (storage, contents) = open(&root);
    (directory, storage, contents)
}

fn finalized(first: i64, last: i64) -> SegmentFile {
    SegmentFile::finalized(TxId(first), TxId(last))
}

fn in_progress(first: i64) -> SegmentFile {
    SegmentFile::in_progress(TxId(first))
}

fn nsd1907() -> StorageInfo {
    StorageInfo {
        layout_version: LayoutVersion(-67),
        namespace_id: 1_711_363_522,
        cluster_id: "CID-b561e103-89fe-47ce-bd1c-9afd327b4bb5".to_owned(),
        c_time: 1_795_397_546_541,
    }
}

fn assert_last(storage: &JournalStorage, file: SegmentFile, last: i64) {
    let scan = storage.files().scan(ScanTarget::Segment(file)).unwrap();
    assert_eq!((scan.last, scan.header), (Some(TxId(last)), Some(LayoutVersion(-67))), "{file}");
    assert_eq!(scan.transactions, (last - file.first.0 + 1) as u64);
}

#[test]
fn a_live_directory_is_read() {
    let (_directory, storage, contents) = opened("live");
    let segments = [finalized(1, 7), finalized(8, 592), finalized(1743, 2277), in_progress(7916)];
    let expected = Contents {
        info: Some(nsd1907()),
        last_promised_epoch: Epoch(2),
        last_writer_epoch: Epoch(2),
        committed_txid: Some(TxId(8255)),
        segments: BTreeSet::from(segments),
    };
    assert_eq!(contents, expected);
    for file in &segments[..3] {
        assert_last(&storage, *file, file.last.unwrap().0);
    }
    assert_last(&storage, segments[3], 8257);
    let opened = storage.files().open_segment(segments[2]).unwrap();
    assert_eq!((opened.name, opened.len), (segments[2].to_string(), 1_048_576));
}

#[test]
fn a_directory_of_a_killed_node_is_read() {
    let (_directory, storage, contents) = opened("dead");
    assert_eq!(contents.segments, BTreeSet::from([finalized(1, 7), in_progress(2278)]));
    assert_last(&storage, in_progress(2278), 5964);
    let limited = storage
        .files()
        .scan_up_to(ScanTarget::Segment(in_progress(2278)), Some(TxId(3000)))
        .unwrap();
    assert_eq!(limited.last, Some(TxId(3000)));
}

#[test]
fn jn_114_an_accepted_recovery_is_read_and_written_alike() {
    let (directory, mut storage, contents) = opened("accepted");
    assert_eq!((contents.last_promised_epoch, contents.last_writer_epoch), (Epoch(2), Epoch(1)));
    let segment = SegmentState { start: TxId(4), end: TxId(6), in_progress: true };
    let record = PaxosRecord { segment, accepted_in: Epoch(2) };
    assert_eq!(storage.files().paxos(TxId(4)).unwrap(), Some(record));
    assert_eq!(storage.files().paxos(TxId(1)).unwrap(), None);
    let path = directory.path().join("journal/current/paxos/4");
    let golden = fs::read(&path).unwrap();
    storage.apply(&Effect::DeletePaxos(TxId(4))).unwrap();
    assert!(!path.exists());
    storage.apply(&Effect::WritePaxos(record)).unwrap();
    assert_eq!(fs::read(&path).unwrap(), golden);
    assert_last(&storage, in_progress(4), 6);
}

#[test]
fn reading_changes_nothing_but_the_lock_file() {
    let (directory, storage, _) = opened("accepted");
    let root = directory.path().join("journal");
    let _ = storage.files().scan(ScanTarget::Segment(in_progress(4))).unwrap();
    storage.close();
    assert!(!root.join("in_use.lock").exists(), "JN-116");
    let reference = directory.path().join("reference");
    unpack(&golden("accepted"), &reference);
    let names = |path: &Path| -> BTreeSet<_> {
        fs::read_dir(path.join("current")).unwrap().map(|e| e.unwrap().file_name()).collect()
    };
    assert_eq!(names(&root), names(&reference));
    for name in names(&root).iter().filter(|name| *name != "paxos") {
        let [ours, theirs] = [&root, &reference].map(|d| fs::read(d.join("current").join(name)));
        assert_eq!(ours.unwrap(), theirs.unwrap(), "{name:?}");
    }
}

#[test]
fn jn_053_jn_062_jn_073_jn_077_the_same_effects_write_the_same_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("journal");
    let (mut storage, contents) = open(&root);
    assert_eq!(contents, Contents::default());
    let mut apply = |effect: Effect| storage.apply(&effect).unwrap();
    apply(Effect::Format { info: nsd1907(), force: false });
    apply(Effect::PromiseEpoch(Epoch(2)));
    apply(Effect::SetWriterEpoch(Epoch(2)));
    apply(Effect::SetCommittedTxId(TxId(8255)));
    let name = finalized(1, 7).to_string();
    let segment = Bytes::from(fs::read(golden("live/current").join(&name)).unwrap());
    apply(Effect::OpenSegment { first: TxId(1), layout_version: LayoutVersion::CURRENT });
    let (first, last, records) = (TxId(1), TxId(7), segment.slice(8..));
    apply(Effect::Append { first, last, records, sync: true });
    let mut padded = segment.to_vec();
    padded.resize(PREALLOCATED_BYTES, 0xFF);
    let current = root.join("current");
    assert_eq!(fs::read(current.join(in_progress(1).to_string())).unwrap(), padded);
    apply(Effect::CloseSegment);
    apply(Effect::FinalizeSegment { first, last });
    assert_eq!(fs::read(current.join(name)).unwrap(), segment);
    for name in ["last-promised-epoch", "last-writer-epoch", "committed-txid"] {
        let theirs = fs::read(golden("live/current").join(name)).unwrap();
        assert_eq!(fs::read(current.join(name)).unwrap(), theirs, "{name}");
    }
    assert_eq!(
        without_date(&current.join("VERSION")),
        without_date(&golden("live/current/VERSION"))
    );
}

fn without_date(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let (date, rest) = text.split_once('\n').unwrap();
    assert!(date.starts_with('#') && date.contains(" UTC "), "{date}");
    rest.to_owned()
}
