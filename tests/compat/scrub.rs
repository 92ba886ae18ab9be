//! A bit that flipped in a finished segment, under a real NameNode's load: found, and healed from
//! whatever kind of peer has it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use system_tests::cluster::Cluster;
use system_tests::hadoop::http_body;
use system_tests::inspect::JournalDir;
use system_tests::process::wait_until;

use crate::kinds::{Kinds, with_kinds};

const HEAL_LIMIT: Duration = Duration::from_secs(60);

with_kinds!(scenario, three_rust, one_rust_two_java);

fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    // Java does not look at what it has.
    if kinds[0] == system_tests::hadoop::JournalNodeKind::Java {
        return Ok(());
    }
    let mut cluster = Cluster::builder(root)
        .journalnodes(kinds)
        .set("dfs.journalnode.scrub.interval", "200ms")
        .build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("rot")?;
    load.await_more(100)?;
    cluster.roll()?;
    load.await_more(50)?;

    let dir = cluster.journal_dirs()[0].clone();
    let segment = held_elsewhere(&cluster)?;
    let (good, bad) = flip_a_bit(&dir, &segment)?;
    let file = dir.current().join(&segment);
    wait_until("the segment is healed", HEAL_LIMIT, || {
        Ok((fs::read(&file)? == good).then_some(()))
    })?;
    let aside = dir.current().join(format!("{segment}.corrupt"));
    ensure!(fs::read(&aside)? == bad, "the bad file was not kept as it was");
    // Counted when all of it is done.
    wait_until("it is counted", HEAL_LIMIT, || {
        let metrics = http_body(cluster.journalnodes[0].http_address(), "/metrics")?;
        let metrics = String::from_utf8(metrics)?;
        let has = |line: &str| metrics.lines().any(|one| one == line);
        let healed = has("journalnode_segments_healed_total{journal=\"ns1\"} 1");
        Ok((healed && has("journalnode_damaged_segments{journal=\"ns1\"} 0")).then_some(()))
    })?;

    load.await_more(50)?;
    load.stop_without_failures()?;
    cluster.roll()?;
    cluster.await_caught_up(1)?;
    load.ensure_all_there(&cluster.namenodes[1].uri())?;
    cluster.ensure_segments_whole()
}

/// A finished segment that the first node and another one have: the third may have come late.
fn held_elsewhere(cluster: &Cluster) -> Result<String> {
    let dirs = cluster.journal_dirs();
    wait_until("a finished segment on two nodes", HEAL_LIMIT, || {
        let others = [dirs[1].files()?, dirs[2].files()?].concat();
        let here = dirs[0].finalized()?;
        let newest = here.last().and_then(|segment| segment.path.file_name());
        let newest = newest.map(|name| name.to_string_lossy().into_owned());
        Ok(newest.filter(|name| others.contains(name)))
    })
}

/// In the middle of the file, on disk as a disk would do it: nobody is told.
fn flip_a_bit(dir: &JournalDir, name: &str) -> Result<(Vec<u8>, Vec<u8>)> {
    let file = dir.current().join(name);
    let good = fs::read(&file)?;
    let mut bad = good.clone();
    let middle = bad.len() / 2;
    *bad.get_mut(middle).context("an empty segment")? ^= 1;
    fs::write(&file, &bad)?;
    Ok((good, bad))
}
