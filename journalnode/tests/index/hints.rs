//! Where transactions are, and how far segments in progress were read.

use std::fs;

use journalnode::types::{SegmentFile, TxId};

use super::followed_node::{FollowedNode, Place, finished, id, until};

/// Enough for several positions: an operation has about 31 bytes.
const MANY: i64 = 10_000;

#[tokio::test(flavor = "multi_thread")]
async fn positions_lead_close_to_every_transaction() {
    let place = Place::new();
    let node = FollowedNode::start(&place);
    let mut writer = node.writer().await;
    writer.segment(1, MANY).await;
    writer.start(MANY + 1).await;
    writer.write(MANY + 1, MANY as u32).await;
    node.until_read(MANY + 1, 2 * MANY).await;
    node.until_indexed(1).await;
    for txid in [1, 2, MANY / 2, MANY, MANY + 1, 2 * MANY - 1, 2 * MANY] {
        let position = node.index().position(&id(), TxId(txid)).unwrap();
        let first = if txid > MANY { MANY + 1 } else { 1 };
        assert_eq!(position.segment_first, TxId(first));
        assert!((txid - 3000..=txid).contains(&position.txid.0), "{txid}: {position:?}");
        let file = match first {
            1 => finished(1, MANY),
            _ => SegmentFile::in_progress(TxId(first)),
        };
        // Opcode, length, transaction.
        let content = fs::read(place.segment(file)).unwrap();
        let at = position.offset as usize + 5;
        assert_eq!(content[at..at + 8], position.txid.0.to_be_bytes());
    }
    assert_eq!(node.index().position(&id(), TxId(0)), None);
    let status = node.index().status();
    assert!(status.misses >= 1 && status.hits >= 7, "{status:?}");
    assert!(status.size_bytes > 0 && status.entries > 0, "{status:?}");
    node.stop().await;
}

/// A whole scan of this file ends early: the length of its second operation points behind its
/// end. So who finds all of it has not read it from the begin.
#[cfg(feature = "rocksdb")]
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_does_not_read_again_what_was_validated() {
    let place = Place::new();
    let node = FollowedNode::start(&place);
    let mut writer = node.writer().await;
    writer.start(1).await;
    writer.write(1, 500).await;
    node.until_read(1, 500).await;
    writer.write(501, 500).await;
    node.until_read(1, 1000).await;
    node.stop().await;
    damage_second_operation(&place);

    let node = FollowedNode::start(&place);
    node.until_ready().await;
    let loaded = node.journal().await.status();
    assert_eq!(loaded.highest_written, TxId(1000));
    node.stop().await;

    fs::remove_dir_all(place.index()).unwrap();
    let node = FollowedNode::start(&place);
    node.until_ready().await;
    let loaded = node.journal().await.status();
    assert_eq!(loaded.highest_written, TxId(1), "the damage has no effect");
    node.stop().await;
}

#[cfg(feature = "rocksdb")]
fn damage_second_operation(place: &Place) {
    let file = place.segment(SegmentFile::in_progress(TxId(1)));
    let mut content = fs::read(&file).unwrap();
    let length = u32::from_be_bytes(content[9..13].try_into().unwrap());
    content[8 + length as usize + 5 + 2] = 1;
    fs::write(&file, content).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_finished_or_purged_is_followed() {
    let place = Place::new();
    let node = FollowedNode::start(&place);
    let mut writer = node.writer().await;
    writer.start(1).await;
    writer.write(1, 10).await;
    node.until_read(1, 10).await;
    writer.finalize(1, 10).await;
    node.until_indexed(1).await;
    until("it is no longer in progress", || node.index().checkpoint(&id(), TxId(1)).is_none())
        .await;
    assert_eq!(node.index().position(&id(), TxId(5)).unwrap().txid, TxId(1));
    let record = node.index().segment_record(&id(), finished(1, 10)).unwrap();
    assert_eq!(record.len_bytes, fs::metadata(place.segment(finished(1, 10))).unwrap().len());
    writer.segment(11, 20).await;
    node.until_indexed(2).await;
    writer.purge(11).await;
    node.until_indexed(1).await;
    assert_eq!(node.index().position(&id(), TxId(5)), None);
    assert_eq!(node.index().segment_record(&id(), finished(1, 10)), None);
    assert_eq!(node.index().position(&id(), TxId(15)).unwrap().txid, TxId(11));
    node.stop().await;
}

/// A recovery replaces the file under its name.
#[tokio::test(flavor = "multi_thread")]
async fn a_segment_in_progress_that_was_replaced_is_read_again() {
    let place = Place::new();
    let node = FollowedNode::start(&place);
    let mut writer = node.writer().await;
    writer.start(1).await;
    writer.write(1, 900).await;
    node.until_read(1, 900).await;
    let before = node.index().checkpoint(&id(), TxId(1)).unwrap();
    node.stop().await;
    let file = place.segment(SegmentFile::in_progress(TxId(1)));
    let mut content = fs::read(&file).unwrap();
    content.drain(8..before.last_op_offset as usize);
    fs::write(&file, content).unwrap();

    let node = FollowedNode::start(&place);
    node.until_ready().await;
    node.journal().await;
    let forgotten = || {
        let index = node.index();
        (index.checkpoint(&id(), TxId(1)), index.position(&id(), TxId(450))) == (None, None)
    };
    until("what was known of it is forgotten", forgotten).await;
    node.stop().await;
}
