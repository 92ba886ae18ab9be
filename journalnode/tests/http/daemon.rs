use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use hadoop_ipc::conf::{Configuration, Environment};
use hadoop_ipc::security::NoGroups;
use hadoop_ipc::server::RpcMetrics;
use journalnode::engine;
use journalnode::fetch::SegmentFetcher;
use journalnode::http::{HttpOptions, HttpServer, Site};
use journalnode::journal::{Blocking, Journal, JournalOptions};
use journalnode::logging::LogLevels;
use journalnode::node::{EditsDirectories, JournalNode};
use journalnode::storage::StorageOptions;
use journalnode::storage::disk::RealDisk;
use journalnode::types::{Epoch, LayoutVersion, StorageInfo, TxId};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) const CLUSTER: &str = "CID-b561e103-89fe-47ce-bd1c-9afd327b4bb5";
pub(crate) const NAMESPACE: i32 = 1_711_363_522;
pub(crate) const RPC_PORT: u16 = 20485;

/// A server with its journals, gone when dropped.
pub(crate) struct Daemon {
    pub(crate) address: SocketAddr,
    pub(crate) node: Arc<JournalNode>,
    pub(crate) directory: TempDir,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Daemon {
    pub(crate) async fn start() -> Self {
        Self::start_with(HttpOptions::default(), &[]).await
    }

    pub(crate) async fn start_with(options: HttpOptions, conf: &[(&str, &str)]) -> Self {
        Self::start_throttled(options, conf, None).await
    }

    pub(crate) async fn start_throttled(
        options: HttpOptions,
        conf: &[(&str, &str)],
        bandwidth: Option<u64>,
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let node = Arc::new(node(&directory));
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = HttpServer::bind(loopback, options).await.unwrap();
        let address = server.local_addr();
        let site = Arc::new(site(Arc::clone(&node), conf, bandwidth));
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(server.serve(site, async move {
            let _ = stopped.await;
        }));
        Self { address, node, directory, stop: Some(stop), task }
    }

    /// Stops the server; returns when it has ended.
    pub(crate) async fn stop(&mut self) {
        drop(self.stop.take());
        (&mut self.task).await.unwrap();
    }

    /// A journal formatted for [`NAMESPACE`], with epoch 1 promised.
    pub(crate) async fn formatted(&self, name: &str) -> Arc<Journal> {
        let journal = self.node.journal(name, None).await.unwrap();
        let format = engine::Format { namespace: namespace(), force: false };
        journal.change(|state, _| engine::format(state, &format)).await.unwrap();
        let epoch = engine::NewEpoch { namespace: namespace(), epoch: Epoch(1) };
        journal.change(|state, facts| engine::new_epoch(state, facts, &epoch)).await.unwrap();
        journal
    }

    /// A journal with the segment 1-3 finalized and 4 in progress.
    pub(crate) async fn filled(&self, name: &str) -> Arc<Journal> {
        let journal = self.formatted(name).await;
        let mut writer = Writer::new(&journal);
        writer.start(1).await;
        writer.write(1, 3, &[0x11; 300]).await;
        writer.finalize(1, 3).await;
        writer.start(4).await;
        writer.write(4, 1, &[0x22; 100]).await;
        journal
    }
}

/// Sends what a NameNode sends.
pub(crate) struct Writer<'a> {
    journal: &'a Journal,
    segment: TxId,
    serial: i64,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(journal: &'a Journal) -> Self {
        Self { journal, segment: TxId(0), serial: 0 }
    }

    /// Of a segment that is open already.
    pub(crate) fn resume(journal: &'a Journal, segment: i64, serial: i64) -> Self {
        Self { journal, segment: TxId(segment), serial }
    }

    fn info(&mut self) -> engine::RequestInfo {
        self.serial += 1;
        engine::RequestInfo { epoch: Epoch(1), ipc_serial: self.serial, committed_txid: None }
    }

    pub(crate) async fn start(&mut self, first: i64) {
        let (info, txid) = (self.info(), TxId(first));
        let request =
            engine::StartLogSegment { info, txid, layout_version: LayoutVersion::CURRENT };
        let start = |state: &_, facts: &_| engine::start_log_segment(state, facts, &request);
        self.journal.change(start).await.unwrap();
        self.segment = txid;
    }

    pub(crate) async fn write(&mut self, first: i64, count: u32, records: &[u8]) {
        let batch = engine::Journal {
            info: self.info(),
            segment: self.segment,
            first: TxId(first),
            count,
            records: Bytes::copy_from_slice(records),
        };
        self.journal.change(|state, _| engine::journal(state, &batch)).await.unwrap();
    }

    pub(crate) async fn finalize(&mut self, start: i64, end: i64) {
        let request =
            engine::FinalizeLogSegment { info: self.info(), start: TxId(start), end: TxId(end) };
        let finalize = |state: &_, facts: &_| engine::finalize_log_segment(state, facts, &request);
        self.journal.change(finalize).await.unwrap();
    }
}

fn namespace() -> StorageInfo {
    StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: NAMESPACE,
        cluster_id: CLUSTER.into(),
        c_time: 1_795_397_546_541,
    }
}

fn node(directory: &TempDir) -> JournalNode {
    let directories = EditsDirectories::new(directory.path().join("edits"), BTreeMap::new());
    directories.base(None).unwrap();
    let options = JournalOptions {
        storage: StorageOptions::default(),
        reserve_bytes: 0,
        cache_bytes: None,
        tail_period: Duration::ZERO,
        blocking: Blocking::InPlace,
        idle_after: Duration::from_secs(240),
    };
    let fetcher = Arc::new(SegmentFetcher::new(Duration::from_secs(1)));
    JournalNode::new(directories, Arc::new(RealDisk), fetcher, options)
}

fn site(node: Arc<JournalNode>, settings: &[(&str, &str)], bandwidth: Option<u64>) -> Site {
    let mut conf = Configuration::empty(Environment::empty());
    for (key, value) in settings {
        conf.set(key, value, "hdfs-site.xml");
    }
    Site {
        groups: Arc::new(NoGroups),
        node,
        rpc: Arc::new(RpcMetrics::default()),
        rpc_address: SocketAddr::from(([127, 0, 0, 1], RPC_PORT)),
        conf,
        logging: Arc::new(LogLevels::default()),
        started: SystemTime::now(),
        bandwidth,
        inspect: journalnode::inspect::Reachable::Off,
    }
}
