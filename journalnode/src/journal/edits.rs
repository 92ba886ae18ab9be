use tracing::warn;

use super::Journal;
use crate::editlog::Position;
use crate::engine::cache::CachedEdits;
use crate::engine::{
    self, Answer, EditsQuery, EditsSource, Failure, Pace, Refusal, ScanTarget, Tail,
};
use crate::storage::StorageError;
use crate::types::{SegmentFile, TxId};

/// What readers of the newest transactions ask, and where hints save them work.
impl Journal {
    /// At most `max_txns` transactions from exactly `since` on: what `getJournaledEdits`
    /// answers. From the cache, else from the files.
    pub async fn edits_from(&self, since: TxId, max_txns: u32) -> Result<CachedEdits, Failure> {
        let pace = Pace(self.options.tail_period);
        let answer = self
            .read(|state, facts| engine::journaled_edits(state, facts, since, max_txns, pace))
            .await;
        self.count_edits(&answer);
        answer.map(|(edits, _)| edits)
    }

    /// The same as far as this node knows it to be committed, without a limit to how far a
    /// reader may be behind; also without a cache.
    pub async fn committed_edits(
        &self,
        since: TxId,
        max_txns: u32,
    ) -> Result<CachedEdits, Failure> {
        let decide = |state: &_, facts: &_| engine::committed_edits(state, facts, since, max_txns);
        self.read(decide).await.map(|(edits, _)| edits)
    }

    fn count_edits(&self, answer: &Result<(CachedEdits, EditsSource), Failure>) {
        let metrics = &self.metrics;
        match answer {
            Ok((_, EditsSource::Nowhere)) => metrics.empty_response(),
            Ok((edits, source)) => {
                metrics.edits_served(u64::from(edits.count), edits.edit_log.len() as u64);
                metrics.edits_answered(*source);
            }
            Err(Failure::Refused(Refusal::NewerTxnId { .. })) => metrics.empty_response(),
            Err(Failure::Refused(Refusal::CacheMiss { missed_by_txns, .. })) => {
                metrics.cache_misses().record(*missed_by_txns);
            }
            Err(_) => {}
        }
    }

    /// Reads what the engine asks for. A file that fails is no fault of the request: the reader
    /// learns that the edits are not to be had here.
    pub(super) fn read_edits(&self, query: &EditsQuery) -> Answer {
        let read = self.files.read_edits(query, self.place(query));
        if let Some(next) = read.next {
            self.positions.remember(next);
        }
        if let Some(flaw) = read.flaw {
            warn!(journal = %self.id, txid = query.since.0, "reading edits for a standby: {flaw}");
        }
        Answer::Edits(read.edits)
    }

    /// Where to begin: behind what was read last, or where the hints say.
    fn place(&self, query: &EditsQuery) -> Option<Position> {
        let first = query.segments.first()?.first;
        let read = self.positions.nearest(first, query.since);
        if read.is_some_and(|read| read.txid == query.since) {
            return read;
        }
        let hint = self.hints.get().and_then(|hints| hints.position(&self.id, query.since));
        let hint = hint.filter(|hint| hint.segment_first == first && hint.txid <= query.since);
        hint.into_iter().chain(read).max_by_key(|place| place.txid)
    }

    /// How a file ends, without reading again what is known of a segment in progress.
    pub(super) fn scan(&self, target: ScanTarget) -> Result<Tail, StorageError> {
        let checkpoint = match target {
            ScanTarget::Segment(SegmentFile { first, last: None }) => {
                self.hints.get().and_then(|hints| hints.checkpoint(&self.id, first))
            }
            _ => None,
        };
        match checkpoint {
            Some(checkpoint) => self.files.scan_from(target, checkpoint),
            None => Ok(self.files.scan(target)?.whole_tail()),
        }
    }
}
