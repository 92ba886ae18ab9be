//! What systemd is told (`sd_notify(3)`, `Type=notify`).

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use rustix::process::Signal;

use super::support::{ConfigDir, Node, RawConnection, requests};

const LONGEST_MESSAGE_BYTES: usize = 512;

fn told(socket: &UnixDatagram) -> String {
    let mut message = [0; LONGEST_MESSAGE_BYTES];
    let length = socket.recv(&mut message).unwrap();
    String::from_utf8(message[..length].to_vec()).unwrap()
}

#[test]
fn it_is_ready_when_it_answers_and_says_when_it_stops() {
    let config = ConfigDir::new(&[]);
    let path = config.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut command = config.command();
    command.env("NOTIFY_SOCKET", &path);
    let node = Node::start(command);

    assert!(told(&socket).contains("READY=1"));
    RawConnection::open(node.rpc).call("isFormatted", &requests::is_formatted("j")).ok::<()>();
    std::net::TcpStream::connect(node.http).unwrap();
    // Whoever was told may stop it from now on.
    assert_eq!(node.stop(Signal::TERM).status, Some(143));
    assert!(told(&socket).contains("STOPPING=1"));
}

#[test]
fn a_socket_that_nobody_reads_is_no_reason_to_fail() {
    let config = ConfigDir::new(&[]);
    let mut command = config.command();
    command.env("NOTIFY_SOCKET", config.path().join("nobody"));
    assert_eq!(Node::start(command).stop(Signal::TERM).status, Some(143));
}
