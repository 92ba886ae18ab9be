//! SIGTERM of the active's controller. Java's keeps the lock until its session expires.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use system_tests::ha::HaCluster;
use system_tests::hadoop::FailoverControllerKind::Java;

use crate::kinds::{self, Kinds, with_kinds};

/// Long enough to tell a hand-over from an expiry on a busy machine.
const SESSION: Duration = Duration::from_secs(20);

with_kinds!(scenario, rust, rust_java);

#[test]
fn javas_keeps_the_lock_until_its_session_expires() {
    kinds::run("failover.planned_stop.java", |root| {
        let took = terminated(root, [Java, Java])?;
        ensure!(took > SESSION / 2, "a planned stop took only {took:?}");
        Ok(())
    });
}

// FC-037
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let took = terminated(root, kinds)?;
    ensure!(took < SESSION / 2, "a planned stop took {took:?}");
    Ok(())
}

/// How long it is from the SIGTERM to the next active NameNode.
fn terminated(root: &Path, kinds: Kinds) -> Result<Duration> {
    let builder = HaCluster::builder(root, &kinds);
    let mut cluster =
        builder.set("ha.zookeeper.session-timeout.ms", SESSION.as_millis()).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("stop")?;
    let stopped = Instant::now();
    cluster.controllers[0].terminate()?;
    cluster.await_active(1)?;
    let took = stopped.elapsed();
    eprintln!("SIGTERM to a new active: {took:?}");
    cluster.await_state(0, "standby")?;
    cluster.conclude(&load, 1)?;
    Ok(took)
}
