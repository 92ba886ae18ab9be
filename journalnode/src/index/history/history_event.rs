use std::time::SystemTime;

use super::HistoryKind;
use crate::types::JournalId;

/// One thing that happened to a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEvent {
    /// Its number in the history of its journal, given by the index; 0 before.
    pub seq: u64,
    /// When it happened.
    pub at: SystemTime,
    /// To which journal.
    pub journal: JournalId,
    /// What.
    pub what: HistoryKind,
    /// Who asked for it, if somebody did: address and port.
    pub peer: Option<String>,
}
