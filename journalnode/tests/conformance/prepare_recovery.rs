//! JN-085 … JN-087: `prepareRecovery`.

use std::fs;

use super::served::*;
use super::support::requests;

#[tokio::test(flavor = "multi_thread")]
async fn jn_085_086_it_tells_what_there_is() {
    let served = Served::with_writer().await;
    let nothing = served.prepare(1).await.unwrap();
    assert_eq!((nothing.segment_state, nothing.accepted_in_epoch), (None, None));
    assert_eq!((nothing.last_writer_epoch, nothing.last_committed_tx_id), (0, None));

    served.start_segment(1).await.unwrap();
    served.write(1, 1, 3).await.unwrap();
    served.new_epoch(2).await.unwrap();
    let open = served.prepare(1).await.unwrap();
    let segment = open.segment_state.unwrap();
    assert_eq!((segment.start_tx_id, segment.end_tx_id, segment.is_in_progress), (1, 3, true));
    assert_eq!((open.accepted_in_epoch, open.last_writer_epoch), (None, 1));

    served.accept((1, 3), "http://127.0.0.1:1/").await.unwrap();
    assert_eq!(served.prepare(1).await.unwrap().accepted_in_epoch, Some(2));

    served.heartbeat(served.info_committed(2)).await.unwrap();
    served.finalize(1, 3).await.unwrap();
    let done = served.prepare(1).await.unwrap();
    assert!(!done.segment_state.unwrap().is_in_progress);
    assert_eq!((done.accepted_in_epoch, done.last_committed_tx_id), (None, Some(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_085_an_empty_segment_is_none_and_moved_aside() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    assert_eq!(served.prepare(1).await.unwrap().segment_state, None);
    assert_eq!(served.segments(), [format!("{}.empty", in_progress(1))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_085_preparing_closes_the_open_segment() {
    let served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 1).await.unwrap();
    served.prepare(1).await.unwrap();
    assert_refused(served.write(1, 2, 1).await, OUT_OF_SYNC, "Can't write, no segment open");
}

/// JN-087: the crash was between the Paxos record and the rename.
#[tokio::test(flavor = "multi_thread")]
async fn jn_087_a_half_done_recovery_is_completed() {
    let mut served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 3).await.unwrap();
    served.new_epoch(2).await.unwrap();
    served.accept((1, 3), "http://127.0.0.1:1/").await.unwrap();
    let accepted = fs::read(served.file(&in_progress(1))).unwrap();
    let shorter = [&accepted[..8], &requests::records(1, 1)[..]].concat();
    fs::write(served.file(&in_progress(1)), shorter).unwrap();
    fs::write(served.file(&format!("{}.epoch=2", in_progress(1))), &accepted).unwrap();
    fs::write(served.file(&format!("{}.epoch=1", in_progress(1))), b"other").unwrap();
    served.restart().await;

    let prepared = served.prepare(1).await.unwrap();
    assert_eq!(prepared.segment_state.unwrap().end_tx_id, 3);
    assert_eq!(prepared.accepted_in_epoch, Some(2));
    assert!(served.read(&in_progress(1)) == accepted);
    let ignored = format!("{}.epoch=1", in_progress(1));
    assert_eq!(served.segments(), [in_progress(1), ignored]);
}
