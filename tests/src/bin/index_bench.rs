//! `scripts/bench index`: how long the index takes to read 100,000 finished segments that it does
//! not know, while the journal is served, and how much it takes then.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use system_tests::bench::{IndexStatus, JournalWriter, LongLog};
use system_tests::hadoop::{JournalNode, JournalNodeKind, Site};
use system_tests::process::WorkDir;

const SEGMENTS: u64 = 100_000;
const JOURNAL: &str = "long";
const LOG: LongLog = LongLog { txns_per_segment: 2, body_bytes: 0 };
const LIMIT: Duration = Duration::from_secs(600);
const POLL: Duration = Duration::from_millis(20);
/// What `st_blocks` counts, whatever the file system has.
const BLOCK_BYTES: u64 = 512;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    WorkDir::run("index-bench", |root| {
        let index = root.join("index");
        let mut node = JournalNode::new("rust", JournalNodeKind::Rust, root)?;
        let mut site = Site::new();
        site.set("dfs.journalnode.index.dir", index.display());
        node.configure(&site)?;
        node.start()?;
        runtime.block_on(JournalWriter::new(&node, JOURNAL).format())?;
        node.terminate()?;
        LOG.fill(&node.journal_dir(JOURNAL).current(), SEGMENTS)?;
        fs::remove_dir_all(&index)?;

        for what in ["built anew", "opened again"] {
            let started = Instant::now();
            node.spawn()?;
            runtime.block_on(JournalWriter::await_first_answer(&node, JOURNAL))?;
            let answered = started.elapsed();
            await_complete(&node)?;
            println!(
                "{what}: first answer after {:.0} ms, index of {SEGMENTS} segments complete after {:.0} ms",
                answered.as_secs_f64() * 1e3,
                started.elapsed().as_secs_f64() * 1e3,
            );
            node.terminate()?;
        }
        println!("on disk: {:.1} MiB", size_bytes(&index)? as f64 / f64::from(1 << 20));
        Ok(())
    });
    Ok(())
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
