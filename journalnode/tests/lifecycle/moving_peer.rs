//! A peer whose address changes while the process runs: its name is resolved at each connect.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::process::geteuid;

use super::support::{ConfigDir, Node, RawConnection, requests};

const PATIENCE: Duration = Duration::from_secs(20);
const PEER: &str = "moving-peer";
/// Sets up `/etc/hosts`, then becomes the command.
const ENTER: &str = r#"mount --bind "$1" /etc/hosts && shift && exec "$@""#;

/// An address where a peer may be, and a sign of each connection that came there.
struct Place {
    address: SocketAddr,
    connected: Receiver<()>,
}

impl Place {
    /// Takes each connection, and closes it: the caller has to connect anew.
    fn listen(host: Ipv4Addr, port: u16) -> Self {
        let listener = TcpListener::bind((host, port)).unwrap();
        let address = listener.local_addr().unwrap();
        let (connect, connected) = channel();
        thread::spawn(move || {
            listener.incoming().map_while(Result::ok).all(|_| connect.send(()).is_ok())
        });
        Self { address, connected }
    }

    fn await_connection(&self) {
        self.connected.recv_timeout(PATIENCE).expect("a connection");
    }
}

/// The command, in a mount namespace where this file is `/etc/hosts`.
fn with_hosts(hosts: &Path, command: &Command) -> Command {
    let mut unshare = Command::new("unshare");
    unshare.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    unshare.arg("--mount");
    if !geteuid().is_root() {
        unshare.arg("--map-root-user");
    }
    unshare.args(["--", "sh", "-c", ENTER, "enter"]).arg(hosts);
    unshare.arg(command.get_program()).args(command.get_args());
    unshare
}

#[test]
fn a_peer_without_an_address_is_retried_and_one_that_moved_is_found() {
    let old = Place::listen(Ipv4Addr::new(127, 77, 0, 1), 0);
    let new = Place::listen(Ipv4Addr::new(127, 77, 0, 2), old.address.port());
    let peers = format!("qjournal://{PEER}:{};127.0.0.1:1/j", old.address.port());
    let config = ConfigDir::new(&[
        ("dfs.namenode.shared.edits.dir", &peers),
        ("dfs.journalnode.sync.interval", "20"),
        ("dfs.journalnode.sync.format.wait", "0"),
    ]);
    config.write("hosts", "127.0.0.1 localhost\n");
    let hosts = config.path().join("hosts");
    let mut node = Node::start(with_hosts(&hosts, &config.command()));
    RawConnection::open(node.rpc).call("isFormatted", &requests::is_formatted("j"));
    node.line_with(&format!("{PEER} has no address"));

    // In place: another file would not be the one that is mounted.
    let at = |place: &Place| fs::write(&hosts, format!("{} {PEER}\n", place.address.ip())).unwrap();
    at(&old);
    old.await_connection();
    assert!(new.connected.try_recv().is_err());
    at(&new);
    new.await_connection();
    assert!(node.is_running());
}
