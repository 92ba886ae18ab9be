//! A node that misses something is left alone until the next segment.

use std::time::Duration;

use journalnode::quorum::QuorumOptions;
use journalnode::types::TxId;

use super::cluster::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_was_away_joins_at_the_next_segment() {
    let mut cluster = Cluster::formatted().await;
    let mut writer = cluster.writer().await;
    writer.start_segment(TxId(1)).await.unwrap();
    write(&mut writer, 1, 2).await.unwrap();
    settle(&mut writer).await;
    cluster.stop(1).await;
    write(&mut writer, 3, 4).await.unwrap();
    settle(&mut writer).await;
    assert!(!writer.status().nodes[1].in_sync);
    cluster.run(1).await;
    write(&mut writer, 5, 6).await.unwrap();
    settle(&mut writer).await;
    assert!(!writer.status().nodes[1].in_sync, "not in the middle of a segment");
    writer.finalize(TxId(1), TxId(6)).await.unwrap();
    segment(&mut writer, 7, 8).await;
    settle(&mut writer).await;
    assert!(writer.status().nodes[1].in_sync);
    assert_eq!(cluster.segments(0), [finalized(1, 6), finalized(7, 8)]);
    assert_eq!(cluster.segments(1), [finalized(7, 8), in_progress(1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_node_is_dropped_when_too_much_waits_for_it() {
    let mut cluster = Cluster::formatted().await;
    let limit = records(1, 50).len();
    // It waits for the connection as long as this test runs.
    let options = QuorumOptions {
        queued_edits_limit_bytes: limit,
        connect_retries: u32::MAX,
        connect_retry_interval: Duration::from_secs(3600),
        ..options()
    };
    let mut writer = cluster.try_writer(options).await.unwrap();
    writer.start_segment(TxId(1)).await.unwrap();
    settle(&mut writer).await;
    cluster.stop(2).await;
    for first in (1..200).step_by(10) {
        write(&mut writer, first, first + 9).await.unwrap();
    }
    let status = writer.status();
    assert!(status.nodes[2].queued_bytes <= limit, "{status:?}");
    assert_eq!(status.committed, Some(TxId(200)));
}
