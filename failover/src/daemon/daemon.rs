use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hadoop_ipc::client::Target;
use hadoop_ipc::conf::{Configuration, HostPort};
use hadoop_ipc::security::{CachedGroups, GroupMapping, SystemGroups};
use hadoop_ipc::server::{Protocol, Server, ServerOptions, ServiceLevel};
use hadoop_ipc::supervisor::{Supervisor, Watchdog};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::{error, info, warn};

use super::Exit;
use crate::controller::{ControllerHandle, Ended, EventLoop, NameNodes, Parts};
use crate::engine::{self, EvidencePolicy};
use crate::fence::{FenceOptions, Fencer};
use crate::http::StatusServer;
use crate::lock::{LockService, LockSession};
use crate::namenode::{CallOptions, HealthMonitor, HealthReport, HealthSettings, NameNode};
use crate::rpc::{Admins, ZkfcProtocol, server_options};
use crate::settings::{
    ControllerSettings, STATUS_HTTP_ADDRESS, StartFailure, ZKFC_PORT, ZooKeeperSettings,
};

/// How long a stop may take to hand over. Hadoop's scripts kill after 5 s, and the session is
/// still to be closed then.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);
/// How long answers to callers may take at the end.
const DRAIN: Duration = Duration::from_millis(500);

/// A controller that is bound to its port, with a session, and takes no part yet.
pub struct Daemon {
    settings: Arc<ControllerSettings>,
    event_loop: EventLoop,
    handle: ControllerHandle,
    monitor: HealthMonitor,
    watchdog: Watchdog,
    rpc: Server,
    http: Option<StatusServer>,
}

impl Daemon {
    /// Checks what must be there and binds, in Java's order. Nobody hears of this controller
    /// before [`Daemon::serve`].
    pub async fn start(
        settings: Arc<ControllerSettings>,
        lock: Arc<dyn LockService>,
        session: Arc<dyn LockSession>,
    ) -> Result<Self, StartFailure> {
        check_parent(&settings, session.as_ref()).await?;
        check_fencing(&settings)?;
        let (handle, mailbox) = ControllerHandle::new(settings.local.id.clone());
        let rpc = bind_rpc(&settings, &handle).await?;
        let http = bind_http(&settings).await?;
        let options = call_options(&settings)?;
        let (monitor, health) = health_monitor(&settings, &options)?;
        let watchdog = Watchdog::of_process();
        let timeout = settings.zookeeper.session_timeout;
        let paused = session.ledger().paused().await.unwrap_or_else(|problem| {
            warn!("cannot see whether somebody paused the controllers: {problem}");
            None
        });
        let parts = Parts {
            settings: engine_settings(&settings, rpc.local_addr().port()),
            lock,
            session,
            session_timeout: timeout,
            longest_turn: watchdog.longest_turn(),
            namenodes: NameNodes::new(Arc::clone(&settings), options),
            health,
            paused,
            session_tries: settings
                .exit_without_zookeeper
                .then_some(settings.zookeeper.operation_retries),
        };
        let event_loop = EventLoop::new(parts, mailbox);
        Ok(Self { settings, event_loop, handle, monitor, watchdog, rpc, http })
    }

    /// Where the RPC server listens.
    pub fn rpc_address(&self) -> SocketAddr {
        self.rpc.local_addr()
    }

    /// The way to the controller.
    pub fn handle(&self) -> &ControllerHandle {
        &self.handle
    }

    /// Looks after the NameNode until `stop` says why to end, or until it cannot go on.
    pub async fn serve(self, stop: impl Future<Output = Exit>) -> Exit {
        let Self { settings, event_loop, handle, monitor, mut watchdog, rpc, http } = self;
        let (stopping, stopped) = watch::channel(false);
        info!("serving {} on {}", settings.local.id, rpc.local_addr());
        let monitor = tokio::spawn(monitor.run());
        let mut parts = vec![tokio::spawn(rpc.serve(until(stopped.clone())))];
        if let Some(http) = http {
            let source = Arc::new(handle.clone());
            parts.push(tokio::spawn(http.serve(source, until(stopped))));
        }
        let mut running = tokio::spawn(event_loop.run(move || watchdog.turned()));
        let supervisor = Supervisor::of_process();
        supervisor.ready();
        let exit = tokio::select! {
            ended = &mut running => failed(ended),
            exit = stop => {
                info!("stopping: {exit:?}");
                supervisor.stopping();
                handle.stop(exit.stop());
                match running.await {
                    Ok(Ended { code: 0, .. }) => exit,
                    ended => failed(ended),
                }
            }
        };
        let _ = stopping.send(true);
        drain(parts).await;
        monitor.abort();
        info!("stopped with status {}", exit.status());
        exit
    }
}

fn failed(ended: Result<Ended, tokio::task::JoinError>) -> Exit {
    match ended {
        Ok(Ended { text, .. }) => error!("the controller ends: {text}"),
        Err(died) => error!("the controller died: {died}"),
    }
    Exit::Failed
}

