//! An index that breaks, vanishes or is slow, beside a journal that is written to.

use std::fs;

use journalnode::index::IndexState;
use journalnode::types::TxId;

use super::followed_node::{FollowedNode, Place, id, until};

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_removed_is_built_again_while_the_journal_is_written_to() {
    let place = Place::new();
    let node = FollowedNode::start(&place);
    let mut writer = node.writer().await;
    writer.segment(1, 10).await;
    writer.start(11).await;
    writer.write(11, 1).await;
    node.until_indexed(1).await;
    node.until_read(11, 11).await;
    fs::remove_dir_all(place.index()).unwrap();
    let mut txid = 12;
    while node.index().status().rebuilds < 2 {
        writer.write(txid, 1).await;
        txid += 1;
        tokio::task::yield_now().await;
    }
    node.until_indexed(1).await;
    node.until_read(11, txid - 1).await;
    assert_eq!(node.index().position(&id(), TxId(5)).unwrap().txid, TxId(1));
    node.stop().await;
    assert!(place.index().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_says_how_far_it_is_and_answers_meanwhile() {
    let place = Place::new();
    let node = FollowedNode::start(&place);
    let mut writer = node.writer().await;
    for first in (1..=200).step_by(10) {
        writer.segment(first, first + 9).await;
    }
    node.until_indexed(20).await;
    node.stop().await;
    fs::remove_dir_all(place.index()).unwrap();

    // Half a second's share is one segment.
    let node = FollowedNode::start_at(&place, Some(700));
    node.journal().await;
    until("it is in the middle of it", || {
        let state = node.index().status().state;
        matches!(state, IndexState::Rebuilding { done: 1.., of: 20 })
    })
    .await;
    // The newest come first.
    assert_eq!(node.index().position(&id(), TxId(195)).unwrap().txid, TxId(191));
    assert_eq!(node.index().position(&id(), TxId(5)), None);
    node.stop().await;

    let node = FollowedNode::start(&place);
    node.journal().await;
    node.until_indexed(20).await;
    node.until_ready().await;
    assert_eq!(node.index().position(&id(), TxId(5)).unwrap().txid, TxId(1));
    node.stop().await;
}

/// Half a thousand events: the most a test can wait for.
#[tokio::test(flavor = "multi_thread")]
async fn without_an_index_events_wait_and_then_are_dropped_and_counted() {
    let place = Place::new();
    fs::write(place.index(), "in the way").unwrap();
    let node = FollowedNode::start(&place);
    let mut writer = node.writer().await;
    let off = || matches!(node.index().status().state, IndexState::Off(_));
    until("there is no index", off).await;
    for epoch in 2..5000 {
        writer.elect(epoch).await;
    }
    assert!(node.index().status().events_dropped > 0);
    assert_eq!(node.index().position(&id(), TxId(1)), None);
    fs::remove_file(place.index()).unwrap();
    until("there is one", || node.index().status().state == IndexState::Ready).await;
    until("what waited is there", || node.history().len() > 900).await;
    assert_eq!(node.history()[0], "formatted for cluster CID-test");
    node.stop().await;
}
