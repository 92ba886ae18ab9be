//! Fencing against a real sshd, real `fuser` and real processes.
//!
//! `ssh/` is the harness: an OpenSSH server of the test's own, its keys and its victims.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod case;
mod check;
mod cleanup;
mod host_keys;
mod keys;
mod proof;
mod shell;
mod ssh;
