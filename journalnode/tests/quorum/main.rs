//! The quorum client against daemons in this process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod cluster;
mod fencing;
mod out_of_sync;
mod reading;
mod recovery;
#[path = "../support/mod.rs"]
mod support;
mod writing;
