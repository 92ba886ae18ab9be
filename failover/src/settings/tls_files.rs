use std::path::PathBuf;

/// The PEM files of a client that proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// Our certificate, with the chain below it, and its private key.
    pub keystore: PathBuf,
    /// Certificates of the authorities that sign the servers'.
    pub truststore: PathBuf,
}
