//! The tools, run as an operator runs them: the real binary, its output and its exit status.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod dump;
#[path = "../support/golden.rs"]
mod golden;
mod golden_copy;
mod history;
mod live;
mod quorum;
mod ran;
mod scrub;
mod status;
#[path = "../support/mod.rs"]
mod support;
mod tail;
mod verify;
