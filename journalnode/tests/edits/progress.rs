use std::sync::Arc;

use journalnode::journal::Progress;
use journalnode::types::TxId;

use crate::writer::{Writer, faulty, node};

fn progress(highest_written: i64, committed: impl Into<Option<i64>>) -> Progress {
    let committed = committed.into().map(TxId);
    Progress { highest_written: TxId(highest_written), committed }
}

#[tokio::test]
async fn who_listens_hears_of_what_is_durable_and_of_what_is_committed() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let node = node(base.path(), Arc::new(disk.clone()));
    let mut writer = Writer::of(&node, "j").await;
    writer.segment(1, 3).await;
    let mut listener = writer.journal.progress();
    assert_eq!(*listener.borrow_and_update(), progress(3, 3), "also of what was before");

    writer.start(4).await.unwrap();
    writer.write(4, 4).await.unwrap();
    assert!(listener.has_changed().unwrap());
    assert_eq!(*listener.borrow_and_update(), progress(4, 3));
    writer.committed = Some(TxId(4));
    writer.write(4, 5).await.unwrap();
    assert_eq!(*listener.borrow_and_update(), progress(5, 4));
    writer.finalize(4, 5).await;
    assert_eq!(*listener.borrow_and_update(), progress(5, 5));

    // What fails is not heard of.
    writer.start(6).await.unwrap();
    writer.write(6, 6).await.unwrap();
    listener.mark_unchanged();
    disk.fail_at(disk.operations() + 2);
    writer.write(6, 7).await.unwrap_err();
    assert_eq!(*listener.borrow_and_update(), progress(6, 5));
}

#[tokio::test]
async fn a_second_listener_starts_with_the_present() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let node = node(base.path(), Arc::new(disk));
    let mut writer = Writer::of(&node, "j").await;
    assert_eq!(*writer.journal.progress().borrow(), progress(0, None));
    // Nobody listens meanwhile.
    writer.segment(1, 3).await;
    let first = writer.journal.progress();
    writer.segment(4, 6).await;
    for listener in [first, writer.journal.progress()] {
        assert_eq!(*listener.borrow(), progress(6, 6));
    }
}

#[tokio::test]
async fn a_waiting_listener_is_woken() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let node = node(base.path(), Arc::new(disk));
    let mut writer = Writer::of(&node, "j").await;
    let mut listener = writer.journal.progress();
    let waits = tokio::spawn(async move {
        listener.wait_for(|now| now.highest_written == TxId(3)).await.map(|now| *now)
    });
    tokio::task::yield_now().await;
    writer.segment(1, 3).await;
    assert_eq!(waits.await.unwrap().unwrap(), progress(3, 3));
}
