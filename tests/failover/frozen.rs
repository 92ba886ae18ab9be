//! SIGSTOP of the active NameNode: it is alive, holds its connections and answers nothing.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use rustix::process::Signal;
use system_tests::ha::HaCluster;

use crate::kinds::{Kinds, with_kinds};

const FENCED_LIMIT: Duration = Duration::from_secs(10);

with_kinds!(scenario, rust, java_rust);

// FC-057, FC-059, FC-100
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = HaCluster::builder(root, &kinds).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("frozen")?;
    cluster.namenodes[0].signal(Signal::STOP)?;
    cluster.await_active(1)?;
    // It could not be asked to step down, so sshfence must have killed it.
    let ended = cluster.namenodes[0].daemon()?.await_exit(FENCED_LIMIT)?;
    ensure!(!ended.success(), "the frozen NameNode ended with {ended}");
    cluster.namenodes[0].start(&[])?;
    cluster.await_state(0, "standby")?;
    cluster.conclude(&load, 1)
}
