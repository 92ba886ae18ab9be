use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Outcome, replica};

/// Keeps what a failed run left, under `failures/<seed>/` of `target`: its trace, the disks of
/// its nodes, and how to run it again. Gives the directory.
pub fn keep_failure(target: &Path, outcome: &Outcome) -> io::Result<PathBuf> {
    let directory = target.join("failures").join(outcome.seed.to_string());
    fs::create_dir_all(&directory)?;
    let violations: Vec<String> = outcome.violations.iter().map(ToString::to_string).collect();
    let replay = format!("make sim SEED={}", outcome.seed);
    let readme = format!("{}\n\nAgain: {replay}\n", violations.join("\n"));
    fs::write(directory.join("violations.txt"), readme)?;
    fs::write(directory.join("trace.txt"), outcome.trace.join("\n"))?;
    for (index, disk) in outcome.disks.iter().enumerate() {
        let root = directory.join(format!("jn{}", index + 1));
        for (path, bytes) in replica::files(disk) {
            let path = root.join(path.trim_start_matches('/'));
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, bytes)?;
        }
    }
    Ok(directory)
}
