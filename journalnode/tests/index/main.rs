//! The index beside journals: what it saves, what it survives, and that no journal notices when
//! it does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod broken;
mod daemon;
mod followed_node;
mod hints;
mod history;
mod refused;
#[cfg(feature = "rocksdb")]
mod scrub_records;
#[path = "../support/mod.rs"]
mod support;
