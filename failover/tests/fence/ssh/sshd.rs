use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{KeyKind, KeyPair, wait_until};

/// Where Debian has it; it insists on being called by its whole path.
const SSHD: &str = "/usr/sbin/sshd";
/// Where a root's sshd separates its privileges.
const PRIVILEGE_SEPARATION: &str = "/run/sshd";

/// An sshd with its own port, host key, accepted keys and log; killed when dropped.
#[derive(Debug)]
pub(crate) struct Sshd {
    child: Child,
    dir: PathBuf,
    pub(crate) port: u16,
}

impl Sshd {
    /// Lets `accepted` in as the user that runs the test.
    pub(crate) fn start(dir: &Path, accepted: &[&KeyPair]) -> Self {
        Self::with_script(dir, accepted, None)
    }

    /// Every command goes through `script` instead, which finds it in SSH_ORIGINAL_COMMAND.
    pub(crate) fn forcing(dir: &Path, accepted: &[&KeyPair], script: &str) -> Self {
        Self::with_script(dir, accepted, Some(script))
    }

    /// A login that knows no programs but `tools` and the shell.
    pub(crate) fn with_only(dir: &Path, accepted: &[&KeyPair], tools: &[&str]) -> Self {
        let bin = dir.join("bin");
        fs::create_dir(&bin).unwrap();
        for tool in tools.iter().chain(&["sh"]) {
            symlink(path_of(tool), bin.join(tool)).unwrap();
        }
        // Set again for the whole line: the commands themselves add the folders of administrators.
        let script = format!(
            "PATH={0}; export PATH; exec {0}/sh -c \"$SSH_ORIGINAL_COMMAND\"",
            bin.display()
        );
        Self::forcing(dir, accepted, &script)
    }

    fn with_script(dir: &Path, accepted: &[&KeyPair], script: Option<&str>) -> Self {
        assert!(Path::new(SSHD).exists(), "{SSHD} is missing: run scripts/prepare");
        if rustix::process::geteuid().is_root() {
            fs::create_dir_all(PRIVILEGE_SEPARATION).unwrap();
        }
        let port = free_port();
        let keys: String = accepted.iter().map(|key| key.public()).collect();
        fs::write(dir.join("authorized_keys"), keys).unwrap();
        KeyPair::generate(dir, "host_key", KeyKind::Ed25519);
        let forced = script.map(|script| write_script(dir, script));
        fs::write(dir.join("sshd_config"), config(dir, port, forced.as_deref())).unwrap();
        let mut sshd = Self { child: spawn(dir), dir: dir.to_owned(), port };
        sshd.await_banner();
        sshd
    }

    /// Another host key on the same port.
    pub(crate) fn restart_with_new_host_key(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        fs::remove_file(self.dir.join("host_key")).unwrap();
        KeyPair::generate(&self.dir, "host_key", KeyKind::Ed25519);
        self.child = spawn(&self.dir);
        self.await_banner();
    }

    /// The public host key as a line of a known_hosts file.
    pub(crate) fn known_hosts_line(&self) -> String {
        let public = fs::read_to_string(self.dir.join("host_key.pub")).unwrap();
        format!("[127.0.0.1]:{} {public}", self.port)
    }

    fn await_banner(&mut self) {
        wait_until("sshd's banner", || {
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none(),
                "sshd ended: {}",
                fs::read_to_string(self.dir.join("sshd.log")).unwrap()
            );
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
            stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
            let mut banner = [0; 4];
            stream.read_exact(&mut banner).ok()?;
            (&banner == b"SSH-").then_some(())
        });
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(dir: &Path) -> Child {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--", SSHD, "-D", "-f"]).arg(dir.join("sshd_config"));
    command.arg("-E").arg(dir.join("sshd.log"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("setpriv")
}

fn config(dir: &Path, port: u16, forced: Option<&Path>) -> String {
    let mut text = format!(
        "ListenAddress 127.0.0.1:{port}\nHostKey {0}/host_key\nAuthorizedKeysFile \
         {0}/authorized_keys\nPidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n\
         PermitRootLogin yes\nMaxStartups 100\n",
        dir.display()
    );
    if let Some(script) = forced {
        writeln!(text, "ForceCommand {}", script.display()).unwrap();
    }
    text
}

fn write_script(dir: &Path, script: &str) -> PathBuf {
    let path = dir.join("forced");
    fs::write(&path, format!("#!/bin/bash\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    // Another user must get there, too.
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn path_of(tool: &str) -> PathBuf {
    let found = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]
        .iter()
        .map(|dir| Path::new(dir).join(tool))
        .find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{tool} is missing: run scripts/prepare"))
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
