//! All journals of one JournalNode, each loaded when it is first asked for.

mod edits_directories;
mod journal_node;

pub use edits_directories::{DirectoryError, EditsDirectories};
pub use journal_node::{JournalNode, NodeError};
