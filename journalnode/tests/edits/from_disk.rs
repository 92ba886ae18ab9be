use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use journalnode::editlog::{encode_header, encode_op};
use journalnode::engine::{Failure, Refusal};
use journalnode::journal::{Blocking, JournalOptions};
use journalnode::storage::disk::faulty::FaultyDisk;
use journalnode::storage::disk::{Disk, OpenMode, RealDisk};
use journalnode::types::{LayoutVersion, SegmentFile, TxId};
use tempfile::TempDir;

use crate::writer::{Writer, faulty, node, node_with, options};

/// A journal on a disk that can fail.
struct Given {
    base: TempDir,
    disk: FaultyDisk,
    writer: Writer,
}

impl Given {
    /// Finished 1-4 and 5-9, open 10-12, and nothing in the cache.
    async fn uncached() -> Self {
        Self::with(JournalOptions { cache_bytes: Some(0), ..options() }).await
    }

    async fn with(options: JournalOptions) -> Self {
        let (base, disk) = (TempDir::new().unwrap(), faulty());
        let node = node_with(base.path(), Arc::new(disk.clone()), options);
        let mut writer = Writer::of(&node, "j").await;
        writer.segment(1, 4).await;
        writer.segment(5, 9).await;
        writer.start(10).await.unwrap();
        for txid in 10..=12 {
            writer.write(10, txid).await.unwrap();
        }
        Self { base, disk, writer }
    }

    fn path(&self, first: i64, last: impl Into<Option<i64>>) -> PathBuf {
        let file = SegmentFile { first: TxId(first), last: last.into().map(TxId) };
        self.base.path().join("j/current").join(file.to_string())
    }

    async fn edits(&self, since: i64, max: u32) -> Result<(u32, Vec<u8>), Failure> {
        let edits = self.writer.journal.edits_from(TxId(since), max).await?;
        Ok((edits.count, edits.edit_log.to_vec()))
    }

    /// From the cache, from the files, missed.
    fn counted(&self) -> [u64; 3] {
        let metrics = self.writer.journal.metrics();
        let [cache, disk] = metrics.edits_answers();
        [cache, disk, metrics.cache_misses().misses()]
    }
}

fn log(range: std::ops::RangeInclusive<i64>) -> (u32, Vec<u8>) {
    let count = range.clone().count() as u32;
    let ops = range.flat_map(|txid| encode_op(3, TxId(txid), b"body"));
    (count, encode_header(LayoutVersion::CURRENT).into_iter().chain(ops).collect())
}

fn is_miss<T: std::fmt::Debug>(answer: Result<T, Failure>) -> bool {
    match answer {
        Err(Failure::Refused(Refusal::CacheMiss { .. })) => true,
        other => panic!("{other:?} is no miss"),
    }
}

#[tokio::test]
async fn any_transaction_on_disk_is_served_from_the_finished_segments_to_the_open_one() {
    let given = Given::uncached().await;
    for since in 1..=12 {
        for max in 1..=13 {
            let end = 12.min(since + i64::from(max) - 1);
            assert_eq!(given.edits(since, max).await, Ok(log(since..=end)), "{since} {max}");
        }
    }
    assert_eq!(given.edits(13, 9).await, Ok((0, Vec::new())));
    assert_eq!(given.counted(), [0, 12 * 13, 0]);
    let served = given.writer.journal.metrics().counters();
    assert_eq!(served.rpc_empty_responses, 1);
}

#[tokio::test]
async fn the_cache_comes_first() {
    let given = Given::with(options()).await;
    assert_eq!(given.edits(3, 4).await, Ok(log(3..=6)));
    assert_eq!(given.counted(), [1, 0, 0]);
}

#[tokio::test]
async fn a_reader_goes_on_while_the_segment_grows_and_is_finished() {
    let mut given = Given::uncached().await;
    for txid in 13..40 {
        assert_eq!(given.edits(txid - 3, 9).await, Ok(log(txid - 3..=txid - 1)));
        given.writer.write(10, txid).await.unwrap();
    }
    given.writer.finalize(10, 39).await;
    assert_eq!(given.edits(37, 9).await, Ok(log(37..=39)));
}

