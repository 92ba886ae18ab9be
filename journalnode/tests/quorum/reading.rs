//! Reading committed edits, from caches and from files.

use hadoop_proto::qjournal::JournalResponseProto;
use journalnode::editlog::encode_op;
use journalnode::quorum::{CommittedEdits, QuorumOptions, QuorumReader, ReadError};
use journalnode::types::TxId;

use super::cluster::*;

const TAILED: (&str, &str) = ("dfs.ha.tail-edits.in-progress", "true");

fn txids(edits: &CommittedEdits) -> Vec<i64> {
    edits.ops().map(|(txid, _)| txid.0).collect()
}

fn bytes(edits: &CommittedEdits) -> Vec<u8> {
    edits.ops().flat_map(|(_, op)| op.to_vec()).collect()
}

async fn read_all(reader: &QuorumReader, since: i64) -> Vec<i64> {
    let mut all = Vec::new();
    loop {
        let next = TxId(since + all.len() as i64);
        let edits = reader.committed_edits(next).await.unwrap();
        if edits.is_empty() {
            return all;
        }
        all.extend(txids(&edits));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn caches_serve_what_a_majority_has_made_durable() {
    let cluster = Cluster::formatted_with(&[TAILED]).await;
    let mut writer = cluster.writer().await;
    writer.start_segment(TxId(1)).await.unwrap();
    write(&mut writer, 1, 3).await.unwrap();
    let reader = cluster.reader();
    let edits = reader.committed_edits(TxId(2)).await.unwrap();
    assert_eq!((txids(&edits), edits.last()), (vec![2, 3], Some(TxId(3))));
    assert_eq!(bytes(&edits), records(2, 2));
    assert!(reader.committed_edits(TxId(4)).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_serve_what_no_cache_has() {
    let mut cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    segment(&mut writer, 1, 3).await;
    segment(&mut writer, 4, 6).await;
    writer.start_segment(TxId(7)).await.unwrap();
    write(&mut writer, 7, 8).await.unwrap();
    settle(&mut writer).await;
    write(&mut writer, 9, 9).await.unwrap();
    settle(&mut writer).await;
    let reader = cluster.reader();
    assert_eq!(bytes(&reader.committed_edits(TxId(2)).await.unwrap()), records(2, 2));
    // Nodes hear with the next request that the last batch is committed.
    assert_eq!(read_all(&reader, 1).await, (1..=8).collect::<Vec<_>>());
    cluster.stop(0).await;
    assert_eq!(read_all(&reader, 5).await, (5..=8).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_ends_at_its_limits() {
    let cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    segment(&mut writer, 1, 9).await;
    let targets = cluster.targets();
    let options = QuorumOptions { max_txns_per_read: 4, ..options() };
    let reader = QuorumReader::new(&journal(), &targets, &namespace(), options);
    assert_eq!(txids(&reader.committed_edits(TxId(2)).await.unwrap()), [2, 3, 4, 5]);
    assert_eq!(read_all(&reader, 1).await.len(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_purged_is_gone() {
    let cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    segment(&mut writer, 1, 3).await;
    segment(&mut writer, 4, 6).await;
    writer.purge(TxId(4)).await.unwrap();
    settle(&mut writer).await;
    let gone = cluster.reader().committed_edits(TxId(1)).await;
    assert_eq!(gone, Err(ReadError::Gone { since: TxId(1), oldest: TxId(4) }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_copy_is_passed_over() {
    let cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    segment(&mut writer, 1, 5).await;
    settle(&mut writer).await;
    cluster.flip_a_bit(0, &finalized(1, 5));
    let reader = cluster.reader();
    assert_eq!(read_all(&reader, 1).await, [1, 2, 3, 4, 5]);
    cluster.flip_a_bit(1, &finalized(1, 5));
    cluster.flip_a_bit(2, &finalized(1, 5));
    let damaged = reader.committed_edits(TxId(1)).await.unwrap_err();
    assert!(matches!(damaged, ReadError::Unreadable { .. }), "{damaged}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manifest_tells_each_nodes_segments() {
    let cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    segment(&mut writer, 1, 3).await;
    writer.start_segment(TxId(4)).await.unwrap();
    settle(&mut writer).await;
    let manifests = cluster.reader().manifest(TxId(1), false).await.unwrap();
    assert!(manifests.len() >= 2);
    for manifest in manifests {
        let [entry] = manifest.segments[..] else { panic!("{manifest:?}") };
        assert_eq!((entry.start, entry.end), (TxId(1), Some(TxId(3))));
        assert!(manifest.http.starts_with("http://127.0.0.1:"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_missed_a_recovery_is_not_believed() {
    let mut cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    writer.start_segment(TxId(1)).await.unwrap();
    write(&mut writer, 1, 3).await.unwrap();
    settle(&mut writer).await;
    // Another transaction 4, which nobody acknowledged.
    let mut lost = journal_request(1, 100, 1, 4, 1);
    lost.records = encode_op(9, TxId(4), b"lost").into();
    cluster.call::<JournalResponseProto>(2, "journal", &lost).await.unwrap();
    cluster.stop(2).await;
    let mut writer = cluster.writer().await;
    assert_eq!(writer.next_txid(), Some(TxId(4)));
    writer.start_segment(TxId(4)).await.unwrap();
    write(&mut writer, 4, 4).await.unwrap();
    settle(&mut writer).await;
    write(&mut writer, 5, 5).await.unwrap();
    settle(&mut writer).await;
    cluster.run(2).await;
    let reader = cluster.reader();
    for gone in [0, 1] {
        // With a good copy and the bad one, nobody can tell them apart.
        cluster.stop(gone).await;
        assert!(reader.committed_edits(TxId(4)).await.unwrap().is_empty());
        cluster.run(gone).await;
    }
    cluster.stop(2).await;
    let edits = reader.committed_edits(TxId(4)).await.unwrap();
    assert_eq!(bytes(&edits), records(4, 1));
}
