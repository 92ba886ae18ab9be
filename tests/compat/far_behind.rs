//! A standby that was stopped while much more was written than the edits cache holds.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rustix::process::Signal;
use system_tests::cluster::{Cluster, Load};
use system_tests::hadoop::{JournalNodeKind, http_body};
use system_tests::process::wait_until;

use crate::kinds::Kinds;

/// What a NameNode takes with one request, in transactions; 5000 unless configured.
const MAX_TXNS: u64 = 100;
/// Room for less than what one request takes.
const CACHE_BYTES: u64 = 10_000;
/// What is written while the standby is stopped, in operations; most have a few transactions.
const BACKLOG: u64 = 800;
const LIMIT: Duration = Duration::from_secs(120);
/// What a tailing NameNode logs when a majority of the JournalNodes missed.
const FELL_BACK: &str = "via RPC; falling back to streaming";

mod asking_often {
    crate::kinds::with_kinds!(super::asking_often, three_rust, two_rust_one_java, three_java);
}

mod asking_seldom {
    crate::kinds::with_kinds!(super::asking_seldom, three_rust, three_java);
}

/// It catches up by RPC alone, without streaming a segment. With Java's JournalNodes it cannot.
fn asking_often(root: &Path, kinds: Kinds) -> Result<()> {
    let caught_up = catch_up(root, kinds, "100ms")?;
    let rust = kinds.iter().filter(|kind| **kind == JournalNodeKind::Rust).count();
    ensure!((caught_up.fell_back == 0) == (rust >= 2), "{caught_up:?}");
    ensure!((caught_up.from_disk > 0) == (rust >= 2), "{caught_up:?}");
    ensure!(rust < 2 || caught_up.streamed == 0, "{caught_up:?}");
    Ok(())
}

/// It streams, as with Java's: one answer per period would hold it back for minutes.
fn asking_seldom(root: &Path, kinds: Kinds) -> Result<()> {
    let caught_up = catch_up(root, kinds, "12s")?;
    ensure!(caught_up.fell_back > 0, "{caught_up:?}");
    ensure!(caught_up.took < Duration::from_secs(30), "{caught_up:?}");
    Ok(())
}

/// How the standby came back.
#[derive(Debug)]
#[allow(dead_code, reason = "shown when a test fails, and in its output")]
struct CaughtUp {
    /// How far it was behind, in transactions.
    behind: u64,
    took: Duration,
    /// Rounds in which it gave RPC up.
    fell_back: usize,
    /// Segments that it fetched over HTTP.
    streamed: usize,
    /// Requests that our JournalNodes answered from their files.
    from_disk: u64,
}

fn catch_up(root: &Path, kinds: Kinds, period: &str) -> Result<CaughtUp> {
    let mut cluster = Cluster::builder(root)
        .journalnodes(kinds)
        .set("dfs.ha.tail-edits.in-progress", true)
        .set("dfs.ha.tail-edits.period", period)
        .set("dfs.ha.tail-edits.qjm.rpc.max-txns", MAX_TXNS)
        .set("dfs.journalnode.edit-cache-size.bytes", CACHE_BYTES)
        // Else every other client asks nn2 first, and waits for it while it is stopped.
        .set("dfs.client.failover.random.order", false)
        .build()?;
    cluster.bring_up()?;
    let log = root.join("nn2").join("nn2.log");
    cluster.mkdirs("/before")?;
    await_standby(&cluster)?;

    let (before, from_disk_before) = (cluster.namenodes[1].last_txid()?, from_disk(&cluster)?);
    cluster.namenodes[1].signal(Signal::STOP)?;
    let [fell_back, streamed] = [said(&log, FELL_BACK)?, said(&log, "/getJournal?")?];
    write_backlog(&cluster)?;
    let goal = cluster.namenodes[0].last_txid()?;
    let since = Instant::now();
    cluster.namenodes[1].signal(Signal::CONT)?;
    await_standby(&cluster)?;
    let caught_up = CaughtUp {
        behind: goal - before,
        took: since.elapsed(),
        fell_back: said(&log, FELL_BACK)? - fell_back,
        streamed: said(&log, "/getJournal?")? - streamed,
        from_disk: from_disk(&cluster)? - from_disk_before,
    };
    println!("{kinds:?} period {period}: {caught_up:?}");
    cluster.ensure_segments_whole()?;
    Ok(caught_up)
}

/// Several clients at once, with a roll in the middle.
fn write_backlog(cluster: &Cluster) -> Result<()> {
    let names = ["a", "b", "c", "d"];
    let loads: Vec<Load> =
        names.into_iter().map(|name| cluster.start_load(name)).collect::<Result<_>>()?;
    let some = BACKLOG / names.len() as u64 / 2;
    loads.iter().try_for_each(|load| load.await_more(some))?;
    cluster.roll()?;
    loads.iter().try_for_each(|load| load.await_more(some))?;
    loads.iter().try_for_each(Load::stop_without_failures)
}

/// Waits until the standby has all that the active NameNode wrote so far.
fn await_standby(cluster: &Cluster) -> Result<()> {
    let goal = cluster.namenodes[0].last_txid()?;
    let what = format!("the standby to reach txid {goal}");
    wait_until(&what, LIMIT, || Ok((cluster.namenodes[1].last_txid()? >= goal).then_some(())))
}

fn said(log: &Path, text: &str) -> Result<usize> {
    Ok(fs::read_to_string(log)?.lines().filter(|line| line.contains(text)).count())
}

/// Of all our JournalNodes.
fn from_disk(cluster: &Cluster) -> Result<u64> {
    let mut sum = 0;
    for node in cluster.journalnodes.iter().filter(|node| node.kind() == JournalNodeKind::Rust) {
        let metrics = String::from_utf8(http_body(node.http_address(), "/metrics")?)?;
        let line = metrics.lines().find(|line| line.starts_with("journalnode_edits_from_disk_"));
        let count = line.and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
        sum += count.context("no metric edits_from_disk")? as u64;
    }
    Ok(sum)
}
