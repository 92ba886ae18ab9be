//! Upgrade, finalize and rollback of the NameNode's layout with the journal in between.

use std::path::Path;

use anyhow::{Result, ensure};
use system_tests::cluster::Cluster;

use crate::kinds::Kinds;

mod finalize {
    crate::kinds::with_kinds!(super::finalize, three_rust, two_rust_one_java);
}

mod roll_back {
    crate::kinds::with_kinds!(super::roll_back, three_rust, one_rust_two_java);
}

fn finalize(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = upgraded(root, kinds)?;
    // The upgraded NameNode starts without the option as well.
    cluster.namenodes[0].terminate()?;
    cluster.namenodes[0].start(&[])?;
    cluster.activate(0)?;
    cluster.mkdirs("/restarted")?;
    ensure!(cluster.namenodes[1].run(&["-upgrade"]).is_err(), "the log was upgraded twice");

    bootstrap_second(&mut cluster)?;
    cluster.deactivate(0)?;
    cluster.activate(1)?;
    cluster.mkdirs("/failed-over")?;
    cluster.client()?.dfsadmin(&["-finalizeUpgrade"])?;
    ensure_previous(&cluster, false)?;
    ensure!(!cluster.namenodes[1].name_dir().join("previous").exists(), "nn2 is not finalized");
    for path in ["/old", "/upgraded", "/restarted", "/failed-over"] {
        ensure!(cluster.exists(path)?, "{path} is gone");
    }
    cluster.roll()?;
    cluster.ensure_segments_whole()
}

fn roll_back(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = upgraded(root, kinds)?;
    bootstrap_second(&mut cluster)?;
    for namenode in &mut cluster.namenodes {
        namenode.terminate()?;
    }
    cluster.namenodes[0].run(&["-rollback"])?;
    ensure_previous(&cluster, false)?;
    cluster.namenodes[0].start(&[])?;
    cluster.activate(0)?;
    ensure!(cluster.exists("/old")?, "/old is gone");
    ensure!(!cluster.exists("/upgraded")?, "/upgraded survived the rollback");

    bootstrap_second(&mut cluster)?;
    cluster.mkdirs("/rolled-back")?;
    cluster.deactivate(0)?;
    cluster.activate(1)?;
    ensure!(cluster.exists("/rolled-back")?, "/rolled-back is gone");
    cluster.ensure_segments_whole()
}

/// A cluster whose nn1 runs with -upgrade, nn2 stopped, epochs no lower than before.
fn upgraded(root: &Path, kinds: Kinds) -> Result<Cluster> {
    let mut cluster = Cluster::builder(root).journalnodes(kinds).build()?;
    cluster.bring_up()?;
    cluster.mkdirs("/old")?;
    ensure_previous(&cluster, false)?;
    let promised = promises(&cluster)?;
    for namenode in &mut cluster.namenodes {
        namenode.terminate()?;
    }
    cluster.namenodes[0].start(&["-upgrade"])?;
    ensure_previous(&cluster, true)?;
    ensure!(promises(&cluster)? >= promised, "an upgrade lowered a promise");
    // With -upgrade a NameNode comes up active by itself.
    cluster.mkdirs("/upgraded")?;
    Ok(cluster)
}

fn bootstrap_second(cluster: &mut Cluster) -> Result<()> {
    cluster.namenodes[1].run(&["-bootstrapStandby", "-nonInteractive", "-force"])?;
    cluster.namenodes[1].start(&[])
}

/// The lowest promise of all JournalNodes.
fn promises(cluster: &Cluster) -> Result<u64> {
    let mut lowest = u64::MAX;
    for dir in cluster.journal_dirs() {
        lowest = lowest.min(dir.last_promised_epoch()?);
    }
    Ok(lowest)
}

fn ensure_previous(cluster: &Cluster, there: bool) -> Result<()> {
    let mut all = vec![cluster.namenodes[0].name_dir().join("previous")];
    all.extend(cluster.journal_dirs().iter().map(|dir| dir.previous()));
    for previous in all {
        ensure!(previous.exists() == there, "{}: expected there={there}", previous.display());
    }
    Ok(())
}
