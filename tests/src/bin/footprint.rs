//! `scripts/footprint`: what a JournalNode costs before it does anything and after it was written
//! to, ours beside Java's.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hadoop_ipc::client::ClientError;
use system_tests::bench::{JournalWriter, LongLog};
use system_tests::hadoop::{JournalNode, JournalNodeKind, Site};
use system_tests::process::WorkDir;

const DEFAULT_RUNS: usize = 5;
const JOURNAL: &str = "footprint";
/// About what mkdirs take; ten segments of it are the load.
const LOG: LongLog = LongLog { txns_per_segment: 10_000, body_bytes: 100 };
const SEGMENTS: u64 = 10;
const BATCH_TXNS: u64 = 100;
/// Java goes on compiling and collecting for some seconds after its first answer.
const SETTLE: Duration = Duration::from_secs(5);

struct Figures {
    first_answer: Duration,
    idle: Usage,
    loaded: Usage,
}

struct Usage {
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

/// Starts one JournalNode, asks it until it answers, lets it settle, looks at it; the same after it
/// was written to; ends it.
fn measure(
    runtime: &tokio::runtime::Runtime,
    kind: JournalNodeKind,
    root: &Path,
) -> Result<Figures> {
    let mut node = JournalNode::new("jn", kind, root)?;
    node.configure(&Site::new())?;
    let started = Instant::now();
    node.spawn()?;
    runtime.block_on(JournalWriter::await_first_answer(&node, JOURNAL))?;
    let first_answer = started.elapsed();
    let idle = usage(&mut node)?;
    runtime.block_on(load(&mut JournalWriter::new(&node, JOURNAL)))?;
    let loaded = usage(&mut node)?;
    node.terminate()?;
    Ok(Figures { first_answer, idle, loaded })
}

fn usage(node: &mut JournalNode) -> Result<Usage> {
    std::thread::sleep(SETTLE);
    let status = fs::read_to_string(format!("/proc/{}/status", node.daemon()?.pid()))?;
    Ok(Usage { resident_kib: field(&status, "VmRSS:")?, threads: field(&status, "Threads:")? })
}

async fn load(writer: &mut JournalWriter) -> Result<(), ClientError> {
    writer.format().await?;
    writer.new_epoch(1).await?;
    for index in 0..SEGMENTS {
        let first = index * LOG.txns_per_segment + 1;
        writer.write_whole(LOG, first, BATCH_TXNS).await?;
        writer.finalize(first, first + LOG.txns_per_segment - 1).await?;
    }
    Ok(())
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
    row("resident memory when idle, MiB", &|figures| mib(&figures.idle));
    row("resident memory after load, MiB", &|figures| mib(&figures.loaded));
    row("threads when idle", &|figures| figures.idle.threads as f64);
    row("threads after load", &|figures| figures.loaded.threads as f64);
    println!(
        "load: {} transactions of {} bytes",
        SEGMENTS * LOG.txns_per_segment,
        LOG.records(1, 1).len()
    );
}

fn mib(usage: &Usage) -> f64 {
    usage.resident_kib as f64 / 1024.0
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
