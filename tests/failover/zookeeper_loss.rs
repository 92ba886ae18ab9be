//! ZooKeeper goes away, in part and as a whole: no reason to change the active NameNode.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};
use system_tests::ha::HaCluster;

use crate::kinds::{self, Kinds};

/// Twice the session.
const OUTAGE: Duration = Duration::from_secs(8);

#[test]
fn a_lost_leader_and_a_lost_majority_cost_no_failover() {
    kinds::run("failover.zookeeper_loss", |root| scenario(root, kinds::rust()));
}

// FC-021
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = HaCluster::builder(root, &kinds).with_ensemble().build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("outage")?;
    let session = cluster.znodes()?.lock_session()?;
    let leader = cluster.coordination.members()?.leader()?;
    cluster.coordination.members()?.server(leader).kill()?;
    cluster.await_active(0)?;
    ensure!(cluster.znodes()?.lock_session()? == session, "the lock changed hands");

    for voter in (0..3).filter(|voter| *voter != leader) {
        cluster.coordination.members()?.server(voter).kill()?;
    }
    sleep(OUTAGE);
    load.await_more(50)?;
    ensure!(
        cluster.namenodes[0].state()? == "active" && cluster.namenodes[1].state()? == "standby"
    );
    cluster.coordination.members()?.heal()?;
    cluster.await_active(0)?;
    for controller in &mut cluster.controllers {
        ensure!(controller.daemon()?.exited()?.is_none(), "a controller gave up");
    }
    // Both are in the election again.
    cluster.namenodes[0].kill()?;
    cluster.await_active(1)?;
    cluster.conclude(&load, 1)
}
