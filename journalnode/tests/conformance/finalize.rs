//! JN-077 … JN-082: `finalizeLogSegment`.

use super::served::*;
use super::support::requests;

#[tokio::test(flavor = "multi_thread")]
async fn jn_077_081_an_own_segment_is_cut_to_length_once() {
    let served = Served::with_writer().await;
    served.segment(1, 3).await;
    assert_eq!(served.segments(), [finalized(1, 3)]);
    assert_eq!(served.read(&finalized(1, 3)).len(), 8 + requests::records(1, 3).len());
    served.finalize(1, 3).await.unwrap();
    let other_end = served.finalize(1, 2).await;
    assert_refused(other_end, ILLEGAL_ARGUMENT, "Trying to re-finalize already finalized log");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_078_079_a_wrong_end_closes_the_segment_and_the_disk_decides_then() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 3).await.unwrap();
    let wrong = served.finalize(1, 4).await;
    assert_refused(wrong, OUT_OF_SYNC, "but only written up to txid 3");
    assert_refused(served.write(1, 4, 1).await, OUT_OF_SYNC, "Can't write, no segment open");
    assert_refused(served.finalize(1, 4).await, OUT_OF_SYNC, "disk only contains up to txid 3");
    served.finalize(1, 3).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_079_after_a_restart_the_file_is_scanned() {
    let mut served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 3).await.unwrap();
    served.restart().await;
    assert_refused(served.finalize(1, 9).await, OUT_OF_SYNC, "disk only contains up to txid 3");
    served.finalize(1, 3).await.unwrap();
    assert_eq!(served.read(&finalized(1, 3)).len(), 1 << 20, "it keeps its padding");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_080_what_is_not_there_cannot_be_finalized() {
    let served = Served::with_writer().await;
    let text = "No log file to finalize at transaction ID 1000";
    assert_refused(served.finalize(1000, 1001).await, OUT_OF_SYNC, text);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_082_finalizing_ends_the_recovery() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 2).await.unwrap();
    served.new_epoch(2).await.unwrap();
    served.accept((1, 2), "http://127.0.0.1:1/").await.unwrap();
    assert!(served.file("paxos/1").exists());
    served.finalize(1, 2).await.unwrap();
    assert!(!served.file("paxos/1").exists());
}
