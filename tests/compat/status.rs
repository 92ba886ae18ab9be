//! `journalnode status` and `verify` beside a NameNode that writes to Java's JournalNodes and ours.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use system_tests::cluster::{Cluster, NAMESERVICE};
use system_tests::hadoop::JournalNodeKind::Java;
use system_tests::inspect::JournalDir;
use system_tests::process::{Launcher, built_binary, wait_until};

use crate::kinds::{Kinds, with_kinds};

const FACTS: [&str; 7] = [
    "promised_epoch",
    "writer_epoch",
    "last_segment",
    "last_txid",
    "committed_txid",
    "last_written_txid",
    "version",
];
const FACTS_LIMIT: Duration = Duration::from_secs(60);

with_kinds!(scenario, two_rust_one_java, one_rust_two_java);

fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = Cluster::builder(root).journalnodes(kinds).build()?;
    cluster.bring_up()?;
    let load = cluster.start_load("steady")?;
    load.await_more(200)?;
    for _ in 0..5 {
        // Taken in the middle of writing: nobody may seem behind.
        ensure_all_in_step(&cluster)?;
        load.await_more(50)?;
        cluster.roll()?;
    }
    cluster.await_all_in_sync()?;
    verify_while_written(&cluster)?;

    cluster.journalnodes[0].kill()?;
    load.await_more(100)?;
    let (code, seen) = status(&cluster)?;
    let quorum = &seen["quorums"][0];
    ensure!(code == 1 && quorum["has_quorum"] == true, "without jn1: {seen}");
    ensure!(quorum["nodes"][0]["state"] == "unreachable", "without jn1: {seen}");
    // Alone it lags until the next segment.
    cluster.journalnodes[0].start()?;
    load.await_more(100)?;
    let (code, seen) = status(&cluster)?;
    let node = &seen["quorums"][0]["nodes"][0];
    ensure!(code == 1 && node["state"] == "behind", "jn1 missed transactions: {seen}");
    cluster.roll()?;
    cluster.await_all_in_sync()?;
    load.await_more(50)?;
    ensure_all_in_step(&cluster)?;
    load.stop_without_failures()?;
    verify_at_rest(&mut cluster)
}

fn status(cluster: &Cluster) -> Result<(i32, Value)> {
    // Any daemon's site files name the quorum.
    tool(&["status", "--config", &conf_dir(cluster)?, "--json"])
}

fn conf_dir(cluster: &Cluster) -> Result<String> {
    let current = cluster.journal_dirs()[0].current();
    let own = current.ancestors().nth(3).context("jn1's folder")?;
    Ok(own.join("conf").display().to_string())
}

fn verify(journal: &JournalDir) -> Result<(i32, Value)> {
    let current = journal.current();
    let root = current.parent().context("the journal's folder")?;
    tool(&["verify", "--json", &root.display().to_string()])
}

fn tool(arguments: &[&str]) -> Result<(i32, Value)> {
    let mut command: Command = Launcher::here().command(built_binary("journalnode")?);
    let output = command.args(arguments).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let json = serde_json::from_slice(&output.stdout).with_context(|| said)?;
    Ok((output.status.code().context("killed")?, json))
}

fn ensure_all_in_step(cluster: &Cluster) -> Result<()> {
    let (code, seen) = status(cluster)?;
    ensure!(code == 0, "not all in step: {seen}");
    let quorum = &seen["quorums"][0];
    ensure!(quorum["nameservice"] == NAMESERVICE && quorum["in_step"] == 3, "{seen}");
    await_facts(cluster)?;
    for (node, shown) in cluster.journalnodes.iter().zip(nodes(quorum)) {
        let is_ours = node.kind() != Java;
        ensure!(shown["free_bytes"].is_u64() == is_ours, "free space: {shown}");
    }
    Ok(())
}

/// Java's `/jmx` may be ten seconds old (`MetricsSourceAdapter`), and know no writer yet.
fn await_facts(cluster: &Cluster) -> Result<()> {
    wait_until("all facts of all nodes", FACTS_LIMIT, || {
        let (_, seen) = status(cluster)?;
        let all = nodes(&seen["quorums"][0]);
        let knows = |shown: &Value| FACTS.iter().all(|key| !shown[*key].is_null());
        Ok((all.len() == cluster.journalnodes.len() && all.iter().all(knows)).then_some(()))
    })
}

fn nodes(quorum: &Value) -> &[Value] {
    quorum["nodes"].as_array().map_or(&[], Vec::as_slice)
}

/// The lock of a running JournalNode is seen, Java's too, and half-written ends are no damage.
fn verify_while_written(cluster: &Cluster) -> Result<()> {
    for (node, directory) in cluster.journalnodes.iter().zip(cluster.journal_dirs()) {
        let (code, seen) = verify(&directory)?;
        ensure!(code == 0, "{} while it runs: {seen}", node.name());
        ensure!(seen["journals"][0]["in_use_by"].is_i64(), "{} runs: {seen}", node.name());
    }
    Ok(())
}

/// What either kind leaves is whole, but for what jn1 missed while it was down.
fn verify_at_rest(cluster: &mut Cluster) -> Result<()> {
    for node in &mut cluster.journalnodes {
        node.terminate()?;
    }
    for (node, directory) in cluster.journalnodes.iter().zip(cluster.journal_dirs()) {
        let (_, seen) = verify(&directory)?;
        let findings = seen["journals"][0]["findings"].as_array().context("findings")?;
        let missed = ["gap", "left-in-progress", "torn-tail"];
        let is_expected = |finding: &Value| {
            let is_missed = missed.iter().any(|code| finding["code"] == *code);
            finding["severity"] == "note" || (node.name() == "jn1" && is_missed)
        };
        ensure!(findings.iter().all(is_expected), "{} at rest: {seen}", node.name());
    }
    Ok(())
}
