//! kill -9 of the active's controller, and of a NameNode together with its controller: nobody
//! gives the lock back, it goes with the session.

use std::path::Path;

use anyhow::{Result, ensure};
use system_tests::ha::HaCluster;

use crate::kinds::{Kinds, with_kinds};

with_kinds!(scenario, rust, java_rust, rust_java);

// FC-091, FC-107
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = HaCluster::builder(root, &kinds).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("controller")?;
    cluster.controllers[0].kill()?;
    cluster.await_active(1)?;
    // It was well, and did as it was asked: nothing was killed.
    cluster.await_state(0, "standby")?;
    ensure!(cluster.namenodes[0].daemon()?.exited()?.is_none(), "a well NameNode was killed");
    cluster.controllers[0].start()?;
    load.await_more(30)?;
    cluster.controllers[1].kill()?;
    cluster.namenodes[1].kill()?;
    cluster.await_active(0)?;
    cluster.namenodes[1].start(&[])?;
    cluster.controllers[1].start()?;
    cluster.await_state(1, "standby")?;
    cluster.conclude(&load, 0)
}
