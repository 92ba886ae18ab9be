//! What a process finds that an earlier one left in the page cache, because it was killed or
//! because a sync failed: a power cut must not take it back once it was answered from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use journalnode::editlog::{encode_header, encode_op};
use journalnode::engine::{Effect, ScanTarget};
use journalnode::storage::disk::faulty::FaultyDisk;
use journalnode::storage::disk::{Disk, OpenMode};
use journalnode::storage::{Contents, JournalStorage, StorageOptions};
use journalnode::types::{
    Epoch, LayoutVersion, PaxosRecord, SegmentFile, SegmentState, StorageInfo, TxId,
};

use crate::fixture::{append, info, open_segment, records};

const ROOT: &str = "/edits/j1";
/// How many ways to lose what is not durable are tried for every operation.
const SEEDS: u64 = 8;
/// More than any effect here takes.
const OPERATIONS: u64 = 6;

/// All that a node answers from. A file in progress beside the finished one does not count.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    info: Option<StorageInfo>,
    promised: Epoch,
    writer: Epoch,
    record: Option<PaxosRecord>,
    segments: BTreeSet<SegmentFile>,
    ends: Vec<Option<TxId>>,
}

fn open(disk: &FaultyDisk) -> (JournalStorage, Contents) {
    let options = StorageOptions::default();
    JournalStorage::open(Arc::new(disk.clone()), PathBuf::from(ROOT), options).unwrap()
}

fn found(disk: &FaultyDisk) -> Found {
    let (storage, contents) = open(disk);
    let files = storage.files();
    let end = |file: &SegmentFile| files.scan(ScanTarget::Segment(*file)).unwrap().last;
    let finished: BTreeSet<_> =
        contents.segments.iter().filter(|file| !file.is_in_progress()).map(|f| f.first).collect();
    let mut segments = contents.segments;
    segments.retain(|file| !file.is_in_progress() || !finished.contains(&file.first));
    Found {
        info: contents.info,
        promised: contents.last_promised_epoch,
        writer: contents.last_writer_epoch,
        record: files.paxos(TxId(1)).unwrap(),
        ends: segments.iter().map(end).collect(),
        segments,
    }
}

fn accepted(end: i64, epoch: i64) -> Effect {
    let segment = SegmentState { start: TxId(1), end: TxId(end), in_progress: true };
    Effect::WritePaxos(PaxosRecord { segment, accepted_in: Epoch(epoch) })
}

fn format() -> Effect {
    Effect::Format { info: info(1), force: true }
}

/// Segment 1 is in progress with transactions 1 and 2; 1 to 4 were downloaded for epoch 3.
fn written(seed: u64) -> (FaultyDisk, JournalStorage) {
    let disk = FaultyDisk::new(seed);
    disk.create_dir_all(Path::new("/edits")).unwrap();
    let (mut storage, _) = open(&disk);
    for effect in [format(), open_segment(1), append(1, 2), Effect::AbortSegment] {
        storage.apply(&effect).unwrap();
    }
    let mut download = storage.files().create_download(TxId(1), Epoch(3)).unwrap();
    download.write(&encode_header(LayoutVersion::CURRENT)).unwrap();
    download.write(&records(1, 4)).unwrap();
    download.finish().unwrap();
    (disk, storage)
}

/// Has each operation of `last` fail in turn, ends the process, and cuts the power only after
/// the next one has read the directory.
#[track_caller]
fn what_is_found_stays(before: &[Effect], last: &Effect) {
    for (seed, operation) in (0..SEEDS).flat_map(|seed| (1..=OPERATIONS).map(move |at| (seed, at)))
    {
        let (disk, mut storage) = written(seed);
        before.iter().for_each(|effect| drop(storage.apply(effect).unwrap()));
        disk.fail_at(disk.operations() + operation);
        let _ = storage.apply(last);
        disk.kill();
        let told = found(&disk);
        disk.crash();
        assert_eq!(found(&disk), told, "{last:?}, seed {seed}, operation {operation}");
    }
}

#[test]
fn an_epoch_whose_sync_failed_is_written_again_before_the_next_process_goes_by_it() {
    let old = [Effect::PromiseEpoch(Epoch(5)), Effect::SetWriterEpoch(Epoch(5))];
    what_is_found_stays(&[], &Effect::PromiseEpoch(Epoch(5)));
    what_is_found_stays(&old, &Effect::PromiseEpoch(Epoch(6)));
    what_is_found_stays(&old, &Effect::SetWriterEpoch(Epoch(6)));
}

#[test]
fn an_accepted_recovery_whose_sync_failed_is_written_again() {
    what_is_found_stays(&[], &accepted(2, 1));
    what_is_found_stays(&[accepted(2, 1)], &accepted(2, 2));
}

#[test]
fn an_accepted_recovery_whose_removal_was_lost_does_not_come_back() {
    what_is_found_stays(&[accepted(2, 1)], &Effect::DeletePaxos(TxId(1)));
}

#[test]
fn a_recovered_segment_stays_what_was_accepted() {
    let install = Effect::InstallDownload { first: TxId(1), epoch: Epoch(3) };
    what_is_found_stays(&[accepted(4, 3)], &install);
    let finalize = Effect::FinalizeSegment { first: TxId(1), last: TxId(4) };
    what_is_found_stays(&[accepted(4, 3), install], &finalize);
}

#[test]
fn a_namespace_whose_sync_failed_is_written_again() {
    for at in 1..=30 {
        let disk = FaultyDisk::new(at);
        disk.create_dir_all(Path::new("/edits")).unwrap();
        let (mut storage, _) = open(&disk);
        disk.fail_at(disk.operations() + at);
        let _ = storage.apply(&format());
        disk.kill();
        let told = found(&disk);
        disk.crash();
        assert!(told.info.is_none() || found(&disk) == told, "operation {at}");
    }
}

#[test]
fn a_batch_that_a_failed_sync_forgot_is_written_again_before_it_is_vouched_for() {
    for seed in 0..16 {
        let (disk, storage) = written(seed);
        drop(storage);
        let path =
            Path::new(ROOT).join("current").join(SegmentFile::in_progress(TxId(1)).to_string());
        let file = disk.open(&path, OpenMode::Update).unwrap();
        let offset = 8 + records(1, 2).len() as u64;
        file.write_all_at(&encode_op(9, TxId(3), b"body"), offset).unwrap();
        disk.fail_at(disk.operations() + 1);
        file.sync_data().unwrap_err();
        disk.kill();
        let told = found(&disk);
        assert_eq!(told.ends, [Some(TxId(3))]);
        disk.crash();
        assert_eq!(found(&disk), told, "seed {seed}");
    }
}

#[test]
fn reading_a_directory_takes_as_long_with_many_finished_segments_as_with_one() {
    let operations = |segments: i64| {
        let (disk, mut storage) = written(0);
        for first in 0..segments {
            let (first, last) = (10 + 2 * first, 11 + 2 * first);
            let finalize = Effect::FinalizeSegment { first: TxId(first), last: TxId(last) };
            for effect in [open_segment(first), append(first, last), Effect::CloseSegment, finalize]
            {
                storage.apply(&effect).unwrap();
            }
        }
        drop(storage);
        let before = disk.operations();
        drop(open(&disk));
        disk.operations() - before
    };
    assert_eq!(operations(1), operations(20));
}
