use std::io;
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hadoop_ipc::conf::Configuration;
use hadoop_ipc::security::{CachedGroups, GroupMapping, SystemGroups};
use hadoop_ipc::server::{Server, ServerOptions, ServiceLevel};
use hadoop_ipc::supervisor::{Supervisor, Watchdog};
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::{error, info, warn};

use super::alone::Alone;
use super::bind::{bind_http, bind_inspect, bind_rpc};
use super::end::{End, Replaceable};
use super::handover::{self, Addresses, Offer, Predecessor, Program, Sockets};
use super::{Exit, Requests, StartError};
use crate::fetch::SegmentFetcher;
use crate::http::{HttpServer, Site};
use crate::index::{Follower, Index};
use crate::inspect::{InspectServer, Inspected};
use crate::logging::LogLevels;
use crate::node::JournalNode;
use crate::scrub::Scrubber;
use crate::settings::{HTTP_ADDRESS, Settings};
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
    syncers: Arc<Syncers>,
    addresses: Addresses,
    replaceable: Option<(Program, Requests)>,
    /// Closed when the process before is gone, if this one goes on for it.
    predecessor: Option<UnixStream>,
}

impl Daemon {
    /// Checks the edits directories, then binds HTTP, then RPC: in Java's order.
    pub async fn start(conf: Configuration, logging: Arc<LogLevels>) -> Result<Self, StartError> {
        let daemon = Self::start_on(conf, logging, Sockets::default()).await?;
        daemon.syncers.serve_at(daemon.rpc_address());
        Ok(daemon)
    }

    /// Starts in the place of a process that serves, and goes on where it stops.
    pub async fn succeed(
        conf: Configuration,
        logging: Arc<LogLevels>,
        predecessor: Predecessor,
    ) -> Result<Self, StartError> {
        let (standby, sockets) = predecessor.greeted().await?;
        let started = Self::start_on(conf, logging, sockets).await;
        let daemon = match started {
            Ok(daemon) => daemon,
            Err(error) => return Err(standby.refuse(error.to_string()).await.into()),
        };
        let predecessor = standby.take_over(&daemon.node, &daemon.rpc).await?;
        Ok(Self { predecessor: Some(predecessor), ..daemon })
    }

