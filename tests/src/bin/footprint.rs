//! `scripts/footprint`: what a JournalNode costs before it does anything, ours beside Java's.

use std::fs;
use std::net::SocketAddrV4;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hadoop_ipc::client::{Client, ClientOptions, Target};
use hadoop_proto::qjournal::{IsFormattedRequestProto, IsFormattedResponseProto, JournalIdProto};
use system_tests::hadoop::{JournalNode, JournalNodeKind, Site};
use system_tests::process::WorkDir;

const DEFAULT_RUNS: usize = 5;
const PROTOCOL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";
/// Between two tries to get an answer from a process that is starting.
const RETRY_INTERVAL: Duration = Duration::from_millis(1);
const START_LIMIT: Duration = Duration::from_secs(60);
/// Java goes on compiling and collecting for some seconds after its first answer.
const SETTLE: Duration = Duration::from_secs(5);

struct Figures {
    first_answer: Duration,
    resident_kib: u64,
    threads: u64,
}

fn main() -> Result<()> {
    let runs = match std::env::args().nth(1) {
        Some(text) => text.parse().context("RUNS must be a number")?,
        None => DEFAULT_RUNS,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut java, mut rust) = (Vec::new(), Vec::new());
    WorkDir::run("footprint", |root| {
        for run in 0..runs {
            java.push(measure(&runtime, JournalNodeKind::Java, &root.join(format!("java{run}")))?);
            rust.push(measure(&runtime, JournalNodeKind::Rust, &root.join(format!("rust{run}")))?);
        }
        Ok(())
    });
    print(&java, &rust);
    Ok(())
}

/// Starts one JournalNode, asks it until it answers, lets it settle, looks at it, ends it.
fn measure(
    runtime: &tokio::runtime::Runtime,
    kind: JournalNodeKind,
    root: &Path,
) -> Result<Figures> {
    let mut node = JournalNode::new("jn", kind, root)?;
    node.configure(&Site::new())?;
    let started = Instant::now();
    node.spawn()?;
    runtime.block_on(first_answer(node.rpc_address()))?;
    let first_answer = started.elapsed();
    std::thread::sleep(SETTLE);
    let status = fs::read_to_string(format!("/proc/{}/status", node.daemon()?.pid()))?;
    let figures = Figures {
        first_answer,
        resident_kib: field(&status, "VmRSS:")?,
        threads: field(&status, "Threads:")?,
    };
    node.terminate()?;
    Ok(figures)
}

async fn first_answer(address: SocketAddrV4) -> Result<()> {
    let target = Target::new(address.ip().to_string(), address.port());
    let request = IsFormattedRequestProto {
        jid: JournalIdProto { identifier: "footprint".to_owned() },
        name_service_id: None,
    };
    let deadline = Instant::now() + START_LIMIT;
    loop {
        let options = ClientOptions::new(PROTOCOL, 1, Some("footprint".to_owned()));
        let client = Client::new(target.clone(), options);
        let answer: Result<IsFormattedResponseProto, _> =
            client.call("isFormatted", &request).await;
        match answer {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() > deadline => return Err(error.into()),
            Err(_) => tokio::time::sleep(RETRY_INTERVAL).await,
        }
    }
}

fn field(status: &str, name: &str) -> Result<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("in /proc")?;
    Ok(line.split_whitespace().next().context("a number in /proc")?.parse()?)
}

fn print(java: &[Figures], rust: &[Figures]) {
    println!("{:34}{:>26}{:>26}{:>9}", "", "Java 3.4.3", "journalnode", "ratio");
    println!("{:34}{:>26}{:>26}", "", "min / median / max", "min / median / max");
    let row = |name: &str, of: &dyn Fn(&Figures) -> f64| {
        let (java, rust) = (spread(java.iter().map(of)), spread(rust.iter().map(of)));
        println!("{name:34}{:>26}{:>26}{:>9.4}", show(java), show(rust), rust[1] / java[1]);
    };
    row("exec to first answered RPC, ms", &|figures| figures.first_answer.as_secs_f64() * 1e3);
    row("resident memory when idle, MiB", &|figures| figures.resident_kib as f64 / 1024.0);
    row("threads when idle", &|figures| figures.threads as f64);
}

/// Minimum, median, maximum.
fn spread(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    [at(0), at(values.len() / 2), at(values.len().saturating_sub(1))]
}

fn show([min, median, max]: [f64; 3]) -> String {
    format!("{min:.1} / {median:.1} / {max:.1}")
}
