use std::path::PathBuf;
use std::time::Duration;

/// How fencing methods run; the methods themselves are those of each NameNode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FencingSettings {
    /// Private keys for `sshfence`, tried in this order.
    pub ssh_key_files: Vec<PathBuf>,
    /// Longest wait for an ssh connection.
    pub ssh_connect_timeout: Duration,
    /// The configuration that ssh reads.
    pub ssh_config_file: PathBuf,
    /// How long a script may run; `None` for no limit.
    pub shell_timeout: Option<Duration>,
    /// Whether scripts see the values of keys that name secrets as `***`.
    pub mask_secrets: bool,
}
