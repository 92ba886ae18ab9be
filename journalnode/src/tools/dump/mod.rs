//! `journalnode dump`: the operations of one edits file.

mod command;
mod line;
mod summary;

pub use command::{Options, run};
