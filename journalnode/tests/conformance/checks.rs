//! JN-045 … JN-050: what every request is checked for.

use hadoop_proto::qjournal::*;

use super::served::*;
use super::support::requests;

#[tokio::test(flavor = "multi_thread")]
async fn jn_045_what_needs_a_formatted_journal_says_so() {
    let served = Served::start().await;
    let state = requests::journal_state(J);
    assert_refused(
        served.call::<GetJournalStateResponseProto>("getJournalState", &state).await,
        NOT_FORMATTED,
        "not formatted ; journal id: j",
    );
    assert_refused(served.new_epoch(1).await, NOT_FORMATTED, "not formatted");
    assert_refused(served.start_segment(1).await, NOT_FORMATTED, "not formatted");
    assert_refused(served.write(1, 1, 1).await, NOT_FORMATTED, "not formatted");
    assert_refused(served.finalize(1, 1).await, NOT_FORMATTED, "not formatted");
    assert_refused(served.prepare(1).await, NOT_FORMATTED, "not formatted");
    let url = "http://127.0.0.1:1/";
    assert_refused(served.accept((1, 1), url).await, NOT_FORMATTED, "not formatted");
    let manifest = requests::manifest(J, 1, false);
    assert_refused(
        served.call::<GetEditLogManifestResponseProto>("getEditLogManifest", &manifest).await,
        NOT_FORMATTED,
        "not formatted",
    );
    let purge = PurgeLogsRequestProto { req_info: served.info(), min_tx_id_to_keep: 1 };
    assert_refused(
        served.call::<PurgeLogsResponseProto>("purgeLogs", &purge).await,
        NOT_FORMATTED,
        "not formatted",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_046_a_lower_epoch_is_fenced_from_every_request() {
    let mut served = Served::with_writer().await;
    served.start_segment(1).await.unwrap();
    let old = served.info();
    served.new_epoch(3).await.unwrap();
    let text = "epoch 1 is less than the last promised epoch 3";
    assert_refused(served.heartbeat(old.clone()).await, IO, text);
    let start = requests::start_segment(old.clone(), 5);
    assert_refused(
        served.call::<StartLogSegmentResponseProto>("startLogSegment", &start).await,
        IO,
        text,
    );
    assert_refused(served.journal(&requests::journal(old.clone(), 1, 1, 1)).await, IO, text);
    served.restart().await;
    assert_refused(served.heartbeat(old).await, IO, text);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_047_a_higher_epoch_counts_even_if_its_request_fails() {
    let mut served = Served::with_writer().await;
    let ahead = requests::finalize(requests::info(J, 7, 0), 5, 9);
    let answer = served.call::<FinalizeLogSegmentResponseProto>("finalizeLogSegment", &ahead);
    assert_refused(answer.await, OUT_OF_SYNC, "No log file to finalize at transaction ID 5");
    assert_eq!(served.promised().await, 7);
    served.restart().await;
    assert_eq!(served.promised().await, 7);
    // The serial was reset by the promise, and again by the restart.
    served.heartbeat(requests::info(J, 7, 0)).await.unwrap();
    served.heartbeat(requests::info(J, 8, 0)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_048_serials_only_grow_and_may_skip() {
    let served = Served::with_writer().await;
    served.heartbeat(requests::info(J, 1, 5)).await.unwrap();
    for serial in [5, 4, 0] {
        let answer = served.heartbeat(requests::info(J, 1, serial)).await;
        assert_refused(answer, OUT_OF_SYNC, "was not higher than prior highest IPC serial 5");
    }
    served.heartbeat(requests::info(J, 1, 100)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_049_the_committed_txid_never_goes_back() {
    let mut served = Served::with_writer().await;
    served.heartbeat(served.info_committed(9)).await.unwrap();
    let back = served.heartbeat(served.info_committed(8)).await;
    assert_refused(back, ILLEGAL_ARGUMENT, "backward from 9 to 8");
    served.heartbeat(served.info_committed(9)).await.unwrap();
    assert_eq!(served.read("committed-txid"), 9_u64.to_be_bytes());
    served.restart().await;
    assert_eq!(served.prepare(1).await.unwrap().last_committed_tx_id, Some(9));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_050_no_committed_txid_leaves_the_stored_one() {
    let served = Served::with_writer().await;
    served.heartbeat(served.info_committed(9)).await.unwrap();
    served.heartbeat(served.info()).await.unwrap();
    served.heartbeat(served.info_committed(-12345_i64 as u64)).await.unwrap();
    assert_eq!(served.prepare(1).await.unwrap().last_committed_tx_id, Some(9));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_076_a_heartbeat_needs_no_format_but_obeys_epochs_and_serials() {
    let served = Served::start().await;
    served.heartbeat(requests::info(J, 0, 0)).await.unwrap();
    assert_refused(served.heartbeat(requests::info(J, 0, 0)).await, OUT_OF_SYNC, "IPC serial 0");
    let promise_nowhere = served.heartbeat(requests::info(J, 1, 0)).await;
    // Java fails for want of a directory to write the promise to.
    assert_refused(promise_nowhere, NOT_FORMATTED, "not formatted");
    assert!(!served.edits().join(J).exists(), "JN-042");
}
