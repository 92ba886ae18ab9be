use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal};

use super::UserHosts;
use crate::hadoop::FailoverControllerKind;
use crate::process::{Daemon, wait_until};

/// How long an orderly end may take.
const END_LIMIT: Duration = Duration::from_secs(20);

/// A process of a user's cluster that can be ended and started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserProcess {
    /// Ours, on node1 to node3.
    JournalNode,
    /// Hadoop's, on nn01 and nn02.
    NameNode,
    /// Ours, beside each NameNode.
    Controller,
}

impl fmt::Display for UserProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::JournalNode => "journalnode",
            Self::NameNode => "namenode",
            Self::Controller => "zkfc-rs",
        })
    }
}

impl UserHosts {
    /// Whether the process runs; frozen is running.
    pub fn is_running(&mut self, name: &str, process: UserProcess) -> Result<bool> {
        let daemon = self.daemons(process).get_mut(name);
        daemon.map_or(Ok(false), |daemon| Ok(daemon.exited()?.is_none()))
    }

    /// Starts it and does not wait.
    pub fn start(&mut self, name: &str, process: UserProcess) -> Result<()> {
        match process {
            UserProcess::JournalNode => self.start_journalnode(name),
            UserProcess::NameNode => self.start_namenode(name),
            UserProcess::Controller => self.start_controller(name, FailoverControllerKind::Rust),
        }
    }

    /// kill -9, if it runs.
    pub fn kill(&mut self, name: &str, process: UserProcess) -> Result<()> {
        if self.is_running(name, process)? {
            self.daemons(process).remove(name).context("not running")?.kill()?;
        }
        Ok(())
    }

    /// SIGTERM, and waits until it has ended.
    pub fn end(&mut self, name: &str, process: UserProcess) -> Result<()> {
        if !self.is_running(name, process)? {
            return Ok(());
        }
        let mut daemon = self.daemons(process).remove(name).context("not running")?;
        daemon.signal(Signal::TERM)?;
        daemon.await_exit(END_LIMIT).map(drop)
    }

    /// Sends a signal, if it runs.
    pub fn signal(&mut self, name: &str, process: UserProcess, signal: Signal) -> Result<()> {
        match self.is_running(name, process)? {
            true => self.daemons(process)[name].signal(signal),
            false => Ok(()),
        }
    }

    /// Its process id, if it runs.
    pub fn pid(&mut self, name: &str, process: UserProcess) -> Result<Option<Pid>> {
        let running = self.is_running(name, process)?;
        Ok(running.then(|| self.daemons(process)[name].pid()))
    }

    /// Waits until a JournalNode listens, asked from its own host: others may be cut off.
    pub fn await_listening(&self, node: &str) -> Result<()> {
        let launcher = self.lab.host(node)?.launcher();
        wait_until(&format!("{node} to listen"), END_LIMIT, || {
            let asked = launcher.command("nc").args(["-z", node, "8485"]).status()?;
            Ok(asked.success().then_some(()))
        })
    }

    fn daemons(&mut self, process: UserProcess) -> &mut BTreeMap<String, Daemon> {
        match process {
            UserProcess::JournalNode => &mut self.journalnodes,
            UserProcess::NameNode => &mut self.namenodes,
            UserProcess::Controller => &mut self.controllers,
        }
    }
}
