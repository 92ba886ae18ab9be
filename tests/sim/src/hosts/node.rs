use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use hadoop_ipc::conf::{Configuration, Environment};
use hadoop_ipc::security::NoGroups;
use hadoop_ipc::server::{Protocol, Server, ServerOptions};
use journalnode::fetch::SegmentFetcher;
use journalnode::http::{HttpOptions, HttpServer, Site};
use journalnode::inspect::Reachable;
use journalnode::journal::{Blocking, JournalOptions, JournalStatus};
use journalnode::node::{EditsDirectories, JournalNode};
use journalnode::rpc::{HttpAddress, InterQJournalProtocol, QJournalProtocol};
use journalnode::storage::StorageOptions;
use journalnode::storage::disk::faulty::FaultyDisk;
use journalnode::sync::{SyncOptions, Syncers};

use super::Host;
use super::clock::{Clock, wall_clock};
use super::quorum::{HTTP_PORT, JOURNAL, NODES, RPC_PORT};

/// The edits directory of every node.
pub(crate) const EDITS: &str = "/tmp";
/// What stays free for a new segment to start, in bytes.
const RESERVE_BYTES: u64 = 3 * 1024 * 1024;
/// How long a peer may be silent in a transfer.
const TRANSFER_PATIENCE: Duration = Duration::from_secs(2);
const SYNC_INTERVAL: Duration = Duration::from_secs(2);
/// Longer than any writer of a run waits for an answer.
const SETTLE: Duration = Duration::from_secs(10);

/// A machine with a JournalNode on it: the disk and the settings outlive the process.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) index: usize,
    pub(crate) disk: FaultyDisk,
    pub(crate) clock: Clock,
    sync_on_write: bool,
    cache_bytes: Option<usize>,
    running: RefCell<Weak<JournalNode>>,
    /// How often it was started.
    pub(crate) starts: Cell<u64>,
}

impl Node {
    pub(crate) fn new(
        index: usize,
        disk: FaultyDisk,
        sync_on_write: bool,
        cache_bytes: Option<usize>,
    ) -> Self {
        let (clock, running, starts) = (Clock::default(), RefCell::default(), Cell::new(0));
        Self { index, disk, clock, sync_on_write, cache_bytes, running, starts }
    }

    /// How its journal is now; `None` while it is down, or nobody asked for the journal yet.
    pub(crate) fn status(&self) -> Option<JournalStatus> {
        let node = self.running.borrow().upgrade()?;
        let journal = node.loaded().into_iter().find(|journal| journal.id().as_str() == JOURNAL)?;
        Some(journal.status())
    }

    /// The process: everything of a JournalNode that answers writers, readers and peers.
    pub(crate) async fn serve(self: Rc<Self>) -> turmoil::Result {
        self.starts.set(self.starts.get() + 1);
        let syncers = Arc::new(Syncers::new(peers(), sync_options()));
        let node = Arc::new(self.journal_node().with_syncers(Arc::clone(&syncers)));
        *self.running.borrow_mut() = Arc::downgrade(&node);
        let any = |port| SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
        let http = HttpServer::bind(any(HTTP_PORT), HttpOptions::default()).await?;
        let address = HttpAddress::http(http.local_addr());
        let protocols: Vec<Arc<dyn Protocol>> = vec![
            Arc::new(QJournalProtocol::new(Arc::clone(&node), address.clone())),
            Arc::new(InterQJournalProtocol::new(Arc::clone(&node), address)),
        ];
        let rpc = Server::bind(any(RPC_PORT), ServerOptions::default(), protocols).await?;
        syncers.serve_at(SocketAddr::from((Host::Node(self.index).address(), RPC_PORT)));
        let site = Arc::new(site(node, &rpc));
        tokio::join!(rpc.serve(pending()), http.serve(site, pending()), self.clock.follow());
        Ok(())
    }

    fn journal_node(&self) -> JournalNode {
        let directories = EditsDirectories::new(EDITS.into(), BTreeMap::new());
        let fetcher = SegmentFetcher::new(TRANSFER_PATIENCE).reserving(RESERVE_BYTES);
        let storage = StorageOptions {
            sync_on_write: self.sync_on_write,
            now: wall_clock,
            ..StorageOptions::default()
        };
        let options = JournalOptions {
            storage,
            reserve_bytes: RESERVE_BYTES,
            cache_bytes: self.cache_bytes,
            tail_period: Duration::from_secs(1),
            blocking: Blocking::Inline,
            idle_after: Duration::from_secs(60),
        };
        JournalNode::new(directories, Arc::new(self.disk.clone()), Arc::new(fetcher), options)
    }
}

/// Where the other nodes are, as they are configured.
fn peers() -> Configuration {
    let node = |index| format!("{}:{RPC_PORT}", Host::Node(index).address());
    let nodes: Vec<String> = (0..NODES).map(node).collect();
    let mut conf = Configuration::empty(Environment::empty());
    let uri = format!("qjournal://{}/{JOURNAL}", nodes.join(";"));
    conf.set("dfs.namenode.shared.edits.dir", &uri, "simulation");
    conf
}

fn sync_options() -> SyncOptions {
    SyncOptions {
        enabled: true,
        interval: SYNC_INTERVAL,
        transfer_timeout: TRANSFER_PATIENCE,
        bandwidth: None,
        reserve_bytes: RESERVE_BYTES,
        rejoin: true,
        settle: SETTLE,
    }
}

fn site(node: Arc<JournalNode>, rpc: &Server) -> Site {
    Site {
        node,
        rpc: rpc.metrics(),
        rpc_address: rpc.local_addr(),
        conf: Configuration::empty(Environment::empty()),
        groups: Arc::new(NoGroups),
        logging: Arc::default(),
        started: SystemTime::UNIX_EPOCH,
        bandwidth: None,
        inspect: Reachable::Off,
    }
}