async fn drain(parts: Vec<JoinHandle<()>>) {
    for mut part in parts {
        if timeout(DRAIN, &mut part).await.is_err() {
            part.abort();
        }
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn check_parent(
    settings: &ControllerSettings,
    session: &dyn LockSession,
) -> Result<(), StartFailure> {
    let ZooKeeperSettings { parent, quorum, .. } = settings.zookeeper.clone();
    match session.parent_exists().await {
        Ok(true) => Ok(()),
        Ok(false) => Err(StartFailure::NoParentZnode { parent }),
        Err(error) => Err(StartFailure::ZooKeeper { quorum, reason: error.to_string() }),
    }
}

/// Java's: without a way to fence it does not start.
fn check_fencing(settings: &ControllerSettings) -> Result<(), StartFailure> {
    let methods = settings.local.fencing_methods.as_deref().unwrap_or_default();
    let options = FenceOptions::from_conf(&settings.conf);
    let fencer = options.and_then(|options| Fencer::parse(methods, options));
    let namenode = settings.local.id.namenode.clone();
    let fencer = fencer
        .map_err(|problem| StartFailure::NoFencer { namenode, reason: problem.to_string() })?;
    fencer.warnings().iter().for_each(|warning| warn!("{warning}"));
    // Not fatal: the directory may come later, and another method may do.
    fencer.obstacles().iter().for_each(|obstacle| warn!("{obstacle}"));
    Ok(())
}

async fn bind_rpc(
    settings: &ControllerSettings,
    handle: &ControllerHandle,
) -> Result<Server, StartFailure> {
    let conf = &settings.conf;
    let groups: Arc<dyn GroupMapping> =
        Arc::new(CachedGroups::from_configuration(conf, Arc::new(SystemGroups))?);
    let own = user(conf).unwrap_or_default();
    let admins = Arc::new(Admins::from_conf(conf, &own, Arc::clone(&groups))?);
    let options = server_options(conf, ServiceLevel::from_conf(conf, groups)?)?;
    let options = ServerOptions { shutdown_grace: DRAIN, ..options };
    let protocol: Arc<dyn Protocol> = Arc::new(ZkfcProtocol::new(Arc::new(handle.clone()), admins));
    let address = resolve(&settings.rpc_bind, ZKFC_PORT).await?;
    let bound = Server::bind(address, options, vec![protocol]).await;
    bound.map_err(|error| unbound(&settings.rpc_bind, ZKFC_PORT, &error))
}

async fn bind_http(settings: &ControllerSettings) -> Result<Option<StatusServer>, StartFailure> {
    let Some(address) = &settings.http_address else { return Ok(None) };
    let bound = StatusServer::bind(resolve(address, STATUS_HTTP_ADDRESS).await?);
    bound.map(Some).map_err(|error| unbound(address, STATUS_HTTP_ADDRESS, &error))
}

async fn resolve(address: &HostPort, key: &'static str) -> Result<SocketAddr, StartFailure> {
    let found = tokio::net::lookup_host((address.host.as_str(), address.port)).await;
    match found.map(|mut found| found.next()) {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(unbound(address, key, &io::Error::from(io::ErrorKind::NotFound))),
        Err(error) => Err(unbound(address, key, &error)),
    }
}

fn unbound(address: &HostPort, key: &'static str, error: &io::Error) -> StartFailure {
    StartFailure::Bind { address: address.to_string(), key, reason: error.to_string() }
}

/// As Hadoop finds it without Kerberos.
fn user(conf: &Configuration) -> Option<String> {
    let environment = conf.environment();
    let named = environment.variable("HADOOP_USER_NAME").filter(|name| !name.is_empty());
    named.or_else(|| environment.property("user.name")).map(str::to_owned)
}

fn call_options(settings: &ControllerSettings) -> Result<CallOptions, StartFailure> {
    Ok(CallOptions::from_conf(&settings.conf, user(&settings.conf))?)
}

/// Looks at the own NameNode on a connection of its own.
fn health_monitor(
    settings: &ControllerSettings,
    options: &CallOptions,
) -> Result<(HealthMonitor, mpsc::Receiver<HealthReport>), StartFailure> {
    let address = settings.local.health_address();
    let target = Target::new(address.host.clone(), address.port);
    let once = options.clone().without_retries();
    let namenode = NameNode::new(settings.local.id.clone(), target, &once);
    Ok(HealthMonitor::new(namenode, HealthSettings::from_conf(&settings.conf)?))
}

fn engine_settings(settings: &ControllerSettings, zkfc_port: u16) -> engine::Settings {
    let peers = settings.peers.iter().map(|peer| peer.id.clone()).collect();
    let mut engine = engine::Settings::new(settings.active_node(zkfc_port), peers);
    engine.lock_retries = settings.zookeeper.operation_retries;
    engine.graceful_fence_timeout = settings.transitions.graceful_fence_timeout;
    engine.new_active_timeout = settings.transitions.new_active_timeout;
    engine.stop_timeout = STOP_TIMEOUT;
    engine.evidence = settings
        .evidence
        .as_ref()
        .map(|evidence| EvidencePolicy { silent_for: evidence.silent_for });
    engine
}
