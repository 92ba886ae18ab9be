//! A directory with 100,000 finished segments: it is listed once when it is read, and never
//! again by what a writer or a reader asks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use journalnode::editlog::{encode_header, encode_op};
use journalnode::engine::{self, RequestInfo};
use journalnode::fetch::SegmentFetcher;
use journalnode::journal::{Blocking, Journal, JournalOptions};
use journalnode::storage::StorageOptions;
use journalnode::storage::disk::{
    Disk, DiskError, DiskFile, Entry, EntryKind, LockAttempt, OpenMode, RealDisk,
};
use journalnode::types::{Epoch, JournalId, LayoutVersion, SegmentFile, StorageInfo, TxId};
use tempfile::TempDir;

const SEGMENTS: i64 = 100_000;
const LAST: i64 = SEGMENTS;

/// The real disk, which counts how often `current/` is listed and files are opened.
#[derive(Debug, Default)]
struct CountingDisk {
    listed: AtomicU64,
    opened: AtomicU64,
}

impl CountingDisk {
    /// How often since the last time: listings and opened files.
    fn take(&self) -> (u64, u64) {
        (self.listed.swap(0, Relaxed), self.opened.swap(0, Relaxed))
    }
}

impl Disk for CountingDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> Result<Box<dyn DiskFile>, DiskError> {
        self.opened.fetch_add(1, Relaxed);
        RealDisk.open(path, mode)
    }

    fn kind(&self, path: &Path) -> Result<Option<EntryKind>, DiskError> {
        RealDisk.kind(path)
    }

    fn read_dir(&self, path: &Path) -> Result<Vec<Entry>, DiskError> {
        if path.ends_with("current") {
            self.listed.fetch_add(1, Relaxed);
        }
        RealDisk.read_dir(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), DiskError> {
        RealDisk.rename(from, to)
    }

    fn rename_no_replace(&self, from: &Path, to: &Path) -> Result<(), DiskError> {
        RealDisk.rename_no_replace(from, to)
    }

    fn hard_link(&self, original: &Path, link: &Path) -> Result<(), DiskError> {
        RealDisk.hard_link(original, link)
    }

    fn remove_file(&self, path: &Path) -> Result<(), DiskError> {
        RealDisk.remove_file(path)
    }

    fn remove_dir_all(&self, path: &Path) -> Result<(), DiskError> {
        RealDisk.remove_dir_all(path)
    }

    fn create_dir(&self, path: &Path) -> Result<(), DiskError> {
        RealDisk.create_dir(path)
    }

    fn create_dir_all(&self, path: &Path) -> Result<(), DiskError> {
        RealDisk.create_dir_all(path)
    }

    fn set_permissions(&self, path: &Path, mode: u32) -> Result<(), DiskError> {
        RealDisk.set_permissions(path, mode)
    }

    fn is_writable(&self, path: &Path) -> bool {
        RealDisk.is_writable(path)
    }

    fn sync_dir(&self, path: &Path) -> Result<(), DiskError> {
        RealDisk.sync_dir(path)
    }

    fn lock(&self, path: &Path, owner: &str) -> Result<LockAttempt, DiskError> {
        RealDisk.lock(path, owner)
    }

    fn free_space_bytes(&self, path: &Path) -> Result<u64, DiskError> {
        RealDisk.free_space_bytes(path)
    }
}

/// A journal in a temporary directory.
struct Log {
    journal: Journal,
    disk: Arc<CountingDisk>,
    _directory: TempDir,
    serial: i64,
}

impl Log {
    async fn load() -> Self {
        let directory = fast_directory();
        let root = directory.path().join("long");
        let journal = load(&root, Arc::new(RealDisk)).await;
        let format = engine::Format { namespace: namespace(), force: false };
        journal.change(|state, _| engine::format(state, &format)).await.unwrap();
        journal.close().await;
        fill(&root.join("current"));
        let disk = Arc::new(CountingDisk::default());
        let counting: Arc<dyn Disk> = disk.clone();
        let journal = load(&root, counting).await;
        Self { journal, disk, _directory: directory, serial: 0 }
    }

    fn info(&mut self) -> RequestInfo {
        self.serial += 1;
        RequestInfo { epoch: Epoch(1), ipc_serial: self.serial, committed_txid: None }
    }

