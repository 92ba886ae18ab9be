use std::fs;
use std::path::Path;

use zookeeper_client::TlsOptions;

use super::tls_probe::TlsProbe;
use crate::settings::{StartFailure, TlsFiles};

const KEYSTORE: &str = "hadoop.zk.ssl.keystore.location";
const TRUSTSTORE: &str = "hadoop.zk.ssl.truststore.location";

/// How the servers are reached over TLS.
#[derive(Clone, Debug)]
pub(super) struct Tls {
    /// For the client.
    pub(super) options: TlsOptions,
    /// For when it gets no connection.
    pub(super) probe: TlsProbe,
}

impl Tls {
    /// Reads the certificates. Both sides prove who they are, and the server's certificate must
    /// name its host, as with Java.
    pub(super) fn read(files: &TlsFiles) -> Result<Self, StartFailure> {
        // Two cryptography libraries may be linked in, and then none is chosen by itself. An
        // error says that one is chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (keystore, truststore) = (&files.keystore, &files.truststore);
        let identity = read(KEYSTORE, keystore)?;
        let authorities = read(TRUSTSTORE, truststore)?;
        if identity.contains("ENCRYPTED") {
            let reason = "its private key is encrypted; decrypt it with `openssl pkey -in FILE`, \
                          and let only the user of the controller read the result";
            return Err(failure(KEYSTORE, keystore, reason));
        }
        let options = TlsOptions::new()
            .with_pem_identity(&identity, &identity)
            .map_err(|error| failure(KEYSTORE, keystore, error))?
            .with_pem_ca(&authorities)
            .map_err(|error| failure(TRUSTSTORE, truststore, error))?;
        let probe = TlsProbe::new(&identity, &authorities)
            .map_err(|error| failure(KEYSTORE, keystore, error))?;
        Ok(Self { options, probe })
    }
}

fn read(key: &'static str, path: &Path) -> Result<String, StartFailure> {
    fs::read_to_string(path).map_err(|error| failure(key, path, error))
}

fn failure(key: &'static str, path: &Path, reason: impl ToString) -> StartFailure {
    StartFailure::File { key, path: path.to_owned(), reason: reason.to_string() }
}
