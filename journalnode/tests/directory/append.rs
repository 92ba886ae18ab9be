//! Appends and promises on a disk that fails (JN-074, JN-075).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use journalnode::engine::{Effect, ScanTarget};
use journalnode::storage::disk::Disk;
use journalnode::storage::disk::faulty::FaultyDisk;
use journalnode::storage::{
    AppendFault, AppendPhase, JournalStorage, Outcome, StorageError, StorageOptions,
};
use journalnode::types::{Epoch, SegmentFile, TxId};

use crate::fixture::{append, info, open_segment};

/// A journal whose segment 1 holds transactions 1 to 2, durably.
fn written(seed: u64, sync_on_write: bool) -> (FaultyDisk, JournalStorage) {
    let disk = FaultyDisk::new(seed);
    disk.create_dir_all(Path::new("/edits")).unwrap();
    let options = StorageOptions { sync_on_write, ..StorageOptions::default() };
    let root = PathBuf::from("/edits/j1");
    let (mut storage, _) = JournalStorage::open(Arc::new(disk.clone()), root, options).unwrap();
    for effect in [Effect::Format { info: info(1), force: false }, open_segment(1), append(1, 2)] {
        storage.apply(&effect).unwrap();
    }
    (disk, storage)
}

fn unsynced(first: i64, last: i64) -> Effect {
    match append(first, last) {
        Effect::Append { first, last, records, .. } => {
            Effect::Append { first, last, records, sync: false }
        }
        other => other,
    }
}

fn fault_of(storage: &mut JournalStorage, effect: &Effect) -> AppendFault {
    match storage.apply(effect) {
        Err(error @ StorageError::Append { fault, .. }) => {
            assert_eq!(error.java_class(), "java.io.IOException");
            fault
        }
        other => panic!("{other:?}"),
    }
}

fn last_in(storage: &JournalStorage) -> Option<i64> {
    let target = ScanTarget::Segment(SegmentFile::in_progress(TxId(1)));
    storage.files().scan(target).unwrap().last.map(|txid| txid.0)
}

#[test]
fn jn_074_an_append_is_one_write_and_one_sync() {
    let (disk, mut storage) = written(0, false);
    for (effect, operations) in [(append(3, 4), 2), (unsynced(5, 6), 1), (append(7, 7), 2)] {
        let before = disk.operations();
        storage.apply(&effect).unwrap();
        assert_eq!(disk.operations() - before, operations, "{effect:?}");
    }
}

