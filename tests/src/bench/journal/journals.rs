use std::time::Instant;

use anyhow::Result;
use tokio::task::JoinSet;

use super::quorum::BATCH_BYTES;
use super::{Bench, Floors, Server, Stream, Who, turns, warm_up};

/// How many journals, and the line.
const COUNTS: [(usize, &str); 2] = [(16, "journals-16"), (64, "journals-64")];

/// Who writes to many files at once.
enum Subject {
    Floors(Floors),
    Server(Who, Vec<Stream>),
}

/// Many writers to one JournalNode at once, each to a journal of its own, beside as many threads
/// that write to files of their own.
pub fn measure(bench: &mut Bench) -> Result<()> {
    for (count, key) in COUNTS {
        let folder = bench.folder(key);
        let servers = Server::start_all(&folder, &bench.site())?;
        let mut subjects = vec![Subject::Floors(Floors::prepare(&folder, count)?)];
        for server in &servers {
            subjects.push(Subject::begin(bench, server, count)?);
        }
        let batches = (bench.extent.batches * 4 / count).max(20);
        for subject in &mut subjects {
            warm_up(bench.extent.warm_up_windows, || subject.per_second(bench, batches))?;
        }
        turns(bench.extent.rounds, &mut subjects, |_, subject| {
            let rate = subject.per_second(bench, batches)?;
            bench.figures.add(key, subject.who(), rate);
            Ok(())
        })?;
        drop(subjects);
        Server::end_all(servers)?;
    }
    Ok(())
}

impl Subject {
    fn begin(bench: &Bench, server: &Server, count: usize) -> Result<Self> {
        let mut streams = Vec::new();
        for index in 0..count {
            let journal = format!("journal-{index}");
            streams.push(bench.runtime.block_on(Stream::begin(&journal, &[server.target()]))?);
        }
        Ok(Self::Server(server.who, streams))
    }

    fn who(&self) -> Who {
        match self {
            Self::Floors(_) => Who::Floor,
            Self::Server(who, _) => *who,
        }
    }

    /// Of all together, when each writes so many.
    fn per_second(&mut self, bench: &Bench, batches: usize) -> Result<f64> {
        match self {
            Self::Floors(floors) => floors.per_second(batches, BATCH_BYTES),
            Self::Server(_, streams) => bench.runtime.block_on(all_at_once(streams, batches)),
        }
    }
}

async fn all_at_once(streams: &mut Vec<Stream>, batches: usize) -> Result<f64> {
    let total = streams.len() * batches;
    let prepared: Vec<_> = streams
        .drain(..)
        .map(|mut stream| (stream.prepare(batches, BATCH_BYTES), stream))
        .collect();
    let begun = Instant::now();
    let mut writing = JoinSet::new();
    for (batches, mut stream) in prepared {
        writing.spawn(async move { stream.write_all(batches).await.map(|_| stream) });
    }
    let mut done = Vec::new();
    while let Some(stream) = writing.join_next().await {
        done.push(stream??);
    }
    let elapsed = begun.elapsed();
    *streams = done;
    Ok(total as f64 / elapsed.as_secs_f64())
}
