use std::path::PathBuf;

use hadoop_ipc::conf::Configuration;

use super::{FencingSettings, StartFailure, keys, timing};

const NO_CONFIG: &str = "/dev/null";

pub(super) fn settings(conf: &Configuration) -> Result<FencingSettings, StartFailure> {
    let config = conf.trimmed(keys::SSH_CONFIG_FILE)?.filter(|path| !path.is_empty());
    let shell_timeout = timing::millis(conf, keys::SHELL_TIMEOUT, 0)?;
    Ok(FencingSettings {
        ssh_key_files: conf.strings(keys::SSH_KEY_FILES)?.into_iter().map(PathBuf::from).collect(),
        ssh_connect_timeout: timing::limit(conf, keys::SSH_CONNECT_TIMEOUT, 30_000)?,
        ssh_config_file: config.unwrap_or_else(|| NO_CONFIG.to_owned()).into(),
        shell_timeout: (!shell_timeout.is_zero()).then_some(shell_timeout),
        mask_secrets: conf.boolean_or(keys::MASK_SECRETS, false)?,
    })
}
