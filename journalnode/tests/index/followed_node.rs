use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use journalnode::engine;
use journalnode::fetch::SegmentFetcher;
use journalnode::index::{Follower, HistoryQuery, Index, IndexOptions, IndexState};
use journalnode::journal::{Blocking, Journal, JournalOptions};
use journalnode::node::{EditsDirectories, JournalNode};
use journalnode::scrub::{ScrubOptions, Scrubber};
use journalnode::storage::StorageOptions;
use journalnode::storage::disk::RealDisk;
use journalnode::types::{
    Epoch, JournalId, LayoutVersion, SegmentFile, SegmentState, StorageInfo, TxId,
};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::support::requests;

pub const J: &str = "j";
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(10);

/// The journals of one node and their index, in this process.
pub struct FollowedNode {
    pub node: Arc<JournalNode>,
    follower: Arc<Follower>,
    following: JoinHandle<()>,
}

/// Where a node keeps its edits and its index.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Self(TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap())
    }

    pub fn index(&self) -> PathBuf {
        self.0.path().join("index")
    }

    pub fn current(&self) -> PathBuf {
        self.edits().join(J).join("current")
    }

    pub fn segment(&self, file: SegmentFile) -> PathBuf {
        self.current().join(file.to_string())
    }

    fn edits(&self) -> PathBuf {
        self.0.path().join("edits")
    }
}

impl FollowedNode {
    pub fn start(place: &Place) -> Self {
        Self::start_at(place, None)
    }

    /// Reads so many bytes of edits per second for the index.
    pub fn start_at(place: &Place, bandwidth: Option<u64>) -> Self {
        let options = IndexOptions { directory: Some(place.index()), bandwidth };
        let node = Arc::new(node(&place.edits()).with_index(Index::new(options)));
        let follower = Arc::new(Follower::new(Arc::clone(&node)));
        let running = Arc::clone(&follower);
        let following = tokio::spawn(async move { running.run().await });
        Self { node, follower, following }
    }

    pub fn index(&self) -> &Index {
        self.node.index()
    }

    pub async fn journal(&self) -> Arc<Journal> {
        self.node.journal(J, None).await.unwrap()
    }

    /// Formatted, and written to from now on.
    pub async fn writer(&self) -> Writer {
        let journal = self.journal().await;
        let format = engine::Format { namespace: namespace(), force: false };
        journal.change(|state, _| engine::format(state, &format)).await.unwrap();
        let mut writer = Writer { journal, epoch: Epoch(0), segment: TxId(0), serial: 0 };
        writer.elect(1).await;
        writer
    }

    pub async fn stop(self) {
        self.node.close().await;
        self.follower.stop();
        self.following.await.unwrap();
    }

    pub async fn until_ready(&self) {
        until("the index is ready", || self.index().status().state == IndexState::Ready).await;
    }

    pub async fn until_indexed(&self, segments: u64) {
        let known = || self.index().status().segments == segments;
        until("the index knows the segments", known).await;
    }

    /// Waits until it was read up to a transaction.
    pub async fn until_read(&self, segment: i64, last: i64) {
        let read = || {
            let checkpoint = self.index().checkpoint(&id(), TxId(segment));
            checkpoint.is_some_and(|checkpoint| checkpoint.last == TxId(last))
        };
        until("the segment in progress is read", read).await;
    }

    pub fn history(&self) -> Vec<String> {
        let query = HistoryQuery { after: Some(0), limit: 1000 };
        let events = self.index().history(&id(), query).unwrap_or_default();
        events.into_iter().map(|event| event.what.to_string()).collect()
    }

    /// A scrub that checks everything again and again, ended when the answer is dropped.
    pub fn scrub(&self) -> Scrub {
        self.scrub_every(POLL)
    }

    pub fn scrub_every(&self, interval: Duration) -> Scrub {
        let options = ScrubOptions { interval: Some(interval), bandwidth: None };
        let scrubber = Arc::new(Scrubber::new(Arc::clone(&self.node), options));
        let running = Arc::clone(&scrubber);
        tokio::spawn(async move { running.run().await });
        Scrub(scrubber)
    }
}

