//! `zkfc-rs` and its parts beside real ZooKeeper.
//!
//! A missing `zkfc-rs` binary fails the tests of the command line: `cargo build -p failover`.

mod fixture;

mod access;
mod ensemble;
mod format;
mod lock;
mod outage;
