//! Three NameNodes, one of them an observer: it stays out of the election until it is told
//! otherwise.

use std::path::Path;

use anyhow::{Result, ensure};
use system_tests::ha::HaCluster;
use system_tests::hadoop::FailoverControllerKind::{Java, Rust};

use crate::kinds::{self, or_java};

#[test]
fn an_observer_is_no_candidate() {
    kinds::run("failover.observer", scenario);
}

// FC-060, FC-061
fn scenario(root: &Path) -> Result<()> {
    let controllers = [or_java(Rust), Java, or_java(Rust)];
    let mut cluster = HaCluster::builder(root, &controllers).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("observer")?;
    cluster.client()?.haadmin(&["-transitionToObserver", "--forcemanual", "nn3"])?;
    cluster.await_state(2, "observer")?;
    // Its controller finds out at the next look at its NameNode, and may still win until then.
    let known = match cluster.controllers[2].kind() {
        Java => "Quitting master election",
        Rust => "an observer does not join the election",
    };
    cluster.await_logged(2, known)?;
    cluster.namenodes[0].kill()?;
    cluster.await_active(1)?;
    ensure!(cluster.namenodes[2].state()? == "observer", "the observer was touched");
    cluster.namenodes[1].kill()?;
    cluster.namenodes[0].start(&[])?;
    cluster.await_active(0)?;
    ensure!(cluster.namenodes[2].state()? == "observer", "the observer was touched");
    // As a standby it is a candidate again.
    cluster.client()?.haadmin(&["-transitionToStandby", "--forcemanual", "nn3"])?;
    cluster.await_state(2, "standby")?;
    load.await_more(30)?;
    cluster.namenodes[0].kill()?;
    cluster.await_active(2)?;
    cluster.conclude(&load, 2)
}
