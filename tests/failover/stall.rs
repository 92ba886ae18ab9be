//! The active's controller is stopped for longer than its session, and goes on later.

use std::path::Path;

use anyhow::Result;
use rustix::process::Signal;
use system_tests::ha::HaCluster;

use crate::kinds::{Kinds, with_kinds};

with_kinds!(scenario, rust, rust_java);

// FC-030, FC-111
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = HaCluster::builder(root, &kinds).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("stall")?;
    cluster.controllers[0].signal(Signal::STOP)?;
    cluster.await_active(1)?;
    cluster.controllers[0].signal(Signal::CONT)?;
    load.await_more(100)?;
    cluster.await_state(0, "standby")?;
    cluster.ensure_owned_by(1)?;
    // It is in the election again, and can win.
    cluster.namenodes[1].kill()?;
    cluster.await_active(0)?;
    cluster.conclude(&load, 0)
}
