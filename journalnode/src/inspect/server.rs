use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use hadoop_proto::inspect::v1::inspect_server::InspectServer as Grpc;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tonic::transport::{Server, ServerTlsConfig};
use tracing::error;

use super::limits;
use super::listener::callers;
use super::pem::Pem;
use super::service::InspectService;
use super::{InspectAddress, InspectError, Inspected};

/// The inspection service, bound to its address.
#[derive(Debug)]
pub struct InspectServer {
    listener: TcpListener,
    local: SocketAddr,
    server: Server,
}

impl InspectServer {
    /// Binds the address, and reads the certificates, if there are to be any.
    pub async fn bind(wanted: &InspectAddress) -> Result<Self, InspectError> {
        let address = wanted.address;
        let listener = TcpListener::bind(address).await;
        Self::on(listener.map_err(|source| InspectError::Bind { address, source })?, wanted)
    }

    /// Goes on with a socket that another process opened.
    pub fn resume(
        listener: std::net::TcpListener,
        wanted: &InspectAddress,
    ) -> Result<Self, InspectError> {
        let address = wanted.address;
        let adopted = listener.set_nonblocking(true).and_then(|()| TcpListener::from_std(listener));
        Self::on(adopted.map_err(|source| InspectError::Bind { address, source })?, wanted)
    }

    fn on(listener: TcpListener, wanted: &InspectAddress) -> Result<Self, InspectError> {
        let server = match &wanted.tls {
            Some(files) => with_mutual_tls(limited(), Pem::read(files)?)?,
            None => limited(),
        };
        let address = wanted.address;
        let unbound = |source| InspectError::Bind { address, source };
        let local = listener.local_addr().map_err(unbound)?;
        Ok(Self { listener, local, server })
    }

    /// A second descriptor of the listening socket.
    pub fn listener(&self) -> io::Result<OwnedFd> {
        self.listener.as_fd().try_clone_to_owned()
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Serves until it is told to stop; then callers get a moment to take what was sent.
    pub async fn serve(mut self, inspected: Arc<Inspected>, stop: impl Future<Output = ()> + Send) {
        let stopping = CancellationToken::new();
        let service = Grpc::new(InspectService::new(inspected, stopping.clone()))
            .max_decoding_message_size(limits::MAX_REQUEST_BYTES)
            .max_encoding_message_size(limits::MAX_ANSWER_BYTES);
        let router = self.server.add_service(service);
        let callers = callers(self.listener, stopping.clone());
        let serving =
            router.serve_with_incoming_shutdown(callers, stopping.clone().cancelled_owned());
        let mut serving = std::pin::pin!(serving);
        let ended = tokio::select! {
            ended = &mut serving => ended,
            () = stop => {
                stopping.cancel();
                // Who does not take it by then does without.
                timeout(limits::DRAIN, serving).await.unwrap_or(Ok(()))
            }
        };
        if let Err(failure) = ended {
            error!("the inspection service ended: {failure}");
        }
    }
}

fn limited() -> Server {
    Server::builder()
        .max_concurrent_streams(limits::MAX_STREAMS_PER_CONNECTION)
        .http2_max_header_list_size(limits::MAX_HEADER_BYTES)
        .http2_keepalive_interval(Some(limits::KEEP_ALIVE))
        .http2_keepalive_timeout(Some(limits::KEEP_ALIVE_ANSWER))
}

/// Both sides show a certificate; a caller without a good one does not get as far as a call.
fn with_mutual_tls(server: Server, pem: Pem) -> Result<Server, InspectError> {
    let tls = ServerTlsConfig::new()
        .identity(pem.identity)
        .client_ca_root(pem.authorities)
        .client_auth_optional(false)
        .timeout(limits::HANDSHAKE);
    server
        .tls_config(tls)
        .map_err(|error| InspectError::Tls(super::client_error::root_cause(&error)))
}
