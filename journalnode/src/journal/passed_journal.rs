use std::os::fd::OwnedFd;
use std::path::PathBuf;

use crate::engine::Memory;
use crate::storage::PassedSegment;
use crate::types::JournalId;

/// A journal on its way to another process.
#[derive(Debug)]
pub struct PassedJournal {
    /// Its name.
    pub id: JournalId,
    /// Its directory.
    pub directory: PathBuf,
    /// What is known of it.
    pub memory: Memory,
    /// The segment being written.
    pub segment: Option<PassedSegment>,
    /// Whether its writer goes on without this node.
    pub out_of_step: bool,
    /// Whether the last thing a writer did was to finish its segment.
    pub left_whole: bool,
    /// A descriptor of the lock of its directory.
    pub lock: OwnedFd,
}
