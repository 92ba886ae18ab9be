//! `journalnode tail`, `history` and `scrub` beside a NameNode that writes, across a failover.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::process::Signal;
use serde_json::Value;
use system_tests::cluster::{Cluster, NAMESERVICE};
use system_tests::hadoop::JournalNodeKind::Rust;
use system_tests::process::{Daemon, Launcher, built_binary, wait_until};

use crate::kinds::{Kinds, with_kinds};

/// How long what is committed may take to be printed.
const FOLLOW_LIMIT: Duration = Duration::from_secs(60);
/// How long an interrupted tool may take to end.
const END_LIMIT: Duration = Duration::from_secs(10);

with_kinds!(scenario, three_rust, two_rust_one_java);

fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    // Java's has nothing to inspect.
    if kinds[0] != Rust {
        return Ok(());
    }
    let mut cluster = Cluster::builder(root)
        .journalnodes(kinds)
        .set("dfs.journalnode.scrub.interval", 0)
        .build()?;
    cluster.bring_up()?;
    let node = cluster.journalnodes[0].inspect_address().to_string();
    let conf = cluster.namenodes[0].conf_dir().display().to_string();
    let of_quorum = Tail::start(root, "quorum", &["--config", &conf, "--from-start"])?;
    let of_node = Tail::start(root, "node", &["--node", &node, "--from-start"])?;

    let load = cluster.start_load("followed")?;
    load.await_more(150)?;
    cluster.roll()?;
    load.await_more(50)?;
    cluster.namenodes[0].kill()?;
    cluster.activate(1)?;
    load.await_more(100)?;
    load.stop()?;
    cluster.roll()?;
    // Its first transaction is committed only when another one follows.
    let end = newest_finalized(&cluster)?;
    let both = [&of_quorum, &of_node].map(|tail| tail.until(end));
    let [quorum, node_lines] = both;
    let (quorum, node_lines) = (quorum?, node_lines?);
    for (txid, line) in quorum.range(..=end) {
        let other = node_lines.get(txid).context("the node left it out")?;
        ensure!(line["checksum"] == other["checksum"], "{txid}: {line} and {other}");
        ensure!(line["operation"] == other["operation"], "{txid}: {line} and {other}");
    }
    of_quorum.interrupt()?;
    of_node.interrupt()?;

    ensure_history(&node)?;
    ensure_scrub(&cluster, &node)
}

/// A tail that writes to a file.
struct Tail {
    daemon: Daemon,
    output: PathBuf,
}

impl Tail {
    fn start(root: &Path, name: &str, arguments: &[&str]) -> Result<Self> {
        let output = root.join(format!("tail-{name}.json"));
        let mut command: Command = Launcher::here().command(built_binary("journalnode")?);
        command.arg("tail").args(arguments);
        let daemon = Daemon::spawn(&format!("tail of the {name}"), command, &output)?;
        Ok(Self { daemon, output })
    }

    /// All lines by transaction, from 1 to at least `end`, each once and in order.
    fn until(&self, end: i64) -> Result<BTreeMap<i64, Value>> {
        let what = format!("transaction {end} in {}", self.output.display());
        let lines = wait_until(&what, FOLLOW_LIMIT, || {
            let lines = self.lines()?;
            Ok(lines.last().is_some_and(|line| txid(line) >= end).then_some(lines))
        });
        let lines = lines.map_err(|error| self.daemon.explain(error))?;
        for (expected, line) in (1..).zip(&lines) {
            ensure!(txid(line) == expected, "{line} where {expected} should be");
        }
        Ok(lines.into_iter().map(|line| (txid(&line), line)).collect())
    }

    /// The last one may be half written. What a tool says besides begins with its name.
    fn lines(&self) -> Result<Vec<Value>> {
        let text = fs::read_to_string(&self.output)?;
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let lines = whole.lines().filter(|line| line.starts_with('{'));
        Ok(lines.map(serde_json::from_str).collect::<Result<_, _>>()?)
    }

    fn interrupt(mut self) -> Result<()> {
        self.daemon.signal(Signal::INT)?;
        let status = self.daemon.await_exit(END_LIMIT)?;
        ensure!(status.success(), "the tail ended with {status}");
        Ok(())
    }
}