pub struct Scrub(Arc<Scrubber>);

impl Drop for Scrub {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Sends what a NameNode sends.
pub struct Writer {
    pub journal: Arc<Journal>,
    epoch: Epoch,
    segment: TxId,
    serial: i64,
}

impl Writer {
    /// Of a journal that was formatted by an earlier one.
    pub async fn again(journal: Arc<Journal>, epoch: i64) -> Self {
        let mut writer = Self { journal, epoch: Epoch(0), segment: TxId(0), serial: 0 };
        writer.elect(epoch).await;
        writer
    }

    /// Of a journal whose promise was asked for already.
    pub fn after(other: Self, epoch: i64) -> Self {
        Self { epoch: Epoch(epoch), segment: TxId(0), serial: 0, ..other }
    }

    pub fn namespace(&self) -> StorageInfo {
        namespace()
    }

    /// Accepts a recovery to what is here already.
    pub async fn accept(&mut self, start: i64, end: i64) {
        let (start, end) = (TxId(start), TxId(end));
        let segment = SegmentState { start, end, in_progress: true };
        let url = "http://192.0.2.1:8480/getJournal".to_owned();
        let request = engine::AcceptRecovery { info: self.info(), segment, url };
        let accept = |state: &_, facts: &_| engine::accept_recovery(state, facts, &request);
        self.journal.change(accept).await.unwrap();
    }

    pub async fn elect(&mut self, epoch: i64) {
        (self.epoch, self.serial) = (Epoch(epoch), 0);
        let request = engine::NewEpoch { namespace: namespace(), epoch: self.epoch };
        self.journal
            .change(|state, facts| engine::new_epoch(state, facts, &request))
            .await
            .unwrap();
    }

    pub async fn start(&mut self, first: i64) {
        let (info, txid) = (self.info(), TxId(first));
        let request =
            engine::StartLogSegment { info, txid, layout_version: LayoutVersion::CURRENT };
        let start = |state: &_, facts: &_| engine::start_log_segment(state, facts, &request);
        self.journal.change(start).await.unwrap();
        self.segment = txid;
    }

    pub async fn write(&mut self, first: i64, count: u32) {
        let records: Bytes = requests::records(first as u64, count);
        let (info, segment, first) = (self.info(), self.segment, TxId(first));
        let batch = engine::Journal { info, segment, first, count, records };
        self.journal.change(|state, _| engine::journal(state, &batch)).await.unwrap();
    }

    pub async fn finalize(&mut self, start: i64, end: i64) {
        let request =
            engine::FinalizeLogSegment { info: self.info(), start: TxId(start), end: TxId(end) };
        let finalize = |state: &_, facts: &_| engine::finalize_log_segment(state, facts, &request);
        self.journal.change(finalize).await.unwrap();
    }

    pub async fn purge(&mut self, min_to_keep: i64) {
        let request = engine::PurgeLogs { info: self.info(), min_to_keep: TxId(min_to_keep) };
        self.journal.change(|state, _| engine::purge_logs(state, &request)).await.unwrap();
    }

    /// A whole segment.
    pub async fn segment(&mut self, first: i64, last: i64) {
        self.start(first).await;
        self.write(first, (last - first + 1) as u32).await;
        self.finalize(first, last).await;
    }

    fn info(&mut self) -> engine::RequestInfo {
        self.serial += 1;
        let (epoch, ipc_serial) = (self.epoch, self.serial);
        engine::RequestInfo { epoch, ipc_serial, committed_txid: None }
    }
}

pub fn id() -> JournalId {
    JournalId::new(J).unwrap()
}

pub fn finished(first: i64, last: i64) -> SegmentFile {
    SegmentFile::finalized(TxId(first), TxId(last))
}

/// Waits until something is so.
pub async fn until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(POLL).await;
    }
}

fn namespace() -> StorageInfo {
    StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: 7,
        cluster_id: requests::CLUSTER_ID.into(),
        c_time: 0,
    }
}

fn node(edits: &Path) -> JournalNode {
    let directories = EditsDirectories::new(edits.to_owned(), BTreeMap::new());
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
