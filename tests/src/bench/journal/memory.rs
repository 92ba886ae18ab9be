use std::thread::sleep;
use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinSet;

use super::{Bench, Server, Stream, Usage};
use crate::bench::JournalWriter;

/// Java goes on compiling and collecting for some seconds.
const SETTLE: Duration = Duration::from_secs(5);
/// What the load is made of: so many journals, and so much to each.
const JOURNALS: usize = 16;
const SMALL_BATCH_BYTES: usize = 1000;
const LARGE_BATCHES: usize = 5;
const LARGE_BATCH_BYTES: usize = 1_000_000;

/// Resident memory and threads of a server that has answered once, and of one that 16 writers
/// have written to at the same time.
pub fn measure(bench: &mut Bench) -> Result<()> {
    // Most of a round is waiting.
    for round in 0..bench.extent.starts.div_ceil(2).max(2) {
        let folder = bench.folder(&format!("memory-{round}"));
        let mut servers = Server::start_all(&folder, &bench.site())?;
        for server in &servers {
            bench.runtime.block_on(JournalWriter::await_first_answer(&server.node, "none"))?;
        }
        record(bench, &mut servers, "resident-idle", "threads-idle")?;
        for server in &servers {
            bench.runtime.block_on(load(server, bench.extent.batches))?;
        }
        record(bench, &mut servers, "resident-loaded", "threads-loaded")?;
        Server::end_all(servers)?;
    }
    Ok(())
}

fn record(
    bench: &mut Bench,
    servers: &mut [Server],
    resident: &'static str,
    threads: &'static str,
) -> Result<()> {
    sleep(SETTLE);
    for server in servers {
        let usage = Usage::of(server)?;
        bench.figures.add(resident, server.who, usage.resident_mib);
        bench.figures.add(threads, server.who, usage.threads);
    }
    Ok(())
}

async fn load(server: &Server, batches: usize) -> Result<()> {
    let mut writing = JoinSet::new();
    for index in 0..JOURNALS {
        let mut stream = Stream::begin(&format!("journal-{index}"), &[server.target()]).await?;
        writing.spawn(async move {
            stream.window(batches / 2, SMALL_BATCH_BYTES).await?;
            stream.window(LARGE_BATCHES, LARGE_BATCH_BYTES).await
        });
    }
    while let Some(written) = writing.join_next().await {
        written??;
    }
    Ok(())
}