fn txid(line: &Value) -> i64 {
    line["txid"].as_i64().unwrap_or_default()
}

fn newest_finalized(cluster: &Cluster) -> Result<i64> {
    let finalized = cluster.journal_dirs()[0].finalized()?;
    let name = finalized.last().and_then(|segment| segment.path.file_name());
    let name = name.context("no finished segment")?.to_string_lossy().into_owned();
    let (_, last) = name.rsplit_once('-').context("a finished segment has an end")?;
    Ok(last.parse()?)
}

fn tool(arguments: &[&str]) -> Result<(i32, Vec<Value>)> {
    let mut command: Command = Launcher::here().command(built_binary("journalnode")?);
    let output = command.args(arguments).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines = String::from_utf8(output.stdout)?;
    let lines = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>();
    Ok((output.status.code().context("killed")?, lines.with_context(|| said)?))
}

/// Both writers, and who they were; every segment, and what the failover did to the one that
/// was open.
fn ensure_history(node: &str) -> Result<()> {
    // Events are written behind the journal's back.
    let events = wait_until("both rolls and the failover in the history", FOLLOW_LIMIT, || {
        let (status, events) = tool(&["history", "--node", node, "--json", "--limit", "1000"])?;
        ensure!(status == 0, "history: {events:?}");
        let finalized = events.iter().filter(|event| event["what"] == "segment-finalized");
        Ok((finalized.count() >= 3).then_some(events))
    })?;
    let of = |what: &str| -> Vec<&Value> {
        events.iter().filter(|event| event["what"] == what).collect()
    };
    let mut epochs: Vec<_> = of("promised").iter().map(|e| e["epoch"].as_i64()).collect();
    epochs.dedup();
    ensure!(epochs.len() >= 2 && epochs.is_sorted(), "epochs: {events:?}");
    let has_peer = |event: &&Value| event["peer"].as_str().is_some_and(|p| p.contains(':'));
    ensure!(of("promised").iter().all(has_peer), "peers: {events:?}");
    ensure!(of("segment-started").iter().all(has_peer), "peers: {events:?}");
    ensure!(!of("recovery-accepted").is_empty(), "recoveries: {events:?}");
    Ok(())
}

fn ensure_scrub(cluster: &Cluster, node: &str) -> Result<()> {
    let current = cluster.journal_dirs()[0].current();
    let segment = held_everywhere(cluster)?;
    let file = current.join(&segment);
    let good = fs::read(&file)?;
    let mut bad = good.clone();
    let middle = bad.len() / 2;
    *bad.get_mut(middle).context("an empty segment")? ^= 1;
    fs::write(&file, &bad)?;
    let (status, events) =
        tool(&["scrub", "--node", node, "--journal", NAMESERVICE, "--json", "--unpaced"])?;
    ensure!(status == 1, "scrub: {status}, {events:?}");
    let [found, end] = &events[..] else { anyhow::bail!("one finding, and the end: {events:?}") };
    ensure!(found["verdict"] == "healed", "{found}");
    ensure!(segment.contains(&format!("{:019}", txid_of(found, "first_txid"))), "{found}");
    ensure!(end["damaged"] == 1 && end["healed"] == 1, "{end}");
    ensure!(fs::read(&file)? == good, "the segment is not as it was");
    let (status, events) = tool(&["scrub", "--node", node, "--json", "--unpaced"])?;
    ensure!(status == 0, "scrub again: {events:?}");
    Ok(())
}

fn txid_of(event: &Value, key: &str) -> i64 {
    event[key].as_i64().unwrap_or_default()
}

fn held_everywhere(cluster: &Cluster) -> Result<String> {
    let dirs = cluster.journal_dirs();
    wait_until("a finished segment on all nodes", FOLLOW_LIMIT, || {
        let others = [dirs[1].files()?, dirs[2].files()?];
        let here = dirs[0].finalized()?;
        let names = here.iter().rev().filter_map(|segment| segment.path.file_name());
        let mut names = names.map(|name| name.to_string_lossy().into_owned());
        Ok(names.find(|name| others.iter().all(|files| files.contains(name))))
    })
}
