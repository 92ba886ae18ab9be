use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What is kept per machine, outside the repository: `$HDFS_HA_QUORUM_CACHE`, else
/// `$XDG_CACHE_HOME/hdfs-ha-quorum`, else `~/.cache/hdfs-ha-quorum`.
pub fn cache_dir() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("HDFS_HA_QUORUM_CACHE") {
        return Ok(named.into());
    }
    let base = match std::env::var_os("XDG_CACHE_HOME") {
        Some(base) => PathBuf::from(base),
        None => Path::new(&std::env::var_os("HOME").context("neither XDG_CACHE_HOME nor HOME")?)
            .join(".cache"),
    };
    Ok(base.join("hdfs-ha-quorum"))
}
