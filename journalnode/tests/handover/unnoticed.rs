//! What a writer, a new client and a third process see while one process follows another.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixDatagram;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use rustix::process::Signal;

use super::support::{ConfigDir, Node, RawConnection, is_running, requests};
use super::writing::{J, Writing};

/// A writer that had to wait longer was held up. What it is in fact is printed.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

fn lock_owner(config: &ConfigDir) -> String {
    std::fs::read_to_string(config.edits().join(J).join("in_use.lock")).unwrap()
}

/// Over HTTP: the journal is in step.
fn assert_ready(node: &Node) {
    let mut http = TcpStream::connect(node.http).unwrap();
    http.write_all(b"GET /ready HTTP/1.1\r\nHost: j\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    http.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("\"in_step\":[\"j\"]"), "{page}");
}

#[test]
fn a_writer_goes_on_in_its_segment_and_on_its_connection() {
    let config = ConfigDir::new(&[]);
    let mut node = Node::start(config.command());
    let mut writing = Writing::begin(&node);
    for _ in 0..3 {
        node.hand_over();
        writing.write();
    }
    writing.assert_all_there(&config);
    let end = requests::finalize(requests::info(J, 1, 99), 1, writing.last);
    writing.connection.call("finalizeLogSegment", &end).ok::<()>();
    node.stop_successor(Signal::TERM);
    assert!(!config.edits().join(J).join("in_use.lock").exists(), "the lock was left");
}

#[test]
fn the_pause_is_short_and_nothing_is_lost_under_load() {
    let config = ConfigDir::new(&[]);
    let mut node = Node::start(config.command());
    let mut writing = Writing::begin(&node);
    let done = AtomicBool::new(false);
    let longest = std::thread::scope(|scope| {
        let load = scope.spawn(|| {
            let mut took = Vec::new();
            while !done.load(Relaxed) {
                took.push(writing.write());
            }
            took
        });
        let said: Vec<_> = (0..5).map(|_| node.hand_over()).collect();
        done.store(true, Relaxed);
        let mut took = load.join().unwrap();
        took.sort();
        let (calls, median) = (took.len(), took[took.len() / 2]);
        println!("{calls} calls, median {median:?}, the longest {:?}", &took[calls - 5..]);
        said.iter().for_each(|line| println!("{line}"));
        took[calls - 1]
    });
    assert!(longest < LONGEST_PAUSE, "{longest:?}");
    writing.assert_all_there(&config);
}

#[test]
fn half_a_call_is_completed_at_the_next_process() {
    let config = ConfigDir::new(&[]);
    let mut node = Node::start(config.command());
    let mut writing = Writing::begin(&node);
    let request = writing.next();
    let rest = writing.connection.send_half("journal", &request);
    // Half a preamble, too.
    let mut silent = TcpStream::connect(node.rpc).unwrap();
    silent.write_all(b"hrp").unwrap();
    // A call of another connection shows that the halves were read.
    RawConnection::open(node.rpc).call("isFormatted", &requests::is_formatted(J)).ok::<()>();
    node.hand_over();
    writing.connection.send_rest(&rest);
    writing.connection.reply().unwrap().ok::<()>();
    silent.write_all(b"c\x08\0\0").unwrap();
    let mut refusal = Vec::new();
    silent.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    silent.read_to_end(&mut refusal).unwrap();
    assert!(!refusal.is_empty(), "the preamble was not put together");
    writing.write();
    writing.assert_all_there(&config);
}

#[test]
fn new_clients_find_the_new_process_and_nobody_else_gets_the_directory() {
    let config = ConfigDir::new(&[]);
    let mut node = Node::start(config.command());
    let mut writing = Writing::begin(&node);
    node.hand_over();
    let formatted = requests::is_formatted(J);
    RawConnection::open(node.rpc).call("isFormatted", &formatted).ok::<()>();
    assert_ready(&node);

    assert!(lock_owner(&config).starts_with(&format!("{}@", node.pid())));
    let other = Node::start(config.command());
    let (_, message) = RawConnection::open(other.rpc).call("isFormatted", &formatted).refused();
    assert!(message.contains(&format!("already locked by {}@", node.pid())), "{message}");
    writing.write();
}

#[test]
fn a_changed_configuration_is_taken_with_the_next_process() {
    let config = ConfigDir::new(&[]);
    let mut node = Node::start(config.command());
    let mut writing = Writing::begin(&node);
    let site = std::fs::read_to_string(config.path().join("hdfs-site.xml")).unwrap();
    let added =
        "<property><name>dfs.ha.tail-edits.in-progress</name><value>true</value></property>";
    config.write(
        "hdfs-site.xml",
        &site.replace("</configuration>", &format!("{added}</configuration>")),
    );
    node.hand_over();
    writing.write();
    // Only a node with a cache answers this.
    let edits = requests::journaled_edits(J, 1, 10);
    writing.connection.call("getJournaledEdits", &edits).ok::<()>();
}

#[test]
fn systemd_is_told_the_new_main_process() {
    let config = ConfigDir::new(&[]);
    let path = config.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut command = config.command();
    command.env("NOTIFY_SOCKET", &path);
    let mut node = Node::start(command);
    node.hand_over();
    let main_pid = format!("MAINPID={}", node.pid());
    let mut message = [0; 512];
    loop {
        let length = socket.recv(&mut message).unwrap();
        let told = String::from_utf8_lossy(&message[..length]);
        // It would take the service for one that ends.
        assert!(!told.contains("STOPPING=1"), "{told}");
        if told.lines().any(|line| line == main_pid) {
            break;
        }
    }
}

/// RocksDB lets one process in, and the index of another one must not be taken for damaged.
#[test]
fn the_index_is_opened_again_once_the_old_process_is_gone() {
    let config = ConfigDir::new(&[]);
    let mut node = Node::start(config.command());
    Writing::begin(&node);
    node.hand_over();
    assert!(!node.line_with(" index: ").contains(" is new"));
    let log = node.log();
    assert!(!log.contains("no index"), "{log}");
}

/// The next process waits for the end of the one before it, and of no other.
#[test]
fn a_process_hands_over_only_once_the_one_before_it_is_gone() {
    let config = ConfigDir::new(&[]);
    let mut node = Node::start(config.command());
    let mut writing = Writing::begin(&node);
    let first = node.pid();
    // Half a request for HTTP holds up its end for a while.
    let mut slow = TcpStream::connect(node.http).unwrap();
    slow.write_all(b"GET /ready HT").unwrap();
    assert_ready(&node);
    node.signal(Signal::USR2);
    node.handed_over();
    let second = node.pid();
    node.signal(Signal::USR2);
    node.line_with("handing over once it is gone");
    assert!(is_running(first) && is_running(second));
    writing.write();
    node.handed_over();
    assert!(!is_running(first), "three at a time");
    writing.write();
    writing.assert_all_there(&config);
}

/// Whoever a process starts inherits its environment.
#[test]
fn a_name_in_the_environment_alone_makes_no_successor() {
    let config = ConfigDir::new(&[]);
    let mut command = config.command();
    command.env("JOURNALNODE_PREDECESSOR", "1");
    let node = Node::start(command);
    Writing::begin(&node);
}
