//! The network parts of the controller against servers that do what a real NameNode cannot be
//! made to do on request.

// A helper that fails is the test that fails.
#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod health;
mod http;
mod patience;
mod proxy;
mod scripted;
mod transitions;
mod zkfc;
