//! JN-083, JN-084: `purgeLogs`. JN-105: `discardSegments`.

use std::fs;

use hadoop_proto::qjournal::*;

use super::served::*;
use super::support::requests;

#[tokio::test(flavor = "multi_thread")]
async fn jn_083_084_what_is_older_goes_and_what_is_stale_is_marked() {
    let served = Served::with_writer().await;
    served.segment(1, 3).await;
    served.segment(4, 6).await;
    served.start_segment(7).await.unwrap();
    served.write(7, 7, 2).await.unwrap();
    served.start_segment(9).await.unwrap();
    for name in [
        "edits_inprogress_0000000000000000002.empty",
        "edits_inprogress_0000000000000000003.epoch=1",
        "edits_0000000000000000001-0000000000000000002.trash",
        "paxos/4",
        "paxos/7",
    ] {
        fs::write(served.file(name), b"").unwrap();
    }
    served.purge(5).await;
    let stale = format!("{}.stale", in_progress(7));
    let trash = format!("{}.trash", finalized(1, 2));
    assert_eq!(served.segments(), [trash, finalized(4, 6), stale, in_progress(9)]);
    assert_eq!(names(&served.file("paxos")), ["7"]);
    served.write(9, 9, 1).await.unwrap();
}

async fn discard(served: &Served, from: u64) -> Result<(), hadoop_ipc::client::ClientError> {
    let request = DiscardSegmentsRequestProto {
        jid: requests::jid(J),
        start_tx_id: from,
        name_service_id: None,
    };
    served.call::<DiscardSegmentsResponseProto>("discardSegments", &request).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_105_segments_are_discarded_whole_or_not_at_all() {
    let served = Served::with_writer().await;
    served.segment(1, 3).await;
    served.segment(4, 6).await;
    served.heartbeat(served.info_committed(6)).await.unwrap();
    assert_refused(discard(&served, 5).await, ILLEGAL_STATE, "");
    assert_eq!(served.segments(), [finalized(1, 3), finalized(4, 6)]);
    discard(&served, 4).await.unwrap();
    let trash = format!("{}.trash", finalized(4, 6));
    assert_eq!(served.segments(), [finalized(1, 3), trash]);
    assert_eq!(served.prepare(1).await.unwrap().last_committed_tx_id, Some(3));
    served.heartbeat(served.info_committed(4)).await.unwrap();
}
