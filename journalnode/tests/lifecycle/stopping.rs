//! JN-145: how it ends, and what it leaves.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::support::{ConfigDir, Node, Q_JOURNAL, RawConnection, requests};

/// Hadoop's scripts kill a daemon that has not stopped after 5 seconds.
const HADOOP_STOP_TIMEOUT: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(5);
const PADDED_BYTES: usize = 1 << 20;

/// A formatted journal with transactions 1 to 3 in an open segment.
fn write_something(node: &Node, journal: &str) {
    let mut connection = RawConnection::open(node.rpc);
    let info = |serial| requests::info(journal, 1, serial);
    for reply in [
        connection.call("format", &requests::format(journal, false)),
        connection.call("newEpoch", &requests::new_epoch(journal, 1)),
        connection.call("startLogSegment", &requests::start_segment(info(0), 1)),
        connection.call("journal", &requests::journal(info(1), 1, 1, 3)),
    ] {
        reply.ok::<()>();
    }
}

#[test]
fn a_signal_leaves_the_segment_in_progress_and_gives_the_directory_back() {
    for (signal, status) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let config = ConfigDir::new(&[]);
        let node = Node::start(config.command());
        write_something(&node, "j");
        let lock = config.edits().join("j/in_use.lock");
        assert!(lock.exists(), "JN-116");

        let ended = node.stop(signal);
        assert_eq!(ended.status, Some(status), "{}", ended.log);
        assert!(!lock.exists(), "JN-116: the lock was left");
        let segment = fs::read(config.current("j").join("edits_inprogress_0000000000000000001"));
        let segment = segment.unwrap();
        assert_eq!(segment.len(), PADDED_BYTES);
        assert!(segment.ends_with(&[0xff; 1024]), "nothing is truncated");
    }
}

/// A journal that has its `edits.sync` or other files keeps them.
#[test]
fn what_is_not_ours_to_remove_stays() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    write_something(&node, "j");
    let foreign = config.edits().join("j/edits.sync/edits_1-1");
    fs::create_dir_all(foreign.parent().unwrap()).unwrap();
    fs::write(&foreign, "x").unwrap();
    node.stop(Signal::TERM);
    assert!(foreign.exists());
}

#[test]
fn idle_and_half_open_connections_do_not_delay_the_end() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    let mut idle = RawConnection::open(node.rpc);
    idle.call("isFormatted", &requests::is_formatted("j"));
    let _silent = std::net::TcpStream::connect(node.rpc).unwrap();
    let _silent_http = std::net::TcpStream::connect(node.http).unwrap();
    let begin = Instant::now();
    assert_eq!(node.stop(Signal::TERM).status, Some(143));
    assert!(begin.elapsed() < HADOOP_STOP_TIMEOUT, "took {:?}", begin.elapsed());
}

/// A peer that falls silent holds an `acceptRecovery` for a minute.
#[test]
fn a_download_that_hangs_does_not_delay_the_end() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    write_something(&node, "j");
    let peer = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/getJournal", peer.local_addr().unwrap());
    let mut connection = RawConnection::open(node.rpc);
    let accept = requests::accept(requests::info("j", 2, 0), (1, 9), &url);
    let body = prost::Message::encode_to_vec(&accept);
    connection.send(Q_JOURNAL, "acceptRecovery", &body).unwrap();
    let (mut asked, _) = peer.accept().unwrap();
    asked.read_exact(&mut [0; 4]).unwrap();
    asked.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nthe first piece").unwrap();
    let download = config.current("j").join("edits_inprogress_0000000000000000001.epoch=2");
    while !download.exists() {
        thread::sleep(POLL);
    }

    let begin = Instant::now();
    assert_eq!(node.stop(Signal::TERM).status, Some(143));
    assert!(begin.elapsed() < HADOOP_STOP_TIMEOUT, "took {:?}", begin.elapsed());
    assert!(!config.edits().join("j/in_use.lock").exists(), "the lock was left");
    assert!(!download.exists(), "half a download was left");
}

#[test]
fn a_signal_right_after_the_start_is_a_stop_too() {
    for _ in 0..5 {
        let config = ConfigDir::new(&[]);
        assert_eq!(Node::start(config.command()).stop(Signal::TERM).status, Some(143));
    }
}
