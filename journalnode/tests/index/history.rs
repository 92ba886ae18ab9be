//! What happened, when, and who asked for it.

use std::fs;
use std::time::{Duration, SystemTime};

use journalnode::engine;
use journalnode::index::{HistoryKind, HistoryQuery};
use journalnode::types::{Epoch, TxId};

use super::followed_node::{FollowedNode, Place, Writer, finished, id, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_can_be_read_from_the_history() {
    let place = Place::new();
    let node = FollowedNode::start(&place);
    let mut writer = node.writer().await;
    writer.start(1).await;
    writer.write(1, 3).await;
    // Else the index may see the journal for the first time with segments to build from.
    node.until_read(1, 3).await;
    writer.finalize(1, 3).await;
    writer.start(4).await;
    writer.write(4, 2).await;
    // Another writer: fences, recovers, goes on.
    let by = Some("192.0.2.7:4711".parse().unwrap());
    let begun = SystemTime::now();
    let request = engine::NewEpoch { namespace: writer.namespace(), epoch: Epoch(2) };
    let elect = |state: &_, facts: &_| engine::new_epoch(state, facts, &request);
    writer.journal.change_for(by, elect).await.unwrap();
    let mut successor = Writer::after(writer, 2);
    successor.accept(4, 5).await;
    successor.finalize(4, 5).await;
    successor.start(6).await;
    let expected = [
        "formatted for cluster CID-test",
        "promised epoch 1",
        "writer epoch 1",
        "segment 1 started",
        "segment 1-3 finalized",
        "segment 4 started",
        "promised epoch 2",
        "segment 4 left in progress",
        "recovery of segment 4 to txid 5 accepted in epoch 2",
        "segment 4-5 finalized",
        "writer epoch 2",
        "segment 6 started",
    ];
    let all = || node.history().len() >= expected.len();
    until("the history has it all", all).await;
    assert_eq!(node.history(), expected);
    let query = HistoryQuery { after: None, limit: 6 };
    let events = node.index().history(&id(), query).unwrap();
    assert_eq!(events[0].what, HistoryKind::Promised { epoch: Epoch(2) });
    assert_eq!(events[0].peer.as_deref(), Some("192.0.2.7:4711"));
    assert!(events[0].at >= begun - Duration::from_secs(1), "{:?}", events[0].at);
    assert_eq!(events[0].seq, 7);
    node.stop().await;
    if cfg!(feature = "rocksdb") {
        let node = FollowedNode::start(&place);
        node.until_ready().await;
        assert_eq!(node.history(), expected, "a restart forgets it");
        node.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_rebuild_it_begins_with_what_the_files_tell() {
    let place = Place::new();
    let node = FollowedNode::start(&place);
    let mut writer = node.writer().await;
    writer.segment(1, 3).await;
    writer.segment(4, 6).await;
    node.until_indexed(2).await;
    node.stop().await;
    fs::remove_dir_all(place.index()).unwrap();

    let node = FollowedNode::start(&place);
    node.journal().await;
    let expected =
        ["segment 1-3 finalized", "segment 4-6 finalized", "index built from 2 segments"];
    until("it is told", || node.history().len() >= expected.len()).await;
    assert_eq!(node.history(), expected);
    let query = HistoryQuery { after: Some(1), limit: 1 };
    let event = node.index().history(&id(), query).unwrap().remove(0);
    assert_eq!(event.what, HistoryKind::SegmentFinalized { first: TxId(4), last: TxId(6) });
    let modified = fs::metadata(place.segment(finished(4, 6))).unwrap().modified().unwrap();
    assert!(modified.duration_since(event.at).unwrap() < Duration::from_millis(1));
    node.stop().await;
}
