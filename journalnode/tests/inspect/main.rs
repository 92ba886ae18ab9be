//! The inspection service of a running journalnode, over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod history;
mod inspected_node;
mod listening;
mod scrub;
mod status;
#[path = "../support/mod.rs"]
mod support;
mod tail;
mod tls;
