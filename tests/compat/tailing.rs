//! A standby tailing finalized segments only, and the open one.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use system_tests::cluster::Cluster;
use system_tests::hadoop::jmx_bean;
use system_tests::process::wait_until;

use crate::kinds::Kinds;

const TAIL_LIMIT: Duration = Duration::from_secs(30);

mod finalized_only {
    crate::kinds::with_kinds!(super::finalized_only, three_rust, one_rust_two_java);
}

mod in_progress {
    crate::kinds::with_kinds!(super::in_progress, three_rust, two_rust_one_java, one_rust_two_java);
}

fn finalized_only(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = Cluster::builder(root).journalnodes(kinds).build()?;
    cluster.bring_up()?;
    cluster.mkdirs("/unrolled")?;
    await_tail_rounds(&cluster, 3)?;
    ensure!(!standby_sees(&cluster, "/unrolled")?, "the standby read an open segment");
    cluster.roll()?;
    await_standby_sees(&cluster, "/unrolled")
}

fn in_progress(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = Cluster::builder(root)
        .journalnodes(kinds)
        .set("dfs.ha.tail-edits.in-progress", true)
        .set("dfs.ha.tail-edits.period", "200ms")
        .build()?;
    cluster.bring_up()?;
    let segments = cluster.journal_dirs()[0].in_progress()?;
    for round in 0..3 {
        let path = format!("/open-{round}");
        cluster.mkdirs(&path)?;
        await_standby_sees(&cluster, &path)?;
    }
    ensure!(cluster.journal_dirs()[0].in_progress()? == segments, "the segment was rolled");

    // Cached edits of one segment, then of the next; a JournalNode without a cache in between.
    let load = cluster.start_load("tailed")?;
    load.await_more(100)?;
    cluster.roll()?;
    cluster.journalnodes[0].kill()?;
    load.await_more(100)?;
    cluster.journalnodes[0].start()?;
    cluster.roll()?;
    load.await_more(100)?;
    load.stop_without_failures()?;
    cluster.await_caught_up(1)?;
    load.ensure_all_there(&cluster.namenodes[1].uri())?;
    cluster.deactivate(0)?;
    cluster.activate(1)?;
    load.ensure_all_there(&cluster.active()?.uri())
}

fn standby_sees(cluster: &Cluster, path: &str) -> Result<bool> {
    cluster.client()?.exists(&cluster.namenodes[1].uri(), path)
}

fn await_standby_sees(cluster: &Cluster, path: &str) -> Result<()> {
    let what = format!("{path} at the standby");
    wait_until(&what, TAIL_LIMIT, || Ok(standby_sees(cluster, path)?.then_some(())))
}

/// Waits until the standby has looked for edits `rounds` times more.
fn await_tail_rounds(cluster: &Cluster, rounds: u64) -> Result<()> {
    let http = cluster.namenodes[1].http_address();
    let tailed = || {
        let bean = jmx_bean(http, "Hadoop:service=NameNode,name=NameNodeActivity")?;
        bean["EditLogTailTimeNumOps"].as_u64().context("EditLogTailTimeNumOps")
    };
    let goal = tailed()? + rounds;
    wait_until("tailing rounds", TAIL_LIMIT, || Ok((tailed()? >= goal).then_some(())))
}
