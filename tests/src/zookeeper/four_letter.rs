use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddrV4, TcpStream};
use std::time::Duration;

use anyhow::Result;

const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// What a server says to `srvr`, `stat`, `ruok`, `dump`, ….
pub fn four_letter_word(server: SocketAddrV4, word: &str) -> Result<String> {
    let mut stream = TcpStream::connect_timeout(&server.into(), ANSWER_LIMIT)?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    stream.write_all(word.as_bytes())?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
