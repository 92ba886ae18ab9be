use std::path::Path;

use anyhow::{Context, Result};

use super::quorum::Nodes;
use super::stream::{CLUSTER, NAMESPACE};
use super::{Bench, Server, Who, turns, warm_up};
use crate::hadoop::{HdfsClient, Jvm};
use crate::process::Launcher;

/// A size of batches, and its lines.
const SIZES: [(usize, &str, Option<&str>); 3] = [
    (100, "hadoop-100B-p50", None),
    (1000, "hadoop-1KB-p50", Some("hadoop-1KB-p99")),
    (10_000, "hadoop-10KB-p50", None),
];
const QUORUM_BATCH_BYTES: usize = 1000;

/// A writer inside the JVM of Hadoop's client.
struct Subject {
    who: Who,
    name: String,
}

/// What Hadoop's client timed of a window.
struct Timed {
    p50_us: f64,
    p99_us: f64,
    per_second: f64,
}

/// The round trips of [`latency`](super::latency) and [`quorum`](super::quorum) by the classes that
/// a NameNode writes with: `IPCLoggerChannel` and `QuorumJournalManager`, all in one JVM.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let folder = bench.folder("hadoop-client");
    bench.site().write(&folder.join("conf"))?;
    let log = folder.join("client.log");
    let client =
        HdfsClient::start_on(Jvm::AsInstalled, &Launcher::here(), &folder.join("conf"), &log)?;
    channels(bench, &client, &folder)?;
    quorums(bench, &client, &folder)
}

fn channels(bench: &mut Bench, client: &HdfsClient, folder: &Path) -> Result<()> {
    let servers = Server::start_all(folder, &bench.site())?;
    let mut subjects = Vec::new();
    for server in &servers {
        let name = format!("channel-{}", server.who.key());
        let address = server.node.rpc_address();
        let (host, port) = (address.ip().to_string(), address.port().to_string());
        client.call(&["bench-channel", &name, &host, &port, &NAMESPACE.to_string(), CLUSTER])?;
        subjects.push(Subject { who: server.who, name });
    }
    for (bytes, p50, p99) in SIZES {
        measure_windows(bench, client, &mut subjects, bytes, |bench, who, timed| {
            bench.figures.add(p50, who, timed.p50_us);
            if let Some(p99) = p99 {
                bench.figures.add(p99, who, timed.p99_us);
            }
        })?;
    }
    Server::end_all(servers)
}

fn quorums(bench: &mut Bench, client: &HdfsClient, folder: &Path) -> Result<()> {
    let all = Nodes::start_all(folder, &bench.site())?;
    let mut subjects = Vec::new();
    for nodes in &all {
        let name = format!("quorum-{}", nodes.who.key());
        let addresses: Vec<_> =
            nodes.servers.iter().map(|server| server.node.rpc_address().to_string()).collect();
        let uri = format!("qjournal://{}/quorum", addresses.join(";"));
        client.call(&["bench-quorum", &name, &uri, &NAMESPACE.to_string(), CLUSTER])?;
        subjects.push(Subject { who: nodes.who, name });
    }
    measure_windows(bench, client, &mut subjects, QUORUM_BATCH_BYTES, |bench, who, timed| {
        bench.figures.add("hadoop-quorum-p50", who, timed.p50_us);
        bench.figures.add("hadoop-quorum-writes", who, timed.per_second);
    })?;
    Nodes::end_all(all)
}

fn measure_windows(
    bench: &mut Bench,
    client: &HdfsClient,
    subjects: &mut [Subject],
    bytes: usize,
    record: impl Fn(&mut Bench, Who, Timed),
) -> Result<()> {
    let batches = bench.extent.batches_of(bytes);
    // Twice: the client is compiled while the first of them is warmed up.
    for _ in 0..2 {
        for subject in subjects.iter() {
            warm_up(bench.extent.warm_up_windows, || {
                Ok(subject.window(client, batches, bytes)?.p50_us)
            })?;
        }
    }
    turns(bench.extent.rounds, subjects, |_, subject| {
        let timed = subject.window(client, batches, bytes)?;
        record(bench, subject.who, timed);
        Ok(())
    })
}

impl Subject {
    fn window(&self, client: &HdfsClient, batches: usize, bytes: usize) -> Result<Timed> {
        let (batches, bytes) = (batches.to_string(), bytes.to_string());
        let said = client.call(&["bench-window", &self.name, &batches, &bytes])?;
        let numbers: Vec<f64> = said.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let [p50_us, p99_us, per_second] = numbers[..] else {
            return Err(anyhow::anyhow!(said)).context("bench-window");
        };
        Ok(Timed { p50_us, p99_us, per_second })
    }
}
