use std::fs;
use std::io::Read;
use std::net::{SocketAddrV4, TcpStream};
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::{KeyKind, KeyPair};
use crate::process::{Daemon, Launcher, PortLease};

/// Where Debian has it; it insists on being called by its whole path.
const SSHD: &str = "/usr/sbin/sshd";
/// Where a root's sshd separates its privileges.
const PRIVILEGE_SEPARATION: &str = "/run/sshd";
const START_LIMIT: Duration = Duration::from_secs(20);
const BANNER_LIMIT: Duration = Duration::from_secs(5);

/// An sshd with its own port, host key and accepted keys; killed when dropped.
#[derive(Debug)]
pub struct Sshd {
    port: u16,
    _daemon: Daemon,
    _lease: Option<PortLease>,
}

impl Sshd {
    /// On a loopback port of its own; lets `accepted` in as the user that runs the test.
    pub fn start(dir: &Path, accepted: &[&KeyPair]) -> Result<Self> {
        let lease = PortLease::take()?;
        let mut daemon = spawn(&Launcher::here(), dir, &lease.address().to_string(), accepted)?;
        let address = lease.address();
        daemon.await_ready("banner", START_LIMIT, || banner(address).map(Some))?;
        Ok(Self { port: lease.port(), _daemon: daemon, _lease: Some(lease) })
    }

    /// On port 22 of a lab host; does not wait.
    pub fn on_host(launcher: &Launcher, dir: &Path, accepted: &[&KeyPair]) -> Result<Self> {
        let daemon = spawn(launcher, dir, "0.0.0.0:22", accepted)?;
        Ok(Self { port: 22, _daemon: daemon, _lease: None })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }
}

fn spawn(launcher: &Launcher, dir: &Path, listen: &str, accepted: &[&KeyPair]) -> Result<Daemon> {
    ensure!(Path::new(SSHD).exists(), "{SSHD} is missing: run scripts/prepare");
    if rustix::process::geteuid().is_root() {
        fs::create_dir_all(PRIVILEGE_SEPARATION)?;
    }
    fs::create_dir_all(dir)?;
    let keys: Vec<String> = accepted.iter().map(|key| key.public()).collect::<Result<_>>()?;
    fs::write(dir.join("authorized_keys"), keys.concat())?;
    if !dir.join("host_key").exists() {
        KeyPair::generate(dir, "host_key", KeyKind::Ed25519)?;
        KeyPair::generate(dir, "host_key_ecdsa", KeyKind::EcdsaPem)?;
    }
    fs::write(dir.join("sshd_config"), config(dir, listen))?;
    let mut command = launcher.command(SSHD);
    command.args(["-D", "-e", "-f"]).arg(dir.join("sshd_config"));
    Daemon::spawn("sshd", command, &dir.join("sshd.log"))
}

/// Hadoop's JSch knows no Ed25519 host keys, hence two.
fn config(dir: &Path, listen: &str) -> String {
    format!(
        "ListenAddress {listen}\nHostKey {0}/host_key\nHostKey {0}/host_key_ecdsa\n\
         AuthorizedKeysFile {0}/authorized_keys\nPidFile none\nStrictModes no\nUsePAM no\n\
         PasswordAuthentication no\nPermitRootLogin yes\nMaxStartups 100\n",
        dir.display()
    )
}

fn banner(address: SocketAddrV4) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(BANNER_LIMIT))?;
    let mut banner = [0; 4];
    stream.read_exact(&mut banner)?;
    ensure!(&banner == b"SSH-", "no banner: {banner:?}");
    Ok(())
}
