//! Damage is contained: a failed disk stops a segment or a journal, never the process or
//! another journal, and what was not durable is never shown to anybody.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use journalnode::editlog::encode_op;
use journalnode::engine::{self, Failure, Refusal, RequestInfo};
use journalnode::fetch::SegmentFetcher;
use journalnode::journal::{Blocking, Journal, JournalOptions};
use journalnode::node::{EditsDirectories, JournalNode};
use journalnode::storage::StorageOptions;
use journalnode::storage::disk::faulty::FaultyDisk;
use journalnode::storage::disk::{Disk, RealDisk};
use journalnode::types::{Epoch, LayoutVersion, StorageInfo, TxId};

const RESERVE_BYTES: u64 = 4 << 20;
const PLENTY_BYTES: u64 = 1 << 30;

fn node(base: &tempfile::TempDir, disk: Arc<dyn Disk>) -> JournalNode {
    let directories = EditsDirectories::new(base.path().to_owned(), BTreeMap::new());
    let options = JournalOptions {
        storage: StorageOptions::default(),
        reserve_bytes: RESERVE_BYTES,
        cache_bytes: Some(1 << 20),
        tail_period: Duration::ZERO,
        blocking: Blocking::Inline,
    };
    let fetcher = Arc::new(SegmentFetcher::new(Duration::from_secs(1)));
    JournalNode::new(directories, disk, fetcher, options)
}

fn faulty() -> FaultyDisk {
    let disk = FaultyDisk::new(7);
    disk.set_free_space_bytes(PLENTY_BYTES);
    disk
}

fn namespace() -> StorageInfo {
    StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: 12345,
        cluster_id: "CID-test".to_owned(),
        c_time: 0,
    }
}

/// A writer of epoch 1 and its journal.
struct Writer {
    journal: Arc<Journal>,
    serial: i64,
}

impl Writer {
    /// Formats the journal and becomes its writer.
    async fn of(node: &JournalNode, name: &str) -> Self {
        let journal = node.journal(name, None).await.unwrap();
        Self::format(&journal, false).await.unwrap();
        let proposal = engine::NewEpoch { namespace: namespace(), epoch: Epoch(1) };
        journal.change(|state, facts| engine::new_epoch(state, facts, &proposal)).await.unwrap();
        Self { journal, serial: 0 }
    }

    async fn format(journal: &Journal, force: bool) -> Result<(), Failure> {
        let format = engine::Format { namespace: namespace(), force };
        journal.change(|state, _| engine::format(state, &format)).await
    }

    fn info(&mut self) -> RequestInfo {
        self.serial += 1;
        RequestInfo { epoch: Epoch(1), ipc_serial: self.serial, committed_txid: None }
    }

    async fn start(&mut self, first: i64) -> Result<(), Failure> {
        let request = engine::StartLogSegment {
            info: self.info(),
            txid: TxId(first),
            layout_version: LayoutVersion::CURRENT,
        };
        self.journal.change(|state, facts| engine::start_log_segment(state, facts, &request)).await
    }

    async fn write(&mut self, segment: i64, txid: i64) -> Result<(), Failure> {
        let request = engine::Journal {
            info: self.info(),
            segment: TxId(segment),
            first: TxId(txid),
            count: 1,
            records: encode_op(3, TxId(txid), b"body").into(),
        };
        self.journal.change(|state, _| engine::journal(state, &request)).await
    }

    async fn last_of(&mut self, segment: i64) -> Option<TxId> {
        let request = engine::PrepareRecovery { info: self.info(), segment: TxId(segment) };
        let prepared = self
            .journal
            .change(|state, facts| engine::prepare_recovery(state, facts, &request))
            .await
            .unwrap();
        prepared.segment.map(|segment| segment.end)
    }

    async fn cached_from(&self, since: i64) -> Result<u32, Failure> {
        let edits =
            self.journal.read(|state, _| engine::journaled_edits(state, TxId(since), 10)).await;
        edits.map(|edits| edits.count)
    }
}

/// The operations of an append are one write and one sync.
const SYNC_OF_NEXT_APPEND: u64 = 2;

