use std::time::Instant;

use anyhow::Result;
use tokio::runtime::Runtime;

use super::{Bench, Server, Who, turns, warm_up};
use crate::bench::{JournalWriter, LongLog};

const KEY: &str = "segments";
const JOURNAL: &str = "long";
const TXNS: u64 = 2;
const LOG: LongLog = LongLog { txns_per_segment: TXNS, body_bytes: 0 };
/// Segments begun and ended in a round.
const REPETITIONS: u64 = 20;

/// A server on a directory with many finished segments, or none.
struct Subject {
    server: Server,
    writer: JournalWriter,
    next: u64,
}

/// What it takes to begin and to end a segment in a directory that holds very many.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let (folder, site) = (bench.folder("segments"), bench.site());
    let mut servers = Server::all(&folder, &site)?;
    servers.push(Server::new(Who::Empty, "empty", &folder, &site)?);
    let mut subjects = Vec::new();
    for server in servers {
        let segments = if server.who == Who::Empty { 0 } else { bench.extent.segments };
        subjects.push(Subject::prepare(&bench.runtime, server, segments)?);
    }
    for subject in &mut subjects {
        warm_up(bench.extent.warm_up_windows, || subject.round(&bench.runtime))?;
    }
    turns(bench.extent.rounds, &mut subjects, |_, subject| {
        let time = subject.round(&bench.runtime)?;
        bench.figures.add(KEY, subject.server.who, time * 1e3);
        Ok(())
    })?;
    Server::end_all(subjects.into_iter().map(|subject| subject.server).collect())
}

impl Subject {
    fn prepare(runtime: &Runtime, mut server: Server, segments: u64) -> Result<Self> {
        server.node.start()?;
        runtime.block_on(JournalWriter::new(&server.node, JOURNAL).format())?;
        server.node.terminate()?;
        LOG.fill(&server.node.journal_dir(JOURNAL).current(), segments)?;
        server.node.start()?;
        let mut writer = JournalWriter::new(&server.node, JOURNAL);
        runtime.block_on(writer.new_epoch(1))?;
        Ok(Self { server, writer, next: segments * TXNS + 1 })
    }

    /// Seconds of `startLogSegment` and `finalizeLogSegment` together, on average.
    fn round(&mut self, runtime: &Runtime) -> Result<f64> {
        let mut seconds = 0.0;
        for _ in 0..REPETITIONS {
            seconds += runtime.block_on(self.one())?;
        }
        Ok(seconds / REPETITIONS as f64)
    }

    async fn one(&mut self) -> Result<f64> {
        let first = self.next;
        self.next += TXNS;
        let begun = Instant::now();
        self.writer.start_segment(first).await?;
        let started = begun.elapsed();
        self.writer.write(LOG, first, first, TXNS).await?;
        let begun = Instant::now();
        self.writer.finalize(first, first + TXNS - 1).await?;
        Ok((started + begun.elapsed()).as_secs_f64())
    }
}
