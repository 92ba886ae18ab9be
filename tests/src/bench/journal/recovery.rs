use std::time::{Duration, Instant};

use anyhow::Result;

use super::cold::{drop_pages, read_once};
use super::{Bench, Server, Stream, Who, turns};
use crate::bench::JournalWriter;

const JOURNAL: &str = "long";
/// Asked for only to see whether the server answers: nothing of `JOURNAL` is read for it.
const OTHER: &str = "other";

/// How long a new writer waits until a JournalNode with a long segment in progress has prepared its
/// recovery: a node that was killed and finds nothing in the page cache, and one that ran on.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let mut servers = Server::start_all(&bench.folder("recovery"), &bench.site())?;
    for server in &servers {
        bench.runtime.block_on(fill(server, bench.extent.long_segment_bytes))?;
    }
    turns(bench.extent.starts, &mut servers, |_, server| {
        let taken = bench.runtime.block_on(recover(server))?;
        bench.figures.add("recovery-running", server.who, millis(taken));
        Ok(())
    })?;
    turns(bench.extent.starts, &mut servers, |_, server| restarted(bench, server))?;
    Server::end_all(servers)
}

async fn fill(server: &Server, bytes: u64) -> Result<()> {
    let mut stream = Stream::begin(JOURNAL, &[server.target()]).await?;
    stream.fill(bytes).await
}

fn restarted(bench: &mut Bench, server: &mut Server) -> Result<()> {
    server.node.kill()?;
    if server.who == Who::Ours {
        drop_pages(server.root())?;
        let segment = server.node.journal_dir(JOURNAL).current().join(SEGMENT_FILE);
        bench.figures.add("recovery-restarted", Who::Floor, millis(read_once(&segment)?));
    }
    drop_pages(server.root())?;
    let executed = Instant::now();
    server.node.spawn()?;
    bench.runtime.block_on(JournalWriter::await_first_answer(&server.node, OTHER))?;
    let taken = bench.runtime.block_on(recover(server))?;
    bench.figures.add("recovery-from-exec", server.who, millis(executed.elapsed()));
    bench.figures.add("recovery-restarted", server.who, millis(taken));
    Ok(())
}

/// In which the only segment is in progress.
const SEGMENT_FILE: &str = "edits_inprogress_0000000000000000001";

/// `getJournalState`, `newEpoch`, `prepareRecovery`.
async fn recover(server: &Server) -> Result<Duration> {
    let mut writer = JournalWriter::new(&server.node, JOURNAL);
    let begun = Instant::now();
    let promised = writer.promised_epoch().await?;
    writer.new_epoch(promised + 1).await?;
    let last = writer.prepare_recovery(1).await?;
    let taken = begun.elapsed();
    anyhow::ensure!(last > 1, "prepared only up to {last}");
    Ok(taken)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
