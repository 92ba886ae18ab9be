use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use bytes::Bytes;
use tokio::{
    sync::{mpsc, oneshot},
    task::AbortHandle,
    time::{Instant, timeout, timeout_at},
};

use super::{
    ClientError, ClientOptions, Target,
    link_io::LinkIo,
    pending::Pending,
    request::{ClientId, opening},
};
use crate::{call::CallId, net::connect};

/// Requests handed to the sending task and not yet taken by it.
const QUEUED_REQUESTS: usize = 4;

/// One connection to the server. Dropping it closes the socket.
pub(super) struct Link {
    peer: SocketAddr,
    requests: mpsc::Sender<Bytes>,
    pending: Arc<Pending>,
    received: Arc<AtomicU64>,
    task: AbortHandle,
}

/// A call on a connection; dropping it forgets the call.
pub(super) struct WaitingCall {
    link: Arc<Link>,
    call_id: CallId,
    answer: oneshot::Receiver<Result<Bytes, ClientError>>,
    received_before: u64,
}

impl Link {
    /// Connects, and starts the task that moves the bytes.
    pub(super) async fn open(
        target: &Target,
        client_id: ClientId,
        options: &ClientOptions,
    ) -> Result<Self, ClientError> {
        let stream = timeout(options.connect_timeout, connect(&target.host, target.port))
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            .and_then(|stream| Ok((stream.peer_addr()?, stream)))
            .map_err(|error| ClientError::Connect {
                target: target.clone(),
                source: Arc::new(error),
            })?;
        let (peer, stream) = stream;
        let (requests, queue) = mpsc::channel(QUEUED_REQUESTS);
        let io = LinkIo::new(client_id, options);
        let (pending, received) = (io.pending.clone(), io.received.clone());
        let run = io.run(stream.into_split(), opening(client_id, options), queue);
        let task = tokio::spawn(run).abort_handle();
        Ok(Self { peer, requests, pending, received, task })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.pending.is_closed()
    }

    /// The address that answered the connect.
    pub(super) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Waits until the connection has ended, and tells why. `None` if nobody said.
    pub(super) async fn ended(&self) -> Option<ClientError> {
        self.pending.ended().await
    }

    /// Ends the connection from this side.
    pub(super) fn close(&self, reason: &'static str) {
        self.pending.close(&ClientError::closed(reason));
        self.task.abort();
    }

    /// Registers and queues a call. `None` if the connection was closed before: the server has
    /// not seen the call.
    pub(super) async fn begin(
        self: &Arc<Self>,
        call_id: CallId,
        packet: Bytes,
    ) -> Option<WaitingCall> {
        let answer = self.pending.add(call_id)?;
        let waiting = WaitingCall {
            link: self.clone(),
            call_id,
            answer,
            received_before: self.received.load(Relaxed),
        };
        // If the task is gone, it has failed the call already.
        let _ = self.requests.send(packet).await;
        Some(waiting)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl WaitingCall {
    /// Waits for the reply or for the end of the connection; `None` at the deadline.
    pub(super) async fn answer(mut self, deadline: Instant) -> Option<Result<Bytes, ClientError>> {
        match timeout_at(deadline, &mut self.answer).await {
            Ok(answer) => {
                Some(answer.unwrap_or_else(|_| Err(ClientError::closed("the client is gone"))))
            }
            Err(_) => {
                self.suspect_server();
                None
            }
        }
    }

    /// Not a byte came while the call waited: the server may be gone without a word. The next
    /// call connects anew, and resolves the name anew.
    fn suspect_server(&self) {
        if self.link.received.load(Relaxed) == self.received_before {
            self.link.close("the server is silent");
        }
    }
}

impl Drop for WaitingCall {
    fn drop(&mut self) {
        self.link.pending.forget(self.call_id);
    }
}
