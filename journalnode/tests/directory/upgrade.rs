use std::fs;
use std::os::unix::fs::MetadataExt;

use journalnode::engine::Effect;
use journalnode::types::{Epoch, TxId};

use crate::fixture::{Journal, append, info, open_segment, set};

const EDITS_1: &str = "edits_0000000000000000001-0000000000000000002";

/// Formatted, with edits 1 to 2, epochs 4 and 3, and an accepted recovery.
fn used() -> Journal {
    let mut journal = Journal::formatted();
    for effect in [
        Effect::PromiseEpoch(Epoch(4)),
        Effect::SetWriterEpoch(Epoch(3)),
        Effect::SetCommittedTxId(TxId(2)),
        open_segment(1),
        append(1, 2),
        Effect::CloseSegment,
        Effect::FinalizeSegment { first: TxId(1), last: TxId(2) },
    ] {
        journal.apply(effect);
    }
    journal.put("current/edits_inprogress_3.empty");
    journal
}

#[test]
fn jn_106_pre_upgrade_moves_current_aside_and_links_the_edits() {
    let mut journal = used();
    let contents = journal.reload(Effect::PreUpgrade);
    assert_eq!(journal.names("current"), set(&[EDITS_1, "edits_inprogress_3.empty"]));
    let inode =
        |directory: &str| fs::metadata(journal.path(directory).join(EDITS_1)).unwrap().ino();
    assert_eq!(inode("current"), inode("previous.tmp"));
    // As in Java it goes on as formatted, with the epochs that it knows.
    assert_eq!(contents.info, Some(info(1)));
    assert_eq!((contents.last_promised_epoch, contents.last_writer_epoch), (Epoch(4), Epoch(3)));
    assert_eq!(contents.committed_txid, None);
    assert_eq!(journal.java_class_of(Effect::PreUpgrade), "IllegalStateException");
}

#[test]
fn jn_106_upgrade_carries_the_small_files() {
    let mut journal = used();
    journal.apply(Effect::PreUpgrade);
    let contents = journal.reload(Effect::Upgrade(info(77)));
    assert_eq!(contents.info, Some(info(77)));
    assert_eq!((contents.last_promised_epoch, contents.last_writer_epoch), (Epoch(4), Epoch(3)));
    assert_eq!((contents.committed_txid, contents.segments.len()), (Some(TxId(2)), 1));
    assert_eq!(journal.names("."), set(&["current", "in_use.lock", "previous"]));
    let files = journal.storage.as_ref().unwrap().files();
    assert_eq!(files.previous_version().unwrap(), Some(info(1)));
    assert_eq!(files.current_version().unwrap(), info(77));
    assert_eq!(journal.restart().unwrap(), contents);
}

#[test]
fn jn_106_each_step_asks_for_the_one_before() {
    let mut journal = used();
    assert_eq!(journal.java_class_of(Effect::Upgrade(info(2))), "IllegalStateException");
    journal.put("previous/");
    assert_eq!(journal.java_class_of(Effect::PreUpgrade), "IllegalStateException");
    assert_eq!(journal.java_class_of(Effect::Upgrade(info(2))), "IllegalStateException");
    journal.put("removed.tmp/");
    assert_eq!(journal.java_class_of(Effect::Rollback), "IllegalStateException");
    assert_eq!(journal.names("current").len(), 7, "nothing was touched");
}

#[test]
fn jn_106_finalizing_deletes_previous() {
    let mut journal = used();
    journal.apply(Effect::PreUpgrade);
    journal.apply(Effect::Upgrade(info(2)));
    journal.apply(Effect::FinalizeUpgrade);
    assert_eq!(journal.names("."), set(&["current", "in_use.lock"]));
    assert_eq!(journal.restart().unwrap().info, Some(info(2)));
}

#[test]
fn jn_106_rolling_back_brings_the_old_directory_but_keeps_the_promise() {
    let mut journal = used();
    journal.apply(Effect::PreUpgrade);
    journal.apply(Effect::Upgrade(info(2)));
    journal.apply(Effect::PromiseEpoch(Epoch(9)));
    journal.apply(Effect::SetCommittedTxId(TxId(50)));
    let contents = journal.reload(Effect::Rollback);
    assert_eq!((contents.info.clone(), contents.last_promised_epoch), (Some(info(1)), Epoch(9)));
    assert_eq!(contents.committed_txid, Some(TxId(2)));
    assert_eq!(journal.names("."), set(&["current", "in_use.lock"]));
    journal.apply(Effect::SetCommittedTxId(TxId(3)));
    assert_eq!(journal.restart().unwrap().committed_txid, Some(TxId(3)));
}

#[test]
fn jn_107_without_previous_nothing_happens() {
    for mut journal in [used(), Journal::absent()] {
        let before = journal.root.exists().then(|| journal.names("."));
        journal.apply(Effect::FinalizeUpgrade);
        journal.apply(Effect::Rollback);
        assert_eq!(journal.root.exists().then(|| journal.names(".")), before);
        assert_eq!(journal.storage.as_ref().unwrap().files().previous_version().unwrap(), None);
    }
}

#[test]
fn jn_109_a_missing_version_is_a_file_not_found() {
    let journal = Journal::absent();
    let error = journal.storage.as_ref().unwrap().files().current_version().unwrap_err();
    assert_eq!(error.java_class(), "java.io.FileNotFoundException");
}
