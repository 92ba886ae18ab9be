//! The active's controller loses ZooKeeper while everybody else has it, and its session expires.

use std::path::Path;

use anyhow::{Result, ensure};
use system_tests::ha::HaCluster;
use system_tests::zookeeper::Gate;

use crate::kinds::{Kinds, with_kinds};

with_kinds!(scenario, rust, rust_java);

// FC-028, FC-030
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = HaCluster::builder(root, &kinds).build()?;
    let gate = Gate::before(cluster.coordination.server()?.address())?;
    let mut behind = cluster.site().clone();
    behind.set("ha.zookeeper.quorum", gate.address());
    cluster.controllers[0].configure(&behind)?;
    cluster.bring_up()?;
    let load = cluster.start_load("session")?;
    gate.shut();
    cluster.await_active(1)?;
    cluster.await_state(0, "standby")?;
    gate.open();
    load.await_more(50)?;
    ensure!(cluster.controllers[0].daemon()?.exited()?.is_none(), "the controller gave up");
    cluster.namenodes[1].kill()?;
    cluster.await_active(0)?;
    cluster.conclude(&load, 0)
}
