use anyhow::Result;

use super::{Bench, Server, Stream, Who, turns, warm_up};
use crate::hadoop::Site;

pub(super) const BATCH_BYTES: usize = 1000;
const NODES: usize = 3;

/// Three JournalNodes of the same kind.
pub(super) struct Nodes {
    pub(super) who: Who,
    pub(super) servers: Vec<Server>,
}

impl Nodes {
    /// A quorum of Java's, one of ours, and one of ours once more. Serving.
    pub(super) fn start_all(folder: &std::path::Path, site: &Site) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for who in [Who::Java, Who::Ours, Who::Again] {
            let mut servers = Vec::new();
            for index in 1..=NODES {
                let mut server = Server::new(who, &format!("{}{index}", who.key()), folder, site)?;
                server.node.start()?;
                servers.push(server);
            }
            all.push(Self { who, servers });
        }
        Ok(all)
    }

    /// Ends all of them.
    pub(super) fn end_all(all: Vec<Self>) -> Result<()> {
        all.into_iter().try_for_each(|nodes| Server::end_all(nodes.servers))
    }
}

/// Round trips of one writer to three JournalNodes, of which two must have answered.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let quorums = Nodes::start_all(&bench.folder("quorum"), &bench.site())?;
    let mut streams = Vec::new();
    for nodes in &quorums {
        let targets: Vec<_> = nodes.servers.iter().map(Server::target).collect();
        let stream = bench.runtime.block_on(Stream::begin("quorum", &targets))?;
        streams.push((nodes.who, stream));
    }
    let batches = bench.extent.batches;
    for (_, stream) in &mut streams {
        warm_up(bench.extent.warm_up_windows, || {
            Ok(bench.runtime.block_on(stream.window(batches, BATCH_BYTES))?.quantile_us(0.5))
        })?;
    }
    turns(bench.extent.rounds, &mut streams, |_, (who, stream)| {
        let window = bench.runtime.block_on(stream.window(batches, BATCH_BYTES))?;
        bench.figures.add("quorum-p50", *who, window.quantile_us(0.5));
        bench.figures.add("quorum-writes", *who, window.per_second());
        Ok(())
    })?;
    drop(streams);
    Nodes::end_all(quorums)
}
