//! A controller needs a new session while ZooKeeper is gone as a whole.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use system_tests::ha::HaCluster;
use system_tests::hadoop::FailoverControllerKind::{Java, Rust};

use crate::kinds::{self, Kinds};

/// Java tries as often as this, with pauses of five seconds.
const RETRIES: u32 = 1;
const EXIT_LIMIT: Duration = Duration::from_secs(60);

#[test]
fn ours_waits_for_it_and_takes_part_again() {
    kinds::run("failover.zookeeper_gone", |root| {
        let mut cluster = without_zookeeper(root, [Rust, Rust])?;
        cluster.await_logged(0, "cannot open a ZooKeeper session")?;
        cluster.coordination.server()?.start()?;
        for controller in &mut cluster.controllers {
            ensure!(controller.daemon()?.exited()?.is_none(), "a controller gave up");
        }
        let load = cluster.start_load("gone")?;
        load.await_more(30)?;
        load.stop()?;
        Ok(())
    });
}

#[test]
fn javas_ends_and_leaves_its_namenode_alone() {
    kinds::run("failover.zookeeper_gone_java", |root| {
        let mut cluster = without_zookeeper(root, [Java, Java])?;
        let ended = cluster.controllers[0].daemon()?.await_exit(EXIT_LIMIT)?;
        ensure!(!ended.success(), "{ended}");
        Ok(())
    });
}

/// ZooKeeper is lost, and then the active NameNode restarts: its controller has left the
/// election, and wants to join again.
// FC-019
fn without_zookeeper(root: &Path, kinds: Kinds) -> Result<HaCluster> {
    let retries = "ha.failover-controller.active-standby-elector.zk.op.retries";
    let mut cluster = HaCluster::builder(root, &kinds).set(retries, RETRIES).build()?;
    cluster.bring_up()?;
    cluster.coordination.server()?.kill()?;
    cluster.namenodes[0].kill()?;
    cluster.namenodes[0].start(&[])?;
    Ok(cluster)
}
