//! `zkfc-rs` and its parts beside real ZooKeeper, and with Hadoop's own daemons and tools.
//!
//! A missing `zkfc-rs` binary fails the tests of the command line: `cargo build -p failover`.

mod fixture;

mod access;
mod daemon;
mod ensemble;
mod format;
mod haadmin;
mod health;
mod lock;
mod outage;
mod take_over;
