//! `hdfs haadmin`, unmodified, against both controllers.

use std::path::Path;

use anyhow::{Result, ensure};
use system_tests::ha::HaCluster;

use crate::kinds::{Kinds, with_kinds};

with_kinds!(scenario, rust, java_rust, rust_java);

// FC-073, FC-076, FC-078, FC-106, FC-107
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = HaCluster::builder(root, &kinds).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("graceful")?;
    let client = cluster.client()?;
    let said = client.haadmin(&["-failover", "nn1", "nn2"])?;
    ensure!(said.contains("successful"), "to nn2: {said}");
    cluster.await_active(1)?;
    cluster.await_state(0, "standby")?;
    load.await_more(50)?;
    let said = client.haadmin(&["-failover", "nn2", "nn1"])?;
    ensure!(said.contains("successful"), "to nn1: {said}");
    cluster.await_active(0)?;
    let all = client.haadmin(&["-getAllServiceState"])?;
    ensure!(all.contains("active") && all.contains("standby"), "{all}");
    client.haadmin(&["-checkHealth", "nn2"])?;
    // A second time to the one that is active already changes nothing.
    client.haadmin(&["-failover", "nn2", "nn1"])?;
    cluster.ensure_owned_by(0)?;
    // Where there is no controller to hand over to, nothing happens.
    cluster.controllers[1].kill()?;
    let refused = cluster.client()?.haadmin(&["-failover", "nn1", "nn2"]);
    ensure!(refused.is_err(), "handed over to nobody: {refused:?}");
    cluster.ensure_owned_by(0)?;
    cluster.conclude(&load, 0)
}
