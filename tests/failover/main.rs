//! `zkfc-rs` and its parts beside real ZooKeeper, and with Hadoop's own daemons and tools.
//!
//! A missing `zkfc-rs` binary fails the tests of the command line: `cargo build -p failover`.

mod fixture;
#[allow(dead_code, unused_imports, reason = "the tests of fencing itself use the rest")]
#[path = "../../failover/tests/fence/ssh/mod.rs"]
mod ssh;
mod tool;

mod access;
mod daemon;
mod doctor;
mod ensemble;
mod format;
mod haadmin;
mod health;
mod ledger;
mod lock;
mod outage;
mod take_over;
mod tools;
