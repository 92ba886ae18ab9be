//! Write, roll, checkpoint by the standby and by saveNamespace, purge, restart from what is left.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use system_tests::cluster::Cluster;
use system_tests::process::wait_until;

use crate::kinds::{Kinds, with_kinds};

const PURGE_LIMIT: Duration = Duration::from_secs(90);

with_kinds!(scenario, three_rust, two_rust_one_java, one_rust_two_java);

// JN-150
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = Cluster::builder(root)
        .journalnodes(kinds)
        .set("dfs.namenode.checkpoint.check.period", "1s")
        .set("dfs.namenode.checkpoint.txns", 400)
        .build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("steady")?;
    for _ in 0..4 {
        load.await_more(120)?;
        cluster.roll()?;
    }
    load.stop_without_failures()?;
    await_purge(&cluster)?;
    cluster.await_caught_up(1)?;
    load.ensure_all_there(&cluster.namenodes[1].uri())?;
    cluster.ensure_segments_whole()?;

    save_namespace(&cluster)?;
    cluster.mkdirs("/after-checkpoint")?;
    cluster.roll()?;
    cluster.ensure_segments_whole()?;
    restart_from_what_is_left(cluster)
}

/// The standby's checkpoint reaches nn1, which then drops older segments on the JournalNodes.
fn await_purge(cluster: &Cluster) -> Result<()> {
    for dir in cluster.journal_dirs() {
        wait_until("a purge of the oldest segments", PURGE_LIMIT, || {
            Ok(dir.finalized()?.first().is_none_or(|oldest| oldest.first > 1).then_some(()))
        })?;
    }
    Ok(())
}

fn save_namespace(cluster: &Cluster) -> Result<()> {
    let (client, active) = (cluster.client()?, cluster.namenodes[0].uri());
    for command in [&["-safemode", "enter"][..], &["-saveNamespace"], &["-safemode", "leave"]] {
        client.dfsadmin(&[&["-fs", &active], command].concat())?;
    }
    Ok(())
}

fn restart_from_what_is_left(mut cluster: Cluster) -> Result<()> {
    let written = cluster.namenodes[0].last_txid()?;
    for namenode in &mut cluster.namenodes {
        namenode.kill()?;
    }
    for node in &mut cluster.journalnodes {
        node.terminate()?;
    }
    cluster.start_journalnodes()?;
    cluster.namenodes[0].start(&[])?;
    cluster.namenodes[1].run(&["-bootstrapStandby", "-nonInteractive", "-force"])?;
    cluster.namenodes[1].start(&[])?;
    cluster.activate(1)?;
    ensure!(cluster.exists("/after-checkpoint")?, "/after-checkpoint is gone");
    ensure!(cluster.namenodes[1].last_txid()? > written, "transactions were lost");
    cluster.ensure_segments_whole()
}