    async fn start_on(
        mut conf: Configuration,
        logging: Arc<LogLevels>,
        mut sockets: Sockets,
    ) -> Result<Self, StartError> {
        let sockets = &mut sockets;
        let settings = Settings::from_conf(&conf)?;
        let syncers = Arc::new(Syncers::new(conf.clone(), settings.sync.clone()));
        let node = Arc::new(journal_node(&settings)?.with_syncers(Arc::clone(&syncers)));
        let http = bind_http(&settings, &conf, sockets).await?;
        let groups = CachedGroups::from_configuration(&conf, Arc::new(SystemGroups))?;
        let groups: Arc<dyn GroupMapping> = Arc::new(groups);
        let options = ServerOptions {
            authorize: ServiceLevel::from_conf(&conf, Arc::clone(&groups))?,
            shutdown_grace: DRAIN,
            ..settings.rpc
        };
        let asked = settings.rpc_address;
        let rpc = bind_rpc(asked, options, &node, http.local_addr(), sockets).await?;
        let (inspect, inspect_reachable) = bind_inspect(&settings.inspect, sockets).await;
        let addresses = Addresses {
            rpc: settings.rpc_address,
            http: settings.http_address,
            inspect: inspect.as_ref().and(settings.inspect.address()),
        };
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
        let replaceable = None;
        let predecessor = None;
        Ok(Self {
            node,
            rpc,
            http,
            site,
            scrubber,
            follower,
            inspect,
            syncers,
            addresses,
            replaceable,
            predecessor,
        })
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

    /// Hands over to a new process whenever it is asked to, started as this one was.
    #[must_use]
    pub fn replaceable(self, program: Program, requests: Requests) -> Self {
        Self { replaceable: Some((program, requests)), ..self }
    }

    /// Serves until `stop` says why to end, or another process goes on; then finishes what is
    /// under way, and gives the directories back, or leaves them to that one.
    pub async fn serve(mut self, stop: impl Future<Output = Exit>) -> Exit {
        let mut stop = pin!(stop);
        let (stopping, stopped) = watch::channel(false);
        if let Some(address) = self.inspect_address() {
            info!("inspection service on {address}");
        }
        info!("serving RPC on {}, HTTP on {}", self.rpc_address(), self.http_address());
        let inspected = Arc::new(self.inspected());
        let alone = self.once_alone();
        let replaceable = self.replaceable.take().and_then(|(program, requests)| {
            let alone = alone.clone();
            self.offer().map(|offer| Replaceable { program, requests, offer, alone })
        });
        let rpc = tokio::spawn(watched(self.rpc).serve(until(stopped.clone())));
        let http = tokio::spawn(self.http.serve(self.site, until(stopped.clone())));
        let inspect = tokio::spawn(inspect(self.inspect, inspected, stopped.clone()));
        let watch = tokio::spawn(SlowDiskWatch::new(Arc::clone(&self.node)).run());
        let scrubber = Arc::clone(&self.scrubber);
        let scrub = async move { scrubber.run().await };
        let scrub = tokio::spawn(alone.clone().then(stopped.clone(), scrub));
        let follower = Arc::clone(&self.follower);
        let index = async move { follower.run().await };
        let index = tokio::spawn(alone.then(stopped, index));
        let supervisor = Supervisor::of_process();
        supervisor.ready();
        let end = End::of(replaceable, stop.as_mut()).await;
        self.node.stop_fetching();
        self.scrubber.stop();
        end.announce(&supervisor);
        let _ = stopping.send(true);
        let node = &self.node;
        let wind_up = async {
            if let End::Replaced(_) = end {
                self.syncers.stop().await;
            }
            for ended in [rpc.await, http.await, scrub.await, inspect.await] {
                if let Err(panic) = ended {
                    error!("a part of the daemon ended badly: {panic}");
                }
            }
            if let End::Stopped(_) = end {
                node.close().await;
            }
        };
        end.while_stopping(wind_up, stop).await;
        // Last, so that the history has what the end brought.
        self.follower.stop();
        if timeout(CLOSE_INDEX, index).await.is_err() {
            warn!("the index was not closed within {CLOSE_INDEX:?}; some of it is read again");
        }
        watch.abort();
        end.exit()
    }

    /// What is handed over, if it can be.
    fn offer(&self) -> Option<Offer> {
        let inspect = self.inspect.as_ref().map(InspectServer::listener);
        let sockets = [self.rpc.listener(), self.http.listener()].into_iter().chain(inspect);
        let sockets = sockets.collect::<io::Result<Vec<_>>>();
        let sockets = sockets.inspect_err(|error| warn!("no hand-over is possible: {error}"));
        Some(Offer {
            node: Arc::clone(&self.node),
            passage: self.rpc.passage(),
            addresses: self.addresses,
            sockets: sockets.ok()?,
        })
    }

    /// What two processes must not do at a time begins when the one before is gone: fetching
    /// from peers, scrubbing, the index.
    fn once_alone(&mut self) -> Alone {
        let alone = Alone::default();
        match self.predecessor.take() {
            None => alone.set(),
            Some(predecessor) => {
                let (alone, syncers) = (alone.clone(), Arc::clone(&self.syncers));
                let address = self.rpc_address();
                tokio::spawn(async move {
                    handover::gone(predecessor).await;
                    syncers.serve_at(address);
                    alone.set();
                });
            }
        }
        alone
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

async fn inspect(
    server: Option<InspectServer>,
    inspected: Arc<Inspected>,
    stopped: watch::Receiver<bool>,
) {
    if let Some(server) = server {
        server.serve(inspected, until(stopped)).await;
    }
}

pub(super) async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
