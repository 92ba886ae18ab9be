use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hadoop_ipc::conf::Configuration;
use hadoop_ipc::security::{CachedGroups, GroupMapping, SystemGroups};
use hadoop_ipc::server::{Protocol, Server, ServerOptions, ServiceLevel};
use hadoop_ipc::supervisor::{Supervisor, Watchdog};
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::{error, info, warn};

use super::{Exit, StartError};
use crate::fetch::SegmentFetcher;
use crate::http::{HttpOptions, HttpServer, Site};
use crate::index::{Follower, Index};
use crate::inspect::{InspectOptions, InspectServer, Inspected, Reachable};
use crate::logging::LogLevels;
use crate::node::JournalNode;
use crate::rpc::{HttpAddress, InterQJournalProtocol, QJournalProtocol};
use crate::scrub::Scrubber;
use crate::settings::{HTTP_ADDRESS, HTTP_BIND_HOST, RPC_ADDRESS, RPC_BIND_HOST, Settings};
use crate::slow_disk::SlowDiskWatch;
use crate::storage::disk::RealDisk;
use crate::sync::Syncers;

/// How long calls in flight may take once told to stop. Hadoop's scripts kill after 5 s.
const DRAIN: Duration = Duration::from_secs(3);
/// How long the index may take to be closed: it can be built again, a stop cannot wait.
const CLOSE_INDEX: Duration = Duration::from_secs(1);

/// A JournalNode that is bound to its ports and ready to serve.
pub struct Daemon {
    node: Arc<JournalNode>,
    rpc: Server,
    http: HttpServer,
    site: Arc<Site>,
    scrubber: Arc<Scrubber>,
    follower: Arc<Follower>,
    inspect: Option<InspectServer>,
}

impl Daemon {
    /// Checks the edits directories, then binds HTTP, then RPC: in Java's order.
    pub async fn start(
        mut conf: Configuration,
        logging: Arc<LogLevels>,
    ) -> Result<Self, StartError> {
        let settings = Settings::from_conf(&conf)?;
        let syncers = Arc::new(Syncers::new(conf.clone(), settings.sync.clone()));
        let node = Arc::new(journal_node(&settings)?.with_syncers(Arc::clone(&syncers)));
        let http = bind_http(&settings, &conf).await?;
        let groups = CachedGroups::from_configuration(&conf, Arc::new(SystemGroups))?;
        let groups: Arc<dyn GroupMapping> = Arc::new(groups);
        let options = ServerOptions {
            authorize: ServiceLevel::from_conf(&conf, Arc::clone(&groups))?,
            shutdown_grace: DRAIN,
            ..settings.rpc
        };
        let rpc = bind_rpc(settings.rpc_address, options, &node, http.local_addr()).await?;
        syncers.serve_at(rpc.local_addr());
        let (inspect, inspect_reachable) = bind_inspect(&settings.inspect).await;
        // Java writes the address that was bound back, where /conf shows it.
        conf.set(HTTP_ADDRESS, &http.local_addr().to_string(), "programmatically");
        let site = Arc::new(Site {
            node: Arc::clone(&node),
            rpc: rpc.metrics(),
            rpc_address: rpc.local_addr(),
            conf,
            groups,
            logging,
            started: SystemTime::now(),
            bandwidth: settings.transfer_bandwidth,
            inspect: inspect_reachable,
        });
        let scrubber = Arc::new(Scrubber::new(Arc::clone(&node), settings.scrub));
        let follower = Arc::new(Follower::new(Arc::clone(&node)));
        Ok(Self { node, rpc, http, site, scrubber, follower, inspect })
    }

    /// Where the RPC server listens.
    pub fn rpc_address(&self) -> SocketAddr {
        self.rpc.local_addr()
    }

    /// Where the HTTP server listens.
    pub fn http_address(&self) -> SocketAddr {
        self.http.local_addr()
    }

    /// Where the inspection service listens, if it does.
    pub fn inspect_address(&self) -> Option<SocketAddr> {
        self.inspect.as_ref().map(InspectServer::local_addr)
    }

    /// Serves until `stop` says why to end; then finishes what is under way, and gives the
    /// directories back.
    pub async fn serve(self, stop: impl Future<Output = Exit>) -> Exit {
        let (stopping, stopped) = watch::channel(false);
        if let Some(address) = self.inspect_address() {
            info!("inspection service on {address}");
        }
        info!("serving RPC on {}, HTTP on {}", self.rpc_address(), self.http_address());
        let inspected = Arc::new(self.inspected());
        let rpc = tokio::spawn(watched(self.rpc).serve(until(stopped.clone())));
        let http = tokio::spawn(self.http.serve(self.site, until(stopped.clone())));
        let inspect = tokio::spawn(inspect(self.inspect, inspected, stopped));
        let watch = tokio::spawn(SlowDiskWatch::new(Arc::clone(&self.node)).run());
        let scrubber = Arc::clone(&self.scrubber);
        let scrub = tokio::spawn(async move { scrubber.run().await });
        let follower = Arc::clone(&self.follower);
        let index = tokio::spawn(async move { follower.run().await });
        let supervisor = Supervisor::of_process();
        supervisor.ready();
        let exit = stop.await;
        info!("stopping: {exit:?}");
        self.node.stop_fetching();
        self.scrubber.stop();
        supervisor.stopping();
        let _ = stopping.send(true);
        for ended in [rpc.await, http.await, scrub.await, inspect.await] {
            if let Err(panic) = ended {
                error!("a part of the daemon ended badly: {panic}");
            }
        }
        self.node.close().await;
        // Last, so that the history has what the end brought.
        self.follower.stop();
        if timeout(CLOSE_INDEX, index).await.is_err() {
            warn!("the index was not closed within {CLOSE_INDEX:?}; some of it is read again");
        }
        watch.abort();
        exit
    }

