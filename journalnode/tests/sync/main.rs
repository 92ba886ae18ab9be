//! The syncer between daemons in one process: missing segments come from peers, a wiped node
//! comes back and does not help an old writer on its way, a damaged segment is healed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

#[path = "../support/mod.rs"]
mod support;

mod member;
mod missing_segments;
mod quorum;
mod rotten_segments;
mod wiped_node;
