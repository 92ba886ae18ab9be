use std::fmt;
use std::net::{SocketAddrV4, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use anyhow::{Context, Result};

use super::{Jvm, Site, java_on};
use crate::inspect::JournalDir;
use crate::process::{Daemon, Launcher, PortLease, built_binary};

/// How long a JournalNode may take until it serves RPC and HTTP.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Whose JournalNode it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalNodeKind {
    /// Hadoop's.
    Java,
    /// Ours: the binary `journalnode`.
    Rust,
}

impl JournalNodeKind {
    const CLASS: &str = "org.apache.hadoop.hdfs.qjournal.server.JournalNode";

    /// The command that runs a JournalNode with the site files of `conf_dir`.
    pub fn command(self, launcher: &Launcher, conf_dir: &Path) -> Result<Command> {
        self.command_on(Jvm::Quick, launcher, conf_dir)
    }

    fn command_on(self, jvm: Jvm, launcher: &Launcher, conf_dir: &Path) -> Result<Command> {
        match self {
            Self::Java => java_on(jvm, launcher, conf_dir, Self::CLASS),
            Self::Rust => {
                let mut command = launcher.command(built_binary("journalnode")?);
                command.arg("--config").arg(conf_dir);
                Ok(command)
            }
        }
    }
}

impl fmt::Display for JournalNodeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Java => "java",
            Self::Rust => "rust",
        })
    }
}

/// A JournalNode's ports and directories, and its process while it runs. The kind may change between runs.
#[derive(Debug)]
pub struct JournalNode {
    name: String,
    kind: JournalNodeKind,
    root: PathBuf,
    rpc: PortLease,
    http: PortLease,
    inspect: PortLease,
    daemon: Option<Daemon>,
    launcher: Launcher,
    jvm: Jvm,
}

impl JournalNode {
    /// A JournalNode that keeps everything under `root`; not started.
    pub fn new(name: &str, kind: JournalNodeKind, root: &Path) -> Result<Self> {
        let (rpc, http, inspect) = (PortLease::take()?, PortLease::take()?, PortLease::take()?);
        Ok(Self {
            name: name.into(),
            kind,
            root: root.join(name),
            rpc,
            http,
            inspect,
            daemon: None,
            launcher: Launcher::here(),
            jvm: Jvm::Quick,
        })
    }

    /// Writes its site files: `shared` and its own addresses and directory.
    pub fn configure(&self, shared: &Site) -> Result<()> {
        let mut site = shared.clone();
        site.set("dfs.journalnode.rpc-address", self.rpc.address())
            .set("dfs.journalnode.http-address", self.http.address())
            .set("dfs.journalnode.inspect-address", self.inspect.address())
            .set("dfs.journalnode.edits.dir", self.root.join("edits").display())
            .set("hadoop.tmp.dir", self.root.join("tmp").display());
        site.write(&self.conf_dir())
    }

    /// Starts the process and waits until both ports serve.
    pub fn start(&mut self) -> Result<()> {
        self.spawn()?;
        self.await_serving()
    }

    /// Starts the process without waiting.
    pub fn spawn(&mut self) -> Result<()> {
        let command = self.kind.command_on(self.jvm, &self.launcher, &self.conf_dir())?;
        let log = self.root.join(format!("{}-{}.log", self.name, self.kind));
        self.daemon = Some(Daemon::spawn(&self.name, command, &log)?);
        Ok(())
    }

    /// Waits until both ports serve.
    pub fn await_serving(&mut self) -> Result<()> {
        let (rpc, http) = (self.rpc.address(), self.http.address());
        let daemon = self.daemon.as_mut().context("not started")?;
        daemon.await_ready("serving", START_LIMIT, || {
            TcpStream::connect(rpc)?;
            Ok(Some(TcpStream::connect(http)?))
        })?;
        Ok(())
    }

    /// SIGKILL.
    pub fn kill(&mut self) -> Result<()> {
        self.daemon.take().context("not running")?.kill()
    }

    /// SIGTERM, until it has ended.
    pub fn terminate(&mut self) -> Result<ExitStatus> {
        self.daemon.take().context("not running")?.terminate()
    }

    /// Has a node of ours hand over to a new process; what it says of it.
    pub fn hand_over(&mut self) -> Result<String> {
        let daemon = self.daemon.as_mut().context("not running")?;
        daemon.be_replaced(START_LIMIT)
    }

    /// How the next start is launched.
    pub fn launch_through(&mut self, launcher: Launcher) {
        self.launcher = launcher;
    }

    /// On which JVM the next start of Java's runs.
    pub fn run_on(&mut self, jvm: Jvm) {
        self.jvm = jvm;
    }

    /// What the next start runs.
    pub fn become_kind(&mut self, kind: JournalNodeKind) {
        self.kind = kind;
    }

    /// What the last start ran.
    pub fn kind(&self) -> JournalNodeKind {
        self.kind
    }

    /// `jn1`, `jn2`, …
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The running process.
    pub fn daemon(&mut self) -> Result<&mut Daemon> {
        self.daemon.as_mut().context("not running")
    }

    /// Where QJournalProtocol is served.
    pub fn rpc_address(&self) -> SocketAddrV4 {
        self.rpc.address()
    }

    /// Where `/getJournal` and `/jmx` are served.
    pub fn http_address(&self) -> SocketAddrV4 {
        self.http.address()
    }

    /// Where a node of ours may be inspected; Java's has nothing there.
    pub fn inspect_address(&self) -> SocketAddrV4 {
        self.inspect.address()
    }

    /// The directory of one journal.
    pub fn journal_dir(&self, journal: &str) -> JournalDir {
        JournalDir::at(self.root.join("edits").join(journal))
    }

    fn conf_dir(&self) -> PathBuf {
        self.root.join("conf")
    }
}
