use std::time::Instant;

use anyhow::{Result, ensure};
use hadoop_ipc::client::ClientError;

use super::{Bench, Server, Stream, Who, turns, warm_up};
use crate::bench::JournalWriter;

const JOURNAL: &str = "tailed";
/// Of each call.
const MAX_TXNS: u32 = 1000;
/// A tenth of it fits into the cache.
const TXNS: u64 = 100_000;
const CACHE_BYTES: u64 = 1 << 20;
/// The last ones, which are surely cached.
const CACHED_TXNS: u64 = 5000;
/// Calls timed together.
const CALLS: u64 = 50;
/// Far from each other, and each in another place of the segment.
const STRIDE: u64 = 37_123;
const PLACES: [(&str, Place); 2] = [("edits-cache", Place::Cached), ("edits-lost", Place::Lost)];

/// Where the calls begin.
#[derive(Clone, Copy)]
enum Place {
    Cached,
    Lost,
}

/// A standby's calls for edits, one at a time: of those that are cached, and of those that Java's
/// cache has lost, which it refuses.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let mut site = bench.site();
    site.set("dfs.ha.tail-edits.in-progress", true)
        // As observers have it: they may be behind by anything and still get their edits.
        .set("dfs.ha.tail-edits.period", "0ms")
        .set("dfs.journalnode.edit-cache-size.bytes", CACHE_BYTES);
    let mut readers = Vec::new();
    for server in Server::start_all(&bench.folder("edits"), &site)? {
        bench.runtime.block_on(fill(&server))?;
        let reader = JournalWriter::new(&server.node, JOURNAL);
        readers.push((server, reader));
    }
    for (key, place) in PLACES {
        measure_place(bench, &mut readers, key, place)?;
    }
    Server::end_all(readers.into_iter().map(|(server, _)| server).collect())
}

fn measure_place(
    bench: &mut Bench,
    readers: &mut [(Server, JournalWriter)],
    key: &'static str,
    place: Place,
) -> Result<()> {
    for (server, reader) in readers.iter_mut() {
        match bench.runtime.block_on(reader.edits(place.txid(0), MAX_TXNS)) {
            Err(ClientError::Remote(refused)) if server.who == Who::Java => {
                bench.figures.fail(key, server.who, refused.exception.class.into_owned());
                continue;
            }
            answer => drop(answer?),
        }
        warm_up(bench.extent.warm_up_windows, || {
            bench.runtime.block_on(calls_per_second(reader, place))
        })?;
    }
    turns(bench.extent.rounds, readers, |_, (server, reader)| {
        if bench.figures.failure(key, server.who).is_none() {
            let rate = bench.runtime.block_on(calls_per_second(reader, place))?;
            bench.figures.add(key, server.who, rate);
        }
        Ok(())
    })
}

async fn fill(server: &Server) -> Result<()> {
    let mut stream = Stream::begin(JOURNAL, &[server.target()]).await?;
    let batch_bytes = super::OP_BYTES * MAX_TXNS as usize;
    stream.window((TXNS / u64::from(MAX_TXNS)) as usize, batch_bytes).await.map(drop)
}

/// Each call must give all that it asks for.
async fn calls_per_second(reader: &JournalWriter, place: Place) -> Result<f64> {
    let begun = Instant::now();
    for call in 0..CALLS {
        let answer = reader.edits(place.txid(call), MAX_TXNS).await?;
        ensure!(answer.txn_count == MAX_TXNS, "{} transactions", answer.txn_count);
    }
    Ok(CALLS as f64 / begun.elapsed().as_secs_f64())
}

impl Place {
    fn txid(self, call: u64) -> u64 {
        let max = u64::from(MAX_TXNS);
        match self {
            Self::Cached => TXNS - CACHED_TXNS + 1 + call * max % (CACHED_TXNS - max),
            Self::Lost => 1 + call * STRIDE % (TXNS / 2),
        }
    }
}
