//! `scripts/bench index`: how long the index takes to read 100,000 finished segments that it does
//! not know, while the journal is served, and how much it takes then.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use system_tests::bench::{IndexStatus, JournalWriter, LongLog};
use system_tests::hadoop::{JournalNode, JournalNodeKind, Site};
use system_tests::process::WorkDir;
use tokio::runtime::Runtime;

const SEGMENTS: u64 = 100_000;
const JOURNAL: &str = "long";
const LOG: LongLog = LongLog { txns_per_segment: 2, body_bytes: 0 };
const LIMIT: Duration = Duration::from_secs(600);
const POLL: Duration = Duration::from_millis(20);
/// What `st_blocks` counts, whatever the file system has.
const BLOCK_BYTES: u64 = 512;

fn main() -> Result<()> {
    let file = arguments()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    WorkDir::run("index-bench", |root| {
        let index = root.join("index");
        let mut node = prepare(&runtime, root, &index)?;
        let built = start(&runtime, &mut node)?;
        let opened = start(&runtime, &mut node)?;
        let bytes = size_bytes(&index)?;
        println!("index of {SEGMENTS} finished segments; from exec, in ms");
        println!("{:14}{:>14}{:>16}", "", "first answer", "index complete");
        for (name, Start { answered, complete }) in [("built", built), ("opened again", opened)] {
            println!("{name:14}{:>14.0}{:>16.0}", millis(answered), millis(complete));
        }
        println!("on disk: {:.1} MiB", bytes as f64 / f64::from(1 << 20));
        let Some(file) = &file else { return Ok(()) };
        let values = json!({
            "segments": SEGMENTS,
            "built_ms": millis(built.complete),
            "opened_ms": millis(opened.complete),
            "size_bytes": bytes,
        });
        fs::write(file, values.to_string()).with_context(|| format!("write {}", file.display()))
    });
    Ok(())
}

/// Times from exec.
#[derive(Clone, Copy)]
struct Start {
    answered: Duration,
    complete: Duration,
}

/// A node with finished segments, and no index of them.
fn prepare(runtime: &Runtime, root: &Path, index: &Path) -> Result<JournalNode> {
    let mut node = JournalNode::new("rust", JournalNodeKind::Rust, root)?;
    let mut site = Site::new();
    site.set("dfs.journalnode.index.dir", index.display());
    node.configure(&site)?;
    node.start()?;
    runtime.block_on(JournalWriter::new(&node, JOURNAL).format())?;
    node.terminate()?;
    LOG.fill(&node.journal_dir(JOURNAL).current(), SEGMENTS)?;
    fs::remove_dir_all(index)?;
    Ok(node)
}

/// Starts it, waits for its index, ends it.
fn start(runtime: &Runtime, node: &mut JournalNode) -> Result<Start> {
    let started = Instant::now();
    node.spawn()?;
    runtime.block_on(JournalWriter::await_first_answer(node, JOURNAL))?;
    let answered = started.elapsed();
    await_complete(node)?;
    let complete = started.elapsed();
    node.terminate()?;
    Ok(Start { answered, complete })
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn await_complete(node: &JournalNode) -> Result<()> {
    let deadline = Instant::now() + LIMIT;
    loop {
        let status = IndexStatus::of(node)?;
        if status.is_ready && status.segments == SEGMENTS {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "not complete within {LIMIT:?}: {status:?}");
        std::thread::sleep(POLL);
    }
}

/// What a directory takes, with everything in it.
fn size_bytes(directory: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(directory).with_context(|| directory.display().to_string())? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        sum += metadata.blocks() * BLOCK_BYTES;
        if metadata.is_dir() {
            sum += size_bytes(&entry.path())?;
        }
    }
    Ok(sum)
}

/// `[--json FILE]`
fn arguments() -> Result<Option<PathBuf>> {
    match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => Ok(None),
        [option, file] if option == "--json" => Ok(Some(file.into())),
        _ => bail!("usage: scripts/bench index [--json FILE]"),
    }
}
