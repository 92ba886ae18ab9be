use std::io::{Read, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A daemon that does not answer within this is not ready.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The body of `GET http://<address><path>`; any status but 200 is an error.
pub fn http_body(address: SocketAddrV4, path: &str) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&address.into(), TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    // HTTP/1.0, so that the body ends with the connection and is never chunked.
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("no end of head")?;
    let status = String::from_utf8_lossy(&answer[..end]);
    if status.split(' ').nth(1) != Some("200") {
        bail!("GET {path}: {}", status.lines().next().unwrap_or_default());
    }
    Ok(answer.split_off(end + 4))
}

/// One bean of a daemon's `/jmx` by its full name.
pub fn jmx_bean(address: SocketAddrV4, name: &str) -> Result<Value> {
    let body = http_body(address, &format!("/jmx?qry={name}"))?;
    let mut answer: Value = serde_json::from_slice(&body)?;
    let bean = answer.pointer_mut("/beans/0").map(Value::take);
    bean.with_context(|| format!("no bean {name} at {address}"))
}
