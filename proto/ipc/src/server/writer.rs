use std::{
    io,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use bytes::BytesMut;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Mutex,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::RpcMetrics;
use crate::{
    call::Response,
    net::{OwnedReadHalf, OwnedWriteHalf, leave},
    sasl::Wrapper,
};

/// How long a client may take to see that its connection was closed, and how much it may still
/// send meanwhile. Closing at once would reset the connection under an unread last reply.
const LINGER: Duration = Duration::from_millis(500);
const LINGER_BYTES: usize = 1024 * 1024;

/// The sending side of a connection. Whoever has a reply writes it, one at a time.
pub(super) struct Writer {
    side: Mutex<Side>,
    closed: CancellationToken,
    purge_interval: Duration,
    metrics: Arc<RpcMetrics>,
}

struct Side {
    /// `None` once another process has the connection.
    stream: Option<OwnedWriteHalf>,
    wrapper: Option<Arc<dyn Wrapper>>,
}

impl Writer {
    /// `closed` is cancelled when a write fails, and cancelling it fails every write.
    pub(super) fn new(
        stream: OwnedWriteHalf,
        closed: CancellationToken,
        purge_interval: Duration,
        metrics: Arc<RpcMetrics>,
    ) -> Self {
        let side = Mutex::new(Side { stream: Some(stream), wrapper: None });
        Self { side, closed, purge_interval, metrics }
    }

    /// Wraps all that is written from now on.
    pub(super) async fn wrap_with(&self, wrapper: Arc<dyn Wrapper>) {
        self.side.lock().await.wrapper = Some(wrapper);
    }

    /// Writes a whole reply, or fails the connection.
    pub(super) async fn send(&self, response: Response) -> io::Result<()> {
        let mut side = self.side.lock().await;
        let written = tokio::select! {
            biased;
            () = self.closed.cancelled() => Err(io::ErrorKind::NotConnected.into()),
            written = timeout(self.purge_interval, side.write(response)) => {
                written.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            }
        };
        match written {
            Ok(bytes) => {
                self.metrics.sent_bytes.fetch_add(bytes as u64, Relaxed);
                Ok(())
            }
            // The stream may end inside a reply: nothing may follow it.
            Err(error) => {
                self.closed.cancel();
                Err(error)
            }
        }
    }

    /// Ends the stream after what was written.
    pub(super) async fn finish(&self) {
        self.closed.cancel();
        let mut side = self.side.lock().await;
        // The peer may be gone already.
        if let Some(stream) = &mut side.stream {
            let _ = stream.shutdown().await;
        }
    }

    /// Leaves the stream as it is to another process.
    pub(super) async fn leave(&self) {
        if let Some(stream) = self.side.lock().await.stream.take() {
            leave(stream);
        }
    }
}

impl Side {
    async fn write(&mut self, response: Response) -> io::Result<usize> {
        let response = match &self.wrapper {
            None => response,
            // Under the lock: tokens must leave in the order of their sequence numbers.
            Some(wrapper) => {
                let token = wrapper.wrap(&response.to_bytes()).map_err(io::Error::other)?;
                Response::wrap(token)
            }
        };
        let length = response.len();
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        stream.write_all_buf(&mut response.into_buf()).await?;
        Ok(length)
    }
}

/// Reads and forgets until the client hangs up, within limits.
pub(super) async fn linger(mut stream: OwnedReadHalf) {
    let discard = async {
        let mut scratch = BytesMut::with_capacity(8 * 1024);
        let mut left = LINGER_BYTES;
        while let Ok(read @ 1..) = stream.read_buf(&mut scratch).await {
            scratch.clear();
            left = left.saturating_sub(read);
            if left == 0 {
                break;
            }
        }
    };
    let _ = timeout(LINGER, discard).await;
}
