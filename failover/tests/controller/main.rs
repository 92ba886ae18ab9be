//! The controller's shell with an ensemble in memory and NameNodes that do as they are told, all
//! over real sockets and processes.

// A helper that fails is the test that fails.
#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod activation;
mod cancelled;
mod ceding;
mod ensemble;
mod evidence;
mod fencing;
mod fixture;
mod journal_node;
mod ledger;
mod namenode;
mod patience;
mod process;
mod stopping;
