use hadoop_ipc::conf::HostPort;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::member::role_of;
use super::{Member, MemberFault};
use crate::tools::context::PATIENCE;

/// Longest answer that is read, in bytes: `stat` lists every client.
const ANSWER_LIMIT_BYTES: u64 = 1 << 20;

/// Asks a server what it is: by `srvr`, and by `stat` where only that is allowed.
pub(super) async fn ask(address: &HostPort) -> Member {
    let mut role = role_by(address, "srvr").await;
    if role == Err(MemberFault::Disabled) {
        role = role_by(address, "stat").await;
    }
    Member { address: address.clone(), role }
}

/// Where a server keeps its data, by `conf`; `None` if it does not tell.
pub(in crate::tools) async fn data_dir(address: &HostPort) -> Option<String> {
    let answer = timeout(PATIENCE, four_letter_word(address, "conf")).await.ok()?.ok()?;
    answer.lines().find_map(|line| line.strip_prefix("dataDir=")).map(|dir| dir.trim().to_owned())
}

async fn role_by(address: &HostPort, word: &str) -> Result<super::Role, MemberFault> {
    let asked = timeout(PATIENCE, four_letter_word(address, word)).await;
    let unreachable = |reason: String| MemberFault::Unreachable(reason);
    let answer = asked.map_err(|_| unreachable(format!("no answer within {PATIENCE:?}")))?;
    role_of(&answer.map_err(|error| unreachable(error.to_string()))?)
}

async fn four_letter_word(address: &HostPort, word: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((address.host.as_str(), address.port)).await?;
    stream.write_all(word.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_LIMIT_BYTES).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
