//! The HTTP server on a loopback port, with real journals in a temporary directory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod abuse;
mod beans;
mod client;
mod daemon;
mod golden;
mod pages;
mod segments;
