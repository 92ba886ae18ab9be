use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use journalnode::storage::StorageError;

use crate::fixture::{Journal, open};

/// Where the other process of a test finds its journal.
const CHILD_ROOT: &str = "JOURNALNODE_TEST_LOCK_ROOT";

#[test]
fn jn_115_two_journals_of_one_process_exclude_each_other() {
    let journal = Journal::formatted();
    let error = open(&journal.root).unwrap_err();
    let text = error.to_string();
    let expected =
        format!("Cannot lock storage {}. The directory is already locked", journal.root.display());
    assert!(text.starts_with(&expected) && text.contains('@'), "{text}");
    assert_eq!(error.java_class(), "java.io.IOException");
    // By another way to the same directory too; and trying has not dropped the lock.
    let link = journal.root.with_file_name("link");
    std::os::unix::fs::symlink(&journal.root, &link).unwrap();
    assert!(matches!(open(&link), Err(StorageError::Locked { .. })));
    assert!(matches!(open(&journal.root), Err(StorageError::Locked { .. })));
}

#[test]
fn jn_116_the_lock_file_holds_pid_and_host_until_an_orderly_exit() {
    let mut journal = Journal::formatted();
    let path = journal.path("in_use.lock");
    let owner = fs::read_to_string(&path).unwrap();
    assert!(owner.starts_with(&format!("{}@", std::process::id())) && !owner.ends_with('\n'));
    journal.storage = None;
    assert!(!path.exists());
    // A leftover is taken over, and overwritten without being cut.
    let longer = "1@a-host-with-a-name-that-is-longer-than-any-other-in-this-whole-universe";
    fs::write(&path, longer).unwrap();
    journal.restart().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, format!("{owner}{}", &longer[owner.len()..]));
}

#[test]
fn a_directory_that_does_not_exist_is_neither_created_nor_locked() {
    let journal = Journal::absent();
    assert!(!journal.root.exists());
    assert!(open(&journal.root).is_ok());
}

/// Not a test: the other process of the next one.
#[test]
#[ignore = "run by jn_115_another_process_is_excluded"]
fn hold_the_lock() {
    let Some(root) = std::env::var_os(CHILD_ROOT) else { return };
    let held = open(root.as_ref()).unwrap();
    println!("\nheld");
    let _ = std::io::stdin().lines().next();
    drop(held);
}

#[test]
fn jn_115_another_process_is_excluded() {
    let mut journal = Journal::formatted();
    journal.storage = None;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "lock::hold_the_lock", "--ignored", "--nocapture"])
        .env(CHILD_ROOT, &journal.root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept open: the child prints on.
    let mut output = BufReader::new(child.stdout.take().unwrap());
    assert!(output.by_ref().lines().any(|line| line.unwrap() == "held"));
    let error = journal.restart().unwrap_err();
    assert!(
        matches!(&error, StorageError::Locked { owner, .. } if owner.starts_with(&format!("{}@", child.id())))
    );
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    journal.restart().unwrap();
}
