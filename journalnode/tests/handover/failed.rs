//! A new process that cannot go on: the old one does, and the writer notices nothing.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;

use rustix::process::Signal;

use super::support::{ConfigDir, Node, Q_JOURNAL, RawConnection, requests};
use super::writing::Writing;

/// A node whose binary can be replaced.
struct Upgraded {
    config: ConfigDir,
    node: Node,
    writing: Writing,
}

impl Upgraded {
    fn begin() -> Self {
        let config = ConfigDir::new(&[]);
        let binary = config.path().join("journalnode");
        symlink(env!("CARGO_BIN_EXE_journalnode"), &binary).unwrap();
        let mut command = Command::new(&binary);
        command.arg("--config").arg(config.path());
        let node = Node::start(command);
        let writing = Writing::begin(&node);
        Self { config, node, writing }
    }

    fn binary(&self) -> PathBuf {
        self.config.path().join("journalnode")
    }

    /// What stands at the binary's path from now on.
    fn install(&self, content: &str) {
        fs::remove_file(self.binary()).unwrap();
        fs::write(self.binary(), content).unwrap();
        fs::set_permissions(self.binary(), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Asks for a hand-over, which must fail for this reason and be none.
    fn fails_with(mut self, why: &str) {
        self.node.signal(Signal::USR2);
        let said = self.node.line_with("not handed over, this process goes on");
        assert!(said.contains(why), "{said}");
        assert!(self.node.is_running());
        self.writing.write();
        self.writing.assert_all_there(&self.config);
    }
}

#[test]
fn a_binary_that_is_none_is_not_started() {
    let upgraded = Upgraded::begin();
    upgraded.install("junk\n");
    upgraded.fails_with("cannot be started");
}

#[test]
fn a_binary_that_ends_at_once_hands_nothing_over() {
    let upgraded = Upgraded::begin();
    upgraded.install("#!/bin/sh\nexit 3\n");
    upgraded.fails_with("did not get ready");
}

#[test]
fn a_process_killed_before_it_is_ready_hands_nothing_over() {
    let upgraded = Upgraded::begin();
    upgraded.install("#!/bin/sh\nkill -9 $$\n");
    upgraded.fails_with("did not get ready");
}

#[test]
fn after_one_that_failed_the_next_one_works() {
    let mut upgraded = Upgraded::begin();
    let binary = upgraded.binary();
    upgraded.install("junk\n");
    upgraded.node.signal(Signal::USR2);
    upgraded.node.line_with("not handed over, this process goes on");
    fs::remove_file(&binary).unwrap();
    symlink(env!("CARGO_BIN_EXE_journalnode"), &binary).unwrap();
    upgraded.node.hand_over();
    upgraded.writing.write();
    upgraded.writing.assert_all_there(&upgraded.config);
}

#[test]
fn a_configuration_that_makes_no_sense_is_told_and_not_taken() {
    let upgraded = Upgraded::begin();
    let path = upgraded.config.path().join("hdfs-site.xml");
    let good = fs::read_to_string(&path).unwrap();
    let bad = good.replace("127.0.0.1:0", "127.0.0.1:0:0");
    fs::write(path, bad).unwrap();
    upgraded.fails_with("rpc-address");
}

#[test]
fn edits_somewhere_else_are_told_and_not_taken() {
    let upgraded = Upgraded::begin();
    let path = upgraded.config.path().join("hdfs-site.xml");
    let edits = upgraded.config.edits().display().to_string();
    let elsewhere = upgraded.config.path().join("elsewhere").display().to_string();
    let moved = fs::read_to_string(&path).unwrap().replace(&edits, &elsewhere);
    fs::write(path, moved).unwrap();
    upgraded.fails_with("is not where the configuration says");
}

/// A recovery that fetches from a peer that has fallen silent: it may take a minute.
#[test]
fn a_call_that_does_not_end_keeps_the_process() {
    let upgraded = Upgraded::begin();
    let peer = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/getJournal", peer.local_addr().unwrap());
    let mut recovering = RawConnection::open(upgraded.node.rpc);
    recovering.call("format", &requests::format("other", false)).ok::<()>();
    recovering.call("newEpoch", &requests::new_epoch("other", 1)).ok::<()>();
    let accept = requests::accept(requests::info("other", 1, 0), (1, 9), &url);
    let body = prost::Message::encode_to_vec(&accept);
    recovering.send(Q_JOURNAL, "acceptRecovery", &body).unwrap();
    let _silent = peer.accept().unwrap();
    upgraded.fails_with("calls in flight did not end");
}

#[test]
fn whoever_stops_the_service_does_not_wait_for_a_hand_over() {
    let upgraded = Upgraded::begin();
    let started = upgraded.config.path().join("started");
    upgraded.install(&format!("#!/bin/sh\necho $$ > {}\nexec sleep 600\n", started.display()));
    let Upgraded { node, .. } = upgraded;
    node.signal(Signal::USR2);
    let pid = loop {
        if let Some(pid) = fs::read_to_string(&started).ok().filter(|pid| pid.ends_with('\n')) {
            break pid;
        }
        std::thread::yield_now();
    };
    assert_eq!(node.stop(Signal::TERM).status, Some(143));
    assert!(!fs::exists(format!("/proc/{}", pid.trim())).unwrap(), "the new process is left");
}
