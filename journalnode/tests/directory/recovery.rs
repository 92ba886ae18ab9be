use std::fs;

use journalnode::types::{Epoch, StorageInfo};

use crate::fixture::{Journal, info, set};

/// A formatted journal that was closed, to be rearranged.
fn closed() -> Journal {
    let mut journal = Journal::formatted();
    journal.storage = None;
    journal
}

fn rename(journal: &Journal, from: &str, to: &str) {
    fs::rename(journal.path(from), journal.path(to)).unwrap();
}

fn info_after(journal: &mut Journal) -> Option<StorageInfo> {
    journal.restart().unwrap().info
}

#[test]
fn jn_117_an_upgrade_without_a_version_is_taken_back() {
    let mut journal = closed();
    rename(&journal, "current", "previous.tmp");
    journal.put("current/edits_1-2");
    fs::write(journal.path("current/last-promised-epoch"), "8\n").unwrap();
    let contents = journal.restart().unwrap();
    assert_eq!((contents.info, contents.last_promised_epoch), (Some(info(1)), Epoch(8)));
    assert_eq!(journal.names("."), set(&["current", "in_use.lock"]));
}

#[test]
fn jn_117_an_upgrade_with_a_version_is_completed_with_the_promise_that_java_had_not_copied() {
    let mut journal = closed();
    fs::write(journal.path("current/last-promised-epoch"), "8\n").unwrap();
    rename(&journal, "current", "previous.tmp");
    journal.put("current/");
    fs::copy(journal.path("previous.tmp/VERSION"), journal.path("current/VERSION")).unwrap();
    let contents = journal.restart().unwrap();
    assert_eq!((contents.info, contents.last_promised_epoch), (Some(info(1)), Epoch(8)));
    assert_eq!(journal.names("."), set(&["current", "in_use.lock", "previous"]));
}

#[test]
fn jn_117_half_a_rollback_is_finished_or_taken_back() {
    let mut journal = closed();
    journal.put("removed.tmp/VERSION");
    assert_eq!(info_after(&mut journal), Some(info(1)));
    assert_eq!(journal.names("."), set(&["current", "in_use.lock"]));
    journal.storage = None;
    rename(&journal, "current", "removed.tmp");
    journal.put("previous/VERSION");
    assert_eq!(info_after(&mut journal), Some(info(1)));
    assert_eq!(journal.names("."), set(&["current", "in_use.lock", "previous"]));
}

#[test]
fn jn_117_half_a_finalization_is_finished() {
    let mut journal = closed();
    journal.put("finalized.tmp/VERSION");
    assert_eq!(info_after(&mut journal), Some(info(1)));
    assert_eq!(journal.names("."), set(&["current", "in_use.lock"]));
}

#[test]
fn jn_117_a_checkpoint_is_finished_or_taken_back() {
    let mut journal = closed();
    journal.put("lastcheckpoint.tmp/x");
    assert_eq!(info_after(&mut journal), Some(info(1)));
    assert_eq!(journal.names("previous.checkpoint"), set(&["x"]));
    journal.storage = None;
    rename(&journal, "current", "lastcheckpoint.tmp");
    assert_eq!(info_after(&mut journal), Some(info(1)));
}

#[test]
fn jn_117_contradictions_are_refused() {
    for extra in [
        &["previous.tmp/", "removed.tmp/"][..],
        &["previous/", "finalized.tmp/"],
        &["previous/", "previous.tmp/"],
        &["previous/", "removed.tmp/"],
    ] {
        let mut journal = closed();
        extra.iter().for_each(|name| journal.put(name));
        let error = journal.restart().unwrap_err();
        assert!(error.java_class().ends_with("InconsistentFSStateException"), "{extra:?}");
        // Nothing is cached: the next attempt finds the lock free.
        extra.iter().for_each(|name| fs::remove_dir(journal.path(name)).unwrap());
        assert_eq!(info_after(&mut journal), Some(info(1)));
    }
    let mut journal = closed();
    rename(&journal, "current", "previous");
    let text = journal.restart().unwrap_err().to_string();
    assert!(text.contains("version file in current directory is missing."), "{text}");
}

#[test]
fn jn_111_jn_112_jn_113_garbage_in_a_small_file_fails_the_load() {
    for (name, content, class) in [
        ("VERSION", "storageType=JOURNAL_NODE\n", "InconsistentFSStateException"),
        ("last-promised-epoch", "x\n", "IOException"),
        ("last-writer-epoch", "", "IOException"),
        ("committed-txid", "123", "IOException"),
    ] {
        let mut journal = closed();
        fs::write(journal.path("current").join(name), content).unwrap();
        let error = journal.restart().unwrap_err();
        assert!(error.java_class().ends_with(class), "{name}");
    }
}
