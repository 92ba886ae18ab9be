//! A node on any disk, and a writer of one of its journals: no network in between.
#![allow(dead_code, reason = "no test crate uses all of it")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use journalnode::editlog::encode_op;
use journalnode::engine::{self, Failure, RequestInfo};
use journalnode::fetch::SegmentFetcher;
use journalnode::journal::{Blocking, Journal, JournalOptions};
use journalnode::node::{EditsDirectories, JournalNode};
use journalnode::storage::StorageOptions;
use journalnode::storage::disk::Disk;
use journalnode::storage::disk::faulty::FaultyDisk;
use journalnode::types::{Epoch, LayoutVersion, SegmentState, StorageInfo, TxId};

pub(crate) const RESERVE_BYTES: u64 = 4 << 20;
pub(crate) const PLENTY_BYTES: u64 = 1 << 30;

pub(crate) fn options() -> JournalOptions {
    JournalOptions {
        storage: StorageOptions::default(),
        reserve_bytes: RESERVE_BYTES,
        cache_bytes: Some(1 << 20),
        tail_period: Duration::ZERO,
        blocking: Blocking::Inline,
        idle_after: Duration::from_secs(240),
    }
}

pub(crate) fn node(base: &Path, disk: Arc<dyn Disk>) -> JournalNode {
    node_with(base, disk, options())
}

pub(crate) fn node_with(base: &Path, disk: Arc<dyn Disk>, options: JournalOptions) -> JournalNode {
    let directories = EditsDirectories::new(base.to_owned(), BTreeMap::new());
    let fetcher = Arc::new(SegmentFetcher::new(Duration::from_secs(1)));
    JournalNode::new(directories, disk, fetcher, options)
}

pub(crate) fn faulty() -> FaultyDisk {
    let disk = FaultyDisk::new(7);
    disk.set_free_space_bytes(PLENTY_BYTES);
    disk
}

pub(crate) fn namespace() -> StorageInfo {
    StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: 12345,
        cluster_id: "CID-test".to_owned(),
        c_time: 0,
    }
}

/// A writer and its journal.
pub(crate) struct Writer {
    pub(crate) journal: Arc<Journal>,
    epoch: Epoch,
    serial: i64,
    /// What it tells the node to be committed.
    pub(crate) committed: Option<TxId>,
}

impl Writer {
    /// Formats the journal and becomes its writer.
    pub(crate) async fn of(node: &JournalNode, name: &str) -> Self {
        let journal = node.journal(name, None).await.unwrap();
        Self::format(&journal, false).await.unwrap();
        let mut writer = Self { journal, epoch: Epoch(0), serial: 0, committed: None };
        writer.new_epoch().await;
        writer
    }

    /// The next writer of a journal that was formatted before.
    pub(crate) async fn after(node: &JournalNode, name: &str) -> Self {
        let journal = node.journal(name, None).await.unwrap();
        let epoch = journal.status().last_promised_epoch;
        let mut writer = Self { journal, epoch, serial: 0, committed: None };
        writer.new_epoch().await;
        writer
    }

    /// Becomes the writer of the next epoch.
    pub(crate) async fn new_epoch(&mut self) {
        self.epoch = Epoch(self.epoch.0 + 1);
        self.serial = 0;
        let proposal = engine::NewEpoch { namespace: namespace(), epoch: self.epoch };
        let journal = &self.journal;
        journal.change(|state, facts| engine::new_epoch(state, facts, &proposal)).await.unwrap();
    }

    pub(crate) async fn format(journal: &Journal, force: bool) -> Result<(), Failure> {
        let format = engine::Format { namespace: namespace(), force };
        journal.change(|state, _| engine::format(state, &format)).await
    }

    fn info(&mut self) -> RequestInfo {
        self.serial += 1;
        RequestInfo { epoch: self.epoch, ipc_serial: self.serial, committed_txid: self.committed }
    }

    pub(crate) async fn start(&mut self, first: i64) -> Result<(), Failure> {
        let request = engine::StartLogSegment {
            info: self.info(),
            txid: TxId(first),
            layout_version: LayoutVersion::CURRENT,
        };
        self.journal.change(|state, facts| engine::start_log_segment(state, facts, &request)).await
    }

    pub(crate) async fn write(&mut self, segment: i64, txid: i64) -> Result<(), Failure> {
        self.write_op(segment, txid, b"body").await
    }

    /// A transaction with this body.
    pub(crate) async fn write_op(
        &mut self,
        segment: i64,
        txid: i64,
        body: &[u8],
    ) -> Result<(), Failure> {
        let request = engine::Journal {
            info: self.info(),
            segment: TxId(segment),
            first: TxId(txid),
            count: 1,
            records: encode_op(3, TxId(txid), body).into(),
        };
        self.journal.change(|state, _| engine::journal(state, &request)).await
    }

    pub(crate) async fn last_of(&mut self, segment: i64) -> Option<TxId> {
        let request = engine::PrepareRecovery { info: self.info(), segment: TxId(segment) };
        let prepared = self
            .journal
            .change(|state, facts| engine::prepare_recovery(state, facts, &request))
            .await
            .unwrap();
        prepared.segment.map(|segment| segment.end)
    }

    /// Has the node take its copy of what another writer left for the recovered one.
    pub(crate) async fn accept(&mut self, first: i64, last: i64) {
        let segment = SegmentState { start: TxId(first), end: TxId(last), in_progress: true };
        let url = "http://127.0.0.1:1/".to_owned();
        let request = engine::AcceptRecovery { info: self.info(), segment, url };
        let journal = &self.journal;
        let accepted =
            journal.change(|state, facts| engine::accept_recovery(state, facts, &request)).await;
        accepted.unwrap();
    }

    pub(crate) async fn finalize(&mut self, first: i64, last: i64) {
        let (start, end) = (TxId(first), TxId(last));
        let request = engine::FinalizeLogSegment { info: self.info(), start, end };
        let journal = &self.journal;
        let finalized = journal
            .change(|state, facts| engine::finalize_log_segment(state, facts, &request))
            .await;
        finalized.unwrap();
    }

    /// A finished segment of these transactions.
    pub(crate) async fn segment(&mut self, first: i64, last: i64) {
        self.start(first).await.unwrap();
        for txid in first..=last {
            self.write(first, txid).await.unwrap();
        }
        self.finalize(first, last).await;
    }

    pub(crate) async fn purge(&mut self, min_to_keep: i64) {
        let min_to_keep = TxId(min_to_keep);
        let request = engine::PurgeLogs { info: self.info(), min_to_keep };
        self.journal.change(|state, _| engine::purge_logs(state, &request)).await.unwrap();
    }

    /// How many transactions a standby gets.
    pub(crate) async fn served_from(&self, since: i64) -> Result<u32, Failure> {
        self.journal.edits_from(TxId(since), 10).await.map(|edits| edits.count)
    }
}
