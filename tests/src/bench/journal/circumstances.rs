use std::fs;
use std::path::Path;
use std::thread;

use anyhow::Result;

use super::{Awake, Extent};

/// Of the scheduling policies, by number.
const POLICIES: [&str; 7] = ["other", "fifo", "rr", "batch", "", "idle", "deadline"];

/// Under which conditions a run was made: what a reader needs to repeat it.
pub fn circumstances(root: &Path, awake: &Awake, extent: &Extent) -> Result<Vec<String>> {
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let cores = thread::available_parallelism()?;
    Ok(vec![
        format!("Linux {}, {cores} cores, {}", kernel.trim(), file_system(root)?),
        awake.describe(),
        format!("scheduled as {}, both servers alike", policy()?),
        format!("{} rounds, {} of what is once for a process", extent.rounds, extent.starts),
        format!(
            "the long segment has {} MiB, the full directory {} segments",
            extent.long_segment_bytes >> 20,
            extent.segments
        ),
        "servers are compared through the same client, the quorum client in Rust; lines \"by \
         IPCLoggerChannel\" and \"by QuorumJournalManager\" through Hadoop's own, in one JVM"
            .to_owned(),
        "Java runs with its own choice of heap and collector, warmed up until two windows agree"
            .to_owned(),
        "noise: the most by which ours and ours once more differ, or by which anybody's median may \
         be off (95 % by rank)"
            .to_owned(),
    ])
}

/// Type and mount options of what holds a folder.
fn file_system(folder: &Path) -> Result<String> {
    let mounts = fs::read_to_string("/proc/self/mounts")?;
    let holding = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let at = words.next()?;
        folder.starts_with(at).then(|| (at.len(), words.take(2).collect::<Vec<_>>().join(" ")))
    });
    // The last of those mounted at the same place lies on top.
    Ok(holding.max_by_key(|(depth, _)| *depth).map(|(_, named)| named).unwrap_or_default())
}

/// Servers inherit this process's.
fn policy() -> Result<&'static str> {
    /// Counted from behind the name, which may hold anything.
    const FIELD: usize = 38;
    let stat = fs::read_to_string("/proc/self/stat")?;
    let number = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(FIELD));
    let policy = number.and_then(|number| POLICIES.get(number.parse::<usize>().ok()?));
    Ok(policy.copied().unwrap_or("unknown"))
}
