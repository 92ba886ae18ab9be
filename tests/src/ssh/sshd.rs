use std::fs::{self, Permissions};
use std::io::Read;
use std::net::{SocketAddrV4, TcpStream};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::{KeyKind, KeyPair};
use crate::process::{Daemon, Launcher, PortLease};

/// Where Debian has it; it insists on being called by its whole path.
const SSHD: &str = "/usr/sbin/sshd";
/// Where a root's sshd separates its privileges.
const PRIVILEGE_SEPARATION: &str = "/run/sshd";
/// Hadoop's JSch knows no Ed25519 host keys, hence two.
const HOST_KEYS: [(&str, KeyKind); 2] =
    [("host_key", KeyKind::Ed25519), ("host_key_ecdsa", KeyKind::EcdsaPem)];
/// Where programs are.
const PATH: [&str; 4] = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];
const LOG: &str = "sshd.log";
const START_LIMIT: Duration = Duration::from_secs(20);
const BANNER_LIMIT: Duration = Duration::from_secs(5);

/// An sshd with its own port, host keys and accepted keys; killed when dropped.
#[derive(Debug)]
pub struct Sshd {
    daemon: Option<Daemon>,
    dir: PathBuf,
    port: u16,
    lease: Option<PortLease>,
}

impl Sshd {
    /// On a loopback port of its own; lets `accepted` in as the user that runs the test.
    pub fn start(dir: &Path, accepted: &[&KeyPair]) -> Result<Self> {
        Self::with_setting(dir, accepted, "")
    }

    /// Every command goes through `script` instead, which finds it in SSH_ORIGINAL_COMMAND.
    pub fn forcing(dir: &Path, accepted: &[&KeyPair], script: &str) -> Result<Self> {
        let path = dir.join("forced");
        fs::write(&path, format!("#!/bin/bash\n{script}\n"))?;
        let all_may_run = Permissions::from_mode(0o755);
        fs::set_permissions(&path, all_may_run.clone())?;
        // Another user must get there, too.
        fs::set_permissions(dir, all_may_run)?;
        Self::with_setting(dir, accepted, &format!("ForceCommand {}", path.display()))
    }

    /// A login that knows no programs but `tools` and the shell.
    pub fn with_only(dir: &Path, accepted: &[&KeyPair], tools: &[&str]) -> Result<Self> {
        let bin = dir.join("bin");
        fs::create_dir(&bin)?;
        for tool in tools.iter().chain(&["sh"]) {
            symlink(path_of(tool)?, bin.join(tool))?;
        }
        // Set again for the whole line: the commands themselves add the folders of administrators.
        let script = format!(
            "PATH={0}; export PATH; exec {0}/sh -c \"$SSH_ORIGINAL_COMMAND\"",
            bin.display()
        );
        Self::forcing(dir, accepted, &script)
    }

    /// With one more line of sshd_config.
    pub fn with_setting(dir: &Path, accepted: &[&KeyPair], setting: &str) -> Result<Self> {
        let lease = PortLease::take()?;
        configure(dir, &lease.address().to_string(), accepted, setting)?;
        let port = lease.port();
        let mut sshd = Self { daemon: None, dir: dir.to_owned(), port, lease: Some(lease) };
        sshd.run()?;
        Ok(sshd)
    }

    /// On port 22 of a lab host; does not wait.
    pub fn on_host(launcher: &Launcher, dir: &Path, accepted: &[&KeyPair]) -> Result<Self> {
        configure(dir, "0.0.0.0:22", accepted, "")?;
        let daemon = Some(spawn(launcher, dir)?);
        Ok(Self { daemon, dir: dir.to_owned(), port: 22, lease: None })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How often a key was let in.
    pub fn logins(&self) -> Result<usize> {
        let log = fs::read_to_string(self.dir.join(LOG))?;
        Ok(log.lines().filter(|line| line.starts_with("Accepted publickey")).count())
    }

    /// Other host keys on the same port.
    pub fn restart_with_new_host_keys(&mut self) -> Result<()> {
        self.daemon = None;
        for (name, kind) in HOST_KEYS {
            fs::remove_file(self.dir.join(name))?;
            KeyPair::generate(&self.dir, name, kind)?;
        }
        self.run()
    }

    /// The first public host key as a line of a known_hosts file.
    pub fn known_hosts_line(&self) -> Result<String> {
        let public = KeyPair::at(self.dir.join(HOST_KEYS[0].0)).public()?;
        Ok(format!("[127.0.0.1]:{} {public}", self.port))
    }

    fn run(&mut self) -> Result<()> {
        let address = self.lease.as_ref().context("a lab host's sshd is not started again")?;
        let address = address.address();
        let daemon = self.daemon.insert(spawn(&Launcher::here(), &self.dir)?);
        daemon.await_ready("banner", START_LIMIT, || banner(address).map(Some))
    }
}

fn configure(dir: &Path, listen: &str, accepted: &[&KeyPair], setting: &str) -> Result<()> {
    ensure!(Path::new(SSHD).exists(), "{SSHD} is missing: run scripts/prepare");
    if rustix::process::geteuid().is_root() {
        fs::create_dir_all(PRIVILEGE_SEPARATION)?;
    }
    fs::create_dir_all(dir)?;
    let keys: Vec<String> = accepted.iter().map(|key| key.public()).collect::<Result<_>>()?;
    fs::write(dir.join("authorized_keys"), keys.concat())?;
    for (name, kind) in HOST_KEYS {
        if !dir.join(name).exists() {
            KeyPair::generate(dir, name, kind)?;
        }
    }
    let host_keys =
        HOST_KEYS.map(|(name, _)| format!("HostKey {}\n", dir.join(name).display())).concat();
    let config = format!(
        "ListenAddress {listen}\n{host_keys}AuthorizedKeysFile {}/authorized_keys\nPidFile none\n\
         StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n\
         MaxStartups 100\n{setting}\n",
        dir.display()
    );
    Ok(fs::write(dir.join("sshd_config"), config)?)
}

fn spawn(launcher: &Launcher, dir: &Path) -> Result<Daemon> {
    let mut command = launcher.command(SSHD);
    command.args(["-D", "-e", "-f"]).arg(dir.join("sshd_config"));
    Daemon::spawn("sshd", command, &dir.join(LOG))
}

fn path_of(tool: &str) -> Result<PathBuf> {
    let places = PATH.iter().map(|dir| Path::new(dir).join(tool));
    let found = places.into_iter().find(|path| path.exists());
    found.with_context(|| format!("{tool} is missing: run scripts/prepare"))
}

fn banner(address: SocketAddrV4) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(BANNER_LIMIT))?;
    let mut banner = [0; 4];
    stream.read_exact(&mut banner)?;
    ensure!(&banner == b"SSH-", "no banner: {banner:?}");
    Ok(())
}
