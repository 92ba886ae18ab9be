//! `journalnode scrub`: has a running JournalNode read its finished segments again, now.

mod bar;
mod command;
mod outcome;

pub use command::{Options, run};
