//! What goes over the wire, written by hand: independent of the code under test.

use std::{io, time::Duration};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

pub const CLIENT_ID: &[u8; 16] = b"0123456789abcdef";
pub const NONE: &[u8] = b"hrpc\x09\x00\x00";
pub const SASL: &[u8] = b"hrpc\x09\x00\xdf";

pub fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

pub fn zigzag(value: i32) -> Vec<u8> {
    varint(u64::from(((value << 1) ^ (value >> 31)) as u32))
}

/// A field with a varint.
pub fn number(field: u8, value: u64) -> Vec<u8> {
    [vec![field << 3], varint(value)].concat()
}

/// A field with bytes, a string or a message.
pub fn bytes(field: u8, value: impl AsRef<[u8]>) -> Vec<u8> {
    [vec![field << 3 | 2], delimited(value)].concat()
}

pub fn delimited(value: impl AsRef<[u8]>) -> Vec<u8> {
    [varint(value.as_ref().len() as u64), value.as_ref().to_vec()].concat()
}

pub fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [(body.len() as u32).to_be_bytes().to_vec(), body].concat()
}

/// A request header with every field a Java client sends.
pub fn header(call_id: i32, client_id: &[u8], retry_count: i32) -> Vec<u8> {
    [
        number(1, 2),
        number(2, 0),
        [vec![3 << 3], zigzag(call_id)].concat(),
        bytes(4, client_id),
        [vec![5 << 3], zigzag(retry_count)].concat(),
    ]
    .concat()
}

pub fn packet(header: &[u8], message: &[u8]) -> Vec<u8> {
    framed(&[&delimited(header), &delimited(message)])
}

pub fn context_message(user: Option<&str>, protocol: &str) -> Vec<u8> {
    let user = user.map_or(vec![], |user| bytes(2, bytes(1, user)));
    [user, bytes(3, protocol)].concat()
}

pub fn context(user: Option<&str>) -> Vec<u8> {
    packet(&header(-3, CLIENT_ID, -1), &context_message(user, super::stub::NAME))
}

pub fn sasl(message: &[u8]) -> Vec<u8> {
    packet(&header(-33, b"", -1), message)
}

pub fn ping() -> Vec<u8> {
    framed(&[&delimited(header(-4, CLIENT_ID, -1))])
}

pub fn method_header(method: &str, protocol: &str, version: u64) -> Vec<u8> {
    [bytes(1, method), bytes(2, protocol), number(3, version)].concat()
}

pub fn call_to(
    call_id: i32,
    (method, protocol, version): (&str, &str, u64),
    request: &[u8],
) -> Vec<u8> {
    framed(&[
        &delimited(header(call_id, CLIENT_ID, 0)),
        &delimited(method_header(method, protocol, version)),
        &delimited(request),
    ])
}

pub fn call(call_id: i32, method: &str, request: &[u8]) -> Vec<u8> {
    call_to(call_id, (method, super::stub::NAME, 1), request)
}

/// Whom a reply answers: call id, client id, retry count.
pub type To<'a> = (i32, &'a [u8], i32);

fn response_header(to: To<'_>, status: u64, failure: &[u8]) -> Vec<u8> {
    let (call_id, client_id, retry_count) = to;
    [
        number(1, u64::from(call_id as u32)),
        number(2, status),
        number(3, 9),
        failure.to_vec(),
        bytes(7, client_id),
        [vec![8 << 3], zigzag(retry_count)].concat(),
    ]
    .concat()
}

pub fn success(to: To<'_>, body: &[u8]) -> Vec<u8> {
    framed(&[&delimited(response_header(to, 0, &[])), &delimited(body)])
}

fn failure(to: To<'_>, status: u64, (code, class, message): (u64, &str, &str)) -> Vec<u8> {
    let failure = [bytes(4, class), bytes(5, message), number(6, code)].concat();
    framed(&[&delimited(response_header(to, status, &failure))])
}

pub fn error(to: To<'_>, failed: (u64, &str, &str)) -> Vec<u8> {
    failure(to, 1, failed)
}

pub fn fatal(to: To<'_>, failed: (u64, &str, &str)) -> Vec<u8> {
    failure(to, 2, failed)
}

pub fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// Longest a test waits for anything: a hang is a failure with a name.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Reads one frame, its length field included.
pub async fn read_frame(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    timeout(PATIENCE, read_whole_frame(stream)).await.expect("no reply")
}

async fn read_whole_frame(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    stream.read_exact(&mut frame).await?;
    let length = u32::from_be_bytes(frame[..4].try_into().unwrap()) as usize;
    frame.resize(4 + length, 0);
    stream.read_exact(&mut frame[4..]).await?;
    Ok(frame)
}

/// Sends all, then reads to the end of the stream.
pub async fn exchange(stream: &mut TcpStream, input: &[u8]) -> Vec<u8> {
    stream.write_all(input).await.unwrap();
    let mut output = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut output)).await.expect("still open").unwrap();
    output
}

/// The delimited parts of a frame.
pub fn parts(frame: &[u8]) -> Vec<Bytes> {
    let mut rest = Bytes::copy_from_slice(&frame[4..]);
    std::iter::from_fn(|| hadoop_ipc::frame::split_delimited(&mut rest)).collect()
}
