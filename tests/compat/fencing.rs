//! Fencing end to end: an old writer gets an IOException on every write method, and nothing of it
//! reaches the log.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use rustix::process::Signal;
use system_tests::cluster::{Cluster, NAMESERVICE};

use crate::kinds::{Kinds, with_kinds};

/// How long the old NameNode may take to notice that it is fenced.
const EXIT_LIMIT: Duration = Duration::from_secs(60);
/// newEpoch twice, journal twice, heartbeat, start, finalize, purge, prepare and accept recovery.
const WRITE_METHODS: usize = 10;

with_kinds!(scenario, three_rust, two_rust_one_java, one_rust_two_java);

fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = Cluster::builder(root).journalnodes(kinds).build()?;
    cluster.bring_up()?;
    cluster.mkdirs("/before")?;
    old_namenode_is_fenced(&mut cluster)?;

    every_method_is_refused(&cluster)?;
    for index in 0..cluster.journalnodes.len() {
        cluster.journalnodes[index].kill()?;
        cluster.journalnodes[index].start()?;
        // The writer needs a majority in the open segment before the next one goes.
        cluster.roll()?;
        cluster.await_all_in_sync()?;
    }
    // The promise is on disk: a restart lets no old writer back in.
    every_method_is_refused(&cluster)?;

    cluster.mkdirs("/after")?;
    cluster.namenodes[0].start(&[])?;
    cluster.await_caught_up(0)?;
    ensure!(cluster.exists("/before")? && cluster.exists("/after")?, "directories are gone");
    ensure!(!cluster.exists("/from-the-old-writer")?, "the old writer reached the log");
    cluster.ensure_segments_whole()
}

/// nn1 sleeps through nn2's take-over, wakes up believing it is active, and is asked to write.
fn old_namenode_is_fenced(cluster: &mut Cluster) -> Result<()> {
    cluster.namenodes[0].signal(Signal::STOP)?;
    cluster.activate(1)?;
    cluster.client()?.mkdirs(&cluster.namenodes[1].uri(), "/taken-over")?;
    cluster.namenodes[0].signal(Signal::CONT)?;
    let old = cluster.namenodes[0].uri();
    let written = cluster.client()?.mkdirs(&old, "/from-the-old-writer");
    ensure!(written.is_err(), "the old NameNode acknowledged a write");
    let status = cluster.namenodes[0].daemon()?.await_exit(EXIT_LIMIT)?;
    ensure!(!status.success(), "the old NameNode ended with {status}");
    Ok(())
}

/// Sends every write method of the epoch before the promise to every JournalNode; no byte may change.
fn every_method_is_refused(cluster: &Cluster) -> Result<()> {
    // What changes now is not the last write of the new writer, still on its way.
    cluster.await_all_equal()?;
    let next = (cluster.namenodes[1].last_txid()? + 1).to_string();
    for (node, dir) in cluster.journalnodes.iter().zip(cluster.journal_dirs()) {
        let before = dir.contents()?;
        let (address, version) = (node.rpc_address().to_string(), dir.current().join("VERSION"));
        let open = dir.in_progress()?.into_iter().max().unwrap_or(1).to_string();
        let version = version.display().to_string();
        let said = cluster.client()?.call(&[
            "old-writer",
            &address,
            NAMESERVICE,
            &version,
            &open,
            &next,
        ])?;
        ensure!(said.lines().count() == WRITE_METHODS, "{}: {said}", node.name());
        ensure!(dir.contents()? == before, "{}: an old writer changed the directory", node.name());
    }
    Ok(())
}
