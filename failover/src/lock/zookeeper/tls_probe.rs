use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, Stream};

use super::four_letter_word::ANSWER_LIMIT_BYTES;

/// Longest wait for one step of the handshake.
const PATIENCE: Duration = Duration::from_millis(500);
/// Longest wait for each step of a question.
const ANSWER_PATIENCE: Duration = Duration::from_secs(2);
/// Where ZooKeeper listens unless the list says otherwise.
const DEFAULT_PORT: u16 = 2181;

/// Finds out why the servers give no TLS connection: the client itself tells only that there is
/// none.
#[derive(Clone, Debug)]
pub(super) struct TlsProbe(Arc<ClientConfig>);

impl TlsProbe {
    /// From what the files have that the connection itself uses.
    pub(super) fn new(identity: &str, authorities: &str) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        for authority in CertificateDer::pem_slice_iter(authorities.as_bytes()) {
            let authority = authority.map_err(|error| error.to_string())?;
            roots.add(authority).map_err(|error| error.to_string())?;
        }
        let chain: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(identity.as_bytes()).collect();
        let chain = chain.map_err(|error| error.to_string())?;
        let key = PrivateKeyDer::from_pem_slice(identity.as_bytes());
        let key = key.map_err(|error| error.to_string())?;
        let config = ClientConfig::builder().with_root_certificates(roots);
        let config = config.with_client_auth_cert(chain, key).map_err(|error| error.to_string())?;
        Ok(Self(Arc::new(config)))
    }

    /// What is wrong with the first server of the list that answers and does not agree. Blocks.
    pub(super) fn complaint(&self, quorum: &str) -> Option<String> {
        let servers = quorum.split('/').next().unwrap_or_default();
        servers.split(',').find_map(|server| {
            let (host, port) = match server.rsplit_once(':') {
                Some((host, port)) => (host, port.parse().ok()?),
                None => (server, DEFAULT_PORT),
            };
            let why = self.shake_hands(host.trim_matches(['[', ']']), port).err()?;
            Some(format!("no TLS with {server}: {why}"))
        })
    }

    /// What a server answers to a four-letter word. Blocks.
    pub(super) fn ask(&self, host: &str, port: u16, word: &str) -> io::Result<String> {
        let address = (host, port).to_socket_addrs()?.next();
        let address = address.ok_or_else(|| io::Error::from(ErrorKind::AddrNotAvailable))?;
        let mut stream = TcpStream::connect_timeout(&address, ANSWER_PATIENCE)?;
        stream.set_read_timeout(Some(ANSWER_PATIENCE))?;
        stream.set_write_timeout(Some(ANSWER_PATIENCE))?;
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let mut connection =
            ClientConnection::new(Arc::clone(&self.0), name).map_err(io::Error::other)?;
        let mut secure = Stream::new(&mut connection, &mut stream);
        secure.write_all(word.as_bytes()).map_err(no_tls)?;
        let mut answer = Vec::new();
        match secure.take(ANSWER_LIMIT_BYTES).read_to_end(&mut answer) {
            // A server may hang up without TLS's own goodbye.
            Err(error) if answer.is_empty() => Err(no_tls(error)),
            _ => Ok(String::from_utf8_lossy(&answer).into_owned()),
        }
    }

    /// What cannot be reached at all is not this probe's matter.
    fn shake_hands(&self, host: &str, port: u16) -> Result<(), String> {
        let address = (host, port).to_socket_addrs().ok().and_then(|mut found| found.next());
        let connected = address.map(|address| TcpStream::connect_timeout(&address, PATIENCE));
        let Some(Ok(mut stream)) = connected else { return Ok(()) };
        let limits = stream.set_read_timeout(Some(PATIENCE));
        limits.map_err(|error| error.to_string())?;
        let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
        let mut connection =
            ClientConnection::new(Arc::clone(&self.0), name).map_err(|error| error.to_string())?;
        connection.complete_io(&mut stream).map_err(|error| explain(&error))?;
        // A server of TLS 1.3 may say only now what it thinks of our certificate.
        match Stream::new(&mut connection, &mut stream).read(&mut [0]) {
            Err(error) if !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                Err(explain(&error))
            }
            _ => Ok(()),
        }
    }
}

fn no_tls(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("no TLS: {}", explain(&error)))
}

/// An alert is the server's opinion of us; all else is ours of the server.
fn explain(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let remedy = match inner {
        Some(rustls::Error::AlertReceived(_)) => {
            "check that it trusts the certificate of hadoop.zk.ssl.keystore.location"
        }
        _ => {
            "check that this is its TLS port, and that hadoop.zk.ssl.truststore.location has the \
             authority that signed its certificate"
        }
    };
    format!("{error}; {remedy}")
}
