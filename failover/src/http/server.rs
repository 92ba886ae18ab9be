use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hadoop_ipc::net::{TcpListener, TcpStream, listen};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::{debug, info, warn};

use super::StatusSource;
use super::router::router;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 64;
/// Connections served at a time: some monitoring, some people.
const MAX_CONNECTIONS: usize = 64;
/// How long a client may take to send a request's head, or stay silent between requests.
const IDLE_LIMIT: Duration = Duration::from_secs(30);
/// How long one connection may last: a client that does not read its answer must not keep one.
const CONNECTION_LIMIT: Duration = Duration::from_secs(600);
/// Longest head of a request, in bytes; hyper wants at least this much.
const MAX_HEADER_BYTES: usize = 8 << 10;
/// Pause after a failed accept: the usual reason, too many open files, does not pass at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The HTTP server of a controller, bound and not yet serving.
#[derive(Debug)]
pub struct StatusServer {
    listener: TcpListener,
    address: SocketAddr,
}

impl StatusServer {
    /// Binds and listens.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = listen(address, BACKLOG, true)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown`; then hangs up on everybody. Nothing here is worth waiting for.
    pub async fn serve(self, source: Arc<dyn StatusSource>, shutdown: impl Future<Output = ()>) {
        info!("HTTP server listens on {}", self.address);
        let router = router(source);
        let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let (stream, permit) = tokio::select! {
                () = &mut shutdown => break,
                Some(_) = connections.join_next() => continue,
                accepted = accept(&self.listener, &permits) => accepted,
            };
            let router = router.clone();
            connections.spawn(async move {
                serve_connection(stream, router).await;
                drop(permit);
            });
        }
    }
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    // It is never closed, so there is always a permit sooner or later.
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, permit),
            Err(error) => {
                warn!("cannot accept an HTTP connection: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve_connection(stream: TcpStream, router: Router) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_LIMIT)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    match timeout(CONNECTION_LIMIT, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => debug!("HTTP connection ended: {error}"),
        Err(_) => debug!("HTTP connection ended: too long"),
    }
}
