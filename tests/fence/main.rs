//! Fencing against a real sshd, real `fuser` and real processes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod case;
mod check;
mod cleanup;
mod head_start;
mod host_keys;
mod keys;
mod proof;
mod shell;
mod wait;
