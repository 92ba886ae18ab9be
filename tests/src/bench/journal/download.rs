use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use journalnode::types::LayoutVersion;

use super::stream::{CLUSTER, NAMESPACE};
use super::{Bench, Server, Stream, Usage, turns, warm_up};

const JOURNAL: &str = "served";
/// What is read at a time.
const READ_BYTES: usize = 1 << 20;

/// A finished segment by HTTP, as a standby or another JournalNode gets it. It is in the page cache.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let mut servers = Server::start_all(&bench.folder("download"), &bench.site())?;
    for server in &servers {
        bench.runtime.block_on(fill(server, bench.extent.long_segment_bytes))?;
    }
    for server in &servers {
        warm_up(bench.extent.warm_up_windows.min(4), || Ok(download(server)?.seconds))?;
    }
    turns(bench.extent.starts, &mut servers, |_, server| {
        let before = Usage::of(server)?.cpu;
        let Download { bytes, seconds } = download(server)?;
        let cpu = Usage::of(server)?.cpu - before;
        bench.figures.add("download", server.who, bytes / seconds / 1e6);
        bench.figures.add("download-cpu", server.who, cpu.as_secs_f64() * 1e3 / (bytes / 1e9));
        Ok(())
    })?;
    Server::end_all(servers)
}

async fn fill(server: &Server, bytes: u64) -> Result<()> {
    let mut stream = Stream::begin(JOURNAL, &[server.target()]).await?;
    stream.fill(bytes).await?;
    stream.finalize().await
}

struct Download {
    bytes: f64,
    seconds: f64,
}

/// Reads the answer and looks at nothing of it, so that the time is the server's.
fn download(server: &Server) -> Result<Download> {
    let address = server.node.http_address();
    let begun = Instant::now();
    let mut socket = TcpStream::connect(address)?;
    let storage = format!("{}:{NAMESPACE}:0:{CLUSTER}", LayoutVersion::CURRENT.0);
    write!(
        socket,
        "GET /getJournal?jid={JOURNAL}&segmentTxId=1&storageInfo={storage} HTTP/1.1\r\n\
         Host: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = BufReader::new(socket);
    let length = content_length(&mut answer)?;
    let mut bytes = answer.buffer().len() as u64;
    let mut socket = answer.into_inner();
    let mut buffer = vec![0; READ_BYTES];
    while bytes < length {
        let read = socket.read(&mut buffer)?;
        ensure!(read > 0, "ended after {bytes} of {length} bytes");
        bytes += read as u64;
    }
    Ok(Download { bytes: bytes as f64, seconds: begun.elapsed().as_secs_f64() })
}

/// Of an answer of 200, whose head is read.
fn content_length(answer: &mut impl BufRead) -> Result<u64> {
    let mut line = String::new();
    answer.read_line(&mut line)?;
    ensure!(line.contains(" 200 "), "answered {line}");
    let mut length = None;
    while line != "\r\n" {
        line.clear();
        answer.read_line(&mut line)?;
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = Some(value.trim().parse()?);
        }
    }
    length.context("an answer without Content-Length")
}
