//! `journalnode history`: what happened to a journal on one node, when, and who asked for it.

mod command;
mod table;

pub use command::{Options, run};
