//! Controllers of one nameservice that share an ensemble in memory.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use failover::controller::{ControllerHandle, Ended, EventLoop, NameNodes, Parts};
use failover::engine::{self, EvidencePolicy, Stop};
use failover::http::{ControllerStatus, StatusSource};
use failover::ledger::FailoverRecord;
use failover::lock::LockService;
use failover::lock::memory::MemoryEnsemble;
use failover::namenode::{CallOptions, HealthMonitor, HealthSettings, NameNode};
use failover::rpc::{Admins, ZkfcProtocol, server_options};
use failover::settings::ControllerSettings;
use failover::types::{ActiveNode, NameNodeId};
use hadoop_ipc::client::Target;
use hadoop_ipc::conf::{Configuration, Environment};
use hadoop_ipc::security::NoGroups;
use hadoop_ipc::server::Server;
use tokio::task::JoinHandle;

use super::namenode::FakeNameNode;
use super::patience::{soon, until};

/// Long enough that no lease runs out in a test that is not about that.
pub const LONG: Duration = Duration::from_secs(30);

/// Two NameNodes and what their controllers share.
pub struct World {
    pub ensemble: MemoryEnsemble,
    pub nn1: FakeNameNode,
    pub nn2: FakeNameNode,
    extra: Vec<(String, String)>,
}

/// One running controller.
pub struct Node {
    pub handle: ControllerHandle,
    pub own: ActiveNode,
    ensemble: MemoryEnsemble,
    running: JoinHandle<Ended>,
    rpc: JoinHandle<()>,
    monitor: JoinHandle<()>,
}

impl World {
    /// nn1 and nn2 are standby; sessions live as long as said.
    pub async fn new(timeout: Duration) -> Self {
        let (nn1, nn2) = (FakeNameNode::standby().await, FakeNameNode::standby().await);
        Self { ensemble: MemoryEnsemble::new(timeout), nn1, nn2, extra: Vec::new() }
    }

    pub fn set(mut self, key: &str, value: impl ToString) -> Self {
        self.extra.push((key.to_owned(), value.to_string()));
        self
    }

    /// As a controller of nn2 would have left it.
    pub fn leave_breadcrumb_of_nn2(&self) -> ActiveNode {
        let node = node("nn2", self.nn2.address, 1);
        self.ensemble.set_breadcrumb(node.encode());
        node
    }

    /// The controller of nn1 or nn2, its RPC port served.
    pub async fn run(&self, namenode: &str) -> Node {
        self.run_with(namenode, |_| {}).await
    }

    /// The same with this RPC port, as a restarted process has.
    pub async fn run_at(&self, namenode: &str, port: u16) -> Node {
        self.start(namenode, port, |_| {}).await
    }

    pub async fn run_with(&self, namenode: &str, change: impl FnOnce(&mut Parts)) -> Node {
        self.start(namenode, 0, change).await
    }

    async fn start(&self, namenode: &str, port: u16, change: impl FnOnce(&mut Parts)) -> Node {
        let (handle, mailbox) = ControllerHandle::new(NameNodeId::new("ns1", namenode));
        let rpc = serve(&handle, port).await;
        let zkfc_port = rpc.local_addr().port();
        let settings = Arc::new(self.settings(namenode, zkfc_port));
        let own = settings.active_node(zkfc_port);
        let mut options = CallOptions::new(Some("hdfs".to_owned())).without_retries();
        options.connect_timeout = Duration::from_secs(1);
        let (monitor, health) = monitor(&settings, &options);
        let session = self.ensemble.open().await.unwrap();
        let mut parts = Parts {
            settings: engine_settings(&settings, own.clone()),
            lock: Arc::new(self.ensemble.clone()),
            session_timeout: session.timeout(),
            session,
            longest_turn: None,
            namenodes: NameNodes::new(settings, options),
            health,
            paused: None,
            session_tries: None,
        };
        change(&mut parts);
        let monitor = tokio::spawn(monitor.run());
        let running = tokio::spawn(EventLoop::new(parts, mailbox).run(|| {}));
        let rpc = tokio::spawn(rpc.serve(std::future::pending()));
        Node { handle, own, ensemble: self.ensemble.clone(), running, rpc, monitor }
    }

