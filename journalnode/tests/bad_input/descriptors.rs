//! A node that is out of file descriptors, because of clients that hold connections.

use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use super::support::{ConfigDir, Node, RawConnection, Reply, requests};

const DESCRIPTORS: usize = 64;
const CONNECTIONS: usize = 3 * DESCRIPTORS;
/// Until a server that is out of descriptors looks again.
const NEXT_ACCEPT: Duration = Duration::from_millis(300);

/// The node, allowed this few descriptors.
fn limited(config: &ConfigDir) -> Command {
    let node = config.command();
    let mut command = Command::new("/bin/sh");
    let script = format!("ulimit -n {DESCRIPTORS}; exec \"$0\" \"$@\"");
    command.env_clear().arg("-c").arg(script).arg(node.get_program()).args(node.get_args());
    command
}

#[test]
fn who_is_connected_goes_on_and_all_is_well_afterwards() {
    // The index opens and closes files of its own: none may become free while none should be.
    let config = ConfigDir::new(&[("dfs.journalnode.index.dir", "off")]);
    let mut node = Node::start(limited(&config));
    let mut writer = RawConnection::open(node.rpc);
    let info = |epoch, serial| requests::info("j", epoch, serial);
    writer.call("format", &requests::format("j", false)).ok::<()>();
    writer.call("newEpoch", &requests::new_epoch("j", 1)).ok::<()>();
    writer.call("startLogSegment", &requests::start_segment(info(1, 0), 1)).ok::<()>();

    let open = |_| TcpStream::connect(node.rpc).unwrap();
    let crowd: Vec<TcpStream> = (0..CONNECTIONS).map(open).collect();
    node.line_with("cannot accept a connection");
    writer.call("journal", &requests::journal(info(1, 1), 1, 1, 3)).ok::<()>();
    // Whatever needs a file is refused, for now.
    for reply in [
        writer.call("newEpoch", &requests::new_epoch("j", 2)),
        writer.call("startLogSegment", &requests::start_segment(info(1, 2), 4)),
        writer.call("format", &requests::format("other", false)),
        writer.call("getJournalState", &requests::journal_state("third")),
    ] {
        assert!(matches!(reply, Reply::Exception { fatal: false, .. }), "{reply:?}");
    }

    drop(crowd);
    thread::sleep(NEXT_ACCEPT);
    let mut writer = RawConnection::open(node.rpc);
    writer.call("newEpoch", &requests::new_epoch("j", 2)).ok::<()>();
    let accept = requests::accept(info(2, 0), (1, 3), "http://127.0.0.1:1/");
    writer.call("acceptRecovery", &accept).ok::<()>();
    writer.call("finalizeLogSegment", &requests::finalize(info(2, 1), 1, 3)).ok::<()>();
    writer.call("startLogSegment", &requests::start_segment(info(2, 2), 4)).ok::<()>();
    writer.call("journal", &requests::journal(info(2, 3), 4, 4, 1)).ok::<()>();
    writer.call("format", &requests::format("other", true)).ok::<()>();
    assert!(node.is_running() && !node.log().contains("panicked"));
    assert_eq!(node.stop(Signal::TERM).status, Some(143));
}
