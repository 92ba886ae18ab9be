//! Of two writers the older one is out, whatever it still holds.

use journalnode::quorum::{Phase, QuorumError};
use journalnode::types::{Epoch, TxId};

use super::cluster::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_old_writer_is_fenced() {
    let cluster = Cluster::formatted().await;
    let mut old = cluster.writer().await;
    old.start_segment(TxId(1)).await.unwrap();
    write(&mut old, 1, 4).await.unwrap();
    let mut new = cluster.writer().await;
    assert_eq!((new.epoch(), new.next_txid()), (Epoch(2), Some(TxId(5))));
    let fenced = write(&mut old, 5, 5).await.unwrap_err();
    assert!(matches!(fenced, QuorumError::Fenced(_)), "{fenced}");
    assert_eq!(old.status().phase, Phase::Fenced);
    segment(&mut new, 5, 6).await;
    settle(&mut new).await;
    cluster.assert_holds(0, &finalized(5, 6), 5, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn promises_survive_a_restart_of_all_nodes() {
    let mut cluster = Cluster::formatted().await;
    let mut old = cluster.writer().await;
    segment(&mut old, 1, 2).await;
    let new = cluster.writer().await;
    drop(new);
    for node in 0..3 {
        cluster.stop(node).await;
        cluster.run(node).await;
    }
    let fenced = old.start_segment(TxId(3)).await.unwrap_err();
    assert!(matches!(fenced, QuorumError::Fenced(_)), "{fenced}");
    assert_eq!(cluster.writer().await.epoch(), Epoch(3));
}