/// A batch whose sync failed was written to the file, perhaps: nobody gets to see it.
#[tokio::test]
async fn a_batch_that_is_not_durable_is_never_read_from_the_file() {
    let mut given = Given::uncached().await;
    given.disk.fail_at(given.disk.operations() + 2);
    given.writer.write(10, 13).await.unwrap_err();
    // The segment was closed: what it holds waits for a recovery.
    assert!(is_miss(given.edits(12, 9).await));
    assert_eq!(given.edits(13, 9).await, Ok((0, Vec::new())));
    assert_eq!(given.edits(8, 9).await, Ok(log(8..=9)));
    given.writer.start(13).await.unwrap();
    given.writer.write(13, 13).await.unwrap();
    assert_eq!(given.edits(13, 9).await, Ok(log(13..=13)));
    assert!(is_miss(given.edits(10, 9).await));
}

/// Another writer's transactions, of which nobody knows whether they were committed.
#[tokio::test]
async fn what_a_dead_writer_left_is_not_served_until_it_is_finished() {
    let mut given = Given::uncached().await;
    given.writer.new_epoch().await;
    assert!(is_miss(given.edits(10, 9).await));
    assert_eq!(given.edits(9, 9).await, Ok(log(9..=9)));
    given.writer.accept(10, 12).await;
    given.writer.finalize(10, 12).await;
    assert_eq!(given.edits(9, 9).await, Ok(log(9..=12)));
}

#[tokio::test]
async fn after_a_restart_the_finished_segments_are_served() {
    let given = Given::uncached().await;
    given.writer.journal.close().await;
    let node = node(given.base.path(), Arc::new(given.disk.clone()));
    let restarted = Given { writer: Writer::after(&node, "j").await, ..given };
    assert_eq!(restarted.edits(2, 9).await, Ok(log(2..=9)));
    assert!(is_miss(restarted.edits(10, 9).await), "in progress, of the writer before");
}

