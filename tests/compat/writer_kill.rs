//! kill -9 of the active NameNode in mid-segment under load; the other one recovers and goes on.

use std::path::Path;

use anyhow::Result;
use rustix::process::Signal;
use system_tests::cluster::{Cluster, Load};

use crate::kinds::{Kinds, with_kinds};

with_kinds!(scenario, three_rust, two_rust_one_java, one_rust_two_java);

// JN-152
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = Cluster::builder(root).journalnodes(kinds).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("steady")?;

    load.await_more(57)?;
    take_over(&mut cluster, &load, 1)?;

    // The JournalNode that dies with the writer has no say in the recovery.
    load.await_more(131)?;
    cluster.journalnodes[0].kill()?;
    take_over(&mut cluster, &load, 0)?;
    cluster.journalnodes[0].start()?;
    cluster.roll()?;
    cluster.await_all_in_sync()?;

    with_a_short_copy(&mut cluster, &load)?;
    load.await_more(50)?;
    load.stop()?;
    load.ensure_all_there(&cluster.active()?.uri())?;
    cluster.await_caught_up(0)?;
    load.ensure_all_there(&cluster.namenodes[0].uri())?;
    cluster.ensure_segments_whole()
}

/// A JournalNode that was frozen holds less of the segment and has to fetch the rest from another one.
fn with_a_short_copy(cluster: &mut Cluster, load: &Load) -> Result<()> {
    load.await_more(50)?;
    cluster.journalnodes[2].daemon()?.signal(Signal::STOP)?;
    load.await_more(80)?;
    cluster.namenodes[0].kill()?;
    cluster.journalnodes[2].daemon()?.signal(Signal::CONT)?;
    // Without it only the short copy and one whole one are left to recover from.
    cluster.journalnodes[1].kill()?;
    cluster.activate(1)?;
    load.await_more(50)?;
    cluster.journalnodes[1].start()?;
    cluster.namenodes[0].start(&[])?;
    cluster.roll()?;
    cluster.await_all_in_sync()
}

/// Kills the active NameNode, makes the one at `to` active, and brings the other back as standby.
fn take_over(cluster: &mut Cluster, load: &Load, to: usize) -> Result<()> {
    cluster.namenodes[1 - to].kill()?;
    cluster.activate(to)?;
    load.await_more(100)?;
    cluster.namenodes[1 - to].start(&[])
}
