//! What readers of the newest transactions get from a journal: from its cache, its files, or
//! not at all.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod from_disk;
mod hints;
mod progress;
#[path = "../support/writer.rs"]
mod writer;
