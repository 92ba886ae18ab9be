use std::fmt;
use std::fs;
use std::net::{SocketAddrV4, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::{Site, java};
use crate::process::{Daemon, Launcher, PortLease, built_binary};

/// How long a controller may take until it serves: it first waits for ZooKeeper.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How long `-formatZK` may take.
const COMMAND_LIMIT: Duration = Duration::from_secs(60);

/// Whose failover controller it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailoverControllerKind {
    /// Hadoop's.
    Java,
    /// Ours: the binary `zkfc-rs`.
    Rust,
}

impl FailoverControllerKind {
    const CLASS: &str = "org.apache.hadoop.hdfs.tools.DFSZKFailoverController";

    /// The command that runs a controller with the site files of `conf_dir`.
    pub fn command(self, launcher: &Launcher, conf_dir: &Path) -> Result<Command> {
        match self {
            Self::Java => java(launcher, conf_dir, Self::CLASS),
            Self::Rust => {
                let mut command = launcher.command(built_binary("zkfc-rs")?);
                command.arg("--config").arg(conf_dir);
                Ok(command)
            }
        }
    }
}

impl fmt::Display for FailoverControllerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Java => "java",
            Self::Rust => "rust",
        })
    }
}

/// A failover controller's port and site files, and its process while it runs. The kind may
/// change between runs.
#[derive(Debug)]
pub struct FailoverController {
    namenode: String,
    kind: FailoverControllerKind,
    root: PathBuf,
    rpc: PortLease,
    daemon: Option<Daemon>,
}

impl FailoverController {
    /// The controller of a NameNode; it keeps everything under `root`. Not started.
    pub fn new(namenode: &str, kind: FailoverControllerKind, root: &Path) -> Result<Self> {
        let root = root.join(format!("zkfc-{namenode}"));
        let rpc = PortLease::take()?;
        Ok(Self { namenode: namenode.into(), kind, root, rpc, daemon: None })
    }

    /// Writes its site files: `shared` and which NameNode is its own.
    pub fn configure(&self, shared: &Site) -> Result<()> {
        let mut site = shared.clone();
        site.set("dfs.ha.namenode.id", &self.namenode)
            .set("hadoop.tmp.dir", self.root.join("tmp").display());
        site.write(&self.conf_dir())
    }

    /// Runs it with arguments, such as `-formatZK`, to its end.
    pub fn run(&self, arguments: &[&str]) -> Result<ExitStatus> {
        let mut command = self.kind.command(&Launcher::here(), &self.conf_dir())?;
        command.args(arguments);
        Daemon::spawn(&self.name(), command, &self.log())?.await_exit(COMMAND_LIMIT)
    }

    /// Starts the daemon without waiting.
    pub fn spawn(&mut self) -> Result<()> {
        let command = self.kind.command(&Launcher::here(), &self.conf_dir())?;
        self.daemon = Some(Daemon::spawn(&self.name(), command, &self.log())?);
        Ok(())
    }

    /// Starts the daemon and waits until it serves.
    pub fn start(&mut self) -> Result<()> {
        self.spawn()?;
        self.await_serving()
    }

    /// Waits until its port is open.
    pub fn await_serving(&mut self) -> Result<()> {
        let rpc = self.rpc.address();
        self.daemon()?
            .await_ready("serving", START_LIMIT, || Ok(Some(TcpStream::connect(rpc)?)))?;
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

    /// SIGSTOP or SIGCONT.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        self.daemon.as_ref().context("not running")?.signal(signal)
    }

    /// The running process.
    pub fn daemon(&mut self) -> Result<&mut Daemon> {
        self.daemon.as_mut().context("not running")
    }

    /// Whether it was started and not killed.
    pub fn is_started(&self) -> bool {
        self.daemon.is_some()
    }

    /// What the next start runs.
    pub fn become_kind(&mut self, kind: FailoverControllerKind) {
        self.kind = kind;
    }

    /// What the last start ran.
    pub fn kind(&self) -> FailoverControllerKind {
        self.kind
    }

    /// Where ZKFCProtocol is served.
    pub fn rpc_address(&self) -> SocketAddrV4 {
        self.rpc.address()
    }

    /// What it has logged, all runs of this kind.
    pub fn logged(&self) -> Result<String> {
        let log = self.log();
        fs::read_to_string(&log).with_context(|| format!("read {}", log.display()))
    }

    /// Its log file.
    pub fn log(&self) -> PathBuf {
        self.root.join(format!("zkfc-{}-{}.log", self.namenode, self.kind))
    }

    /// Its site files.
    pub fn conf_dir(&self) -> PathBuf {
        self.root.join("conf")
    }

    fn name(&self) -> String {
        format!("zkfc-{}", self.namenode)
    }
}
