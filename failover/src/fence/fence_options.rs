use std::path::PathBuf;
use std::time::Duration;

use hadoop_ipc::conf::{ConfError, Configuration, TimeUnit};

use super::{CommaRule, FenceConfigError, KnownHosts, ShellOptions, SshOptions};

/// How the methods run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FenceOptions {
    /// For `sshfence`.
    pub ssh: SshOptions,
    /// For `shell(…)`.
    pub shell: ShellOptions,
}

/// Hadoop's key: private keys, separated by commas.
const KEY_FILES: &str = "dfs.ha.fencing.ssh.private-key-files";
/// Hadoop's key: limit of connecting and logging in, in milliseconds.
const CONNECT_TIMEOUT: &str = "dfs.ha.fencing.ssh.connect-timeout";
/// Limit of all that is done on the target after the login.
const COMMAND_TIMEOUT: &str = "dfs.ha.zkfc.rs.fencing.ssh.command-timeout";
/// `accept`, `accept-new` or `strict`.
const KNOWN_HOSTS: &str = "dfs.ha.zkfc.rs.fencing.ssh.known-hosts";
/// The file for the last two; without it those of ssh itself.
const KNOWN_HOSTS_FILE: &str = "dfs.ha.zkfc.rs.fencing.ssh.known-hosts-file";
/// A configuration file for ssh (`ssh -F`); without it ssh reads none.
const CLIENT_CONFIG: &str = "dfs.ha.zkfc.rs.fencing.ssh.config-file";
/// Where the control sockets of ssh live for as long as a method runs.
pub(super) const RUN_DIR: &str = "dfs.ha.zkfc.rs.run-dir";
/// Limit of a `shell` method; 0 is none.
const SHELL_TIMEOUT: &str = "dfs.ha.zkfc.rs.fencing.shell.timeout";
/// `java` or `whole-text`.
const SHELL_COMMA: &str = "dfs.ha.zkfc.rs.fencing.shell.comma";
/// Whether scripts get passwords and the like in their environment.
const SHELL_SECRETS: &str = "dfs.ha.zkfc.rs.fencing.shell.export-secrets";

impl FenceOptions {
    /// Hadoop's keys and this program's own; what is not set has its default.
    pub fn from_conf(conf: &Configuration) -> Result<Self, FenceConfigError> {
        Ok(Self { ssh: ssh_options(conf)?, shell: shell_options(conf)? })
    }
}

fn ssh_options(conf: &Configuration) -> Result<SshOptions, FenceConfigError> {
    let default = SshOptions::default();
    let connect_ms = conf.int_or(CONNECT_TIMEOUT, millis(SshOptions::DEFAULT_CONNECT_TIMEOUT))?;
    // Java's 0 waits for ever, which here is the default instead.
    let connect = u64::try_from(connect_ms).ok().filter(|ms| *ms > 0);
    Ok(SshOptions {
        key_files: conf.strings(KEY_FILES)?.into_iter().map(Into::into).collect(),
        connect_timeout: connect.map_or(default.connect_timeout, Duration::from_millis),
        command_deadline: conf.duration_or(
            COMMAND_TIMEOUT,
            TimeUnit::Milliseconds,
            default.command_deadline,
        )?,
        known_hosts: known_hosts(conf)?,
        client_config: path(conf, CLIENT_CONFIG)?,
        run_dir: path(conf, RUN_DIR)?.unwrap_or(default.run_dir),
    })
}

fn known_hosts(conf: &Configuration) -> Result<KnownHosts, FenceConfigError> {
    let file = path(conf, KNOWN_HOSTS_FILE)?;
    let mode = conf.trimmed(KNOWN_HOSTS)?.unwrap_or_default();
    match mode.as_str() {
        "" | "accept" => Ok(KnownHosts::Accept),
        "accept-new" => Ok(KnownHosts::AcceptNew(file)),
        "strict" => Ok(KnownHosts::Strict(file)),
        _ => Err(bad_value(KNOWN_HOSTS, mode, "accept, accept-new or strict")),
    }
}

fn shell_options(conf: &Configuration) -> Result<ShellOptions, FenceConfigError> {
    let comma = conf.trimmed(SHELL_COMMA)?.unwrap_or_default();
    let deadline =
        conf.duration_or(SHELL_TIMEOUT, TimeUnit::Milliseconds, ShellOptions::DEFAULT_DEADLINE)?;
    Ok(ShellOptions {
        deadline: (!deadline.is_zero()).then_some(deadline),
        comma: match comma.as_str() {
            "" | "java" => CommaRule::Java,
            "whole-text" => CommaRule::WholeText,
            _ => return Err(bad_value(SHELL_COMMA, comma, "java or whole-text")),
        },
        export_secrets: conf.boolean_or(SHELL_SECRETS, true)?,
    })
}

fn path(conf: &Configuration, key: &str) -> Result<Option<PathBuf>, FenceConfigError> {
    Ok(conf.trimmed(key)?.filter(|text| !text.is_empty()).map(Into::into))
}

fn bad_value(key: &'static str, value: String, expected: &'static str) -> FenceConfigError {
    FenceConfigError::BadValue { key, value, expected }
}

fn millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}

impl From<ConfError> for FenceConfigError {
    fn from(error: ConfError) -> Self {
        Self::Conf(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    fn options(pairs: &[(&str, &str)]) -> Result<FenceOptions, FenceConfigError> {
        let mut conf = Configuration::empty(Environment::empty());
        pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        FenceOptions::from_conf(&conf)
    }

    #[test]
    fn fc_104_without_any_key_the_defaults_hold() {
        assert_eq!(options(&[]), Ok(FenceOptions::default()));
        assert_eq!(FenceOptions::default().ssh.connect_timeout, Duration::from_secs(30));
        assert_eq!(FenceOptions::default().ssh.known_hosts, KnownHosts::Accept);
    }

    #[test]
    fn fc_104_several_keys_and_a_timeout_are_read() {
        let read = options(&[(KEY_FILES, "/a, /b"), (CONNECT_TIMEOUT, "1500")]).unwrap();
        assert_eq!(read.ssh.key_files, [PathBuf::from("/a"), PathBuf::from("/b")]);
        assert_eq!(read.ssh.connect_timeout, Duration::from_millis(1500));
    }

    #[test]
    fn own_keys_are_read() {
        let read = options(&[
            (KNOWN_HOSTS, "strict"),
            (KNOWN_HOSTS_FILE, "/k"),
            (SHELL_TIMEOUT, "20s"),
            (SHELL_COMMA, "whole-text"),
            (SHELL_SECRETS, "false"),
        ])
        .unwrap();
        assert_eq!(read.ssh.known_hosts, KnownHosts::Strict(Some("/k".into())));
        assert_eq!(read.shell.deadline, Some(Duration::from_secs(20)));
        assert_eq!(read.shell.comma, CommaRule::WholeText);
        assert!(!read.shell.export_secrets);
        assert_eq!(options(&[(SHELL_TIMEOUT, "0")]).unwrap().shell.deadline, None);
    }

    #[test]
    fn a_mode_that_does_not_exist_is_named() {
        for key in [KNOWN_HOSTS, SHELL_COMMA] {
            let error = options(&[(key, "maybe")]).unwrap_err().to_string();
            assert!(error.contains(key) && error.contains("maybe"), "{error}");
        }
    }
}
