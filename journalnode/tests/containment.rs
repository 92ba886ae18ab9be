//! Damage is contained: a failed disk stops a segment or a journal, never the process or
//! another journal, and what was not durable is never shown to anybody.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "support/writer.rs"]
mod writer;

use std::sync::Arc;

use journalnode::engine::{Failure, Refusal};
use journalnode::storage::disk::RealDisk;
use journalnode::types::TxId;
use writer::{PLENTY_BYTES, RESERVE_BYTES, Writer, faulty, node};

/// The operations of an append are one write and one sync.
const SYNC_OF_NEXT_APPEND: u64 = 2;

/// JN-075 and more: Java goes on writing into a file whose sync failed.
#[tokio::test]
async fn a_failed_sync_stops_the_segment_and_nothing_else() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let node = node(base.path(), Arc::new(disk.clone()));
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
    let node = node(base.path(), Arc::new(disk.clone()));
    let mut writer = Writer::of(&node, "j").await;
    writer.start(1).await.unwrap();
    writer.write(1, 1).await.unwrap();
    disk.fail_at(disk.operations() + SYNC_OF_NEXT_APPEND);
    writer.write(1, 2).await.unwrap_err();
    assert_eq!(writer.served_from(1).await, Ok(1));
    assert_eq!(writer.served_from(2).await, Ok(0));
    assert_eq!(writer.journal.status().highest_written, TxId(1));
}

#[tokio::test]
async fn a_nearly_full_disk_refuses_new_segments_and_resumes_by_itself() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let node = node(base.path(), Arc::new(disk.clone()));
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
    let node = node(base.path(), Arc::new(RealDisk));
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
    let node = node(base.path(), Arc::new(RealDisk));
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
    let first = node(base.path(), Arc::new(RealDisk));
    Writer::of(&first, "j").await;
    let second = node(base.path(), Arc::new(RealDisk));
    let refused = second.journal("j", None).await.unwrap_err();
    assert!(refused.to_string().contains("The directory is already locked"), "{refused}");
    first.close().await;
    second.journal("j", None).await.unwrap();
}

/// A format that failed half-way leaves files that the memory knows nothing of.
#[tokio::test]
async fn a_failed_format_is_followed_by_a_fresh_look_at_the_directory() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let node = node(base.path(), Arc::new(disk.clone()));
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
