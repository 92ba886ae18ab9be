//! Epochs, txids, serials and counts that no NameNode sends, in every place where there is a
//! number, on a journal that is formatted and on one that is not.

use super::methods::{METHODS, Method};
use super::support::Reply;
use super::target::{Target, VICTIM};
use super::wire_fields::{Field, fields_at, with_fields_at};

const NO_TXID: u64 = -12345_i64 as u64;
/// Prime, so that every number is somewhere the one before a restart.
const RESTART_EVERY: usize = 7;
const EXTREMES: [u64; 12] = [
    0,
    1,
    4,
    i32::MAX as u64,
    i32::MAX as u64 + 1,
    u32::MAX as u64,
    i64::MAX as u64 - 1,
    i64::MAX as u64,
    i64::MIN as u64,
    i64::MIN as u64 + 1,
    u64::MAX,
    NO_TXID,
];

/// What a JournalNode throws; anything else would be a surprise to its clients.
const CLASSES: [&str; 10] = [
    "org.apache.hadoop.hdfs.qjournal.protocol.JournalNotFormattedException",
    "org.apache.hadoop.hdfs.qjournal.protocol.JournalOutOfSyncException",
    "org.apache.hadoop.hdfs.qjournal.server.NewerTxnIdException",
    "org.apache.hadoop.hdfs.server.common.InconsistentFSStateException",
    "java.io.IOException",
    "java.io.FileNotFoundException",
    "java.net.ConnectException",
    "java.lang.IllegalArgumentException",
    "java.lang.IllegalStateException",
    "java.lang.AssertionError",
];

/// The request with each number replaced by each extreme, and what was replaced.
fn variants(method: &Method, serial: u64) -> Vec<(String, Vec<u8>)> {
    let body = (method.request)(VICTIM, serial);
    let mut variants = Vec::new();
    for path in method.paths() {
        let fields = fields_at(&body, path);
        for (index, field) in fields.iter().enumerate() {
            let Field::Number(number, _) = field else { continue };
            for value in EXTREMES {
                let mut changed = fields.clone();
                changed[index] = Field::Number(*number, value);
                let what = format!("{} {path:?}.{number} = {}", method.name, value as i64);
                variants.push((what, with_fields_at(&body, path, &changed)));
            }
        }
    }
    variants
}

#[track_caller]
fn assert_known(reply: &Reply, what: &str) {
    if let Reply::Exception { class, message, fatal } = reply {
        assert!(!fatal && CLASSES.contains(&class.as_str()), "{what}: {class}: {message}");
    }
}

#[test]
fn a_formatted_journal_answers_every_number() {
    let mut target = Target::start();
    for method in &METHODS {
        for (what, body) in variants(method, 2) {
            target.renew_victim();
            let reply = target.call(method, &body);
            assert_known(&reply, &what);
            // Whatever was accepted, twice must not break it either.
            assert_known(&target.call(method, &body), &what);
            target.assert_unharmed();
        }
    }
    target.renew_victim();
    target.assert_nothing_else_happened();
}

#[test]
fn a_journal_that_is_not_formatted_answers_every_number() {
    let mut target = Target::start();
    for method in METHODS.iter().filter(|method| method.name != "format") {
        for (what, body) in variants(method, 0) {
            assert_known(&target.call(method, &body), &what);
        }
        target.assert_unharmed();
    }
    target.assert_nothing_else_happened();
}

/// What such numbers left on disk can be loaded again.
#[test]
fn a_restart_finds_the_journals_that_extreme_numbers_left() {
    let mut target = Target::start();
    for method in &METHODS {
        for (what, body) in variants(method, 2).into_iter().step_by(RESTART_EVERY) {
            target.renew_victim();
            target.call(method, &body);
            target.restart();
            let ask = (METHODS[0].request)(VICTIM, 0);
            let reply = target.call(&METHODS[0], &ask);
            assert!(matches!(reply, Reply::Success(_)), "after {what}: {reply:?}");
        }
    }
    target.assert_nothing_else_happened();
}
