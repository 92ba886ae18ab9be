//! JN-095 … JN-099: what segments there are.

use std::fs;

use hadoop_ipc::client::{Client, ClientError, ClientOptions};
use hadoop_proto::hdfs::RemoteEditLogManifestProto;
use hadoop_proto::qjournal::*;

use super::served::*;
use super::support::requests;

const NO_TXID: u64 = -12345_i64 as u64;

async fn ask(
    served: &Served,
    since: u64,
    in_progress: bool,
) -> Result<RemoteEditLogManifestProto, ClientError> {
    let request = requests::manifest(J, since, in_progress);
    let answer: GetEditLogManifestResponseProto =
        served.call("getEditLogManifest", &request).await?;
    assert_eq!(answer.http_port, u32::from(served.http_port()));
    Ok(answer.manifest)
}

/// Start, end and whether it is in progress.
async fn logs(served: &Served, since: u64, in_progress: bool) -> Vec<(u64, u64, bool)> {
    let manifest = ask(served, since, in_progress).await.unwrap();
    let logs = manifest.logs.iter();
    logs.map(|log| (log.start_tx_id, log.end_tx_id, log.is_in_progress.unwrap())).collect()
}

async fn two_and_an_open_one() -> Served {
    let served = Served::with_writer().await;
    served.segment(1, 3).await;
    served.segment(4, 6).await;
    served.start_segment(7).await.unwrap();
    served
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_095_finalized_segments_from_a_transaction_on() {
    let served = two_and_an_open_one().await;
    let both = [(1, 3, false), (4, 6, false)];
    for (since, expected) in [(0, &both[..]), (1, &both), (3, &both), (4, &both[1..]), (7, &[])] {
        assert_eq!(logs(&served, since, false).await, expected, "since {since}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_096_the_open_segment_comes_last_and_ends_where_it_is_written() {
    let served = two_and_an_open_one().await;
    assert_eq!(logs(&served, 4, true).await, [(4, 6, false), (7, 6, true)]);
    served.write(7, 7, 2).await.unwrap();
    assert_eq!(logs(&served, 7, true).await, [(7, 8, true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_097_the_committed_txid_is_always_there() {
    let served = two_and_an_open_one().await;
    let unknown = ask(&served, 1, false).await.unwrap();
    assert_eq!(unknown.committed_txn_id, Some(NO_TXID));
    served.heartbeat(served.info_committed(5)).await.unwrap();
    assert_eq!(ask(&served, 1, false).await.unwrap().committed_txn_id, Some(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_098_corrupt_headers_are_skipped_and_overlaps_refused() {
    let mut served = two_and_an_open_one().await;
    served.write(7, 7, 2).await.unwrap();
    fs::write(served.file(&in_progress(9)), (-99_i32).to_be_bytes()).unwrap();
    fs::write(served.file(&in_progress(12)), b"x").unwrap();
    served.restart().await;
    assert_eq!(logs(&served, 7, true).await, [(7, 8, true)]);

    fs::copy(served.file(&finalized(1, 3)), served.file(&finalized(2, 5))).unwrap();
    served.restart().await;
    assert_refused(ask(&served, 1, false).await, ILLEGAL_STATE, "overlaps");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_099_other_journal_nodes_get_the_same_answer() {
    let served = two_and_an_open_one().await;
    let protocol = "org.apache.hadoop.hdfs.qjournal.protocol.InterQJournalProtocol";
    let options = ClientOptions::new(protocol, 1, Some("jn".to_owned()));
    let peer = Client::new(served.client().target().clone(), options);
    for (since, in_progress) in [(1, false), (4, true)] {
        let request = requests::manifest(J, since, in_progress);
        let theirs: GetEditLogManifestResponseProto =
            peer.call("getEditLogManifestFromJournal", &request).await.unwrap();
        let own: GetEditLogManifestResponseProto =
            served.call("getEditLogManifest", &request).await.unwrap();
        assert_eq!(theirs, own);
    }
}
