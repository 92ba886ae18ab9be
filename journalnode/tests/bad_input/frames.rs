//! JN-002 … JN-015: what is no Hadoop RPC, or not at its place. The exact bytes of the answers
//! are tested where they are made; here the process must not care.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::target::Target;

const PATIENCE: Duration = Duration::from_secs(10);
const PREAMBLE: &[u8] = b"hrpc\x09\x00\x00";
/// Header of call 0, then the method header of `isFormatted` cut short.
const CALL_BEFORE_CONTEXT: &[u8] = b"\x00\x00\x00\x09\x08\x08\x02\x10\x00\x18\x00\x22\x00\x00";
/// `ipc.maximum.data.length`
const LONGEST_FRAME: u32 = 128 << 20;
const CONNECTIONS: usize = 64;

/// All that the server says before it hangs up.
fn answer_to(target: &Target, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(target.node.rpc).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    // A reset is an end too: the server need not read what it refused.
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() != std::io::ErrorKind::ConnectionReset => panic!("{error}"),
        _ => answer,
    }
}

#[test]
fn what_is_no_hadoop_rpc_is_told_so_or_hung_up_on() {
    let mut target = Target::start();
    let framed = |bytes: &[u8]| [PREAMBLE, bytes].concat();
    for (bytes, expected) in [
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), "HTTP/1.1 404"),
        (b"POST / HTTP/1.1\r\n\r\n".to_vec(), "RPC$VersionMismatch"),
        (b"hrpc\x0a\x00\x00".to_vec(), "RPC$VersionMismatch"),
        (b"hrpc\x03\x00\x00".to_vec(), "VersionMismatch"),
        (b"hrpc\x02\x00\x00".to_vec(), "VersionMismatch"),
        (b"hrpc\x01\x00\x00".to_vec(), ""),
        (b"hrpc\xff\x00\x00".to_vec(), ""),
        (b"hrpc\x09\x00\x05".to_vec(), "Unknown auth protocol"),
        (framed(&(-1_i32).to_be_bytes()), ""),
        (framed(&i32::MIN.to_be_bytes()), ""),
        (framed(&(LONGEST_FRAME + 1).to_be_bytes()), ""),
        (framed(&[0, 0, 0, 0]), "Error decoding"),
        (framed(&[0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff]), "Error decoding"),
        (framed(CALL_BEFORE_CONTEXT), "Connection context not established"),
    ] {
        let answer = answer_to(&target, &bytes);
        let text = String::from_utf8_lossy(&answer);
        assert!(text.contains(expected), "{:?} got {text:?}", String::from_utf8_lossy(&bytes));
        assert_eq!(answer.is_empty(), expected.is_empty(), "{text:?}");
        target.assert_unharmed();
    }
    target.assert_nothing_else_happened();
}

/// A promise of 128 MiB costs four bytes to make, so it must cost little to take.
#[test]
fn frames_that_are_announced_and_never_sent_allocate_nothing() {
    let mut target = Target::start();
    let announced = [PREAMBLE, &LONGEST_FRAME.to_be_bytes(), b"and no more"].concat();
    let open = |_| {
        let mut stream = TcpStream::connect(target.node.rpc).unwrap();
        stream.write_all(&announced).unwrap();
        stream
    };
    let waiting: Vec<TcpStream> = (0..CONNECTIONS).map(open).collect();
    target.assert_unharmed();
    target.assert_nothing_else_happened();
    drop(waiting);
}