    fn inspected(&self) -> Inspected {
        Inspected {
            node: Arc::clone(&self.node),
            scrubber: Arc::clone(&self.scrubber),
            rpc_address: self.rpc_address(),
            http_address: self.http_address(),
            started: self.site.started,
        }
    }
}

fn journal_node(settings: &Settings) -> Result<JournalNode, StartError> {
    let directories = settings.directories();
    for nameservice in &settings.edits_dirs_at_start {
        let directory = directories.base(nameservice.as_deref())?;
        warn_if_temporary(directory);
        info!("edits directory: {}", directory.display());
    }
    // Recoveries fetch with it, and keep nothing back: without them there is no writer to keep
    // it for.
    let fetcher = Arc::new(SegmentFetcher::new(settings.transfer_timeout));
    let journals = settings.journals.clone();
    let node = JournalNode::new(directories, Arc::new(RealDisk), fetcher, journals);
    Ok(node.with_index(Index::new(settings.index.clone())))
}

/// Java's default directory is there, and has cost people their edits at a reboot.
fn warn_if_temporary(directory: &Path) {
    if directory.starts_with("/tmp") || directory.starts_with("/var/tmp") {
        warn!(
            "edits directory {} may be emptied at a reboot; set dfs.journalnode.edits.dir",
            directory.display()
        );
    }
}

async fn bind_http(settings: &Settings, conf: &Configuration) -> Result<HttpServer, StartError> {
    let address = settings.http_address;
    let bound = HttpServer::bind(address, HttpOptions::from_conf(conf)?).await;
    bound.map_err(|source| StartError::Bind {
        address,
        key: HTTP_ADDRESS,
        bind_host_key: HTTP_BIND_HOST,
        source,
    })
}

async fn bind_rpc(
    address: SocketAddr,
    options: ServerOptions,
    node: &Arc<JournalNode>,
    http: SocketAddr,
) -> Result<Server, StartError> {
    let http = HttpAddress::http(http);
    let protocols: Vec<Arc<dyn Protocol>> = vec![
        Arc::new(QJournalProtocol::new(Arc::clone(node), http.clone())),
        Arc::new(InterQJournalProtocol::new(Arc::clone(node), http)),
    ];
    let bound = Server::bind(address, options, protocols).await;
    bound.map_err(|source| StartError::Bind {
        address,
        key: RPC_ADDRESS,
        bind_host_key: RPC_BIND_HOST,
        source,
    })
}

/// The watchdog asks whether NameNodes can get in, and nothing else. Disks are left out: one that
/// hangs takes its own journal out of the quorum and leaves the others, `SlowDiskWatch` names it,
/// and a new process would wait for the same disk, having killed what was about to be
/// acknowledged. HTTP is left out: it lets nobody in while slow peers hold all its connections.
fn watched(rpc: Server) -> Server {
    let mut watchdog = Watchdog::of_process();
    match watchdog.longest_turn() {
        Some(every) => rpc.telling_turns(every, move || watchdog.turned()),
        None => rpc,
    }
}

/// Java has no such port: that it is taken must not keep this node from its quorum.
async fn bind_inspect(options: &InspectOptions) -> (Option<InspectServer>, Reachable) {
    let wanted = match options {
        InspectOptions::On(wanted) => wanted,
        InspectOptions::Off { reason, asked_for: true } => {
            warn!("no inspection service: {reason}");
            return (None, Reachable::Off);
        }
        InspectOptions::Off { reason, .. } => {
            info!("no inspection service: {reason}");
            return (None, Reachable::Off);
        }
    };
    if wanted.is_open_to_all() {
        warn!(
            "the inspection service is open to everybody who reaches {}: set \
             dfs.journalnode.inspect.tls.certificate, .key and .client-ca, or an address on \
             loopback",
            wanted.address
        );
    }
    match InspectServer::bind(wanted).await {
        Ok(server) => (Some(server), Reachable::Yes),
        Err(failure) => {
            error!("no inspection service, all else is served: {failure}");
            (None, Reachable::Failed)
        }
    }
}

async fn inspect(
    server: Option<InspectServer>,
    inspected: Arc<Inspected>,
    stopped: watch::Receiver<bool>,
) {
    if let Some(server) = server {
        server.serve(inspected, until(stopped)).await;
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
