use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::connection::Connection;
use super::limits::{FIRST_BYTES, MAX_CONNECTIONS};

/// How long to wait when no descriptor is left.
const PAUSE: Duration = Duration::from_millis(100);

/// Takes in callers until it is told to stop. One that is too many is closed; one that says
/// nothing is closed too, and holds up nobody until then.
pub(super) fn callers(
    listener: TcpListener,
    stopping: CancellationToken,
) -> ReceiverStream<io::Result<Connection>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move { stopping.run_until_cancelled(accept(listener, sender)).await });
    ReceiverStream::new(receiver)
}

async fn accept(listener: TcpListener, callers: mpsc::Sender<io::Result<Connection>>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => match Arc::clone(&places).try_acquire_owned() {
                Ok(place) => drop(tokio::spawn(welcome(stream, place, callers.clone()))),
                Err(_) => debug!("{peer} is one caller too many: {MAX_CONNECTIONS} are connected"),
            },
            Err(error) => {
                warn!("the inspection service cannot accept a connection: {error}");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn welcome(
    stream: TcpStream,
    place: OwnedSemaphorePermit,
    callers: mpsc::Sender<io::Result<Connection>>,
) {
    let spoke = timeout(FIRST_BYTES, stream.peek(&mut [0])).await;
    if matches!(spoke, Ok(Ok(1..))) {
        let _ = stream.set_nodelay(true);
        let _ = callers.send(Ok(Connection { stream, _place: place })).await;
    }
}
