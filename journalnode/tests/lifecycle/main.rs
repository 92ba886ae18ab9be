//! The process: how it is configured, how it starts or fails to, and how it ends. Against the
//! real binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod command_line;
mod configured;
mod crash;
mod log;
mod moving_peer;
mod readiness;
mod start_failures;
mod stopping;
mod supervisor;
#[path = "../support/mod.rs"]
mod support;
