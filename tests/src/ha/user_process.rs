use std::collections::BTreeMap;
use std::net::SocketAddrV4;
use std::time::Duration;
use std::{fmt, fs};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal};

use super::UserHosts;
use crate::hadoop::{FailoverControllerKind, http_body};
use crate::process::{Daemon, wait_until};

/// How long an orderly end may take.
const END_LIMIT: Duration = Duration::from_secs(20);
pub(super) const JOURNALNODE_HTTP_PORT: u16 = 8480;

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

/// How a process was restarted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// Ended and started.
    Plain,
    /// Replaced by a process that goes on for it.
    Replaced,
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

    /// Ends it and starts it again, and does not wait. One that catches SIGUSR2 is replaced by a new
    /// process instead, as an upgrade does it: a JournalNode hands everything over, a controller leaves
    /// its lock to the next. Says which it was: a JournalNode may be unable to hand over, and goes on.
    pub fn restart(&mut self, name: &str, process: UserProcess) -> Result<Restart> {
        let catches = |daemon: &Daemon| daemon.catches(Signal::USR2);
        if self.is_running(name, process)? && catches(&self.daemons(process)[name])? {
            match self.replace(name, process) {
                Ok(()) => return Ok(Restart::Replaced),
                Err(error) => println!("{process} of {name} was not replaced: {error}"),
            }
        }
        self.end(name, process)?;
        self.start(name, process)?;
        Ok(Restart::Plain)
    }

    fn replace(&mut self, name: &str, process: UserProcess) -> Result<()> {
        let daemon = self.daemons(process).get_mut(name).context("not running")?;
        if process == UserProcess::JournalNode {
            daemon.be_replaced(END_LIMIT)?;
            let (file, pid) = (daemon.log().with_extension("pid"), daemon.pid());
            return Ok(fs::write(file, pid.as_raw_nonzero().to_string())?);
        }
        daemon.signal(Signal::USR2)?;
        daemon.await_exit(END_LIMIT)?;
        self.start(name, process)
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

    /// Whether a JournalNode is in step with its writer, or has none to be in step with.
    pub fn is_ready(&self, node: &str) -> Result<bool> {
        let host = self.lab.host(node)?;
        let address = SocketAddrV4::new(host.address().parse()?, JOURNALNODE_HTTP_PORT);
        Ok(host.inside(|| http_body(address, "/ready")).is_ok())
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
