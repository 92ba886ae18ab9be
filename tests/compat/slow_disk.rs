//! A disk that hangs is named by its JournalNode before any NameNode notices.
//!
//! The disk is slowed in the daemon's own system calls: block devices cannot be throttled in every
//! container, and the daemon under test is the real one either way.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use system_tests::cluster::Cluster;
use system_tests::hadoop::JournalNodeKind::{Java, Rust};
use system_tests::hadoop::http_body;
use system_tests::process::{Launcher, wait_until};

use crate::kinds::run;

const LIMIT: Duration = Duration::from_secs(60);
const SHIM: &str = include_str!("data/slow_disk.c");

#[test]
fn one_rust_two_java() {
    run("slow_disk.one_rust_two_java", scenario);
}

fn scenario(root: &Path) -> Result<()> {
    let mut cluster = Cluster::builder(root).journalnodes([Rust, Java, Java]).build()?;
    let slow = root.join("slow");
    let preload = format!("LD_PRELOAD={}", shim(root)?.display());
    let switch = format!("SLOW_DISK={}", slow.display());
    cluster.journalnodes[0].launch_through(Launcher::through(["env", &preload, &switch]));
    cluster.bring_up()?;
    let load = cluster.start_load("steady")?;
    load.await_more(100)?;

    fs::write(&slow, "")?;
    let log = cluster.journalnodes[0].daemon()?.log().to_owned();
    let said = |text: &str| -> Result<Option<String>> {
        let log = fs::read_to_string(&log)?;
        Ok(log.lines().find(|line| line.contains(text)).map(str::to_owned))
    };
    let warned = wait_until("the disk is named", LIMIT, || said("and is not done"))?;
    let directory = cluster.journal_dirs()[0].current();
    let directory = directory.parent().context("the journal's directory")?.display().to_string();
    ensure!(warned.contains(&directory) && warned.contains(" mounted at "), "{warned}");
    wait_until("the metric shows it", LIMIT, || {
        let metrics = http_body(cluster.journalnodes[0].http_address(), "/metrics")?;
        let metrics = String::from_utf8(metrics)?;
        let line = metrics.lines().find(|line| line.starts_with("journalnode_disk_stalled_sec"));
        let seconds = line.and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
        Ok((seconds.context("no such metric")? > 0.0).then_some(()))
    })?;
    load.await_more(100)?;
    fs::remove_file(&slow)?;
    wait_until("it is back", LIMIT, || said("is done, after"))?;

    load.await_more(50)?;
    load.stop_without_failures()?;
    load.ensure_all_there(&cluster.active()?.uri())
}

/// Builds the library that slows syncs down.
fn shim(root: &Path) -> Result<PathBuf> {
    let (source, library) = (root.join("slow_disk.c"), root.join("slow_disk.so"));
    fs::write(&source, SHIM)?;
    let mut compile = Command::new("cc");
    compile.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).arg("-ldl");
    ensure!(compile.status()?.success(), "cc failed");
    Ok(library)
}
