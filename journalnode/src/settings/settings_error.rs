use std::io;

use hadoop_ipc::conf::ConfError;
use thiserror::Error;

/// A configuration that the daemon will not start with.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// A file or a value cannot be read.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// A value that makes no sense.
    #[error("{key} = {value}: {reason}")]
    Value {
        /// Which key.
        key: &'static str,
        /// What it says.
        value: String,
        /// What is wrong with it and what to do.
        reason: &'static str,
    },
    /// An address to listen on that does not resolve.
    #[error("{key}: cannot resolve {host}: {source}; correct the key or the name service")]
    Resolve {
        /// Which key.
        key: &'static str,
        /// The name.
        host: String,
        /// What the system reported.
        source: io::Error,
    },
    /// Kerberos is asked for. Running without it would be worse than not running.
    #[error(
        "hadoop.security.authentication = kerberos, which this JournalNode cannot do yet; it does \
         not start rather than serve without authentication. Keep Java's JournalNode on secure \
         clusters"
    )]
    Kerberos,
}
