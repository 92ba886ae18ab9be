//! Writing, rolling and finalizing, with all nodes and with one of them gone.

use journalnode::quorum::{Phase, QuorumError};
use journalnode::types::{Epoch, TxId};

use super::cluster::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_is_on_every_node() {
    let cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    assert_eq!((writer.epoch(), writer.next_txid()), (Epoch(1), None));
    writer.start_segment(TxId(1)).await.unwrap();
    write(&mut writer, 1, 1).await.unwrap();
    write(&mut writer, 2, 5).await.unwrap();
    assert_eq!(writer.status().committed, Some(TxId(5)));
    writer.finalize(TxId(1), TxId(5)).await.unwrap();
    segment(&mut writer, 6, 7).await;
    settle(&mut writer).await;
    for node in 0..3 {
        assert_eq!(cluster.segments(node), [finalized(1, 5), finalized(6, 7)]);
        cluster.assert_holds(node, &finalized(1, 5), 1, 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_three_are_enough_and_one_is_not() {
    let mut cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    segment(&mut writer, 1, 3).await;
    settle(&mut writer).await;
    cluster.stop(0).await;
    segment(&mut writer, 4, 6).await;
    writer.start_segment(TxId(7)).await.unwrap();
    cluster.stop(2).await;
    let lost = write(&mut writer, 7, 7).await.unwrap_err();
    let QuorumError::NoQuorum(lost) = lost else { panic!("{lost}") };
    let text = lost.to_string();
    for target in cluster.targets() {
        assert!(text.contains(&target.to_string()), "{text}");
    }
    assert_eq!(writer.status().phase, Phase::Failed);
    let after = write(&mut writer, 8, 8).await.unwrap_err();
    assert!(matches!(after, QuorumError::Phase { phase: Phase::Failed, .. }), "{after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn purged_segments_go_from_every_node() {
    let cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    segment(&mut writer, 1, 3).await;
    segment(&mut writer, 4, 6).await;
    writer.purge(TxId(4)).await.unwrap();
    settle(&mut writer).await;
    for node in 0..3 {
        assert_eq!(cluster.segments(node), [finalized(4, 6)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_of_the_owner_are_no_end() {
    let cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    assert!(matches!(write(&mut writer, 1, 1).await, Err(QuorumError::Phase { .. })));
    writer.start_segment(TxId(1)).await.unwrap();
    assert!(matches!(write(&mut writer, 2, 2).await, Err(QuorumError::OutOfOrder { .. })));
    let wrong = writer.write(TxId(1), 3, records(1, 2)).await;
    assert!(matches!(wrong, Err(QuorumError::BadRecords { .. })));
    write(&mut writer, 1, 2).await.unwrap();
    let short = writer.finalize(TxId(1), TxId(1)).await;
    assert!(matches!(short, Err(QuorumError::OutOfOrder { .. })));
    writer.finalize(TxId(1), TxId(2)).await.unwrap();
    assert_eq!(writer.next_txid(), Some(TxId(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_nodes_are_formatted_or_none_counts() {
    let mut cluster = Cluster::start(&[]).await;
    assert!(!cluster.admin().is_formatted_all().await.unwrap());
    cluster.admin().format_all(false).await.unwrap();
    assert!(cluster.admin().is_formatted_all().await.unwrap());
    assert!(cluster.admin().format_all(false).await.is_err(), "JN-055: it holds data");
    cluster.admin().format_all(true).await.unwrap();
    cluster.stop(1).await;
    assert!(cluster.admin().formatted().await.is_err());
}
