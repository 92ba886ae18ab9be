use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

use crate::lab::Lab;
use crate::process::{start_time, wait_until};

const END_LIMIT: Duration = Duration::from_secs(20);

/// The process that a cluster belongs to, as noted in the cluster's folder: `pid start-time`.
#[derive(Debug)]
pub struct Owner {
    folder: PathBuf,
}

impl Owner {
    /// The owner of the cluster in this folder, if there is one.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Notes who it is.
    pub fn note(&self, pid: Pid) -> Result<()> {
        let started = start_time(pid).context("the owner of the cluster is not running")?;
        let note = format!("{} {started}", pid.as_raw_nonzero());
        fs::write(self.file(), note).with_context(|| format!("write {}", self.file().display()))
    }

    /// Its process id, if it runs. A process that merely got the same number is not it.
    pub fn running(&self) -> Option<Pid> {
        let note = fs::read_to_string(self.file()).ok()?;
        let (pid, started) = note.split_once(' ')?;
        let pid = Pid::from_raw(pid.parse().ok()?)?;
        (start_time(pid)? == started).then_some(pid)
    }

    /// Ends it, and with it every process of the cluster; removes the namespaces and the folder.
    pub fn stop(&self) -> Result<()> {
        self.end()?;
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)
                .with_context(|| format!("remove {}", self.folder.display()))?;
        }
        Ok(())
    }

    /// The same, but the folder stays, with its logs.
    pub fn end(&self) -> Result<()> {
        if let Some(pid) = self.running() {
            // Its daemons asked the kernel to end with it.
            kill_process(pid, Signal::KILL).context("end the owner of the cluster")?;
            wait_until("the owner of the cluster to end", END_LIMIT, || {
                Ok(self.running().is_none().then_some(()))
            })?;
        }
        Lab::remove_left_overs()
    }

    fn file(&self) -> PathBuf {
        self.folder.join("owner")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_process_with_the_same_number_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let owner = Owner::of(folder.path());
        assert_eq!(owner.running(), None);
        let own = rustix::process::getpid();
        owner.note(own).unwrap();
        assert_eq!(owner.running(), Some(own));
        fs::write(owner.file(), format!("{} 1", own.as_raw_nonzero())).unwrap();
        assert_eq!(owner.running(), None);
    }
}
