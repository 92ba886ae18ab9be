use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::{CacheMissStat, LatencyQuantiles, LatencyWindow};
use crate::engine::EditsSource;

/// Lengths of the latency windows, in seconds (`JournalMetrics.QUANTILE_INTERVALS`).
const WINDOWS_SECONDS: [u64; 3] = [60, 300, 3600];

/// What one journal counts and times.
#[derive(Debug)]
pub struct JournalMetrics {
    counters: [AtomicU64; 8],
    last_journal_timestamp_ms: AtomicU64,
    back_fill: [AtomicU64; 2],
    cache_misses: CacheMissStat,
    edits_answers: [AtomicU64; 2],
    syncs: Mutex<[LatencyWindow; 3]>,
}

/// The counters at one moment, since the process started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JournalCounters {
    /// `BatchesWritten`.
    pub batches_written: u64,
    /// `BatchesWrittenWhileLagging`: written without a sync.
    pub batches_written_while_lagging: u64,
    /// `TxnsWritten`.
    pub txns_written: u64,
    /// `BytesWritten`.
    pub bytes_written: u64,
    /// `TxnsServedViaRpc`.
    pub txns_served_via_rpc: u64,
    /// `BytesServedViaRpc`.
    pub bytes_served_via_rpc: u64,
    /// `RpcEmptyResponses`.
    pub rpc_empty_responses: u64,
    /// `NumEditLogsSynced`: segments that were missing here and were fetched from a peer.
    pub edit_logs_synced: u64,
}

impl Default for JournalMetrics {
    fn default() -> Self {
        let now = Instant::now();
        let window = |seconds| LatencyWindow::new(Duration::from_secs(seconds), now);
        Self {
            counters: Default::default(),
            last_journal_timestamp_ms: AtomicU64::new(0),
            back_fill: Default::default(),
            cache_misses: CacheMissStat::default(),
            edits_answers: Default::default(),
            syncs: Mutex::new(WINDOWS_SECONDS.map(window)),
        }
    }
}

impl JournalMetrics {
    /// Counts a batch that was written, and synced unless it was `lagging`.
    pub fn batch_written(&self, txns: u64, bytes: u64, lagging: bool, sync: Duration) {
        self.add([1, u64::from(lagging), txns, bytes, 0, 0, 0, 0]);
        let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        self.last_journal_timestamp_ms.store(now_ms as u64, Relaxed);
        let now = Instant::now();
        let mut windows = self.syncs.lock().unwrap_or_else(PoisonError::into_inner);
        windows.iter_mut().for_each(|window| window.record(sync, now));
    }

    /// Counts edits that `getJournaledEdits` returned.
    pub fn edits_served(&self, txns: u64, bytes: u64) {
        self.add([0, 0, 0, 0, txns, bytes, 0, 0]);
    }

    /// Counts a `getJournaledEdits` that had nothing to return.
    pub fn empty_response(&self) {
        self.add([0, 0, 0, 0, 0, 0, 1, 0]);
    }

    /// Counts a missing segment that was fetched from a peer.
    pub fn edit_log_synced(&self) {
        self.add([0, 0, 0, 0, 0, 0, 0, 1]);
    }

    /// Notes how far a blank node has got on its way back: segments fetched, of how many.
    pub fn back_filled(&self, segments: u64, of: u64) {
        self.back_fill[0].store(segments, Relaxed);
        self.back_fill[1].store(of, Relaxed);
    }

    /// The segments that a blank node has fetched, and how many it needs; 0 of 0 if it never
    /// was one.
    pub fn back_fill(&self) -> [u64; 2] {
        [self.back_fill[0].load(Relaxed), self.back_fill[1].load(Relaxed)]
    }

    /// Counts an answer to `getJournaledEdits` that had edits.
    pub fn edits_answered(&self, source: EditsSource) {
        let [cache, disk] = &self.edits_answers;
        match source {
            EditsSource::Nowhere => {}
            EditsSource::Cache => drop(cache.fetch_add(1, Relaxed)),
            EditsSource::Disk => drop(disk.fetch_add(1, Relaxed)),
        }
    }

    /// How many answers to `getJournaledEdits` had edits from the cache, and from the files.
    pub fn edits_answers(&self) -> [u64; 2] {
        self.edits_answers.each_ref().map(|counter| counter.load(Relaxed))
    }

    /// How `getJournaledEdits` missed: neither the cache nor the files had the edits.
    pub fn cache_misses(&self) -> &CacheMissStat {
        &self.cache_misses
    }

    /// When the last batch was written, in milliseconds of the Unix epoch; 0 for never.
    pub fn last_journal_timestamp_ms(&self) -> u64 {
        self.last_journal_timestamp_ms.load(Relaxed)
    }

    /// All counters.
    pub fn counters(&self) -> JournalCounters {
        let [batches, lagging, txns, bytes, txns_served, bytes_served, empty, synced] =
            std::array::from_fn(|index| self.counters[index].load(Relaxed));
        JournalCounters {
            batches_written: batches,
            batches_written_while_lagging: lagging,
            txns_written: txns,
            bytes_written: bytes,
            txns_served_via_rpc: txns_served,
            bytes_served_via_rpc: bytes_served,
            rpc_empty_responses: empty,
            edit_logs_synced: synced,
        }
    }

    /// For each window its length in seconds, and how long write and sync of a batch took.
    pub fn sync_quantiles(&self) -> [(u64, LatencyQuantiles); 3] {
        let now = Instant::now();
        let mut windows = self.syncs.lock().unwrap_or_else(PoisonError::into_inner);
        windows.each_mut().map(|window| (window.seconds(), window.quantiles(now)))
    }

    fn add(&self, amounts: [u64; 8]) {
        for (counter, amount) in self.counters.iter().zip(amounts) {
            if amount > 0 {
                counter.fetch_add(amount, Relaxed);
            }
        }
    }
}
