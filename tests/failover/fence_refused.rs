//! The old active cannot be fenced at first: nobody may become active until it can.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Result, ensure};
use system_tests::ha::HaCluster;

use crate::kinds::{Kinds, with_kinds};

with_kinds!(scenario, rust, rust_java);

// FC-042, FC-095
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let (allowed, asked) = (root.join("allowed"), root.join("asked"));
    let fence =
        format!("shell(echo $target_host >> {}; test -e {})", asked.display(), allowed.display());
    let builder = HaCluster::builder(root, &kinds).set("dfs.ha.fencing.methods", fence);
    let mut cluster = builder.build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("refused")?;
    let breadcrumb = cluster.znodes()?.breadcrumb()?;
    cluster.namenodes[0].kill()?;
    system_tests::process::wait_until(
        "three refusals",
        std::time::Duration::from_secs(60),
        || Ok((fs::read_to_string(&asked)?.lines().count() >= 3).then_some(())),
    )?;
    ensure!(cluster.namenodes[1].state()? == "standby", "active without fencing");
    ensure!(cluster.znodes()?.breadcrumb()? == breadcrumb, "the breadcrumb was swept");
    File::create(&allowed)?;
    cluster.await_active(1)?;
    cluster.conclude(&load, 1)
}
