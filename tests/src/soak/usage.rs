use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use rustix::process::Pid;

/// What a process takes at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Resident memory, shared pages included.
    pub resident_kib: u64,
    /// Its part of all memory: shared pages are divided among those who share them.
    pub proportional_kib: u64,
    /// Open file descriptors.
    pub descriptors: u64,
    /// Threads.
    pub threads: u64,
}

impl Usage {
    /// Of that process, now.
    pub fn of(process: Pid) -> Result<Self> {
        let folder = PathBuf::from("/proc").join(process.as_raw_nonzero().to_string());
        let status = fs::read_to_string(folder.join("status"))?;
        let rollup = fs::read_to_string(folder.join("smaps_rollup"))?;
        Ok(Self {
            resident_kib: number(&status, "VmRSS:")?,
            proportional_kib: number(&rollup, "Pss:")?,
            descriptors: fs::read_dir(folder.join("fd"))?.count().try_into()?,
            threads: number(&status, "Threads:")?,
        })
    }
}

fn number(text: &str, key: &str) -> Result<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    let word = line.and_then(|line| line.split_whitespace().next());
    Ok(word.with_context(|| format!("no {key}"))?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_and_a_file_are_counted() {
        let before = Usage::of(rustix::process::getpid()).unwrap();
        assert!(before.resident_kib >= before.proportional_kib && before.proportional_kib > 0);
        let files: Vec<_> = (0..50).map(|_| fs::File::open("/dev/null").unwrap()).collect();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::spawn(move || ended.recv());
        let now = Usage::of(rustix::process::getpid()).unwrap();
        // Other tests run in this process.
        assert!(now.descriptors >= before.descriptors + 25, "{before:?} {now:?}");
        assert!(now.threads >= 2);
        drop((files, end));
        assert!(thread.join().unwrap().is_err());
    }
}
