use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::geteuid;
use thiserror::Error;
use tokio::process::Command;
use tokio::time::timeout;

/// Reading a key takes milliseconds.
const READ_LIMIT: Duration = Duration::from_secs(5);
/// What others may do with a key that ssh refuses to use.
const OTHERS: u32 = 0o077;

/// A key of `dfs.ha.fencing.ssh.private-key-files`.
#[derive(Clone, Copy, Debug)]
pub(super) struct PrivateKey<'a> {
    path: &'a Path,
}

/// Why ssh cannot use a key, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum KeyProblem {
    /// It cannot be opened.
    #[error("{0}; correct dfs.ha.fencing.ssh.private-key-files, or let this user read the file")]
    Unreadable(String),
    /// ssh ignores keys that others can read.
    #[error("others may read it (mode {0:o}), so ssh refuses it: chmod 600")]
    TooOpen(u32),
    /// Nobody is there to type it.
    #[error("it needs a passphrase: make a key without one, ssh-keygen -p -N '' removes it")]
    NeedsPassphrase,
    /// No private key, or one of a kind that ssh does not know.
    #[error("ssh cannot read it: {0}")]
    NotAKey(String),
}

impl<'a> PrivateKey<'a> {
    pub(super) fn at(path: &'a Path) -> Self {
        Self { path }
    }

    /// The public half as one line, or why ssh cannot use the key.
    pub(super) async fn read(self) -> Result<String, KeyProblem> {
        self.open()?;
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-y", "-P", "", "-f"]).arg(self.path);
        keygen.stdin(Stdio::null()).kill_on_drop(true);
        let unknown = |why: String| KeyProblem::NotAKey(why);
        let output = timeout(READ_LIMIT, keygen.output())
            .await
            .map_err(|_| unknown("ssh-keygen does not end".to_owned()))?
            .map_err(|error| unknown(format!("ssh-keygen does not start: {error}")))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(problem_of(&String::from_utf8_lossy(&output.stderr)))
    }

    fn open(self) -> Result<(), KeyProblem> {
        let unreadable = |error: std::io::Error| KeyProblem::Unreadable(error.to_string());
        let file = std::fs::File::open(self.path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(KeyProblem::Unreadable("it is no file".to_owned()));
        }
        // ssh looks at the mode of its own user's files only.
        if metadata.uid() == geteuid().as_raw() && metadata.mode() & OTHERS != 0 {
            return Err(KeyProblem::TooOpen(metadata.mode() & 0o777));
        }
        Ok(())
    }
}

fn problem_of(said: &str) -> KeyProblem {
    if said.contains("passphrase") {
        return KeyProblem::NeedsPassphrase;
    }
    let last = said.lines().last().unwrap_or("ssh-keygen failed").trim();
    KeyProblem::NotAKey(last.to_owned())
}
