//! Hadoop's own suites for its quorum client, run unchanged against JournalNodes in processes of their own.
//!
//! The suites make their JournalNodes as objects in their JVM; a stand-in for that one class starts a
//! process instead (`tests/java/suites`). Two things get lost on the way. TestQuorumJournalManager's
//! testCrashBetweenSyncLogAndPersistPaxosData injects a failure between two lines of Java's acceptRecovery, which
//! no other process can feel, so it is left out. TestQJMWithFaults injects the same beside its faults in
//! the client; there those of the client remain. A third thing is different on purpose: testSelectViaRpcAfterJNRestart
//! insists that a restarted JournalNode has forgotten its edits, so that its client must stream a file. Ours
//! answers from its files (`far_behind.rs`, JN-102), so the test is Java's alone.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use system_tests::hadoop::JournalNodeKind::{self, Rust};
use system_tests::hadoop::junit_suite;
use system_tests::process::{Launcher, run_to_end};

use crate::kinds::{or_java, run};

const SUITE_LIMIT: Duration = Duration::from_secs(900);
const PACKAGE: &str = "org.apache.hadoop.hdfs.qjournal.client";

// JN-151
#[test]
fn quorum_journal_manager() {
    run("qjm_suites::quorum_journal_manager", |root| {
        let mut left_out = vec!["testCrashBetweenSyncLogAndPersistPaxosData"];
        if or_java(Rust) != JournalNodeKind::Java {
            left_out.push("testSelectViaRpcAfterJNRestart");
        }
        suite(root, "TestQuorumJournalManager", &left_out)
    });
}

// JN-151
#[test]
fn qjm_with_faults() {
    run("qjm_suites::qjm_with_faults", |root| {
        // It starts about six hundred JournalNodes: seconds of ours, a quarter of an hour of Java's.
        let java = or_java(Rust) == JournalNodeKind::Java;
        let left_out: &[&str] = if java { &["testRecoverAfterDoubleFailures"] } else { &[] };
        suite(root, "TestQJMWithFaults", left_out)
    });
}

// JN-151
#[test]
fn epochs_are_unique() {
    run("qjm_suites::epochs_are_unique", |root| suite(root, "TestEpochsAreUnique", &[]));
}

fn suite(root: &Path, class: &str, left_out: &[&str]) -> Result<()> {
    let conf = root.join("conf");
    fs::create_dir_all(&conf)?;
    fs::write(conf.join("log4j.properties"), LOG4J)?;
    let mut junit = junit_suite(&conf, &format!("{PACKAGE}.{class}"), left_out)?;
    // Hadoop's suites write below the folder they start in.
    junit.current_dir(root).env("JOURNALNODE_COMMAND", journalnode_command()?);
    run_to_end(class, junit, &root.join("suite.log"), SUITE_LIMIT)
}

/// TestQuorumJournalManager turns TRACE on; its RPC dumps would be gigabytes.
const LOG4J: &str = "log4j.rootLogger=WARN,console\n\
    log4j.appender.console=org.apache.log4j.ConsoleAppender\n\
    log4j.appender.console.threshold=INFO\n\
    log4j.appender.console.layout=org.apache.log4j.PatternLayout\n\
    log4j.appender.console.layout.ConversionPattern=%d{ISO8601} %p %c{2}: %m%n\n";

/// The command of a JournalNode, a word per line, with `@CONF@` where its conf folder goes.
fn journalnode_command() -> Result<String> {
    let command: Command = or_java(Rust).command(&Launcher::here(), Path::new("@CONF@"))?;
    let words: Option<Vec<&str>> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_str)
        .collect();
    Ok(words.context("paths are UTF-8")?.join("\n"))
}
