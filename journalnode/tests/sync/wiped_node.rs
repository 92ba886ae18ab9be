use std::time::{Duration, Instant};

use super::quorum::{Quorum, some_rounds, until};

const FIRST: &str = "edits_0000000000000000001-0000000000000000003";
const SECOND: &str = "edits_0000000000000000004-0000000000000000006";

/// Epoch 1 reached all nodes and wrote 1-3; epoch 2 reached b and c only, and has 4-6 open
/// there. Then b loses its directory.
async fn with_b_wiped(settings: &[&str]) -> Quorum {
    let mut quorum = Quorum::formatted_with(settings).await;
    for node in &quorum.nodes {
        node.write_segment(1, 1, 3).await;
    }
    for node in &quorum.nodes[1..] {
        node.new_epoch(2).await.unwrap();
        node.start_segment(2, 4).await.unwrap();
        node.journal(2, 4, 4, 3).await.unwrap();
    }
    let b = &mut quorum.nodes[1];
    b.stop().await;
    b.wipe();
    b.start().await;
    quorum
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wiped_node_does_not_help_an_old_writer_to_a_quorum() {
    let quorum = with_b_wiped(&[]).await;
    let [a, b, c] = &quorum.nodes;
    // The old writer still has a; with b it would have a majority.
    a.start_segment(1, 4).await.unwrap();
    a.journal(1, 4, 4, 1).await.unwrap();
    assert!(b.start_segment(1, 4).await.is_err());
    some_rounds().await;
    // What b acknowledged to the new writer is not finished yet: b must not vote.
    assert!(!b.is_formatted().await, "{:?}", b.edits());
    assert!(b.start_segment(1, 4).await.is_err());
    assert!(b.new_epoch(3).await.is_err(), "b would vote without what it acknowledged");

    c.finalize(2, 4, 6).await.unwrap();
    c.heartbeat(2, Some(6)).await.unwrap();
    until("b is back", async || b.is_formatted().await).await;
    assert_eq!(b.edits(), [FIRST, SECOND]);
    assert_eq!(b.segment_file(SECOND), c.segment_file(SECOND));
    assert_eq!(b.promised().await, 2);
    let refusal = b.start_segment(1, 4).await.unwrap_err().to_string();
    assert!(refusal.contains("epoch 1 is less than the last promised epoch 2"), "{refusal}");
    assert!(b.new_epoch(2).await.is_err(), "epoch 2 is taken");
    b.start_segment(2, 7).await.unwrap();
    b.journal(2, 7, 7, 2).await.unwrap();
    assert!(!b.root().join("current/edits_inprogress_0000000000000000004").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_one_other_node_alone_it_stays_out() {
    let mut quorum = with_b_wiped(&[]).await;
    quorum.nodes[0].stop().await;
    let [_, b, c] = &quorum.nodes;
    c.finalize(2, 4, 6).await.unwrap();
    c.heartbeat(2, Some(6)).await.unwrap();
    assert!(!b.is_formatted().await);
    some_rounds().await;
    assert!(!b.is_formatted().await, "nobody knows what a and b may have agreed on");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_turns_it_off() {
    let quorum = with_b_wiped(&["dfs.journalnode.enable.sync.format=false"]).await;
    let [_, b, c] = &quorum.nodes;
    c.finalize(2, 4, 6).await.unwrap();
    c.heartbeat(2, Some(6)).await.unwrap();
    assert!(!b.is_formatted().await);
    some_rounds().await;
    assert!(!b.is_formatted().await && !b.root().exists());
}

/// Only the least time is judged: nothing but the limit makes the node wait, and a busy machine
/// makes it longer.
#[tokio::test(flavor = "multi_thread")]
async fn a_back_fill_keeps_to_its_bandwidth() {
    const BYTES_PER_S: u64 = 100;
    const BURST: Duration = Duration::from_millis(500);
    let limit = format!("dfs.edit.log.transfer.bandwidthPerSec={BYTES_PER_S}");
    let mut quorum = with_b_wiped(&[&limit]).await;
    let [_, b, c] = &mut quorum.nodes;
    c.finalize(2, 4, 6).await.unwrap();
    c.heartbeat(2, Some(6)).await.unwrap();
    b.stop().await;
    if b.root().exists() {
        b.wipe();
    }
    let begun = Instant::now();
    b.start().await;
    assert!(!b.is_formatted().await);
    until("b is back", async || b.is_formatted().await).await;
    let took = begun.elapsed();
    let bytes = [FIRST, SECOND].map(|name| b.segment_file(name).len() as u64).iter().sum::<u64>();
    let least = Duration::from_secs_f64(bytes as f64 / BYTES_PER_S as f64).saturating_sub(BURST);
    assert!(least > BURST, "{bytes} bytes are too few to tell");
    assert!(took >= least, "{bytes} bytes in {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_does_not_race_with_who_formats_a_new_cluster() {
    let quorum = Quorum::start().await;
    let [a, b, c] = &quorum.nodes;
    a.format().await;
    c.format().await;
    assert!(!b.is_formatted().await);
    some_rounds().await;
    assert!(!b.is_formatted().await);
    b.format().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_on_the_way_back_begins_anew() {
    let mut quorum = with_b_wiped(&[]).await;
    let first = quorum.nodes[1].root().join("edits.sync").join(FIRST);
    assert!(!quorum.nodes[1].is_formatted().await);
    until("a finished segment is fetched", async || first.exists()).await;
    quorum.nodes[1].stop().await;
    quorum.nodes[1].start().await;
    let [_, b, c] = &quorum.nodes;
    assert!(!b.is_formatted().await);
    c.finalize(2, 4, 6).await.unwrap();
    c.heartbeat(2, Some(6)).await.unwrap();
    until("b is back", async || b.is_formatted().await).await;
    assert_eq!(b.edits(), [FIRST, SECOND]);
}
