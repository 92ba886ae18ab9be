//! All JournalNodes restarted one after the other within one segment, under load (HDFS-15060).

use std::time::Duration;

use anyhow::{Result, ensure};
use system_tests::cluster::Cluster;
use system_tests::hadoop::JournalNodeKind::Java;
use system_tests::process::wait_until;

use crate::kinds::{run, three_rust};

/// A NameNode ends itself with the first flush that a majority does not take.
const ABORT_LIMIT: Duration = Duration::from_secs(60);

/// Why it matters: what is left out until the next roll adds up, and the second restart takes
/// the majority away.
#[test]
fn with_java_the_second_restart_ends_the_namenode() {
    run("rolling_restart.java", |root| {
        let mut cluster = Cluster::builder(root).journalnodes([Java; 3]).build()?;
        cluster.bring_up()?;
        let load = cluster.start_load("steady")?;
        load.await_more(50)?;
        cluster.journalnodes[0].terminate()?;
        load.await_more(50)?;
        cluster.journalnodes[0].start()?;
        load.await_more(50)?;
        cluster.journalnodes[1].terminate()?;
        let namenode = cluster.namenodes[0].daemon()?;
        let ended = wait_until("the active NameNode's end", ABORT_LIMIT, || namenode.exited())?;
        load.stop()?;
        ensure!(!ended.success(), "{ended}");
        Ok(())
    });
}

/// Twice around: a process that was handed to hands over like any other.
#[test]
fn with_ours_nobody_notices() {
    run("rolling_restart.rust", |root| {
        let mut cluster = Cluster::builder(root).journalnodes(three_rust()).build()?;
        cluster.bring_up()?;
        let load = cluster.start_load("steady")?;
        load.await_more(100)?;
        let before = open_segments(&cluster)?;
        for index in [0, 1, 2, 0, 1, 2] {
            println!("{}", cluster.journalnodes[index].hand_over()?);
            load.await_more(50)?;
        }
        load.stop_without_failures()?;
        ensure!(open_segments(&cluster)? == before, "a segment was rolled: this proves nothing");
        cluster.await_all_equal()?;
        for namenode in &mut cluster.namenodes {
            ensure!(namenode.daemon()?.exited()?.is_none(), "{} ended", namenode.id());
        }
        load.ensure_all_there(&cluster.active()?.uri())?;
        cluster.roll()?;
        cluster.await_caught_up(1)?;
        cluster.ensure_segments_whole()
    });
}

fn open_segments(cluster: &Cluster) -> Result<Vec<Option<u64>>> {
    let newest = |dir: system_tests::inspect::JournalDir| Ok(dir.in_progress()?.into_iter().max());
    cluster.journal_dirs().into_iter().map(newest).collect()
}
