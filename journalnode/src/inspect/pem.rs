use std::path::Path;

use tonic::transport::{Certificate, Identity};

use super::{InspectError, TlsFiles};

/// The files of `dfs.journalnode.inspect.tls.*`, read.
pub(super) struct Pem {
    pub(super) identity: Identity,
    pub(super) authorities: Certificate,
}

impl Pem {
    pub(super) fn read(files: &TlsFiles) -> Result<Self, InspectError> {
        // Another crate of the same build may bring a second provider; then rustls does not choose.
        // An error says that one is chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let identity = Identity::from_pem(content(&files.certificate)?, content(&files.key)?);
        Ok(Self { identity, authorities: Certificate::from_pem(content(&files.client_ca)?) })
    }
}

fn content(path: &Path) -> Result<Vec<u8>, InspectError> {
    std::fs::read(path).map_err(|source| InspectError::Read { path: path.to_owned(), source })
}