/// What a start writes once more depends on it.
#[test]
fn no_more_than_eight_mebibytes_are_ever_unsynced() {
    const MIB: usize = 1024 * 1024;
    let records = |bytes: usize| Bytes::from(vec![1; bytes]);
    let (disk, mut storage) = written(0, false);
    let mut writes = |txid: i64, bytes: usize| {
        let before = disk.file_syncs();
        let (first, last) = (TxId(txid), TxId(txid));
        let effect = Effect::Append { first, last, records: records(bytes), sync: false };
        storage.apply(&effect).unwrap();
        disk.file_syncs() - before
    };
    let syncs: Vec<_> = (3..14).map(|txid| writes(txid, MIB)).collect();
    assert_eq!(syncs, [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    assert_eq!(writes(14, 20 * MIB), 3, "once before, and twice between its pieces");
}

#[test]
fn jn_075_a_short_write_is_cut_off_and_the_batch_may_come_again() {
    for seed in 0..20 {
        let (disk, mut storage) = written(seed, false);
        storage.apply(&unsynced(3, 3)).unwrap();
        disk.fail_at(disk.operations() + 1);
        let fault = fault_of(&mut storage, &append(4, 9));
        let during = AppendPhase::Write;
        assert_eq!(fault, AppendFault { during, tail_restored: true, still_open: true });
        assert_eq!(last_in(&storage), Some(3));
        storage.apply(&append(4, 5)).unwrap();
        disk.crash();
        let root = PathBuf::from("/edits/j1");
        let (storage, _) =
            JournalStorage::open(Arc::new(disk), root, StorageOptions::default()).unwrap();
        assert_eq!(last_in(&storage), Some(5));
    }
}

#[test]
fn jn_075_a_full_disk_takes_no_torn_batch() {
    let (disk, mut storage) = written(0, false);
    disk.set_free_space_bytes(100);
    let records = Bytes::from(vec![1; 2 << 20]);
    let big = Effect::Append { first: TxId(3), last: TxId(3), records, sync: true };
    let fault = fault_of(&mut storage, &big);
    assert!(fault.tail_restored && fault.still_open);
    assert_eq!(last_in(&storage), Some(2));
}

#[test]
fn jn_075_after_a_failed_sync_the_segment_is_closed_and_cut_to_what_is_durable() {
    for seed in 0..20 {
        let (disk, mut storage) = written(seed, false);
        storage.apply(&unsynced(3, 3)).unwrap();
        disk.fail_at(disk.operations() + 2);
        let fault = fault_of(&mut storage, &append(4, 4));
        let during = AppendPhase::Sync;
        assert_eq!(fault, AppendFault { during, tail_restored: true, still_open: false });
        assert_eq!(last_in(&storage), Some(2));
        let class = storage.apply(&append(4, 4)).unwrap_err().java_class();
        assert_eq!(class, "java.lang.IllegalStateException");
    }
}

#[test]
fn jn_075_a_tail_that_cannot_be_cut_is_reported() {
    let (disk, mut storage) = written(0, false);
    disk.crash_at(disk.operations() + 1);
    let fault = fault_of(&mut storage, &append(3, 3));
    assert!(!fault.tail_restored && !fault.still_open);
}

#[test]
fn with_o_dsync_a_failed_write_counts_as_a_failed_sync() {
    let (disk, mut storage) = written(0, true);
    let before = disk.operations();
    storage.apply(&unsynced(3, 3)).unwrap();
    assert_eq!(disk.operations() - before, 2, "the write syncs, nothing else does");
    disk.fail_at(disk.operations() + 1);
    let fault = fault_of(&mut storage, &append(4, 4));
    assert_eq!((fault.during, fault.still_open), (AppendPhase::Sync, false));
}

#[test]
fn closing_syncs_what_was_not() {
    for close in [Effect::CloseSegment, Effect::AbortSegment] {
        let (disk, mut storage) = written(0, false);
        storage.apply(&unsynced(3, 3)).unwrap();
        disk.fail_at(disk.operations() + 1);
        let fault = fault_of(&mut storage, &close);
        assert_eq!((fault.during, fault.tail_restored), (AppendPhase::Sync, true));
    }
}

#[test]
fn a_promise_in_doubt_is_settled_before_it_is_reported() {
    for (seed, operation) in (0..8).flat_map(|seed| (1..=5).map(move |at| (seed, at))) {
        let (disk, mut storage) = written(seed, false);
        storage.apply(&Effect::PromiseEpoch(Epoch(5))).unwrap();
        disk.fail_at(disk.operations() + operation);
        let promised = storage.apply(&Effect::PromiseEpoch(Epoch(6)));
        let purge = Effect::Purge { min_to_keep: TxId(1), last_opened: Some(TxId(1)) };
        let Ok(Outcome::Reloaded(contents)) = storage.apply(&purge) else { continue };
        let at_least = if promised.is_ok() { 6 } else { 5 };
        assert!(contents.last_promised_epoch >= Epoch(at_least));
        disk.crash();
        let root = PathBuf::from("/edits/j1");
        let options = StorageOptions::default();
        let (_, found) = JournalStorage::open(Arc::new(disk), root, options).unwrap();
        assert_eq!(found.last_promised_epoch, contents.last_promised_epoch);
    }
}

#[test]
fn what_a_killed_process_left_in_the_page_cache_is_synced_before_it_is_told_of() {
    for seed in 0..16 {
        let (disk, mut storage) = written(seed, false);
        storage.apply(&unsynced(3, 3)).unwrap();
        // Which leaves the file as it is.
        drop(storage);
        let open = || {
            let (root, options) = (PathBuf::from("/edits/j1"), StorageOptions::default());
            JournalStorage::open(Arc::new(disk.clone()), root, options).unwrap().0
        };
        assert_eq!(last_in(&open()), Some(3));
        disk.crash();
        assert_eq!(last_in(&open()), Some(3), "it was told of");
    }
}
