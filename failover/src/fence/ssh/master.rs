use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use openssh::Session;
use rustix::process::Signal;
use tokio::process::Command;
use tokio::time::{sleep, timeout};

use super::SshOptions;
use super::control_dir::ControlDir;
use crate::fence::grammar::SshLogin;
use crate::fence::process_group::ProcessGroup;

/// How often the control socket of an ssh that connects is tried.
const POLL: Duration = Duration::from_millis(3);
/// How long an ssh told to end may take.
const CLOSE_LIMIT: Duration = Duration::from_secs(1);
/// The target is given up after three of these without a sign of life.
const ALIVE_INTERVAL: &str = "ServerAliveInterval=5";

/// The ssh that owns the connection; sessions go through its control socket.
///
/// It stays in the foreground, as a child in a group of its own: `openssh`'s own start puts it
/// into the background, where a start given up would leave it for ever. And it may have several
/// keys.
#[derive(Debug)]
pub(super) struct Master {
    // Dropped in this order: the process first, the folder of its socket last.
    group: ProcessGroup,
    dir: ControlDir,
}

impl Master {
    /// Starts ssh and waits, without limit, until it is logged in.
    pub(super) async fn login(
        host: &str,
        login: &SshLogin,
        options: &SshOptions,
    ) -> Result<(Self, Session), String> {
        let dir = ControlDir::make(&options.run_dir)?;
        let mut command = Command::new("ssh");
        command.args(arguments(host, login, options, &dir));
        command.env_remove("SSH_AUTH_SOCK").env_remove("DISPLAY");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let group = ProcessGroup::spawn(&mut command)
            .map_err(|error| format!("cannot start ssh: {error}; install openssh-client"))?;
        let mut master = Self { group, dir };
        let session = master.await_session().await?;
        Ok((master, session))
    }

    async fn await_session(&mut self) -> Result<Session, String> {
        let socket = self.dir.socket();
        loop {
            let ended = self.group.child().try_wait();
            if socket.exists() {
                let session = Session::resume_mux(socket.clone().into_boxed_path(), None);
                if session.check().await.is_ok() {
                    return Ok(session);
                }
            }
            match ended {
                Ok(None) => sleep(POLL).await,
                Ok(Some(status)) => return Err(self.last_words(&format!("ssh ended: {status}"))),
                Err(error) => return Err(format!("lost track of ssh: {error}")),
            }
        }
    }

    /// What ssh said, in one line.
    fn last_words(&self, otherwise: &str) -> String {
        let said = std::fs::read_to_string(self.dir.log()).unwrap_or_default();
        let framed = |line: &&str| line.is_empty() || line.starts_with('@');
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !framed(line)).collect();
        if lines.is_empty() { otherwise.to_owned() } else { lines.join(" / ") }
    }

    /// Ends ssh, and with it the connection.
    pub(super) async fn close(mut self) {
        self.group.signal(Signal::TERM);
        // What does not obey is killed by the drop.
        let _ = timeout(CLOSE_LIMIT, self.group.wait()).await;
    }
}

fn arguments(
    host: &str,
    login: &SshLogin,
    options: &SshOptions,
    dir: &ControlDir,
) -> Vec<OsString> {
    let config = options.client_config.as_deref().unwrap_or(Path::new("/dev/null"));
    let mut arguments: Vec<OsString> = vec!["-F".into(), config.into()];
    arguments.extend(["-M".into(), "-N".into(), "-S".into(), dir.socket().into()]);
    arguments.extend(["-E".into(), dir.log().into()]);
    for setting in settings(options) {
        arguments.extend(["-o".into(), setting.into()]);
    }
    for key in &options.key_files {
        arguments.extend(["-i".into(), key.into()]);
    }
    arguments.extend(["-p".into(), login.port.to_string().into()]);
    if let Some(user) = &login.user {
        arguments.extend(["-l".into(), user.into()]);
    }
    arguments.extend(["--".into(), host.into()]);
    arguments
}

fn settings(options: &SshOptions) -> Vec<String> {
    // Whole seconds, and 0 would be no limit; the caller has the exact one.
    let seconds = options.connect_timeout.as_millis().div_ceil(1000).max(1);
    let fixed = [
        "BatchMode=yes",
        "ControlPersist=no",
        "ClearAllForwardings=yes",
        "ForwardAgent=no",
        "ForwardX11=no",
        "IdentitiesOnly=yes",
        "IdentityAgent=none",
        "LogLevel=ERROR",
        "PreferredAuthentications=publickey",
        "PermitLocalCommand=no",
        "ServerAliveCountMax=3",
        "UpdateHostKeys=no",
        ALIVE_INTERVAL,
    ];
    let mut settings: Vec<String> = fixed.iter().map(|setting| setting.to_string()).collect();
    settings.push(format!("ConnectTimeout={seconds}"));
    settings.extend(options.known_hosts.ssh_settings());
    settings
}
