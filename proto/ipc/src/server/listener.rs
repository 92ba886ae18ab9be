use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    os::fd::OwnedFd,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep, timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};

use super::{
    Connection, ConnectionSettings, IdleRules, Passage, PassedConnection, Protocol, Router,
    RpcMetrics, ServerOptions,
    execute::{Executor, Gauge},
    halting::{ACCEPTING, Halting, Mode},
    idle::{Usage, connections_to_close},
    limits::Limits,
    session::{Session, SessionState, Shared},
    turns::Turns,
};
use crate::net::{Passed, TcpListener, TcpStream, adopt, listen, prepare};

/// Pause after a failed accept, such as when the process is out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

pub(super) type Sessions = Arc<Mutex<BTreeMap<u64, Arc<SessionState>>>>;

/// A Hadoop RPC server on one port.
pub struct Server {
    listener: TcpListener,
    local_addr: SocketAddr,
    shared: Arc<Shared>,
    options: ServerOptions,
    sessions: Sessions,
    tasks: TaskTracker,
    last_id: AtomicU64,
    turns: Turns,
    /// Ends every session at once.
    kill: CancellationToken,
}

impl Server {
    /// Opens the port. Connections wait in the backlog until [`serve`](Self::serve).
    ///
    /// Fails if the address cannot be bound, or a protocol is given twice.
    pub async fn bind(
        address: SocketAddr,
        options: ServerOptions,
        protocols: Vec<Arc<dyn Protocol>>,
    ) -> io::Result<Self> {
        let listener = listen(address, options.listen_backlog, options.reuse_addr)?;
        Self::on(listener, options, protocols)
    }

    /// Serves on a socket that listens already.
    ///
    /// Fails if a protocol is given twice.
    pub fn on(
        listener: TcpListener,
        options: ServerOptions,
        protocols: Vec<Arc<dyn Protocol>>,
    ) -> io::Result<Self> {
        let router = Router::new(protocols)?;
        let local_addr = listener.local_addr()?;
        let shared = Arc::new(Shared::new(&options, router));
        Ok(Self {
            listener,
            local_addr,
            shared,
            options,
            sessions: Sessions::default(),
            tasks: TaskTracker::new(),
            last_id: AtomicU64::new(ACCEPTING),
            turns: Turns::default(),
            kill: CancellationToken::new(),
        })
    }

    /// The address bound, with the port the system chose if 0 was asked for.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// The server's counters.
    pub fn metrics(&self) -> Arc<RpcMetrics> {
        self.shared.executor.metrics.clone()
    }

    /// A second descriptor of the listening socket.
    pub fn listener(&self) -> io::Result<OwnedFd> {
        self.listener.duplicate()
    }

    /// What stops this server for another process to go on.
    pub fn passage(&self) -> Passage {
        Passage { shared: self.shared.clone(), sessions: self.sessions.clone() }
    }

    /// Goes on with a connection of another process, once this one serves. A server that
    /// authenticates its clients cannot: what was carried proves nothing.
    pub fn resume_connection(&self, passed: PassedConnection) -> io::Result<()> {
        if self.shared.settings.mechanism.is_some() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let (stream, peer) = adopt(passed.stream)?;
        let settings = self.shared.settings.clone();
        self.start_session(stream, Connection::resume(settings, peer, passed.carried));
        Ok(())
    }

    /// Calls `turned` at least so often, from the loop that accepts connections: while that is
    /// stuck, it is silent. Calls that take long, as on a disk that hangs, have no part in it.
    pub fn telling_turns(
        mut self,
        every: Duration,
        turned: impl FnMut() + Send + Sync + 'static,
    ) -> Self {
        self.turns = Turns::new(every, turned);
        self
    }

    /// Serves until `shutdown`, or until it is [left](Passage::leave). Then accepts nobody, reads
    /// nothing more, lets calls in flight finish and be answered within the grace period, and
    /// closes every connection. A handler that takes longer runs on, its reply lost. Dropping the
    /// future closes every connection.
    pub async fn serve(mut self, shutdown: impl Future<Output = ()>) {
        let _closes_all = self.kill.clone().drop_guard();
        let turns = std::mem::take(&mut self.turns);
        tokio::select! {
            biased;
            () = shutdown => {}
            () = self.accept(turns) => {}
            () = self.close_idle() => {}
        }
        let Self { listener, shared, options, tasks, kill, .. } = self;
        drop(listener);
        shared.stopping.cancel();
        tasks.close();
        if timeout(options.shutdown_grace, tasks.wait()).await.is_err() {
            warn!(calls = shared.calls.len(), "calls still running after the grace period");
            kill.cancel();
            tasks.wait().await;
        }
    }

