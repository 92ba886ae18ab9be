use std::path::PathBuf;
use std::time::Duration;

use super::KnownHosts;

/// How `sshfence` connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshOptions {
    /// Private keys without passphrase, tried in order; any type and format that ssh reads.
    pub key_files: Vec<PathBuf>,
    /// Limit of connecting and logging in together.
    pub connect_timeout: Duration,
    /// Limit of all that is done on the target afterwards. Java has none.
    pub command_deadline: Duration,
    /// How host keys are judged.
    pub known_hosts: KnownHosts,
    /// Configuration file for ssh; without it ssh reads none, like Java's.
    pub client_config: Option<PathBuf>,
    /// Where the folder of the control socket is made, for as long as a method runs.
    pub run_dir: PathBuf,
}

impl SshOptions {
    /// Hadoop's default.
    pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
    /// Time for a large process to die, and for a slow machine to look at it.
    pub const DEFAULT_COMMAND_DEADLINE: Duration = Duration::from_secs(30);
}

impl Default for SshOptions {
    fn default() -> Self {
        Self {
            key_files: Vec::new(),
            connect_timeout: Self::DEFAULT_CONNECT_TIMEOUT,
            command_deadline: Self::DEFAULT_COMMAND_DEADLINE,
            known_hosts: KnownHosts::Accept,
            client_config: None,
            run_dir: PathBuf::from("/tmp"),
        }
    }
}
