//! kill -9 of one JournalNode after another under load.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use system_tests::cluster::Cluster;
use system_tests::hadoop::JournalNodeKind::Java;
use system_tests::hadoop::http_body;
use system_tests::process::wait_until;

use crate::kinds::{Kinds, with_kinds};

/// The writer tries a node that is back within seconds.
const READY_LIMIT: Duration = Duration::from_secs(60);

with_kinds!(scenario, three_rust, two_rust_one_java, one_rust_two_java);

// JN-148, JN-153
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = Cluster::builder(root).journalnodes(kinds).build()?;
    cluster.bring_up()?;
    for index in 0..3 {
        kill_and_rejoin(&mut cluster, index)?;
    }
    cluster.roll()?;
    cluster.ensure_segments_whole()?;
    cluster.await_caught_up(1)?;
    // No node alone has every segment; the two that a reader hears of must make it whole.
    cluster.deactivate(0)?;
    cluster.activate(1)?;
    for index in 0..3 {
        let path = format!("/load/kill-{index}");
        ensure!(cluster.exists(&path)?, "{path} is gone");
    }
    Ok(())
}

/// The load runs through it all: a client must not notice.
fn kill_and_rejoin(cluster: &mut Cluster, index: usize) -> Result<()> {
    let name = format!("kill-{index}");
    let load = cluster.start_load(&name)?;
    load.await_more(100)?;
    cluster.journalnodes[index].kill()?;
    let left = cluster.journal_dirs()[index].contents()?;
    load.await_more(100)?;

    cluster.journalnodes[index].start()?;
    load.await_more(100)?;
    let open = open_segment(cluster, index)?;
    let found = cluster.journal_dirs()[index].contents()?;
    ensure!(found[&open] == left[&open], "{open} was written on with a gap in it");

    await_readiness(cluster, index, false)?;
    cluster.roll()?;
    cluster.await_all_in_sync()?;
    await_readiness(cluster, index, true)?;
    load.await_more(100)?;
    load.stop_without_failures()?;
    load.ensure_all_there(&cluster.active()?.uri())
}

/// A node that the writer leaves out says so until the next roll (HDFS-17444).
fn await_readiness(cluster: &Cluster, index: usize, ready: bool) -> Result<()> {
    let node = &cluster.journalnodes[index];
    if node.kind() == Java {
        return Ok(());
    }
    let what = format!("{} to say ready={ready}", node.name());
    wait_until(&what, READY_LIMIT, || {
        // Any status but 200 is an error.
        let body = http_body(node.http_address(), "/ready");
        let in_step = body
            .as_ref()
            .is_ok_and(|body| String::from_utf8_lossy(body).contains("\"in_step\":[\"ns1\"]"));
        Ok((body.is_ok() == ready && in_step == ready).then_some(()))
    })
}

fn open_segment(cluster: &Cluster, index: usize) -> Result<String> {
    let open = cluster.journal_dirs()[index].in_progress()?.into_iter().max().unwrap_or_default();
    Ok(format!("edits_inprogress_{open:019}"))
}
