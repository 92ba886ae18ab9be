use std::fs;
use std::path::PathBuf;

use hadoop_proto::qjournal::GetEditLogManifestResponseProto;

use super::member::{J, Member};
use super::quorum::{Quorum, some_rounds, until};
use super::support::requests;

const FIRST: &str = "edits_0000000000000000001-0000000000000000003";
const SECOND: &str = "edits_0000000000000000004-0000000000000000006";
const OFTEN: [&str; 2] =
    ["dfs.journalnode.scrub.interval=20", "dfs.journalnode.scrub.bandwidthPerSec=0"];

/// Both segments on every node.
async fn written(settings: &[&str]) -> Quorum {
    let quorum = Quorum::formatted_with(settings).await;
    for node in &quorum.nodes {
        node.write_segment(1, 1, 3).await;
        node.write_segment(1, 4, 6).await;
    }
    quorum
}

fn path(node: &Member, name: &str) -> PathBuf {
    node.root().join("current").join(name)
}

fn aside(node: &Member) -> PathBuf {
    path(node, &format!("{FIRST}.corrupt"))
}

fn rot(node: &Member, damage: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut content = node.segment_file(FIRST);
    damage(&mut content);
    fs::write(path(node, FIRST), &content).unwrap();
    content
}

async fn listed(node: &Member) -> Vec<u64> {
    let answer = node.call("getEditLogManifest", &requests::manifest(J, 0, false)).await;
    let manifest = answer.map(|answer: GetEditLogManifestResponseProto| answer.manifest).unwrap();
    manifest.logs.iter().map(|log| log.start_tx_id).collect()
}

async fn until_healed(node: &Member, good: &[u8], bad: Option<&[u8]>) {
    until("it is as it was, and the bad file aside", async || {
        let bad_aside = bad.is_none_or(|bad| fs::read(aside(node)).is_ok_and(|kept| kept == bad));
        fs::read(path(node, FIRST)).is_ok_and(|now| now == good) && bad_aside
    })
    .await;
    until("it is listed again", async || listed(node).await == [1, 4]).await;
    until("nothing is left of the copies", async || {
        fs::read_dir(node.root().join("edits.sync")).unwrap().count() == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_is_found_and_healed_and_the_bad_file_kept() {
    let quorum = written(&OFTEN).await;
    let [a, b, c] = &quorum.nodes;
    let good = a.segment_file(FIRST);
    let len = good.len();
    let damages: [fn(&mut Vec<u8>); 4] = [
        |content| content[20] ^= 1,
        |content| content.truncate(content.len() - 3),
        |content| *content.last_mut().unwrap() ^= 0x80,
        |content| content.extend_from_slice(&[3; 40]),
    ];
    for damage in damages {
        let bad = rot(a, damage);
        until_healed(a, &good, Some(&bad)).await;
    }
    fs::remove_file(path(a, FIRST)).unwrap();
    until_healed(a, &good, None).await;
    for node in [b, c] {
        assert_eq!(node.segment_file(FIRST), good);
        assert!(!aside(node).exists());
    }
    assert_eq!(a.segment_file(FIRST).len(), len);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_damaged_copies_are_healed_by_the_third() {
    let quorum = written(&OFTEN).await;
    let [a, b, c] = &quorum.nodes;
    let good = c.segment_file(FIRST);
    let bad = [rot(a, |content| content[30] ^= 4), rot(b, |content| content[40] ^= 4)];
    until_healed(a, &good, Some(&bad[0])).await;
    until_healed(b, &good, Some(&bad[1])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_else_has_stays_is_not_served_and_is_tried_again() {
    let mut quorum = Quorum::formatted_with(&OFTEN).await;
    let [a, b, c] = &mut quorum.nodes;
    a.write_segment(1, 1, 3).await;
    a.write_segment(1, 4, 6).await;
    let good = a.segment_file(FIRST);
    let bad = rot(a, |content| content[20] ^= 1);
    until("it is left out of the list", async || listed(a).await == [4]).await;
    some_rounds().await;
    assert_eq!(a.segment_file(FIRST), bad, "the only copy is where it was");
    // The peers get what is good from it, and nothing of what is not.
    for peer in [&*b, &*c] {
        peer.heartbeat(1, Some(6)).await.unwrap();
        until("the good one is fetched", async || peer.edits() == [SECOND]).await;
    }
    // An operator finds one in a backup.
    b.stop().await;
    fs::write(path(b, FIRST), &good).unwrap();
    b.start().await;
    assert!(b.is_formatted().await);
    until_healed(a, &good, Some(&bad)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn zero_turns_it_off() {
    let quorum = written(&["dfs.journalnode.scrub.interval=0"]).await;
    let a = &quorum.nodes[0];
    let bad = rot(a, |content| content[20] ^= 1);
    some_rounds().await;
    assert_eq!((a.segment_file(FIRST), listed(a).await), (bad, vec![1, 4]));
}
