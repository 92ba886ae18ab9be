//! Handing over to a new process (docs/adr/0006): what a writer sees of it, and what comes of
//! one that fails. Against the real binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod at_any_moment;
mod failed;
mod killed;
mod rolling;
#[path = "../support/mod.rs"]
mod support;
mod unnoticed;
mod writing;
