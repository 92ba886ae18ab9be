//! The index directory deleted under a real NameNode's load: no client notices, the daemons say
//! so, and build it again.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use system_tests::cluster::Cluster;
use system_tests::hadoop::JournalNodeKind::Java;
use system_tests::hadoop::http_body;
use system_tests::process::wait_until;

use crate::kinds::{Kinds, with_kinds};

const LIMIT: Duration = Duration::from_secs(60);
const REMOVED: &str = "was removed; it is built again from the edits";

with_kinds!(scenario, three_rust);

fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    // Java has no index.
    if kinds.contains(&Java) {
        return Ok(());
    }
    let mut cluster = Cluster::builder(root).journalnodes(kinds).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("index")?;
    load.await_more(100)?;
    cluster.roll()?;
    load.await_more(50)?;
    for index in 0..3 {
        await_metric(&cluster, index, "journalnode_index_state{state=\"ready\"}", |is| is == 1.0)?;
        await_metric(&cluster, index, "journalnode_index_segments", |known| known > 0.0)?;
    }

    // One after the other, then all at once.
    for index in 0..3 {
        fs::remove_dir_all(index_dir(&cluster, index)?)?;
        load.await_more(50)?;
        await_rebuilt(&mut cluster, index, 2.0)?;
    }
    for index in 0..3 {
        fs::remove_dir_all(index_dir(&cluster, index)?)?;
    }
    cluster.roll()?;
    load.await_more(100)?;
    for index in 0..3 {
        await_rebuilt(&mut cluster, index, 3.0)?;
    }

    load.await_more(50)?;
    load.stop_without_failures()?;
    cluster.roll()?;
    cluster.await_caught_up(1)?;
    load.ensure_all_there(&cluster.namenodes[1].uri())?;
    cluster.ensure_segments_whole()
}

/// The daemon says that it was removed, and knows all finished segments again.
fn await_rebuilt(cluster: &mut Cluster, index: usize, times: f64) -> Result<()> {
    await_metric(cluster, index, "journalnode_index_rebuilds_total", |count| count == times)?;
    let log = cluster.journalnodes[index].daemon()?.log().to_owned();
    let told = fs::read_to_string(&log)?.lines().filter(|line| line.contains(REMOVED)).count();
    ensure!(told as f64 == times - 1.0, "{} told {told} times that it was removed", log.display());
    let dir = cluster.journal_dirs()[index].clone();
    wait_until("every finished segment to be known again", LIMIT, || {
        let here = dir.finalized()?.len() as f64;
        Ok((metric(cluster, index, "journalnode_index_segments")? == here).then_some(()))
    })?;
    ensure!(index_dir(cluster, index)?.join("rocksdb/CURRENT").exists(), "it is not on disk");
    Ok(())
}

/// Beside the edits directory, which holds the journal's, which holds `current`.
fn index_dir(cluster: &Cluster, index: usize) -> Result<PathBuf> {
    let current = cluster.journal_dirs()[index].current();
    let edits = current.ancestors().nth(2).context("the edits directory")?;
    Ok(edits.with_file_name("edits-index"))
}

fn await_metric(
    cluster: &Cluster,
    index: usize,
    name: &str,
    is: impl Fn(f64) -> bool,
) -> Result<()> {
    let what = format!("{name} of {}", cluster.journalnodes[index].name());
    wait_until(&what, LIMIT, || Ok(is(metric(cluster, index, name)?).then_some(())))
}

fn metric(cluster: &Cluster, index: usize, name: &str) -> Result<f64> {
    let text = http_body(cluster.journalnodes[index].http_address(), "/metrics")?;
    let text = String::from_utf8(text)?;
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(value.with_context(|| format!("no {name}"))?.trim().parse()?)
}
