use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::time::timeout;

use super::shared::Shared;
use super::store::StoreError;
use super::{HistoryEvent, HistoryQuery, IndexError, IndexOptions, IndexState, IndexStatus};
use crate::editlog::{Checkpoint, Position};
use crate::journal::Hints;
use crate::scrub::SegmentRecord;
use crate::types::{JournalId, SegmentFile, TxId};

/// The index of all journals of the process. Cheap to clone.
///
/// Whatever is wrong with it, it only answers "not known". Filled by a
/// [`Follower`](super::Follower).
#[derive(Clone, Debug)]
pub struct Index(pub(super) Arc<Shared>);

impl Index {
    /// An index that knows nothing before a follower has opened it.
    pub fn new(options: IndexOptions) -> Self {
        Self(Arc::new(Shared::new(options)))
    }

    /// No index.
    pub fn off() -> Self {
        Self::new(IndexOptions { directory: None, bandwidth: None })
    }

    /// Whether it answers.
    pub fn state(&self) -> IndexState {
        self.0.state()
    }

    /// How it is now.
    pub fn status(&self) -> IndexStatus {
        let (entries, counters) = (self.0.entries(), &self.0.counters);
        IndexStatus {
            state: self.0.state(),
            directory: self.0.options.directory.clone(),
            size_bytes: entries.as_ref().map_or(0, |entries| entries.size_bytes()),
            entries: entries.as_ref().map_or(0, |entries| entries.keys()),
            segments: counters.segments.load(Relaxed),
            hits: counters.hits.load(Relaxed),
            misses: counters.misses.load(Relaxed),
            rebuilds: counters.rebuilds.load(Relaxed),
            events_dropped: counters.events_dropped.load(Relaxed),
        }
    }

    /// Newest position at or before a transaction from which a scan of its segment may start.
    /// Reads the index: blocks the thread.
    pub fn position(&self, journal: &JournalId, txid: TxId) -> Option<Position> {
        let found = self.ask(|entries| entries.position(journal, txid)).ok().flatten();
        self.0.counters.asked(found)
    }

    /// How far the segment in progress that starts with `first` was read and found good.
    /// Answers from memory.
    pub fn checkpoint(&self, journal: &JournalId, first: TxId) -> Option<Checkpoint> {
        self.0.counters.asked(self.0.checkpoint(journal, first))
    }

    /// Adds to a history, soon. Never waits: with too many events at once some are dropped, and
    /// counted.
    pub fn record(&self, event: HistoryEvent) {
        if self.0.options.directory.is_some() && !self.0.queue(event) {
            self.0.counters.events_dropped.fetch_add(1, Relaxed);
        }
    }

    /// A part of a journal's history, newest last. Reads the index: blocks the thread.
    pub fn history(
        &self,
        journal: &JournalId,
        query: HistoryQuery,
    ) -> Result<Vec<HistoryEvent>, IndexError> {
        self.ask(|entries| entries.events(journal, query))
    }

    /// What is recorded of a finished segment. Reads the index: blocks the thread.
    pub fn segment_record(&self, journal: &JournalId, file: SegmentFile) -> Option<SegmentRecord> {
        self.ask(|entries| entries.record(journal, file)).ok().flatten()
    }

    /// What is recorded of all finished segments of a journal. Blocks the thread.
    pub fn segment_records(&self, journal: &JournalId) -> Vec<SegmentRecord> {
        self.ask(|entries| entries.records(journal)).unwrap_or_default()
    }

    /// Records what a finished segment is. Writes the index: blocks the thread.
    pub fn put_segment_record(&self, journal: &JournalId, record: &SegmentRecord) {
        // What is not recorded is found out again.
        let _ = self.ask(|entries| entries.write_record(journal, record));
    }

    /// Forgets a finished segment: another file has taken its place. Blocks the thread.
    pub fn forget_segment(&self, journal: &JournalId, file: SegmentFile) {
        let _ = self.ask(|entries| entries.forget_finished(journal, &[file]));
        self.0.generation.fetch_add(1, Relaxed);
    }

    /// Waits until it is known whether there is an index, but no longer than this.
    pub async fn opened(&self, patience: Duration) {
        let mut states = self.0.states();
        let opened = states.wait_for(|state| *state != IndexState::Opening);
        let _ = timeout(patience, opened).await;
    }

    fn ask<T>(
        &self,
        question: impl FnOnce(&super::entries::Entries) -> Result<T, StoreError>,
    ) -> Result<T, IndexError> {
        let entries = self.0.available()?;
        question(&entries).map_err(|error| IndexError::Failed(error.to_string()))
    }
}

impl Hints for Index {
    fn position(&self, journal: &JournalId, txid: TxId) -> Option<Position> {
        Self::position(self, journal, txid)
    }

    fn checkpoint(&self, journal: &JournalId, first: TxId) -> Option<Checkpoint> {
        Self::checkpoint(self, journal, first)
    }
}