    async fn new_epoch(&self) {
        let proposal = engine::NewEpoch { namespace: namespace(), epoch: Epoch(1) };
        let decide = |state: &_, facts: &_| engine::new_epoch(state, facts, &proposal);
        assert_eq!(self.journal.change(decide).await.unwrap(), Some(TxId(LAST)));
    }

    async fn write_segment(&mut self, txid: TxId) {
        let (info, layout_version) = (self.info(), LayoutVersion::CURRENT);
        let start = engine::StartLogSegment { info, txid, layout_version };
        let decide = |state: &_, facts: &_| engine::start_log_segment(state, facts, &start);
        self.journal.change(decide).await.unwrap();
        let (info, records) = (self.info(), encode_op(24, txid, b"").into());
        let batch = engine::Journal { info, segment: txid, first: txid, count: 1, records };
        self.journal.change(|state, _| engine::journal(state, &batch)).await.unwrap();
        let end = engine::FinalizeLogSegment { info: self.info(), start: txid, end: txid };
        let decide = |state: &_, facts: &_| engine::finalize_log_segment(state, facts, &end);
        self.journal.change(decide).await.unwrap();
    }

    async fn manifest_since(&self, txid: i64) -> usize {
        let ask = |state: &_, facts: &_| engine::manifest(state, facts, TxId(txid), true);
        self.journal.read(ask).await.unwrap().logs.len()
    }

    async fn purge(&mut self, min_to_keep: i64) {
        let purge = engine::PurgeLogs { info: self.info(), min_to_keep: TxId(min_to_keep) };
        self.journal.change(|state, _| engine::purge_logs(state, &purge)).await.unwrap();
    }
}

/// In memory, where there is such a place: many small files take a disk minutes.
fn fast_directory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

async fn load(root: &Path, disk: Arc<dyn Disk>) -> Journal {
    let options = JournalOptions {
        storage: StorageOptions::default(),
        reserve_bytes: 1,
        cache_bytes: Some(1 << 20),
        tail_period: Duration::ZERO,
        blocking: Blocking::Inline,
        idle_after: Duration::from_secs(240),
    };
    let fetcher = Arc::new(SegmentFetcher::new(Duration::from_secs(1)));
    let id = JournalId::new("long").unwrap();
    Journal::load(id, root.to_owned(), disk, fetcher, &options, Arc::default()).await.unwrap()
}

/// One transaction each; only the last one has to be more than a name.
fn fill(current: &Path) {
    for txid in (1..=SEGMENTS).map(TxId) {
        let header = encode_header(LayoutVersion::CURRENT);
        let content = if txid.0 == LAST { encode_op(24, txid, b"") } else { Vec::new() };
        let name = SegmentFile::finalized(txid, txid).to_string();
        fs::write(current.join(name), [&header[..], &content].concat()).unwrap();
    }
}

fn namespace() -> StorageInfo {
    StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: 12345,
        cluster_id: "CID-long".to_owned(),
        c_time: 0,
    }
}

#[tokio::test]
async fn the_directory_is_listed_once_when_read_and_once_by_a_purge() {
    let mut log = Log::load().await;
    assert_eq!(log.journal.status().segments as i64, SEGMENTS);
    let (listed, opened) = log.disk.take();
    assert_eq!(listed, 1, "reading the directory");
    assert!(opened < 10, "{opened} files were opened to find the end of the log");

    log.new_epoch().await;
    for txid in [LAST + 1, LAST + 2] {
        log.write_segment(TxId(txid)).await;
    }
    assert_eq!(log.manifest_since(LAST).await, 3);
    assert_eq!(log.journal.edits_from(TxId(LAST + 1), 10).await.unwrap().count, 2);
    assert_eq!(log.journal.finished_segments().len() as i64, SEGMENTS + 2);
    assert!(log.journal.open_segment(TxId(7), false).unwrap().is_some());
    assert_eq!(log.disk.take().0, 0, "a writer and a reader near the end");

    log.purge(11).await;
    assert_eq!(log.disk.take().0, 1, "a purge, for what is left over from segments");
    assert_eq!(log.manifest_since(0).await as i64, SEGMENTS - 10 + 2);
    log.journal.close().await;
}