#[tokio::test]
async fn a_file_that_vanished_is_a_miss() {
    let mut given = Given::uncached().await;
    given.disk.remove_file(&given.path(5, 9)).unwrap();
    assert!(is_miss(given.edits(5, 9).await));
    // What is before it can be had.
    assert_eq!(given.edits(3, 9).await, Ok(log(3..=4)));
    assert_eq!(given.edits(10, 9).await, Ok(log(10..=12)));
    given.writer.purge(5).await;
    assert!(is_miss(given.edits(3, 9).await));
    assert_eq!(given.counted(), [0, 2, 2]);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_a_miss_and_no_fault() {
    let given = Given::uncached().await;
    given.disk.make_unreadable(&given.path(5, 9)).unwrap();
    assert!(is_miss(given.edits(5, 9).await));
    assert_eq!(given.edits(3, 9).await, Ok(log(3..=4)));
    given.disk.make_unreadable(&given.path(10, None)).unwrap();
    assert!(is_miss(given.edits(10, 9).await));
}

#[tokio::test]
async fn a_file_that_fails_in_the_middle_gives_what_is_before() {
    static BODY: [u8; 100_000] = [7; 100_000];
    let mut given = Given::uncached().await;
    for txid in 13..=30 {
        given.writer.write_op(10, txid, &BODY).await.unwrap();
    }
    given.disk.make_unreadable_from(&given.path(10, None), 1_000_000).unwrap();
    let (count, log) = given.edits(10, 30).await.unwrap();
    assert!((7..=12).contains(&count), "{count}");
    let whole = 3 * 21 + (count as usize - 3) * (BODY.len() + 17);
    assert_eq!(log.len(), 8 + whole);
    assert!(is_miss(given.edits(25, 9).await));
}

#[tokio::test]
async fn damage_is_never_served() {
    let given = Given::uncached().await;
    let file = given.disk.open(&given.path(5, 9), OpenMode::Update).unwrap();
    let flipped = 8 + 2 * 21 + 15;
    let mut byte = [0];
    file.read_at(&mut byte, flipped).unwrap();
    file.write_all_at(&[byte[0] ^ 0x10], flipped).unwrap();
    assert_eq!(given.edits(3, 9).await, Ok(log(3..=6)));
    for since in [7, 8, 9] {
        assert!(is_miss(given.edits(since, 9).await), "nothing vouches for what follows damage");
    }
    // A file that lost its end.
    file.set_len(8 + 21 + 5).unwrap();
    assert_eq!(given.edits(4, 9).await, Ok(log(4..=5)));
}

#[tokio::test]
async fn an_answer_has_a_bound_in_bytes() {
    static BODY: [u8; 1 << 20] = [7; 1 << 20];
    let mut given = Given::uncached().await;
    for txid in 13..=24 {
        given.writer.write_op(10, txid, &BODY).await.unwrap();
    }
    let (count, log) = given.edits(13, 12).await.unwrap();
    assert_eq!(count, 7);
    assert!(log.len() <= 8 << 20, "{}", log.len());
    let (count, _) = given.edits(20, 12).await.unwrap();
    assert_eq!(count, 5);
}

#[tokio::test]
async fn a_standby_that_asks_once_a_minute_is_not_held_back() {
    let minute = Duration::from_secs(60);
    let uncached = JournalOptions { cache_bytes: Some(0), tail_period: minute, ..options() };
    let given = Given::with(uncached).await;
    assert!(is_miss(given.edits(3, 9).await), "it would have one answer a minute");
    assert_eq!(given.edits(3, 10).await, Ok(log(3..=12)), "all that there is");
    given.disk.remove_file(&given.path(5, 9)).unwrap();
    assert!(is_miss(given.edits(3, 10).await), "less than there is");
}

#[tokio::test]
async fn without_a_cache_the_key_is_named_and_committed_edits_are_served_all_the_same() {
    let mut given = Given::with(JournalOptions { cache_bytes: None, ..options() }).await;
    let refused = given.edits(1, 9).await.unwrap_err();
    assert!(refused.to_string().contains("dfs.ha.tail-edits.in-progress"), "{refused}");
    let journal = Arc::clone(&given.writer.journal);
    let committed = |since| {
        let journal = Arc::clone(&journal);
        async move {
            let edits = journal.committed_edits(TxId(since), 20).await?;
            Ok::<_, Failure>((edits.count, edits.edit_log.to_vec()))
        }
    };
    assert_eq!(committed(3).await, Ok(log(3..=9)), "what is finished is committed");
    assert_eq!(committed(10).await, Ok((0, Vec::new())));
    given.writer.committed = Some(TxId(12));
    given.writer.write(10, 13).await.unwrap();
    assert_eq!(committed(3).await, Ok(log(3..=12)), "and what the writer told");
    assert_eq!(committed(13).await, Ok((0, Vec::new())));
    given.writer.purge(5).await;
    assert!(is_miss(committed(3).await));
}

/// On a real disk, each in its own thread: the writer rolls while the reader reads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_beside_a_writer_sees_every_transaction_once() {
    const LAST: i64 = 400;
    let base = TempDir::new().unwrap();
    let in_place = JournalOptions {
        cache_bytes: Some(0),
        reserve_bytes: 0,
        blocking: Blocking::InPlace,
        ..options()
    };
    let node = node_with(base.path(), Arc::new(RealDisk), in_place);
    let mut writer = Writer::of(&node, "j").await;
    let journal = Arc::clone(&writer.journal);
    let reads = tokio::spawn(async move {
        let (mut next, mut progress) = (1, journal.progress());
        while next <= LAST {
            progress.wait_for(|now| now.highest_written >= TxId(next)).await.unwrap();
            match journal.edits_from(TxId(next), 7).await {
                Ok(edits) => {
                    let end = next + i64::from(edits.count);
                    assert_eq!((edits.count, edits.edit_log.to_vec()), log(next..=end - 1));
                    next = end;
                }
                // Its file was renamed just now.
                Err(Failure::Refused(Refusal::CacheMiss { .. })) => {}
                Err(other) => panic!("{other}"),
            }
        }
    });
    for first in (1..=LAST).step_by(20) {
        writer.segment(first, first + 19).await;
    }
    reads.await.unwrap();
}
