use std::fs;

use super::member::PORT;
use super::quorum::{Quorum, some_rounds, until};

const FIRST: &str = "edits_0000000000000000001-0000000000000000003";
const SECOND: &str = "edits_0000000000000000004-0000000000000000006";

#[tokio::test(flavor = "multi_thread")]
async fn jn_138_139_what_a_node_missed_comes_from_its_peers() {
    let quorum = Quorum::formatted_with(&[]).await;
    let [a, b, c] = &quorum.nodes;
    a.write_segment(1, 1, 3).await;
    b.write_segment(1, 4, 6).await;
    c.heartbeat(1, Some(6)).await.unwrap();
    a.heartbeat(1, Some(6)).await.unwrap();
    for node in &quorum.nodes {
        until("every node has both segments", async || node.edits() == [FIRST, SECOND]).await;
    }
    assert_eq!(c.segment_file(SECOND), b.segment_file(SECOND));
    assert_eq!(fs::read_dir(c.root().join("edits.sync")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_139_nothing_is_installed_before_it_is_known_to_be_committed() {
    let quorum = Quorum::formatted_with(&[]).await;
    let [a, _, c] = &quorum.nodes;
    a.write_segment(1, 1, 3).await;
    c.heartbeat(1, Some(2)).await.unwrap();
    some_rounds().await;
    assert!(c.edits().is_empty(), "{:?}", c.edits());
    c.heartbeat(1, Some(3)).await.unwrap();
    until("it is committed", async || c.edits() == [FIRST]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_segment_is_not_spread_and_taken_once_it_is_whole() {
    let quorum = Quorum::formatted_with(&[]).await;
    let [a, b, _] = &quorum.nodes;
    a.write_segment(1, 1, 3).await;
    let file = a.root().join("current").join(FIRST);
    let good = fs::read(&file).unwrap();
    let mut damaged = good.clone();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(&file, damaged).unwrap();
    b.heartbeat(1, Some(3)).await.unwrap();
    some_rounds().await;
    assert!(b.edits().is_empty(), "{:?}", b.edits());
    fs::write(&file, good).unwrap();
    until("the whole one is taken", async || b.edits() == [FIRST]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_140_the_directory_for_downloads_comes_with_the_format_and_goes_with_the_process() {
    let mut quorum = Quorum::start().await;
    let node = &mut quorum.nodes[0];
    assert!(!node.is_formatted().await);
    some_rounds().await;
    assert!(!node.root().exists(), "an unformatted journal has no directory");
    node.format().await;
    let sync = node.root().join("edits.sync");
    until("edits.sync is there", async || sync.is_dir()).await;
    node.stop().await;
    assert!(!sync.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_140_the_key_turns_it_off() {
    let quorum = Quorum::formatted_with(&["dfs.journalnode.enable.sync=false"]).await;
    let [a, _, c] = &quorum.nodes;
    a.write_segment(1, 1, 3).await;
    c.heartbeat(1, Some(3)).await.unwrap();
    some_rounds().await;
    assert!(c.edits().is_empty() && !c.root().join("edits.sync").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_peer_and_a_name_nobody_knows_stop_nothing() {
    let mut quorum = Quorum::formatted_with(&[]).await;
    quorum.nodes[0].write_segment(1, 1, 3).await;
    quorum.nodes[1].stop().await;
    let [a, _, c] = &mut quorum.nodes;
    c.stop().await;
    let uri = format!(
        "dfs.namenode.shared.edits.dir=qjournal://no-such-host.invalid:1;{}:{PORT};{}:{PORT}/j",
        a.host, c.host
    );
    c.configure(vec![uri, "dfs.journalnode.sync.interval=20".to_owned()]);
    c.start().await;
    c.heartbeat(1, Some(3)).await.unwrap();
    until("the third peer is asked too", async || c.edits() == [FIRST]).await;
}
