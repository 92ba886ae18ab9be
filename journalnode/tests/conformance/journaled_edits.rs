//! JN-100 … JN-104: `getJournaledEdits`.

use hadoop_ipc::client::ClientError;
use hadoop_proto::qjournal::*;

use super::served::*;
use super::support::requests;

const HEADER: [u8; 8] = [0xff, 0xff, 0xff, 0xbd, 0, 0, 0, 0];
const TAILED: (&str, &str) = ("dfs.ha.tail-edits.in-progress", "true");
const CACHE_MISS: &str =
    "org.apache.hadoop.hdfs.qjournal.server.JournaledEditsCache$CacheMissException";

async fn edits(
    served: &Served,
    since: u64,
    max: u32,
) -> Result<GetJournaledEditsResponseProto, ClientError> {
    served.call("getJournaledEdits", &requests::journaled_edits(J, since, max)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_100_without_a_cache_the_key_is_named() {
    let served = Served::with_writer().await;
    assert_refused(edits(&served, 1, 9).await, IO, "dfs.ha.tail-edits.in-progress");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_101_the_end_of_the_log_and_beyond() {
    let served = Served::with_writer_and(&[TAILED]).await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 3).await.unwrap();
    let end = edits(&served, 4, 9).await.unwrap();
    assert_eq!((end.txn_count, end.edit_log), (0, None));
    let class = "org.apache.hadoop.hdfs.qjournal.server.NewerTxnIdException";
    assert_refused(edits(&served, 5, 9).await, class, "3");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_102_batches_are_cut_at_both_ends() {
    let served = Served::with_writer_and(&[TAILED]).await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 3).await.unwrap();
    served.write(1, 4, 3).await.unwrap();
    for (since, max, count) in [(1, 9, 6), (2, 3, 3), (3, 1, 1), (4, 2, 2), (6, 9, 1)] {
        let answer = edits(&served, since, max).await.unwrap();
        let expected = [&HEADER[..], &requests::records(since, count)].concat();
        assert_eq!(answer.txn_count, count);
        assert_eq!(answer.edit_log.unwrap(), expected, "{since} {max}");
    }
    assert!(edits(&served, 1, 0).await.is_err(), "crashes Java's handler");
    assert_eq!(edits(&served, 1, u32::MAX).await.map(|answer| answer.txn_count).ok(), Some(6));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_102_what_left_the_cache_comes_from_the_files() {
    let mut served = Served::with_writer_and(&[TAILED, ("dfs.ha.tail-edits.period", "0")]).await;
    served.segment(1, 3).await;
    served.segment(4, 6).await;
    served.restart().await;
    served.new_epoch(2).await.unwrap();
    served.start_segment(7).await.unwrap();
    served.write(7, 7, 3).await.unwrap();
    for (since, max, count) in [(1, 99, 9), (2, 3, 3), (3, 1, 1), (6, 2, 2), (7, 9, 3), (9, 9, 1)] {
        let answer = edits(&served, since, max).await.unwrap();
        let expected = [&HEADER[..], &requests::records(since, count)].concat();
        assert_eq!(answer.txn_count, count);
        assert_eq!(answer.edit_log.unwrap(), expected, "{since} {max}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_103_a_standby_that_asks_seldom_is_told_to_stream() {
    let mut served = Served::with_writer_and(&[TAILED]).await;
    served.segment(1, 6).await;
    served.restart().await;
    assert_refused(edits(&served, 1, 5).await, CACHE_MISS, "Cache is empty");
    assert_eq!(edits(&served, 1, 6).await.unwrap().txn_count, 6, "all that there is");
}

/// Of a writer that is gone: nobody knows whether it was committed.
#[tokio::test(flavor = "multi_thread")]
async fn jn_103_a_segment_that_nobody_finished_is_a_miss() {
    let mut served = Served::with_writer_and(&[TAILED]).await;
    served.segment(1, 3).await;
    served.start_segment(4).await.unwrap();
    served.write(4, 4, 2).await.unwrap();
    served.restart().await;
    assert_refused(edits(&served, 4, 9).await, CACHE_MISS, "Cache is empty");
    served.new_epoch(2).await.unwrap();
    assert_refused(edits(&served, 4, 9).await, CACHE_MISS, "Cache is empty");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_103_misses_say_how_far_they_miss() {
    let mut served = Served::with_writer_and(&[TAILED]).await;
    served.segment(1, 3).await;
    served.restart().await;
    served.new_epoch(2).await.unwrap();
    served.purge(4).await;
    assert_refused(edits(&served, 1, 9).await, CACHE_MISS, "Cache is empty");
    served.start_segment(4).await.unwrap();
    served.write(4, 4, 2).await.unwrap();
    let text = "Cache started at txn ID 4 but requested txns starting at 1.";
    assert_refused(edits(&served, 1, 9).await, CACHE_MISS, text);
}

/// One transaction at a time, a minute apart, would not do: so the files are not asked.
#[tokio::test(flavor = "multi_thread")]
async fn jn_104_the_oldest_make_room() {
    let capacity = (requests::records(1, 2).len() * 2).to_string();
    let size = ("dfs.journalnode.edit-cache-size.bytes", capacity.as_str());
    let served = Served::with_writer_and(&[TAILED, size]).await;
    served.start_segment(1).await.unwrap();
    for first in [1, 3, 5] {
        served.write(1, first, 2).await.unwrap();
    }
    let text = "Oldest txn ID available in the cache is 3";
    assert_refused(edits(&served, 1, 1).await, CACHE_MISS, text);
    assert_eq!(edits(&served, 3, 9).await.unwrap().txn_count, 4);
    served.write(1, 7, 9).await.unwrap();
    assert_refused(edits(&served, 7, 1).await, CACHE_MISS, "Cache is empty");
}