    pub fn settings(&self, namenode: &str, zkfc_port: u16) -> ControllerSettings {
        let mut conf = Configuration::empty(Environment::empty());
        let (nn1, nn2) = (self.nn1.address.to_string(), self.nn2.address.to_string());
        let port_key = format!("dfs.ha.zkfc.port.ns1.{namenode}");
        let zkfc_port = zkfc_port.to_string();
        let pairs = [
            ("dfs.nameservices", "ns1"),
            ("dfs.ha.namenodes.ns1", "nn1,nn2"),
            ("dfs.nameservice.id", "ns1"),
            ("dfs.ha.namenode.id", namenode),
            ("dfs.namenode.rpc-address.ns1.nn1", &nn1),
            ("dfs.namenode.rpc-address.ns1.nn2", &nn2),
            ("dfs.ha.automatic-failover.enabled", "true"),
            ("dfs.ha.fencing.methods", "shell(false)"),
            ("ha.zookeeper.quorum", "in.memory:1"),
            ("ha.health-monitor.check-interval.ms", "20"),
            ("ha.health-monitor.sleep-after-disconnect.ms", "20"),
            ("ha.health-monitor.rpc-timeout.ms", "1000"),
            ("ha.failover-controller.graceful-fence.rpc-timeout.ms", "1000"),
            ("dfs.ha.zkfc.nn.http.timeout.ms", "0"),
            (port_key.as_str(), zkfc_port.as_str()),
        ];
        let extra = self.extra.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        pairs.into_iter().chain(extra).for_each(|(key, value)| conf.set(key, value, "test"));
        ControllerSettings::from_conf(&conf).unwrap()
    }
}

impl Node {
    pub fn status(&self) -> ControllerStatus {
        self.handle.status()
    }

    pub async fn is(&self, elector: &str) {
        until(&format!("{} is {elector}", self.own), || self.status().elector == elector).await;
    }

    /// Its first failover that was written down.
    pub async fn failover(&self) -> FailoverRecord {
        self.failover_that(|_| true).await
    }

    /// Its first one of that kind.
    pub async fn failover_that(&self, is: impl Fn(&FailoverRecord) -> bool) -> FailoverRecord {
        let session = self.ensemble.open().await.unwrap();
        soon(async {
            loop {
                let history = session.ledger().history().await.unwrap();
                let mut own = history.into_iter().rev().filter(|record| record.to == self.own.id);
                match own.find(|record| is(record)) {
                    Some(record) => return record,
                    None => tokio::time::sleep(Duration::from_millis(5)).await,
                }
            }
        })
        .await
    }

    /// What fenced the old active in its last failover.
    pub fn fenced_by(&self) -> Option<String> {
        self.status().failovers.first()?.fenced_by.clone()
    }

    /// Its RPC port is closed.
    pub async fn hang_up(&self) {
        self.rpc.abort();
        until("its port is closed", || self.rpc.is_finished()).await;
    }

    pub async fn stop(mut self) -> Ended {
        self.handle.stop(Stop::HandOver);
        self.ended().await
    }

    pub async fn ended(&mut self) -> Ended {
        soon(&mut self.running).await.unwrap()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.running.abort();
        self.rpc.abort();
        self.monitor.abort();
    }
}

fn node(namenode: &str, address: SocketAddr, zkfc_port: i32) -> ActiveNode {
    ActiveNode {
        id: NameNodeId::new("ns1", namenode),
        hostname: address.ip().to_string(),
        port: address.port().into(),
        zkfc_port,
    }
}

async fn serve(handle: &ControllerHandle, port: u16) -> Server {
    let conf = Configuration::empty(Environment::empty());
    let admins = Admins::from_conf(&conf, "hdfs", Arc::new(NoGroups)).unwrap();
    let protocol = ZkfcProtocol::new(Arc::new(handle.clone()), Arc::new(admins));
    let loopback = SocketAddr::from(([127, 0, 0, 1], port));
    let options = server_options(&conf, None).unwrap();
    Server::bind(loopback, options, vec![Arc::new(protocol)]).await.unwrap()
}

fn monitor(
    settings: &ControllerSettings,
    options: &CallOptions,
) -> (HealthMonitor, tokio::sync::mpsc::Receiver<failover::namenode::HealthReport>) {
    let address = settings.local.health_address();
    let target = Target::new(address.host.clone(), address.port);
    let namenode = NameNode::new(settings.local.id.clone(), target, options);
    HealthMonitor::new(namenode, HealthSettings::from_conf(&settings.conf).unwrap())
}

fn engine_settings(settings: &ControllerSettings, own: ActiveNode) -> engine::Settings {
    let peers = settings.peers.iter().map(|peer| peer.id.clone()).collect();
    let mut engine = engine::Settings::new(own, peers);
    engine.graceful_fence_timeout = settings.transitions.graceful_fence_timeout;
    let evidence = settings.evidence.as_ref();
    engine.evidence = evidence.map(|on| EvidencePolicy { silent_for: on.silent_for });
    engine
}
