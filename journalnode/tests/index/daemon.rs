//! The index of the real binary: what it logs, what `/metrics` shows, that it ends in time.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::support::{ConfigDir, Node, RawConnection, requests};

const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(10);
/// Hadoop's scripts kill a daemon that has not stopped after 5 seconds.
const HADOOP_STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection that writes to a journal of its own.
struct Writer {
    connection: RawConnection,
    serial: u64,
}

impl Writer {
    fn format(node: &Node) -> Self {
        let mut writer = Self { connection: RawConnection::open(node.rpc), serial: 0 };
        writer.connection.call("format", &requests::format("j", false)).ok::<()>();
        writer.connection.call("newEpoch", &requests::new_epoch("j", 1)).ok::<()>();
        writer
    }

    fn info(&mut self) -> hadoop_proto::qjournal::RequestInfoProto {
        self.serial += 1;
        requests::info("j", 1, self.serial)
    }

    fn start(&mut self, first: u64) {
        let request = requests::start_segment(self.info(), first);
        self.connection.call("startLogSegment", &request).ok::<()>();
    }

    fn write(&mut self, segment: u64, first: u64, count: u32) {
        let request = requests::journal(self.info(), segment, first, count);
        self.connection.call("journal", &request).ok::<()>();
    }

    fn finalize(&mut self, first: u64, last: u64) {
        let request = requests::finalize(self.info(), first, last);
        self.connection.call("finalizeLogSegment", &request).ok::<()>();
    }
}

fn metric(node: &Node, name: &str) -> Option<String> {
    let mut stream = TcpStream::connect(node.http).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: jn\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")))?;
    Some(line.trim().to_owned())
}

fn until_metric(node: &Node, name: &str, value: &str) {
    let deadline = Instant::now() + PATIENCE;
    while metric(node, name).as_deref() != Some(value) {
        assert!(Instant::now() < deadline, "{name} is {:?}, not {value}", metric(node, name));
        thread::sleep(POLL);
    }
}

const READY: &str = "journalnode_index_state{state=\"ready\"}";

#[test]
fn it_is_beside_the_edits_and_on_metrics() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    let mut writer = Writer::format(&node);
    writer.start(1);
    writer.write(1, 1, 3);
    writer.finalize(1, 3);
    until_metric(&node, "journalnode_index_segments", "1");
    until_metric(&node, READY, "1");
    assert!(config.path().join("edits-index/rocksdb/CURRENT").exists());
    let begin = Instant::now();
    let ended = node.stop(Signal::TERM);
    assert!(begin.elapsed() < HADOOP_STOP_TIMEOUT, "took {:?}", begin.elapsed());
    assert_eq!(ended.status, Some(143), "{}", ended.log);
    assert!(!ended.log.contains("WARN"), "{}", ended.log);
}

#[test]
fn one_that_is_deleted_under_load_is_missed_by_nobody() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    let mut writer = Writer::format(&node);
    writer.start(1);
    writer.write(1, 1, 3);
    writer.finalize(1, 3);
    until_metric(&node, "journalnode_index_segments", "1");
    writer.start(4);
    fs::remove_dir_all(config.path().join("edits-index")).unwrap();
    let (mut txid, deadline) = (4, Instant::now() + PATIENCE);
    while metric(&node, "journalnode_index_rebuilds_total").as_deref() != Some("2") {
        assert!(Instant::now() < deadline, "{}", node.log());
        writer.write(4, txid, 1);
        txid += 1;
    }
    node.line_with("was removed; it is built again");
    until_metric(&node, "journalnode_index_segments", "1");
    until_metric(&node, READY, "1");
    assert_eq!(node.stop(Signal::TERM).status, Some(143));
}

#[cfg(feature = "rocksdb")]
#[test]
fn one_that_is_corrupt_is_moved_aside_and_built_again() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    Writer::format(&node);
    until_metric(&node, READY, "1");
    node.stop(Signal::TERM);
    let index = config.path().join("edits-index");
    fs::write(index.join("rocksdb/CURRENT"), "not a manifest").unwrap();

    let node = Node::start(config.command());
    let mut connection = RawConnection::open(node.rpc);
    let served = connection.call("isFormatted", &requests::is_formatted("j"));
    served.ok::<hadoop_proto::qjournal::IsFormattedResponseProto>();
    node.line_with("cannot be used");
    until_metric(&node, READY, "1");
    assert!(index.join("rocksdb.bad/CURRENT").exists());
    assert!(index.join("rocksdb/CURRENT").exists());
    node.stop(Signal::TERM);
}

#[test]
fn a_directory_that_cannot_be_written_leaves_the_journals_alone() {
    // Nobody can make a directory there, not even root.
    let config = ConfigDir::new(&[("dfs.journalnode.index.dir", "/proc/index")]);
    let node = Node::start(config.command());
    let line = node.line_with("no index");
    assert!(line.contains("/proc/index") && line.contains("dfs.journalnode.index.dir"), "{line}");
    until_metric(&node, "journalnode_index_state{state=\"off\"}", "1");
    let mut writer = Writer::format(&node);
    writer.start(1);
    writer.write(1, 1, 3);
    writer.finalize(1, 3);
    assert_eq!(node.stop(Signal::TERM).status, Some(143));
}

#[test]
fn off_is_off() {
    let config = ConfigDir::new(&[("dfs.journalnode.index.dir", "off")]);
    let node = Node::start(config.command());
    Writer::format(&node);
    until_metric(&node, "journalnode_index_state{state=\"off\"}", "1");
    assert!(!config.path().join("edits-index").exists());
    let ended = node.stop(Signal::TERM);
    assert!(!ended.log.contains("index"), "{}", ended.log);
}
