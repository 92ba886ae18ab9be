use std::net::SocketAddr;
use std::sync::Arc;

use super::{Event, HistoryEntry, IndexStatus, Position, SegmentRecord};
use crate::types::{JournalId, TxId};

/// The index of all journals of a process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Index {
    off: Arc<str>,
}

impl Index {
    /// No index: notes go nowhere, and nothing is known.
    pub fn off(reason: &str) -> Self {
        Self { off: reason.into() }
    }

    /// How it is.
    pub fn status(&self) -> IndexStatus {
        IndexStatus::Off(self.off.to_string())
    }

    /// Adds to a journal's history. Never waits.
    pub fn note(&self, _journal: &JournalId, _by: Option<SocketAddr>, _event: Event) {}

    /// Notes how a finished segment looks. Never waits.
    pub fn record_segment(&self, _journal: &JournalId, _record: SegmentRecord) {}

    /// How a finished segment should look.
    pub fn segment(&self, _journal: &JournalId, _first: TxId) -> Option<SegmentRecord> {
        None
    }

    /// Where to start reading for a transaction.
    pub fn position(&self, _journal: &JournalId, _txid: TxId) -> Option<Position> {
        None
    }

    /// The newest entries of a journal's history, newest first.
    pub fn history(&self, _journal: &JournalId, _max: usize) -> Vec<HistoryEntry> {
        Vec::new()
    }
}
