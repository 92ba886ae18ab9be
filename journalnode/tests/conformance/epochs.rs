//! JN-057 … JN-061: `newEpoch`.

use hadoop_proto::qjournal::*;

use super::served::*;
use super::support::requests;

#[tokio::test(flavor = "multi_thread")]
async fn jn_057_another_namespace_or_cluster_is_refused() {
    let served = Served::with_writer().await;
    let mut other = requests::new_epoch(J, 2);
    other.ns_info.storage_info.namespce_id = 54321;
    let answer = served.call::<NewEpochResponseProto>("newEpoch", &other).await;
    assert_refused(answer, IO, "Incompatible namespaceID");
    let mut other = requests::new_epoch(J, 2);
    other.ns_info.storage_info.cluster_id = "CID-other".to_owned();
    let answer = served.call::<NewEpochResponseProto>("newEpoch", &other).await;
    assert_refused(answer, IO, "Incompatible clusterID");
    assert_eq!(served.promised().await, 1);
    let mut newer = requests::new_epoch(J, 2);
    newer.ns_info.storage_info.layout_version = -70_i32 as u32;
    newer.ns_info.storage_info.c_time = 5;
    served.call::<NewEpochResponseProto>("newEpoch", &newer).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_058_a_proposal_must_beat_the_promise() {
    let served = Served::with_writer().await;
    served.new_epoch(3).await.unwrap();
    assert_refused(served.new_epoch(3).await, IO, "Proposed epoch 3 <= last promise 3");
    assert_refused(served.new_epoch(2).await, IO, "Proposed epoch 2 <= last promise 3");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_059_a_promise_is_on_disk_before_the_reply() {
    let mut served = Served::with_writer().await;
    served.new_epoch(5).await.unwrap();
    assert_eq!(served.read("last-promised-epoch"), b"5\n");
    served.restart().await;
    assert_eq!(served.promised().await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_060_a_new_epoch_closes_the_open_segment() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 2).await.unwrap();
    served.new_epoch(2).await.unwrap();
    assert_refused(served.write(1, 3, 1).await, IO, "is not the current writer epoch");
    assert_eq!(served.read(&in_progress(1)).len(), 1 << 20, "nothing is truncated");
    served.start_segment(3).await.unwrap();
    assert_refused(served.write(1, 3, 1).await, OUT_OF_SYNC, "Writer out of sync");
    let stale = format!("{}.stale", in_progress(1));
    assert_eq!(served.read(&stale).len(), 1 << 20, "nothing is truncated");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_061_the_newest_segment_that_holds_something_is_reported() {
    let served = Served::with_writer().await;
    assert_eq!(served.new_epoch(2).await.unwrap(), None);
    served.segment(1, 3).await;
    assert_eq!(served.new_epoch(3).await.unwrap(), Some(1));
    served.start_segment(4).await.unwrap();
    assert_eq!(served.new_epoch(4).await.unwrap(), Some(1), "the empty one is passed over");
    let empty = format!("{}.empty", in_progress(4));
    assert_eq!(served.segments(), [finalized(1, 3), empty]);
    served.start_segment(4).await.unwrap();
    served.write(4, 4, 1).await.unwrap();
    assert_eq!(served.new_epoch(5).await.unwrap(), Some(4));
}
