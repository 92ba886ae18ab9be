//! JN-062 … JN-074: `startLogSegment` and `journal`.

use std::fs;

use hadoop_proto::qjournal::*;

use super::served::*;
use super::support::requests;

const MIB: usize = 1 << 20;
const HEADER: [u8; 8] = [0xff, 0xff, 0xff, 0xbd, 0, 0, 0, 0];

#[tokio::test(flavor = "multi_thread")]
async fn jn_062_063_a_segment_starts_as_a_header_and_padding() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    let file = served.read(&in_progress(1));
    assert_eq!(file.len(), MIB);
    assert_eq!(file[..8], HEADER);
    assert!(file[8..].iter().all(|byte| *byte == 0xff));

    let default =
        StartLogSegmentRequestProto { req_info: served.info(), txid: 5, layout_version: None };
    served.call::<StartLogSegmentResponseProto>("startLogSegment", &default).await.unwrap();
    assert_eq!(served.read(&in_progress(5))[..8], HEADER);
    let older =
        StartLogSegmentRequestProto { req_info: served.info(), txid: 9, layout_version: Some(-64) };
    served.call::<StartLogSegmentResponseProto>("startLogSegment", &older).await.unwrap();
    assert_eq!(served.read(&in_progress(9))[..4], (-64_i32).to_be_bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_064_what_holds_transactions_is_not_started_again() {
    let served = Served::with_writer().await;
    served.segment(1, 3).await;
    assert_refused(served.start_segment(1).await, ILLEGAL_STATE, "have a finalized segment");
    served.start_segment(4).await.unwrap();
    served.write(4, 4, 2).await.unwrap();
    let text = "seems to contain valid transactions";
    assert_refused(served.start_segment(4).await, ILLEGAL_STATE, text);
    served.start_segment(6).await.unwrap();
    assert_refused(served.start_segment(6).await, ILLEGAL_STATE, text);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_064_two_files_of_one_start_are_refused() {
    let mut served = Served::with_writer().await;
    served.segment(1, 3).await;
    fs::copy(served.file(&finalized(1, 3)), served.file(&finalized(1, 2))).unwrap();
    served.restart().await;
    served.new_epoch(2).await.unwrap();
    assert_refused(served.start_segment(1).await, ILLEGAL_STATE, "More than one log segment");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_065_066_a_segment_of_one_transaction_is_overwritten() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 1).await.unwrap();
    served.start_segment(1).await.unwrap();
    assert!(served.read(&in_progress(1))[8..].iter().all(|byte| *byte == 0xff));
    served.write(1, 1, 2).await.unwrap();
    // The open one is left as it is.
    served.start_segment(3).await.unwrap();
    assert_eq!(served.segments(), [in_progress(1), in_progress(3)]);
    assert_eq!(served.read(&in_progress(1)).len(), MIB);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_067_the_writer_epoch_is_durable_and_the_paxos_file_gone() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 1).await.unwrap();
    served.new_epoch(2).await.unwrap();
    served.accept((1, 1), "http://127.0.0.1:1/").await.unwrap();
    assert!(served.file("paxos/1").exists());
    assert_eq!(served.read("last-writer-epoch"), b"1\n");
    served.start_segment(1).await.unwrap();
    assert!(!served.file("paxos/1").exists());
    assert_eq!(served.read("last-writer-epoch"), b"2\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_068_only_the_writer_of_the_epoch_writes() {
    let served = Served::with_writer().await;
    assert_refused(served.write(1, 1, 1).await, IO, "epoch 1 is not the current writer epoch");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_069_070_an_empty_batch_only_says_what_is_committed() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 2).await.unwrap();
    served.finalize(1, 2).await.unwrap();
    let empty = requests::journal(served.info_committed(2), 1, 3, 0);
    served.journal(&empty).await.unwrap();
    assert_eq!(served.read("committed-txid"), 2_u64.to_be_bytes());
    assert_refused(served.write(1, 3, 1).await, OUT_OF_SYNC, "Can't write, no segment open");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_071_another_segment_closes_the_open_one() {
    let served = Served::with_writer().await;
    served.start_segment(5).await.unwrap();
    assert_refused(served.write(1, 5, 1).await, OUT_OF_SYNC, "Writer out of sync");
    assert_refused(served.write(5, 5, 1).await, OUT_OF_SYNC, "Can't write, no segment open");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_072_a_gap_is_refused_and_the_segment_stays_open() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 2).await.unwrap();
    for first in [4, 2, 1] {
        let text = format!("Can't write txid {first} expecting nextTxId=3");
        assert_refused(served.write(1, first, 1).await, OUT_OF_SYNC, &text);
    }
    served.write(1, 3, 1).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_073_batches_are_appended_as_they_came() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    let mut large = requests::journal(served.info(), 1, 1, 1);
    large.records = vec![7; 3 * MIB / 2].into();
    served.journal(&large).await.unwrap();
    served.write(1, 2, 1).await.unwrap();
    let file = served.read(&in_progress(1));
    assert_eq!(file.len() % MIB, 0, "padding grows in whole steps");
    let (large_end, second) = (8 + large.records.len(), requests::records(2, 1));
    assert!(file[8..large_end] == large.records[..]);
    assert_eq!(file[large_end..large_end + second.len()], second[..]);
    assert!(file[large_end + second.len()..].iter().all(|byte| *byte == 0xff));
}

/// JN-074: what a quorum has already need not wait for the disk, but is written all the same.
#[tokio::test(flavor = "multi_thread")]
async fn jn_074_a_lagging_batch_is_written() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    let lagging = requests::journal(served.info_committed(9), 1, 1, 2);
    served.journal(&lagging).await.unwrap();
    served.finalize(1, 2).await.unwrap();
    let expected = [&HEADER[..], &requests::records(1, 2)[..]].concat();
    assert_eq!(served.read(&finalized(1, 2)), expected);
}
