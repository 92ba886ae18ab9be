use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::process::wait_until;

const STOP_LIMIT: Duration = Duration::from_secs(20);

/// The processes that `--keep` left running, listed in a file: one `pid start-time name` a line.
#[derive(Debug)]
pub struct Kept {
    file: PathBuf,
}

impl Kept {
    /// The list in this folder.
    pub fn at(folder: &Path) -> Self {
        Self { file: folder.join("processes") }
    }

    /// Writes the list.
    pub fn note(&self, processes: &[(Pid, String)]) -> Result<()> {
        let mut text = String::new();
        for (pid, name) in processes {
            let started = start_time(*pid).with_context(|| format!("{name} is not running"))?;
            text += &format!("{} {started} {name}\n", pid.as_raw_nonzero());
        }
        fs::write(&self.file, text).with_context(|| format!("write {}", self.file.display()))
    }

    /// Ends what the list names and still runs; returns the names. A process that merely got
    /// one of the numbers is left alone.
    pub fn stop(&self) -> Result<Vec<String>> {
        let mut stopped = Vec::new();
        for line in fs::read_to_string(&self.file).unwrap_or_default().lines() {
            let mut words = line.splitn(3, ' ');
            let (Some(pid), Some(started), Some(name)) = (words.next(), words.next(), words.next())
            else {
                continue;
            };
            let Some(pid) = pid.parse().ok().and_then(Pid::from_raw) else { continue };
            if start_time(pid).as_deref() != Some(started) {
                continue;
            }
            kill_process_group(pid, Signal::TERM)?;
            let gone = || Ok((start_time(pid).as_deref() != Some(started)).then_some(()));
            if wait_until(name, STOP_LIMIT, gone).is_err() {
                kill_process_group(pid, Signal::KILL)?;
            }
            stopped.push(name.to_owned());
        }
        let _ = fs::remove_file(&self.file);
        Ok(stopped)
    }
}

/// When the process started, in clock ticks since boot; `None` if there is none, or only a
/// zombie.
fn start_time(pid: Pid) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    // The name in parentheses may hold anything; the state and the numbers come after it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    (state != "Z").then(|| fields.nth(18).map(str::to_owned)).flatten()
}