    /// Ends when another process has taken over.
    async fn accept(&self, mut turns: Turns) {
        let halting = &self.shared.halting;
        loop {
            let accepted = tokio::select! {
                biased;
                () = turns.next() => continue,
                mode = halting.leaves(Mode::Serving) => {
                    if mode == Mode::Left {
                        return;
                    }
                    halting.park(ACCEPTING, mode, Ok(None));
                    halting.leaves(mode).await;
                    continue;
                }
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let settings = self.shared.settings.clone();
                    self.start_session(stream, Connection::new(settings, peer));
                }
                Err(error) => {
                    warn!(%error, "cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn start_session(&self, stream: TcpStream, connection: Connection) {
        let id = self.last_id.fetch_add(1, Relaxed) + 1;
        let peer = connection.peer();
        let metrics = self.metrics();
        let limit = self.options.max_connections;
        if limit > 0 && lock(&self.sessions).len() >= limit {
            metrics.dropped_connections.fetch_add(1, Relaxed);
            info!(%peer, limit, "too many connections");
            return;
        }
        if let Err(error) = prepare(&stream) {
            warn!(%peer, %error, "cannot set socket options");
            return;
        }
        let state = self.session_state();
        let sessions = self.sessions.clone();
        lock(&sessions).insert(id, state.clone());
        let shared = self.shared.clone();
        let session = Session::new(id, shared.clone(), state, stream, connection);
        self.tasks.spawn(async move {
            let open = Gauge::enter(&metrics.open_connections);
            session.run().await;
            drop(open);
            lock(&sessions).remove(&id);
            shared.halting.forget(id);
        });
    }

    fn session_state(&self) -> Arc<SessionState> {
        let closed = self.kill.child_token();
        let state = SessionState::new(self.shared.max_calls_per_connection, closed);
        state.last_contact_ms.store(self.now_ms(), Relaxed);
        Arc::new(state)
    }

    async fn close_idle(&self) {
        let rules: &IdleRules = &self.options.idle;
        loop {
            sleep(rules.scan_interval).await;
            let sessions = lock(&self.sessions);
            let usages = sessions.iter().map(|(id, state)| self.usage(*id, state));
            for id in connections_to_close(usages, rules) {
                if let Some(state) = sessions.get(&id) {
                    state.closed.cancel();
                }
            }
        }
    }

    fn usage(&self, id: u64, state: &SessionState) -> Usage {
        let unused_ms = self.now_ms().saturating_sub(state.last_contact_ms.load(Relaxed));
        let all = self.shared.max_calls_per_connection as usize;
        Usage {
            id,
            unused: Duration::from_millis(unused_ms),
            calls: all.saturating_sub(state.free_calls.available_permits()),
        }
    }

    fn now_ms(&self) -> u64 {
        self.shared.started.elapsed().as_millis() as u64
    }
}

impl Shared {
    fn new(options: &ServerOptions, router: Router) -> Self {
        let executor = Executor {
            router,
            metrics: Arc::new(RpcMetrics::default()),
            max_response_size_bytes: options.max_response_size_bytes,
        };
        let settings = ConnectionSettings {
            max_data_length_bytes: options.max_data_length_bytes,
            mechanism: options.auth.factory(),
            authorize: options.authorize.is_some(),
        };
        let max_calls = u32::try_from(options.max_calls_per_connection).unwrap_or(u32::MAX);
        Self {
            executor: Arc::new(executor),
            settings,
            authorize: options.authorize.clone(),
            limits: Limits::new(options),
            max_calls_per_connection: max_calls.max(1),
            purge_interval: options.purge_interval,
            calls: TaskTracker::new(),
            stopping: CancellationToken::new(),
            halting: Halting::default(),
            started: Instant::now(),
        }
    }
}

pub(super) fn lock(sessions: &Sessions) -> MutexGuard<'_, BTreeMap<u64, Arc<SessionState>>> {
    sessions.lock().unwrap_or_else(PoisonError::into_inner)
}
