use std::net::SocketAddrV4;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::{Site, java, jmx_bean};
use crate::process::{Daemon, Launcher, PortLease, run_to_end};

/// How long a NameNode may take until it answers for its HA state.
const START_LIMIT: Duration = Duration::from_secs(120);
/// How long `-format`, `-bootstrapStandby` and the like may take.
const COMMAND_LIMIT: Duration = Duration::from_secs(120);

/// A NameNode's ports and directories, and its process while it runs.
#[derive(Debug)]
pub struct NameNode {
    id: String,
    root: PathBuf,
    rpc: PortLease,
    http: PortLease,
    daemon: Option<Daemon>,
}

impl NameNode {
    /// Hadoop's class.
    pub const CLASS: &str = "org.apache.hadoop.hdfs.server.namenode.NameNode";

    /// A NameNode that keeps everything under `root`; not started.
    pub fn new(id: &str, root: &Path) -> Result<Self> {
        let (rpc, http) = (PortLease::take()?, PortLease::take()?);
        Ok(Self { id: id.into(), root: root.join(id), rpc, http, daemon: None })
    }

    /// Writes its site files: `shared` and its own id and directory.
    pub fn configure(&self, shared: &Site) -> Result<()> {
        let mut site = shared.clone();
        // Both NameNodes are on 127.0.0.1, so neither can tell by its address which one it is.
        site.set("dfs.ha.namenode.id", &self.id)
            .set("dfs.namenode.name.dir", self.name_dir().display())
            .set("hadoop.tmp.dir", self.root.join("tmp").display());
        site.write(&self.conf_dir())
    }

    /// Runs `hdfs namenode <args>` to its end, answering yes to what it asks.
    pub fn run(&self, args: &[&str]) -> Result<()> {
        let name = format!("{} {}", self.id, args.join(" "));
        let mut command = java(&Launcher::here(), &self.conf_dir(), Self::CLASS)?;
        command.args(args);
        run_to_end(&name, command, &self.log(), COMMAND_LIMIT)
    }

    /// Starts the daemon, with a start option such as `-upgrade` if any, without waiting.
    pub fn spawn(&mut self, args: &[&str]) -> Result<()> {
        let mut command = java(&Launcher::here(), &self.conf_dir(), Self::CLASS)?;
        command.args(args);
        self.daemon = Some(Daemon::spawn(&self.id, command, &self.log())?);
        Ok(())
    }

    /// Starts the daemon and waits until it answers for its state.
    pub fn start(&mut self, args: &[&str]) -> Result<()> {
        self.spawn(args)?;
        self.await_serving()
    }

    /// Waits until the daemon is standby or active.
    pub fn await_serving(&mut self) -> Result<()> {
        let http = self.http.address();
        let daemon = self.daemon.as_mut().context("not started")?;
        daemon.await_ready("serving", START_LIMIT, || {
            let state = state_at(http)?;
            Ok(matches!(state.as_str(), "standby" | "active").then_some(()))
        })
    }

    /// `active`, `standby`, …
    pub fn state(&self) -> Result<String> {
        state_at(self.http.address())
    }

    /// Last transaction written, if active, or applied, if standby.
    pub fn last_txid(&self) -> Result<u64> {
        let info = jmx_bean(self.http.address(), "Hadoop:service=NameNode,name=NameNodeInfo")?;
        let text = info["JournalTransactionInfo"].as_str().context("JournalTransactionInfo")?;
        let numbers: serde_json::Value = serde_json::from_str(text)?;
        let last =
            numbers["LastAppliedOrWrittenTxId"].as_str().context("LastAppliedOrWrittenTxId")?;
        Ok(last.parse()?)
    }

    /// SIGKILL.
    pub fn kill(&mut self) -> Result<()> {
        self.daemon.take().context("not running")?.kill()
    }

    /// SIGTERM, until it has ended.
    pub fn terminate(&mut self) -> Result<ExitStatus> {
        self.daemon.take().context("not running")?.terminate()
    }

    /// SIGSTOP or SIGCONT.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        self.daemon.as_ref().context("not running")?.signal(signal)
    }

    /// The running process.
    pub fn daemon(&mut self) -> Result<&mut Daemon> {
        self.daemon.as_mut().context("not running")
    }

    /// `nn1` or `nn2`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where clients and haadmin call.
    pub fn rpc_address(&self) -> SocketAddrV4 {
        self.rpc.address()
    }

    /// Where `/jmx` is served.
    pub fn http_address(&self) -> SocketAddrV4 {
        self.http.address()
    }

    /// This NameNode alone as a file system, active or not.
    pub fn uri(&self) -> String {
        format!("hdfs://{}", self.rpc_address())
    }

    /// Its images and local edits.
    pub fn name_dir(&self) -> PathBuf {
        self.root.join("name")
    }

    /// Its site files.
    pub fn conf_dir(&self) -> PathBuf {
        self.root.join("conf")
    }

    /// Its log file, all runs.
    pub fn log(&self) -> PathBuf {
        self.root.join(format!("{}.log", self.id))
    }
}

/// `active`, `standby`, … of the NameNode that serves HTTP there.
pub(crate) fn state_at(http: SocketAddrV4) -> Result<String> {
    let status = jmx_bean(http, "Hadoop:service=NameNode,name=NameNodeStatus")?;
    Ok(status["State"].as_str().context("State")?.to_owned())
}
