use openssh::{Session, Stdio};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

use super::SshOptions;
use super::master::Master;
use super::private_key::PrivateKey;
use super::remote::Remote;
use crate::fence::grammar::SshLogin;

/// More output of a command is not read.
const MAX_OUTPUT_BYTES: u64 = 1 << 20;

/// A login on the target. Dropping it ends the ssh behind it.
#[derive(Debug)]
pub(super) struct Connection {
    session: Session,
    master: Master,
}

impl Connection {
    /// Connects and logs in within the limit of the options.
    pub(super) async fn open(
        host: &str,
        login: &SshLogin,
        options: &SshOptions,
    ) -> Result<Self, String> {
        if options.key_files.is_empty() {
            return Err("dfs.ha.fencing.ssh.private-key-files is empty: name a private key \
                        without passphrase that the target accepts"
                .to_owned());
        }
        let limit = options.connect_timeout;
        match timeout(limit, Master::login(host, login, options)).await {
            Ok(Ok((master, session))) => Ok(Self { session, master }),
            Ok(Err(said)) => Err(said + &key_problems(options).await),
            Err(_) => Err(format!("no login within {} ms", limit.as_millis())),
        }
    }

    /// Runs a line in the login shell of the user.
    pub(super) async fn run(&self, line: &str) -> Remote {
        match self.output(line).await {
            Ok(remote) => remote,
            Err(openssh::Error::Remote(_)) => Remote::NoSuchCommand,
            Err(openssh::Error::RemoteProcessTerminated) => {
                Remote::Lost("ended by a signal, or the connection broke".to_owned())
            }
            Err(error) => Remote::Lost(format!("the connection broke: {error}")),
        }
    }

    async fn output(&self, line: &str) -> Result<Remote, openssh::Error> {
        let mut command = self.session.raw_command(line);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().await?;
        let (stdout, stderr) = (child.stdout().take(), child.stderr().take());
        let (stdout, stderr) = tokio::join!(text_of(stdout), text_of(stderr));
        let status = child.wait().await?.code();
        Ok(match status {
            Some(127) => Remote::NoSuchCommand,
            Some(status) => Remote::Exited { status, stdout, stderr },
            None => Remote::Lost("ended by a signal".to_owned()),
        })
    }

    /// Ends the connection.
    pub(super) async fn close(self) {
        self.master.close().await;
    }
}

async fn text_of(stream: Option<impl AsyncRead + Unpin>) -> String {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        // Half an output is as good as what it says; the status tells whether it is whole.
        let _ = stream.take(MAX_OUTPUT_BYTES).read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What is wrong with the keys, as an addition to what ssh said: of a key it cannot use it says
/// little or nothing.
async fn key_problems(options: &SshOptions) -> String {
    let mut text = String::new();
    for key in &options.key_files {
        if let Err(problem) = PrivateKey::at(key).read().await {
            text.push_str(&format!("; key {}: {problem}", key.display()));
        }
    }
    text
}
