//! The log: its form, and that it may fail.

use std::fs::File;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::support::{ConfigDir, RawConnection, requests, run_to_the_end};

const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(5);

#[test]
fn the_log_can_be_json() {
    let config = ConfigDir::new(&[("dfs.http.policy", "no")]);
    let mut command = config.command();
    command.env("JOURNALNODE_LOG_FORMAT", "json");
    let log = run_to_the_end(command).log;
    let line: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(line["level"], "ERROR");
}

/// The disk with the log is full, or whoever read it is gone: no reason to stop serving edits.
#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    let (full, gone) = (Stdio::from(File::create("/dev/full").unwrap()), broken_pipe());
    for stderr in [full, gone] {
        let address = free_address();
        let config = ConfigDir::new(&[("dfs.journalnode.rpc-address", &address.to_string())]);
        let mut command = config.command();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr);
        let mut child = command.spawn().unwrap();
        wait_until_listening(&mut child, address);
        let mut connection = RawConnection::open(address);
        connection.call("format", &requests::format("j", false)).ok::<()>();
        connection.call("newEpoch", &requests::new_epoch("j", 1)).ok::<()>();
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(143));
    }
}

/// A pipe that nobody reads any more.
fn broken_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// An address that was free a moment ago.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn wait_until_listening(child: &mut Child, address: SocketAddr) {
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(address).is_err() {
        assert_eq!(child.try_wait().unwrap(), None, "it ended");
        assert!(Instant::now() < deadline);
        thread::sleep(POLL);
    }
}
