//! What a JournalNode missed comes from its peers, whoever wrote them; a wiped one comes back.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use system_tests::cluster::Cluster;
use system_tests::hadoop::JournalNodeKind::Rust;
use system_tests::inspect::JournalDir;
use system_tests::process::wait_until;

use crate::kinds::{Kinds, with_kinds};

/// A few rounds with every peer.
const SYNC_LIMIT: Duration = Duration::from_secs(60);
const INTERVAL: &str = "3000";

mod missed {
    use super::*;

    with_kinds!(scenario, two_rust_one_java, one_rust_two_java);

    // JN-137, JN-138, JN-139
    fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
        let mut cluster = Cluster::builder(root)
            .journalnodes(kinds)
            .set("dfs.journalnode.sync.interval", INTERVAL)
            .build()?;
        cluster.bring_up()?;
        for index in [0, 2] {
            miss_and_catch_up(&mut cluster, index)?;
        }
        cluster.ensure_segments_whole()
    }

    fn miss_and_catch_up(cluster: &mut Cluster, index: usize) -> Result<()> {
        cluster.journalnodes[index].kill()?;
        for _ in 0..2 {
            let load = cluster.start_load(&format!("without-{index}"))?;
            load.await_more(50)?;
            load.stop_without_failures()?;
            cluster.roll()?;
        }
        let other = &cluster.journal_dirs()[1];
        let written = ranges(other)?;
        let missed = ranges(&cluster.journal_dirs()[index])?;
        ensure!(missed.len() + 2 <= written.len(), "it missed nothing: {missed:?} of {written:?}");
        cluster.journalnodes[index].start()?;
        cluster.roll()?;
        let dir = &cluster.journal_dirs()[index];
        wait_until("the missed segments", SYNC_LIMIT, || {
            let found = ranges(dir)?;
            Ok(written.iter().all(|range| found.contains(range)).then_some(()))
        })
    }
}

mod wiped {
    use super::*;

    with_kinds!(scenario, three_rust, two_rust_one_java, one_rust_two_java);

    // HDFS-16690, with a majority.
    fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
        // Java's own way back is of Hadoop 3.5.
        if kinds[0] != Rust {
            return Ok(());
        }
        let mut cluster = Cluster::builder(root)
            .journalnodes(kinds)
            .set("dfs.journalnode.sync.interval", INTERVAL)
            .set("dfs.journalnode.sync.format.wait", "1000")
            .build()?;
        cluster.bring_up()?;
        let load = cluster.start_load("wipe")?;
        load.await_more(100)?;
        cluster.roll()?;
        load.await_more(100)?;
        wipe(&mut cluster, 0)?;
        load.await_more(100)?;

        // Ends the segment that the lost node took part in.
        let open = newest(&cluster.journal_dirs()[1])?;
        let dir = cluster.journal_dirs()[0].clone();
        std::thread::sleep(Duration::from_secs(5));
        ensure!(!dir.current().exists(), "a member before segment {open} is finished");
        cluster.roll()?;
        wait_until("it is formatted", SYNC_LIMIT, || {
            Ok(dir.current().join("VERSION").exists().then_some(()))
        })?;
        let promised = cluster.journal_dirs()[1].last_promised_epoch()?;
        ensure!(dir.last_promised_epoch()? == promised, "another promise than the others'");
        let here = ranges(&dir)?;
        ensure!(here.iter().any(|(first, _)| *first == open), "{open} is missing: {here:?}");

        cluster.roll()?;
        cluster.await_all_in_sync()?;
        // It counts again: without another node the load goes on.
        cluster.journalnodes[1].kill()?;
        load.await_more(100)?;
        cluster.journalnodes[1].start()?;
        cluster.roll()?;
        cluster.await_all_in_sync()?;
        load.stop_without_failures()?;
        load.ensure_all_there(&cluster.active()?.uri())?;
        cluster.ensure_segments_whole()
    }

    fn wipe(cluster: &mut Cluster, index: usize) -> Result<()> {
        cluster.journalnodes[index].kill()?;
        let current = cluster.journal_dirs()[index].current();
        fs::remove_dir_all(current.parent().context("no journal directory")?)?;
        cluster.journalnodes[index].start()
    }
}

fn ranges(dir: &JournalDir) -> Result<Vec<(u64, u64)>> {
    Ok(dir.finalized()?.into_iter().map(|segment| (segment.first, segment.last)).collect())
}

fn newest(dir: &JournalDir) -> Result<u64> {
    dir.in_progress()?.into_iter().max().context("no segment in progress")
}
