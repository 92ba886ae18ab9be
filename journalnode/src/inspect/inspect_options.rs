use std::net::SocketAddr;
use std::path::PathBuf;

/// Whether and how the inspection service is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InspectOptions {
    /// Not at all.
    Off {
        /// Why.
        reason: String,
        /// Whether somebody asked for it, and must be told.
        asked_for: bool,
    },
    /// On an address of its own.
    On(InspectAddress),
}

/// Where it listens, and whom it lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectAddress {
    /// `dfs.journalnode.inspect-address`.
    pub address: SocketAddr,
    /// Mutual TLS; without it everybody who reaches the address is let in.
    pub tls: Option<TlsFiles>,
}

/// `dfs.journalnode.inspect.tls.*`: PEM files. A tool takes the same ones, for its own side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// Certificate of this side, with those between it and the authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Certificates of the authorities that the other side's must come from.
    pub client_ca: PathBuf,
}

impl InspectOptions {
    /// Where it is to listen, if it is.
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::On(wanted) => Some(wanted.address),
            Self::Off { .. } => None,
        }
    }
}

impl InspectAddress {
    /// Whether anybody in the network may look and scrub.
    pub fn is_open_to_all(&self) -> bool {
        self.tls.is_none() && !self.address.ip().is_loopback()
    }
}
