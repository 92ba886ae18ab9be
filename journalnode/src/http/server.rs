use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hadoop_ipc::net::{Passed, TcpListener, TcpStream, listen};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::shared::Shared;
use super::{HttpOptions, Site, connection, router};

/// Connections that wait to be accepted.
const BACKLOG: u32 = 128;
/// Pause after a failed accept: the usual reason, too many open files, does not pass at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long answers in flight may take at shutdown. Hadoop's scripts kill after 5 s.
const DRAIN: Duration = Duration::from_secs(3);

/// A bound port that does not serve yet: the ports are needed before the node they belong to.
#[derive(Debug)]
pub struct HttpServer {
    listener: TcpListener,
    address: SocketAddr,
    options: HttpOptions,
}

impl HttpServer {
    /// Binds and listens.
    pub async fn bind(address: SocketAddr, options: HttpOptions) -> io::Result<Self> {
        Self::on(listen(address, BACKLOG, true)?, options)
    }

    /// Serves on a socket that listens already.
    pub fn on(listener: TcpListener, options: HttpOptions) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self { listener, address, options })
    }

    /// A second descriptor of the listening socket.
    pub fn listener(&self) -> io::Result<OwnedFd> {
        self.listener.duplicate()
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown`, then finishes the answers in flight, within limits. Journals
    /// are served as [`Blocking`](crate::journal::Blocking) says, which usually takes tokio's
    /// multi-thread runtime.
    pub async fn serve(self, site: Arc<Site>, shutdown: impl Future<Output = ()>) {
        let Self { listener, address, options } = self;
        info!("HTTP server listens on {address}");
        let permits = Arc::new(Semaphore::new(options.max_connections));
        let router = router::router(Arc::new(Shared::new(site, options.clone(), address)));
        let options = Arc::new(options);
        let stop = CancellationToken::new();
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let (stream, permit) = tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(_) = connections.join_next() => continue,
                accepted = accept(&listener, &permits) => accepted,
            };
            let (router, options, stop) = (router.clone(), Arc::clone(&options), stop.clone());
            connections.spawn(async move {
                connection::serve(stream, router, &options, stop.cancelled()).await;
                drop(permit);
            });
        }
        drop(listener);
        stop.cancel();
        drain(connections).await;
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

async fn drain(mut connections: JoinSet<()>) {
    let drained = timeout(DRAIN, async { while connections.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        warn!("{} HTTP connections cut off at shutdown", connections.len());
    }
}
