//! SIGUSR2: the controller of the active NameNode is replaced by its next version, without a
//! failover.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::process::Signal;
use system_tests::ha::HaCluster;
use system_tests::process::wait_until;

use crate::kinds::{Kinds, with_kinds};

/// Longer than a restart on a busy machine.
const SESSION: Duration = Duration::from_secs(20);
/// How long the process may take to end.
const END_LIMIT: Duration = Duration::from_secs(5);

with_kinds!(scenario, rust, rust_java);

fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let builder = HaCluster::builder(root, &kinds);
    let mut cluster =
        builder.set("ha.zookeeper.session-timeout.ms", SESSION.as_millis()).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("replaced")?;
    for replaced in 1..=2 {
        // It marks its lock once its NameNode is active; only then is there something to leave.
        load.await_more(30)?;
        cluster.controllers[0].signal(Signal::USR2)?;
        let ended = cluster.controllers[0].daemon()?.await_exit(END_LIMIT)?;
        ensure!(ended.code() == Some(140), "{ended}");
        cluster.ensure_owned_by(0).context("the lock was not left")?;
        cluster.controllers[0].start()?;
        wait_until("the lock to be taken over", SESSION, || {
            let log = cluster.controllers[0].logged()?;
            Ok((log.matches("took the lock over").count() == replaced).then_some(()))
        })?;
        cluster.await_active(0)?;
    }
    cluster.await_state(1, "standby")?;
    cluster.conclude(&load, 0)
}
