use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

use tokio::{io::AsyncReadExt, sync::Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{debug, info, warn};

use super::{
    Action, Authorize, Caller, CloseReason, Connection, ConnectionSettings, IncomingCall,
    execute::{Executor, QueuedCall},
    halting::{Halting, Mode, Parked, PassedConnection},
    limits::Limits,
    writer::{Writer, linger},
};
use crate::net::{OwnedReadHalf, Passed, TcpStream};

/// What all sessions of a server share.
pub(super) struct Shared {
    pub(super) executor: Arc<Executor>,
    pub(super) settings: ConnectionSettings,
    pub(super) authorize: Option<Arc<dyn Authorize>>,
    pub(super) limits: Limits,
    pub(super) max_calls_per_connection: u32,
    pub(super) purge_interval: std::time::Duration,
    pub(super) calls: TaskTracker,
    /// No more requests are read; calls in flight are finished.
    pub(super) stopping: CancellationToken,
    /// Where sessions stop for another process to go on with them.
    pub(super) halting: Halting,
    pub(super) started: tokio::time::Instant,
}

/// What the idle scan sees of a session.
pub(super) struct SessionState {
    /// Milliseconds since the server started.
    pub(super) last_contact_ms: AtomicU64,
    /// Free places for calls; all of them when no reply is owed.
    pub(super) free_calls: Arc<Semaphore>,
    /// Cancelled to hang up, or when a write failed.
    pub(super) closed: CancellationToken,
}

/// One connection: reads, lets [`Connection`] judge, and does what it says.
pub(super) struct Session {
    id: u64,
    shared: Arc<Shared>,
    state: Arc<SessionState>,
    reader: OwnedReadHalf,
    writer: Arc<Writer>,
    connection: Connection,
    peer: SocketAddr,
    user: Option<String>,
}

/// Why a session ends.
enum End {
    /// The server said so, and the last reply should arrive.
    Refused(CloseReason),
    /// The client hung up, or is to be hung up on.
    Gone,
    /// The server stops.
    Stopping,
    /// Another process goes on with it.
    Left,
}

impl SessionState {
    pub(super) fn new(max_calls: u32, closed: CancellationToken) -> Self {
        Self {
            last_contact_ms: AtomicU64::new(0),
            free_calls: Arc::new(Semaphore::new(max_calls as usize)),
            closed,
        }
    }
}

impl Session {
    pub(super) fn new(
        id: u64,
        shared: Arc<Shared>,
        state: Arc<SessionState>,
        stream: TcpStream,
        connection: Connection,
    ) -> Self {
        let peer = connection.peer();
        let (reader, writer) = stream.into_split();
        let metrics = shared.executor.metrics.clone();
        let writer = Writer::new(writer, state.closed.clone(), shared.purge_interval, metrics);
        let writer = Arc::new(writer);
        Self { id, shared, state, reader, writer, connection, peer, user: None }
    }

    /// Serves the connection to its end.
    pub(super) async fn run(mut self) {
        let end = match self.serve().await {
            Ok(end) => end,
            Err(error) => {
                debug!(peer = %self.peer, %error, "connection lost");
                End::Gone
            }
        };
        if let End::Stopping = end {
            self.finish_calls().await;
        }
        if let Some(user) = &self.user {
            self.shared.executor.metrics.remove_user(user);
        }
        if let End::Left = end {
            return self.writer.leave().await;
        }
        self.shared.halting.end(self.id);
        self.writer.finish().await;
        if let End::Refused(reason) = end {
            info!(peer = %self.peer, %reason, "connection refused");
            linger(self.reader).await;
        }
    }

    async fn serve(&mut self) -> io::Result<End> {
        loop {
            while let Some(action) = self.connection.next_action() {
                if let Some(end) = self.perform(action).await? {
                    return Ok(end);
                }
            }
            let read = tokio::select! {
                biased;
                () = self.state.closed.cancelled() => return Ok(End::Gone),
                () = self.shared.stopping.cancelled() => return Ok(End::Stopping),
                mode = self.shared.halting.leaves(Mode::Serving) => Err(mode),
                read = read_some(&mut self.reader, &mut self.connection) => Ok(read?),
            };
            match read {
                Ok(0) => return Ok(End::Gone),
                Ok(read) => self.touch(read),
                Err(mode) => {
                    if let Some(end) = self.stand_still(mode).await {
                        return Ok(end);
                    }
                }
            }
        }
    }

    /// Waits, once every call is answered, until the server reads again or another process
    /// does.
    async fn stand_still(&mut self, mode: Mode) -> Option<End> {
        if mode == Mode::Left {
            // It was not passed on.
            return Some(End::Gone);
        }
        let shared = self.shared.clone();
        tokio::select! {
            biased;
            () = self.finish_calls() => {}
            _ = shared.halting.leaves(mode) => return None,
        }
        if self.state.closed.is_cancelled() {
            return Some(End::Gone);
        }
        shared.halting.park(self.id, mode, self.passed());
        tokio::select! {
            biased;
            now = shared.halting.leaves(mode) => (now == Mode::Left).then_some(End::Left),
            // The successor may have it: only this end of it is over.
            () = self.state.closed.cancelled() => Some(End::Left),
        }
    }

    fn passed(&self) -> Parked {
        let Some(carried) = self.connection.carry() else { return Ok(None) };
        let stream = self.reader.duplicate()?;
        Ok(Some(PassedConnection { stream, carried }))
    }

    fn touch(&self, read: usize) {
        let now_ms = self.shared.started.elapsed().as_millis() as u64;
        self.state.last_contact_ms.store(now_ms, Relaxed);
        self.shared.executor.metrics.received_bytes.fetch_add(read as u64, Relaxed);
    }

    async fn perform(&mut self, action: Action) -> io::Result<Option<End>> {
        let metrics = &self.shared.executor.metrics;
        match action {
            Action::Reply(response) => self.writer.send(response).await?,
            Action::Wrap(wrapper) => self.writer.wrap_with(wrapper).await,
            Action::Authorize(caller) => self.authorize(caller).await,
            Action::Dispatch(call) => return Ok(self.dispatch(call).await),
            Action::Established(caller) => self.establish(&caller),
            Action::Authenticated => {
                metrics.authentication_successes.fetch_add(1, Relaxed);
            }
            Action::AuthenticationFailed => {
                metrics.authentication_failures.fetch_add(1, Relaxed);
            }
            Action::AuthorizationFailed => {
                metrics.authorization_failures.fetch_add(1, Relaxed);
            }
            Action::Close(reason) => return Ok(Some(End::Refused(reason))),
        }
        Ok(None)
    }

    fn establish(&mut self, caller: &Caller) {
        let metrics = &self.shared.executor.metrics;
        metrics.authorization_successes.fetch_add(1, Relaxed);
        if let Some(user) = &caller.user {
            metrics.add_user(user);
            self.user = Some(user.clone());
        }
    }

    async fn authorize(&mut self, caller: Arc<Caller>) {
        let Some(authorize) = self.shared.authorize.clone() else {
            return self.connection.authorized(Ok(()));
        };
        // Looking up host names blocks.
        let verdict = tokio::task::spawn_blocking(move || {
            let (user, protocol) = (caller.user.as_deref(), caller.protocol.as_deref());
            authorize.authorize(user, protocol, caller.address.ip())
        });
        let verdict = verdict.await.unwrap_or_else(|error| {
            warn!(peer = %self.peer, %error, "authorization check failed");
            Err("the authorization check failed".to_owned())
        });
        self.connection.authorized(verdict);
    }

    /// Hands a call to its own task, once there is room for it.
    async fn dispatch(&mut self, call: IncomingCall) -> Option<End> {
        let arrived = Instant::now();
        let room = self.shared.limits.acquire(&self.state.free_calls, call.body.len());
        let permits = tokio::select! {
            biased;
            () = self.state.closed.cancelled() => None,
            permits = room => permits,
        };
        let Some(permits) = permits else {
            return Some(End::Gone);
        };
        let queued = QueuedCall { call, permits, arrived, queued: Instant::now() };
        let (executor, writer) = (self.shared.executor.clone(), self.writer.clone());
        executor.metrics.call_queue_length.fetch_add(1, Relaxed);
        self.shared.calls.spawn(async move { executor.execute(queued, writer).await });
        None
    }

    /// Waits until every call is answered; the server limits how long.
    async fn finish_calls(&mut self) {
        let all = self.shared.max_calls_per_connection;
        tokio::select! {
            biased;
            () = self.state.closed.cancelled() => {}
            _ = self.state.free_calls.acquire_many(all) => {}
        }
    }
}

async fn read_some(reader: &mut OwnedReadHalf, connection: &mut Connection) -> io::Result<usize> {
    reader.read_buf(&mut connection.room()).await
}
