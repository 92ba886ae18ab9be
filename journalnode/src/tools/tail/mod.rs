//! `journalnode tail`: follows the committed transactions, of a quorum or of one node.

mod begin;
mod command;
mod line;
mod lines;
mod node;
mod quorum;

pub use command::{Options, run};
