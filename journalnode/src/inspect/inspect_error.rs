use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

/// Why the inspection service is not there. The rest of the process goes on without it.
#[derive(Debug, Error)]
pub enum InspectError {
    /// The port is taken, or the address is not this machine's.
    #[error(
        "cannot listen on {address} (dfs.journalnode.inspect-address): {source}; stop what listens \
         there (`ss -ltnp` shows it), or change the key"
    )]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system reported.
        source: io::Error,
    },
    /// A file of `dfs.journalnode.inspect.tls.*` cannot be read.
    #[error("cannot read {path} (dfs.journalnode.inspect.tls.*): {source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system reported.
        source: io::Error,
    },
    /// What the files hold is no certificate, or no key to it.
    #[error("the files of dfs.journalnode.inspect.tls.* do not make an identity: {0}")]
    Tls(String),
}
