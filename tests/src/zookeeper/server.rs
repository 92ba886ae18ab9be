use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddrV4;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use super::{Authority, four_letter_word};
use crate::hadoop::{java, write_log4j};
use crate::process::{Daemon, Launcher, PortLease};

const MAIN_CLASS: &str = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
/// How long a server may take until it serves.
const START_LIMIT: Duration = Duration::from_secs(60);
/// ZooKeeper's unit of time: sessions may be as short as two of it, and expire on a multiple.
pub const TICK: Duration = Duration::from_millis(200);

/// A ZooKeeper server: its ports and directory, and its process while it runs.
#[derive(Debug)]
pub struct ZooKeeperServer {
    name: String,
    root: PathBuf,
    client: PortLease,
    daemon: Option<Daemon>,
    config: String,
    secure: Option<PortLease>,
}

impl ZooKeeperServer {
    /// A server that is an ensemble by itself and keeps everything under `root`; not started.
    pub fn new(name: &str, root: &Path) -> Result<Self> {
        let client = PortLease::take()?;
        Ok(Self {
            name: name.into(),
            root: root.join(name),
            client,
            daemon: None,
            config: String::new(),
            secure: None,
        })
    }

    /// A server with another port that takes TLS only, from those whose certificate it trusts.
    pub fn with_tls(root: &Path, authority: &Authority) -> Result<Self> {
        let mut server = Self::new("zookeeper", root)?;
        let secure = PortLease::take()?;
        let (identity, trusted) = (authority.issue("zookeeper")?, authority.certificate());
        server.config = format!(
            "secureClientPort={}\nsecureClientPortAddress=127.0.0.1\n\
             serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory\n\
             ssl.keyStore.location={}\nssl.trustStore.location={}\n",
            secure.port(),
            identity.display(),
            trusted.display()
        );
        server.secure = Some(secure);
        Ok(server)
    }

    /// A member of an ensemble: `id` is its number, `members` the lines that name all of them.
    pub(super) fn member(id: usize, root: &Path, members: &str, is_observer: bool) -> Result<Self> {
        let mut server = Self::new(&format!("zookeeper{id}"), root)?;
        server.config.push_str(members);
        if is_observer {
            server.config.push_str("peerType=observer\n");
        }
        fs::create_dir_all(server.data_dir())?;
        fs::write(server.data_dir().join("myid"), id.to_string())?;
        Ok(server)
    }

    /// Starts it and waits until it serves.
    pub fn start(&mut self) -> Result<()> {
        self.spawn()?;
        self.await_serving()
    }

    /// Starts it and does not wait: a member serves when a majority runs.
    pub(super) fn spawn(&mut self) -> Result<()> {
        let conf_dir = self.root.join("conf");
        fs::create_dir_all(&conf_dir)?;
        fs::create_dir_all(self.data_dir())?;
        write_log4j(&conf_dir)?;
        let file = conf_dir.join("zoo.cfg");
        fs::write(&file, self.zoo_cfg()?)?;
        let mut command = java(&Launcher::here(), &conf_dir, MAIN_CLASS)?;
        command.arg(&file);
        let log = self.root.join("server.log");
        self.daemon = Some(Daemon::spawn(&self.name, command, &log)?);
        Ok(())
    }

    pub(super) fn await_serving(&mut self) -> Result<()> {
        let address = self.address();
        self.running()?.await_ready("serving", START_LIMIT, || Ok(Some(mode(address)?)))?;
        Ok(())
    }

    fn zoo_cfg(&self) -> Result<String> {
        let mut text = self.config.clone();
        let tick = TICK.as_millis();
        writeln!(text, "tickTime={tick}\ninitLimit=50\nsyncLimit=10\nmaxSessionTimeout=60000")?;
        writeln!(text, "dataDir={}\nadmin.enableServer=false", self.data_dir().display())?;
        writeln!(text, "clientPort={}\nclientPortAddress=127.0.0.1", self.client.port())?;
        writeln!(text, "4lw.commands.whitelist=*")?;
        Ok(text)
    }

    /// Where clients connect.
    pub fn address(&self) -> SocketAddrV4 {
        self.client.address()
    }

    /// Where clients connect with TLS.
    pub fn secure_address(&self) -> Result<SocketAddrV4> {
        Ok(self.secure.as_ref().context("the server has TLS")?.address())
    }

    /// `leader`, `follower`, `observer` or `standalone`.
    pub fn mode(&self) -> Result<String> {
        mode(self.address())
    }

    /// SIGKILL, and waits until the process is gone.
    pub fn kill(&mut self) -> Result<()> {
        self.daemon.take().with_context(|| format!("{} runs", self.name))?.kill()
    }

    /// SIGSTOP: it holds its connections and says nothing.
    pub fn pause(&mut self) -> Result<()> {
        self.running()?.signal(Signal::STOP)
    }

    /// SIGCONT.
    pub fn resume(&mut self) -> Result<()> {
        self.running()?.signal(Signal::CONT)
    }

    /// Whether its process was started and not killed.
    pub fn is_started(&self) -> bool {
        self.daemon.is_some()
    }

    fn running(&mut self) -> Result<&mut Daemon> {
        self.daemon.as_mut().with_context(|| format!("{} runs", self.name))
    }

    fn data_dir(&self) -> PathBuf {
        self.root.join("data")
    }
}

fn mode(address: SocketAddrV4) -> Result<String> {
    let answer = four_letter_word(address, "srvr")?;
    match answer.lines().find_map(|line| line.strip_prefix("Mode: ")) {
        Some(mode) => Ok(mode.to_owned()),
        None => bail!("{address} does not serve yet: {answer:?}"),
    }
}