/// JN-075 and more: Java goes on writing into a file whose sync failed.
#[tokio::test]
async fn a_failed_sync_stops_the_segment_and_nothing_else() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let node = node(&base, Arc::new(disk.clone()));
    let (mut sick, mut well) = (Writer::of(&node, "sick").await, Writer::of(&node, "well").await);
    sick.start(1).await.unwrap();
    well.start(1).await.unwrap();
    sick.write(1, 1).await.unwrap();

    disk.fail_at(disk.operations() + SYNC_OF_NEXT_APPEND);
    let failure = sick.write(1, 2).await.unwrap_err();
    assert_eq!(failure.java_class(), "java.io.IOException", "{failure}");
    assert_eq!(sick.journal.status().failed_segments.len(), 1);

    let refused = sick.write(1, 2).await.unwrap_err();
    assert!(matches!(refused, Failure::Refused(Refusal::SegmentFailed { .. })), "{refused}");
    well.write(1, 1).await.unwrap();

    assert_eq!(sick.last_of(1).await, Some(TxId(1)), "only what was synced is vouched for");
    sick.start(2).await.unwrap();
    sick.write(2, 2).await.unwrap();
}

/// HDFS-17710: Java's cache serves a batch that its disk refused.
#[tokio::test]
async fn a_batch_that_is_not_durable_is_never_served() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let node = node(&base, Arc::new(disk.clone()));
    let mut writer = Writer::of(&node, "j").await;
    writer.start(1).await.unwrap();
    writer.write(1, 1).await.unwrap();
    disk.fail_at(disk.operations() + SYNC_OF_NEXT_APPEND);
    writer.write(1, 2).await.unwrap_err();
    assert_eq!(writer.cached_from(1).await, Ok(1));
    assert_eq!(writer.cached_from(2).await, Ok(0));
    assert_eq!(writer.journal.status().highest_written, TxId(1));
}

#[tokio::test]
async fn a_nearly_full_disk_refuses_new_segments_and_resumes_by_itself() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let node = node(&base, Arc::new(disk.clone()));
    let mut writer = Writer::of(&node, "j").await;
    writer.start(1).await.unwrap();

    disk.set_free_space_bytes(RESERVE_BYTES - 1);
    writer.write(1, 1).await.unwrap();
    let refused = writer.start(2).await.unwrap_err();
    assert!(refused.to_string().contains("dfs.journalnode.free-space.reserve.bytes"), "{refused}");

    disk.set_free_space_bytes(PLENTY_BYTES);
    writer.start(2).await.unwrap();
}

/// JN-042
#[tokio::test]
async fn looking_a_journal_up_creates_nothing() {
    let base = tempfile::tempdir().unwrap();
    let node = node(&base, Arc::new(RealDisk));
    assert!(!node.journal("unknown", None).await.unwrap().status().is_formatted());
    assert_eq!(std::fs::read_dir(base.path()).unwrap().count(), 0);
}

/// JN-044
#[tokio::test]
async fn a_journal_that_could_not_be_loaded_is_tried_again() {
    let base = tempfile::tempdir().unwrap();
    let version = base.path().join("j/current/VERSION");
    std::fs::create_dir_all(version.parent().unwrap()).unwrap();
    std::fs::write(&version, "layoutVersion=-67\n").unwrap();
    let node = node(&base, Arc::new(RealDisk));
    let failure = node.journal("j", None).await.unwrap_err();
    assert!(failure.to_string().contains("missing"), "{failure}");
    let whole =
        "namespaceID=1\nstorageType=JOURNAL_NODE\ncTime=0\nclusterID=c\nlayoutVersion=-67\n";
    std::fs::write(&version, whole).unwrap();
    assert!(node.journal("j", None).await.unwrap().status().is_formatted());
}

/// JN-115: two owners of one directory in one process, where fcntl locks do not help.
#[tokio::test]
async fn a_directory_has_one_owner() {
    let base = tempfile::tempdir().unwrap();
    let first = node(&base, Arc::new(RealDisk));
    Writer::of(&first, "j").await;
    let second = node(&base, Arc::new(RealDisk));
    let refused = second.journal("j", None).await.unwrap_err();
    assert!(refused.to_string().contains("The directory is already locked"), "{refused}");
    first.close().await;
    second.journal("j", None).await.unwrap();
}

/// A format that failed half-way leaves files that the memory knows nothing of.
#[tokio::test]
async fn a_failed_format_is_followed_by_a_fresh_look_at_the_directory() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let node = node(&base, Arc::new(disk.clone()));
    let writer = Writer::of(&node, "j").await;
    let mut failed = 0;
    loop {
        disk.fail_at(disk.operations() + failed + 1);
        if Writer::format(&writer.journal, true).await.is_ok() {
            break;
        }
        failed += 1;
        Writer::format(&writer.journal, true).await.unwrap();
        assert!(writer.journal.status().is_formatted());
    }
    assert!(failed > 5, "a format is more than {failed} operations")
}
