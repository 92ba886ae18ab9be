use std::io;
use std::net::SocketAddr;

use hadoop_ipc::conf::ConfError;
use hadoop_ipc::security::SecurityError;
use thiserror::Error;

use super::HandOverError;
use crate::node::DirectoryError;
use crate::settings::SettingsError;

/// Why the daemon did not start. Nothing was changed.
#[derive(Debug, Error)]
pub enum StartError {
    /// The configuration cannot be read.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// The configuration makes no sense.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// An edits directory cannot be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The authorization rules cannot be read.
    #[error("service-level authorization: {0}")]
    Authorization(#[from] SecurityError),
    /// The process before does not make way.
    #[error("going on for another process: {0}")]
    HandOver(#[from] HandOverError),
    /// A port is taken, or the address is not this machine's.
    #[error(
        "cannot listen on {address} ({key}): {source}; stop what listens there (`ss -ltnp` shows \
         it), or change {key} or {bind_host_key}"
    )]
    Bind {
        /// The address.
        address: SocketAddr,
        /// The key that says so.
        key: &'static str,
        /// The key that replaces its host.
        bind_host_key: &'static str,
        /// What the system reported.
        source: io::Error,
    },
}
