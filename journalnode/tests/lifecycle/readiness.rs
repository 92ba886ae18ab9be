//! `/ready`: true only while the node is in step with its writer, or honestly idle.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use hadoop_proto::qjournal::{HeartbeatRequestProto, NewEpochResponseProto};
use rustix::process::Signal;

use super::support::{ConfigDir, Node, RawConnection, requests};

const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(10);

/// One page of the node: its first line, and all of it.
fn page(node: &Node, path: &str) -> (bool, String) {
    let mut connection = TcpStream::connect(node.http).unwrap();
    write!(connection, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
    let mut text = String::new();
    connection.read_to_string(&mut text).unwrap();
    (text.lines().next().unwrap().contains(" 200 "), text)
}

fn assert_ready(node: &Node, list: &str) {
    let (is_ready, text) = page(node, "/ready");
    assert!(is_ready && text.contains(&format!("\"{list}\":[\"j\"]")), "{text}");
}

fn assert_not_ready(node: &Node, why: &str) {
    let (is_ready, text) = page(node, "/ready");
    assert!(!is_ready && text.contains(why) && text.contains("-rollEdits"), "{text}");
}

/// Formats the journal, and lets the writer of epoch 1 start a segment.
fn begin(node: &Node) -> RawConnection {
    let mut writer = RawConnection::open(node.rpc);
    writer.call("format", &requests::format("j", false)).ok::<()>();
    assert_ready(node, "idle");
    writer.call("newEpoch", &requests::new_epoch("j", 1)).ok::<NewEpochResponseProto>();
    assert_not_ready(node, "waits for the writer");
    let start = requests::start_segment(requests::info("j", 1, 0), 1);
    writer.call("startLogSegment", &start).ok::<()>();
    let batch = requests::journal(requests::info("j", 1, 1), 1, 1, 3);
    writer.call("journal", &batch).ok::<()>();
    assert_ready(node, "in_step");
    writer
}

#[test]
fn a_node_that_was_restarted_is_not_ready_before_a_segment_started_there() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    drop(begin(&node));
    assert_eq!(node.stop(Signal::KILL).status, None);

    let node = Node::start(config.command());
    assert_not_ready(&node, "waits for the writer");
    let mut connection = RawConnection::open(node.rpc);
    // A reader has it loaded, and is no writer.
    connection.call("getEditLogManifest", &requests::manifest("j", 1, true));
    assert_not_ready(&node, "waits for the writer");
    let batch = requests::journal(requests::info("j", 1, 2), 1, 4, 1);
    let refused = connection.call("journal", &batch).refused();
    assert!(refused.0.ends_with("JournalOutOfSyncException"), "{refused:?}");
    assert_not_ready(&node, "out of step");

    let end = requests::finalize(requests::info("j", 1, 3), 1, 3);
    connection.call("finalizeLogSegment", &end).ok::<()>();
    let start = requests::start_segment(requests::info("j", 1, 4), 4);
    connection.call("startLogSegment", &start).ok::<()>();
    assert_ready(&node, "in_step");
}

#[test]
fn a_heartbeat_tells_that_a_batch_was_missed_in_an_open_segment() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    let mut writer = begin(&node);
    let heartbeat = HeartbeatRequestProto { req_info: requests::info("j", 1, 5) };
    writer.call("heartbeat", &heartbeat).ok::<()>();
    assert_not_ready(&node, "out of step");
}

#[test]
fn a_node_that_nobody_asks_for_anything_is_idle_after_a_while() {
    let config = ConfigDir::new(&[("dfs.journalnode.ready.idle-after", "2s")]);
    let node = Node::start(config.command());
    let mut writer = RawConnection::open(node.rpc);
    writer.call("format", &requests::format("j", false)).ok::<()>();
    writer.call("newEpoch", &requests::new_epoch("j", 1)).ok::<NewEpochResponseProto>();
    let start = requests::start_segment(requests::info("j", 1, 0), 1);
    writer.call("startLogSegment", &start).ok::<()>();
    let deadline = Instant::now() + PATIENCE;
    while !page(&node, "/ready").1.contains("\"idle\":[\"j\"]") {
        assert!(Instant::now() < deadline, "it is never idle");
        thread::sleep(POLL);
    }
    let batch = requests::journal(requests::info("j", 1, 2), 1, 1, 1);
    writer.call("journal", &batch).ok::<()>();
    assert_ready(&node, "in_step");
}

#[test]
fn the_times_of_a_writer_are_told_apart() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    let mut writer = begin(&node);
    let batch = requests::journal(requests::info("j", 1, 2), 1, 4, 1);
    writer.call("journal", &batch).ok::<()>();
    let (_, text) = page(&node, "/metrics");
    for line in [
        // Two batches; format, newEpoch and startLogSegment besides; two gaps between three.
        "journalnode_sync_duration_seconds_count{journal=\"j\"} 2\n",
        "journalnode_sync_duration_seconds_bucket{journal=\"j\",le=\"+Inf\"} 2\n",
        "journalnode_turn_wait_seconds_count{journal=\"j\"} 5\n",
        "journalnode_writer_gap_seconds_count{journal=\"j\"} 2\n",
        "journalnode_standing{journal=\"j\",standing=\"in-step\"} 1\n",
        "journalnode_standing{journal=\"j\",standing=\"idle\"} 0\n",
        "# TYPE journalnode_writer_gap_seconds histogram\n",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    assert!(text.contains(
        "journalnode_writer_since_timestamp_seconds{journal=\"j\",address=\"127.0.0.1\"}"
    ));
    let (_, stacks) = page(&node, "/stacks");
    assert!(stacks.contains("in-step\n  writer 127.0.0.1:"), "{stacks}");
}
