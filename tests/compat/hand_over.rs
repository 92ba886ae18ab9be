//! A JournalNode's directory continued by the other kind and handed back, under load.

use std::path::Path;

use anyhow::Result;
use system_tests::cluster::{Cluster, Load};
use system_tests::hadoop::JournalNodeKind::{self, Java, Rust};

use crate::kinds::{or_java, run};

#[test]
fn java_to_rust_after_clean_stop_and_back_after_kill() {
    let test = "hand_over::java_to_rust_after_clean_stop_and_back_after_kill";
    run(test, |root| scenario(root, Java, or_java(Rust), [Stop::Clean, Stop::Kill]));
}

#[test]
fn java_to_rust_after_kill_and_back_after_clean_stop() {
    let test = "hand_over::java_to_rust_after_kill_and_back_after_clean_stop";
    run(test, |root| scenario(root, Java, or_java(Rust), [Stop::Kill, Stop::Clean]));
}

#[derive(Debug, Clone, Copy)]
enum Stop {
    Clean,
    Kill,
}

// JN-122, JN-150
fn scenario(root: &Path, from: JournalNodeKind, to: JournalNodeKind, how: [Stop; 2]) -> Result<()> {
    let mut cluster = Cluster::builder(root).journalnodes([from; 3]).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("steady")?;
    load.await_more(100)?;
    replace_all(&mut cluster, &load, to, how[0])?;
    fail_over(&cluster, 1)?;
    load.await_more(100)?;
    replace_all(&mut cluster, &load, from, how[1])?;
    fail_over(&cluster, 0)?;
    load.await_more(100)?;
    load.stop_without_failures()?;
    load.ensure_all_there(&cluster.active()?.uri())?;
    cluster.await_caught_up(1)?;
    load.ensure_all_there(&cluster.namenodes[1].uri())?;
    cluster.ensure_segments_whole()
}

/// One node at a time, the next one only when the last is in the newest segment again.
fn replace_all(c: &mut Cluster, load: &Load, kind: JournalNodeKind, how: Stop) -> Result<()> {
    for index in 0..c.journalnodes.len() {
        let node = &mut c.journalnodes[index];
        match how {
            Stop::Clean => node.terminate().map(drop)?,
            Stop::Kill => node.kill()?,
        }
        node.become_kind(kind);
        node.start()?;
        load.await_more(50)?;
        c.roll()?;
        c.await_all_in_sync()?;
        load.await_more(50)?;
    }
    Ok(())
}

fn fail_over(cluster: &Cluster, to: usize) -> Result<()> {
    cluster.deactivate(1 - to)?;
    cluster.activate(to)
}
