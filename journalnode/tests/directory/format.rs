use std::fs;
use std::os::unix::fs::PermissionsExt;

use journalnode::engine::Effect;
use journalnode::storage::{Contents, StorageError};
use journalnode::types::{Epoch, TxId};

use crate::fixture::{Journal, append, info, open, open_segment, set};

fn format(c_time: i64, force: bool) -> Effect {
    Effect::Format { info: info(c_time), force }
}

#[test]
fn jn_053_formatting_creates_version_paxos_and_lock() {
    let mut journal = Journal::absent();
    let contents = journal.reload(format(1, false));
    assert_eq!(contents, Contents { info: Some(info(1)), ..Contents::default() });
    assert_eq!(journal.names("."), set(&["current", "in_use.lock"]));
    assert_eq!(journal.names("current"), set(&["VERSION", "paxos"]));
    let mode = fs::metadata(journal.path("current")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o700);
    assert_eq!(journal.restart().unwrap().info, Some(info(1)));
}

#[test]
fn jn_054_something_in_current_is_not_formatted_over_and_the_lock_stays() {
    let mut journal = Journal::formatted();
    journal.apply(Effect::PromiseEpoch(Epoch(4)));
    let error = journal.try_apply(format(2, false)).unwrap_err();
    assert!(error.to_string().contains(
        "Can't format the storage directory because the current directory is not empty."
    ));
    assert!(error.java_class().ends_with("InconsistentFSStateException"));
    assert!(matches!(open(&journal.root), Err(StorageError::Locked { .. })));
    let contents = journal.restart().unwrap();
    assert_eq!((contents.info, contents.last_promised_epoch), (Some(info(1)), Epoch(4)));
}

#[test]
fn jn_055_force_wipes_current_and_nothing_else() {
    let mut journal = Journal::formatted();
    journal.put("previous/VERSION");
    journal.put("edits.sync/x");
    journal.apply(Effect::PromiseEpoch(Epoch(4)));
    journal.apply(Effect::SetCommittedTxId(TxId(9)));
    journal.apply(open_segment(1));
    journal.apply(append(1, 2));
    let contents = journal.reload(format(2, true));
    assert_eq!(contents, Contents { info: Some(info(2)), ..Contents::default() });
    assert_eq!(journal.names("current"), set(&["VERSION", "paxos"]));
    assert_eq!(journal.names("."), set(&["current", "edits.sync", "in_use.lock", "previous"]));
    assert!(journal.try_apply(append(3, 3)).is_err(), "the open segment is gone");
    journal.apply(Effect::SetCommittedTxId(TxId(1)));
    assert_eq!(journal.restart().unwrap().committed_txid, Some(TxId(1)));
}

#[test]
fn a_directory_that_was_removed_under_the_lock_is_locked_anew() {
    let mut journal = Journal::formatted();
    fs::remove_dir_all(&journal.root).unwrap();
    journal.apply(format(2, false));
    assert!(matches!(open(&journal.root), Err(StorageError::Locked { .. })));
    assert_eq!(journal.restart().unwrap().info, Some(info(2)));
}
