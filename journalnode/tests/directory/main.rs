//! What each effect does to a real directory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod append;
mod fixture;
mod format;
mod lock;
mod page_cache;
mod recovery;
mod segments;
mod upgrade;
