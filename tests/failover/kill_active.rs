//! kill -9 of the active NameNode, twice: each controller takes over once.

use std::path::Path;

use anyhow::Result;
use system_tests::ha::HaCluster;

use crate::kinds::{Kinds, with_kinds};

with_kinds!(scenario, rust, java_rust, rust_java);

// FC-100, FC-107, FC-108
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = HaCluster::builder(root, &kinds).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("kill")?;
    cluster.namenodes[0].kill()?;
    cluster.await_active(1)?;
    load.await_more(30)?;
    cluster.namenodes[0].start(&[])?;
    cluster.namenodes[1].kill()?;
    cluster.await_active(0)?;
    cluster.conclude(&load, 0)
}
