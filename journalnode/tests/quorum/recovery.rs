//! A writer that died in the middle of a segment, and the next one that finishes it.

use hadoop_proto::qjournal::JournalResponseProto;
use journalnode::types::{Epoch, TxId};

use super::cluster::*;

/// The writer of epoch 1 dies with transactions 1 to 3 everywhere, and `extra` more on each
/// node.
async fn dead_writer(extra: [u32; 3]) -> Cluster {
    let cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    writer.start_segment(TxId(1)).await.unwrap();
    write(&mut writer, 1, 3).await.unwrap();
    settle(&mut writer).await;
    for (node, count) in extra.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        let request = journal_request(1, 100, 1, 4, count);
        cluster.call::<JournalResponseProto>(node, "journal", &request).await.unwrap();
    }
    cluster
}

#[tokio::test(flavor = "multi_thread")]
async fn diverging_tails_become_the_longest() {
    let cluster = dead_writer([0, 1, 3]).await;
    let mut writer = cluster.writer().await;
    settle(&mut writer).await;
    let last = writer.next_txid().unwrap().previous().0;
    // 4 if the third node was not among the first two to answer.
    assert!([4, 6].contains(&last), "{last}");
    for node in 0..3 {
        assert_eq!(cluster.segments(node), [finalized(1, last)]);
        cluster.assert_holds(node, &finalized(1, last), 1, last);
    }
    segment(&mut writer, last + 1, last + 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_majority_has_survives_the_loss_of_any_node() {
    for gone in 0..3 {
        let mut cluster = dead_writer([2, 2, 2]).await;
        cluster.stop(gone).await;
        let writer = cluster.writer().await;
        assert_eq!((writer.epoch(), writer.next_txid()), (Epoch(2), Some(TxId(6))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tail_that_only_the_absent_node_has_is_replaced_later() {
    let mut cluster = dead_writer([0, 0, 2]).await;
    cluster.stop(2).await;
    let mut writer = cluster.writer().await;
    assert_eq!(writer.next_txid(), Some(TxId(4)));
    segment(&mut writer, 4, 9).await;
    drop(writer);
    cluster.run(2).await;
    let mut writer = cluster.writer().await;
    settle(&mut writer).await;
    assert_eq!(writer.next_txid(), Some(TxId(10)));
    segment(&mut writer, 10, 11).await;
    settle(&mut writer).await;
    let own = cluster.segments(2);
    assert!(own.contains(&finalized(10, 11)) && !own.contains(&finalized(1, 5)), "{own:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_recovery_is_finished_by_the_next_writer() {
    let cluster = dead_writer([0, 3, 3]).await;
    let first = cluster.writer().await;
    let recovered = first.next_txid();
    drop(first);
    let second = cluster.writer().await;
    assert_eq!(second.next_txid(), recovered);
    assert_eq!(second.epoch(), Epoch(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_segment_without_transactions_is_as_if_it_never_was() {
    let cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    segment(&mut writer, 1, 3).await;
    writer.start_segment(TxId(4)).await.unwrap();
    settle(&mut writer).await;
    let mut writer = cluster.writer().await;
    assert_eq!(writer.next_txid(), Some(TxId(4)));
    segment(&mut writer, 4, 5).await;
}
