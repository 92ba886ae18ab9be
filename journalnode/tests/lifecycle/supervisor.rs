//! What systemd is told (`sd_notify(3)`, `Type=notify`, `WatchdogSec`).

use std::fs;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use super::support::{ConfigDir, Node, Q_JOURNAL, RawConnection, Reply, requests};

const LONGEST_MESSAGE_BYTES: usize = 512;
const PATIENCE: Duration = Duration::from_secs(20);
/// `WatchdogSec`. A ping is due every quarter of it.
const WATCHDOG: Duration = Duration::from_millis(800);
const STUCK: &str = include_str!("data/stuck.c");

/// Whoever started the daemon.
struct Supervisor {
    config: ConfigDir,
    socket: UnixDatagram,
}

impl Supervisor {
    fn new() -> Self {
        let config = ConfigDir::new(&[]);
        let socket = UnixDatagram::bind(config.path().join("notify")).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { config, socket }
    }

    fn address(&self) -> PathBuf {
        self.config.path().join("notify")
    }

    fn command(&self) -> Command {
        let mut command = self.config.command();
        command.env("NOTIFY_SOCKET", self.address());
        command
    }

    fn watching(&self) -> Command {
        let mut command = self.command();
        command.env("WATCHDOG_USEC", WATCHDOG.as_micros().to_string());
        command
    }

    /// One whose system calls get stuck where a file in `stuck` says so.
    fn watching_stuck(&self) -> Command {
        let (source, library) = (self.stuck("stuck.c"), self.stuck("stuck.so"));
        fs::create_dir_all(self.stuck("")).unwrap();
        fs::write(&source, STUCK).unwrap();
        let mut compile = Command::new("cc");
        compile.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).arg("-ldl");
        assert!(compile.status().unwrap().success(), "cc failed");
        let mut command = self.watching();
        command.env("LD_PRELOAD", &library).env("STUCK", self.stuck(""));
        command
    }

    fn stuck(&self, name: &str) -> PathBuf {
        self.config.path().join("stuck").join(name)
    }

    /// The next message, if there is one in time.
    fn heard_within(&self, limit: Duration) -> Option<String> {
        self.socket.set_read_timeout(Some(limit)).unwrap();
        let mut message = [0; LONGEST_MESSAGE_BYTES];
        match self.socket.recv(&mut message) {
            Ok(length) => Some(String::from_utf8(message[..length].to_vec()).unwrap()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            Err(error) => panic!("{error}"),
        }
    }

    fn await_message(&self, expected: &str) {
        while self.heard_within(PATIENCE).expect(expected) != expected {}
    }

    /// Pings that were under way are read; then systemd would have ended the process.
    fn await_silence(&self) {
        while self.heard_within(WATCHDOG).is_some() {}
    }

    fn hear_pings(&self, count: usize) {
        for _ in 0..count {
            assert_eq!(self.heard_within(WATCHDOG).as_deref(), Some("WATCHDOG=1"));
        }
    }
}

#[test]
fn it_is_ready_when_it_answers_and_says_when_it_stops() {
    let supervisor = Supervisor::new();
    let node = Node::start(supervisor.command());

    assert_eq!(supervisor.heard_within(PATIENCE).as_deref(), Some("READY=1"));
    RawConnection::open(node.rpc).call("isFormatted", &requests::is_formatted("j")).ok::<()>();
    TcpStream::connect(node.http).unwrap();
    // Whoever was told may stop it from now on. Nobody asked for pings.
    assert_eq!(node.stop(Signal::TERM).status, Some(143));
    assert_eq!(supervisor.heard_within(PATIENCE).as_deref(), Some("STOPPING=1"));
}

#[test]
fn a_watchdog_hears_of_it_all_the_while() {
    let supervisor = Supervisor::new();
    let node = Node::start(supervisor.watching());
    supervisor.await_message("READY=1");
    supervisor.hear_pings(8);
    node.signal(Signal::TERM);
    supervisor.await_message("STOPPING=1");
}

#[test]
fn a_watchdog_that_is_meant_for_another_process_is_told_nothing() {
    let supervisor = Supervisor::new();
    let mut command = supervisor.watching();
    command.env("WATCHDOG_PID", "1");
    let _node = Node::start(command);
    supervisor.await_message("READY=1");
    assert_eq!(supervisor.heard_within(WATCHDOG), None);
}

/// One thread does not come back from where the others go on.
#[test]
fn pings_stop_while_nobody_is_let_in() {
    let supervisor = Supervisor::new();
    let node = Node::start(supervisor.watching_stuck());
    supervisor.await_message("READY=1");
    supervisor.hear_pings(2);
    fs::write(supervisor.stuck("accept4"), "").unwrap();
    let _waiting = TcpStream::connect(node.rpc).unwrap();
    supervisor.await_silence();
    fs::remove_file(supervisor.stuck("accept4")).unwrap();
    supervisor.hear_pings(2);
}

#[test]
fn pings_stop_while_the_process_is_stopped() {
    let supervisor = Supervisor::new();
    let node = Node::start(supervisor.watching());
    supervisor.await_message("READY=1");
    node.signal(Signal::STOP);
    supervisor.await_silence();
    node.signal(Signal::CONT);
    supervisor.hear_pings(2);
}

/// Ending it would not make the disk faster.
#[test]
fn a_disk_that_hangs_is_no_reason_to_be_ended() {
    let supervisor = Supervisor::new();
    let node = Node::start(supervisor.watching_stuck());
    supervisor.await_message("READY=1");
    let mut connections = Vec::new();
    for journal in ["a", "b", "c", "d", "e", "f"] {
        let mut writer = RawConnection::open(node.rpc);
        writer.call("format", &requests::format(journal, false)).ok::<()>();
        connections.push((journal, writer));
    }
    fs::write(supervisor.stuck("sync"), "").unwrap();
    // More of them than the machine has processors.
    for (journal, writer) in &mut connections {
        let promise = prost::Message::encode_to_vec(&requests::new_epoch(journal, 1));
        writer.send(Q_JOURNAL, "newEpoch", &promise).unwrap();
    }
    node.line_with("and is not done");
    // What came until now is of no interest.
    while supervisor.heard_within(Duration::from_millis(1)).is_some() {}
    supervisor.hear_pings(8);
    RawConnection::open(node.rpc).call("isFormatted", &requests::is_formatted("g")).ok::<()>();
    fs::remove_file(supervisor.stuck("sync")).unwrap();
    for (_, writer) in &mut connections {
        assert!(matches!(writer.reply().unwrap(), Reply::Success(_)));
    }
}

/// systemd itself may hang.
#[test]
fn a_supervisor_that_does_not_read_holds_up_nobody() {
    let supervisor = Supervisor::new();
    let node = Node::start(supervisor.watching());
    supervisor.await_message("READY=1");
    let flood = UnixDatagram::unbound().unwrap();
    flood.set_nonblocking(true).unwrap();
    while flood.send_to(b"", supervisor.address()).is_ok() {}
    let turns = std::time::Instant::now() + 2 * WATCHDOG;
    while std::time::Instant::now() < turns {
        RawConnection::open(node.rpc).call("isFormatted", &requests::is_formatted("j")).ok::<()>();
    }
    supervisor.await_message("WATCHDOG=1");
}

#[test]
fn a_socket_that_nobody_reads_is_no_reason_to_fail() {
    let config = ConfigDir::new(&[]);
    let mut command = config.command();
    command.env("NOTIFY_SOCKET", config.path().join("nobody"));
    assert_eq!(Node::start(command).stop(Signal::TERM).status, Some(143));
}
