use std::collections::VecDeque;

use bytes::{BufMut, Bytes, BytesMut};
use thiserror::Error;

use crate::editlog::{OpFrame, split};
use crate::types::{LayoutVersion, TxId};

/// Contiguous batches, the newest last, within a budget of bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EditsCache {
    capacity_bytes: usize,
    size_bytes: usize,
    layout_version: Option<LayoutVersion>,
    initial: Option<TxId>,
    batches: VecDeque<Batch>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Batch {
    first: TxId,
    last: TxId,
    records: Bytes,
}

/// A stretch of cached transactions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CachedEdits {
    /// How many transactions.
    pub count: u32,
    /// An edit-log header, then the operations. Empty if `count` is 0.
    pub edit_log: Bytes,
}

/// The cache does not have what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum CacheMiss {
    /// Nothing cached, with how far the request was off.
    #[error("{text}")]
    Missed {
        /// One of Java's texts.
        text: String,
        /// 0 if the cache is empty.
        by_txns: u64,
    },
    /// The writer sent records that are no edit-log operations.
    #[error("batch starting at txid {first} is no sequence of edit-log operations")]
    Malformed {
        /// First transaction of the batch.
        first: TxId,
    },
}

impl EditsCache {
    /// An empty cache that keeps at most this much.
    pub fn new(capacity_bytes: usize) -> Self {
        Self {
            capacity_bytes,
            size_bytes: 0,
            layout_version: None,
            initial: None,
            batches: VecDeque::new(),
        }
    }

    /// A new cache of the same capacity.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self::new(self.capacity_bytes)
    }

    /// Bytes of records held.
    pub fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// Adds a batch. A gap or another layout version starts the cache anew; what no longer
    /// fits is dropped from the old end; a batch larger than the cache empties it.
    pub fn store(&mut self, records: Bytes, first: TxId, last: TxId, version: LayoutVersion) {
        if self.layout_version != Some(version) {
            self.clear(None);
            self.layout_version = Some(version);
        }
        match self.batches.back() {
            None => self.clear(Some(first)),
            Some(newest) if newest.last.next() != first => self.clear(Some(first)),
            Some(_) => {}
        }
        self.make_room(records.len());
        if records.len() > self.capacity_bytes {
            self.initial = None;
            return;
        }
        self.size_bytes += records.len();
        self.batches.push_back(Batch { first, last, records });
    }

    /// Drops everything if it holds this transaction or a later one: the log no longer does.
    pub fn forget_from(&mut self, txid: TxId) {
        if self.batches.back().is_some_and(|newest| newest.last >= txid) {
            self.clear(None);
        }
    }

    /// At most `max` transactions starting with exactly `since`, behind a header.
    pub fn retrieve(&self, since: TxId, max: u32) -> Result<CachedEdits, CacheMiss> {
        let (Some(oldest), Some(newest), Some(version)) =
            (self.batches.front(), self.batches.back(), self.layout_version)
        else {
            return Err(self.miss(since, None));
        };
        if since < oldest.first {
            return Err(self.miss(since, Some(oldest.first)));
        }
        if since > newest.last {
            return Ok(CachedEdits::default());
        }
        let available = newest.last.0.saturating_sub(since.0).saturating_add(1);
        let count = i64::from(max).min(available);
        Ok(CachedEdits { count: count as u32, edit_log: self.copy(since, count, version)? })
    }

    /// Copies `count` transactions from `since` on, which must all be cached.
    fn copy(&self, since: TxId, count: i64, version: LayoutVersion) -> Result<Bytes, CacheMiss> {
        let mut log = BytesMut::new();
        log.put_i32(version.0);
        if version.supports(LayoutVersion::ADD_LAYOUT_FLAGS) {
            log.put_i32(0);
        }
        let end = since.0.saturating_add(count);
        let start = self.batches.partition_point(|batch| batch.last < since);
        for batch in self.batches.range(start..).take_while(|batch| batch.first.0 < end) {
            log.extend_from_slice(batch.between(since.0, end)?);
        }
        Ok(log.freeze())
    }

    fn clear(&mut self, initial: Option<TxId>) {
        self.batches.clear();
        self.size_bytes = 0;
        self.initial = initial;
    }

    fn make_room(&mut self, needed_bytes: usize) {
        while self.size_bytes.saturating_add(needed_bytes) > self.capacity_bytes {
            match self.batches.pop_front() {
                Some(oldest) => self.size_bytes -= oldest.records.len(),
                None => return,
            }
        }
    }

    fn miss(&self, since: TxId, oldest: Option<TxId>) -> CacheMiss {
        let missed = |text, from: TxId| CacheMiss::Missed {
            text,
            by_txns: from.0.saturating_sub(since.0).max(0) as u64,
        };
        match (oldest, self.initial) {
            (None, _) => missed(
                "Cache is empty; nothing was written yet, or the last batch was larger than the \
                 cache."
                    .to_owned(),
                since,
            ),
            (Some(_), Some(initial)) if since < initial => missed(
                format!(
                    "Cache started at txn ID {initial} but requested txns starting at {since}."
                ),
                initial,
            ),
            (Some(oldest), _) => missed(
                format!(
                    "Oldest txn ID available in the cache is {oldest}, but requested txns starting \
                     at {since}. dfs.journalnode.edit-cache-size.bytes may need to be increased \
                     to hold more transactions (currently {} bytes)",
                    self.capacity_bytes
                ),
                oldest,
            ),
        }
    }
}

impl Batch {
    /// The operations of this batch with `from <= txid < end`.
    fn between(&self, from: i64, end: i64) -> Result<&[u8], CacheMiss> {
        let skipped = if from <= self.first.0 { 0 } else { self.offset_of(from)? };
        let kept = if end > self.last.0 { self.records.len() } else { self.offset_of(end)? };
        self.records.get(skipped..kept).ok_or(CacheMiss::Malformed { first: self.first })
    }

    /// Where the first operation with this txid or a higher one starts.
    fn offset_of(&self, txid: i64) -> Result<usize, CacheMiss> {
        let malformed = |_| CacheMiss::Malformed { first: self.first };
        let reached = |op: &Result<OpFrame, _>| op.as_ref().map_or(true, |op| op.txid.0 >= txid);
        match split(&self.records).find(reached) {
            Some(op) => Ok(op.map_err(malformed)?.range.start),
            None => Ok(self.records.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One operation of 20 bytes for each transaction.
    fn batch(range: std::ops::RangeInclusive<i64>) -> Bytes {
        let op = |txid: i64| {
            let mut op = vec![3];
            op.extend(15_u32.to_be_bytes());
            op.extend(txid.to_be_bytes());
            op.extend([txid as u8; 3 + 4]);
            op
        };
        range.flat_map(op).collect::<Vec<u8>>().into()
    }

    fn cache_of(ranges: &[(i64, i64)], capacity: usize) -> EditsCache {
        let mut cache = EditsCache::new(capacity);
        for (first, last) in ranges {
            cache.store(batch(*first..=*last), TxId(*first), TxId(*last), LayoutVersion::CURRENT);
        }
        cache
    }

    #[test]
    fn jn_102_a_hit_is_cut_at_both_ends_behind_a_header() {
        let cache = cache_of(&[(1, 5), (6, 10), (11, 15)], 1000);
        let edits = cache.retrieve(TxId(3), 10).unwrap();
        assert_eq!(edits.count, 10);
        let mut expected = vec![0xff, 0xff, 0xff, 0xbd, 0, 0, 0, 0];
        expected.extend_from_slice(&batch(3..=12));
        assert_eq!(edits.edit_log, expected);
    }

    #[test]
    fn jn_102_no_more_than_there_is() {
        let cache = cache_of(&[(1, 5)], 1000);
        assert_eq!(cache.retrieve(TxId(4), 5000).unwrap().count, 2);
        assert_eq!(cache.retrieve(TxId(6), 5000).unwrap(), CachedEdits::default());
    }

    #[test]
    fn jn_103_misses_say_how_far_they_were_off() {
        let miss = |cache: &EditsCache, since| match cache.retrieve(TxId(since), 1).unwrap_err() {
            CacheMiss::Missed { text, by_txns } => (text, by_txns),
            other => panic!("{other}"),
        };
        let (text, by) = miss(&EditsCache::new(100), 1);
        assert!(text.starts_with("Cache is empty") && by == 0, "{text}");
        let (text, by) = miss(&cache_of(&[(10, 12)], 100), 4);
        assert_eq!(text, "Cache started at txn ID 10 but requested txns starting at 4.");
        assert_eq!(by, 6);
        let (text, by) = miss(&cache_of(&[(1, 3), (4, 6)], 100), 2);
        assert!(text.starts_with("Oldest txn ID available in the cache is 4"), "{text}");
        assert_eq!(by, 2);
    }

    #[test]
    fn jn_104_the_oldest_batches_make_room() {
        let cache = cache_of(&[(1, 2), (3, 4), (5, 6)], 80);
        assert!(cache.retrieve(TxId(2), 1).is_err());
        assert_eq!(cache.retrieve(TxId(3), 9).unwrap().count, 4);
        assert_eq!(cache.size_bytes(), 80);
    }

    #[test]
    fn jn_104_a_batch_larger_than_the_cache_empties_it() {
        let cache = cache_of(&[(1, 2), (3, 9)], 100);
        assert!(matches!(
            cache.retrieve(TxId(1), 1),
            Err(CacheMiss::Missed { by_txns: 0, text }) if text.starts_with("Cache is empty")
        ));
        assert_eq!(cache.size_bytes(), 0);
    }

    #[test]
    fn jn_104_a_gap_or_a_new_layout_starts_anew() {
        let mut cache = cache_of(&[(1, 2), (7, 8)], 1000);
        assert!(cache.retrieve(TxId(2), 1).is_err());
        assert_eq!(cache.retrieve(TxId(7), 9).unwrap().count, 2);
        cache.store(batch(9..=9), TxId(9), TxId(9), LayoutVersion(-66));
        assert!(cache.retrieve(TxId(8), 1).is_err());
        assert_eq!(&cache.retrieve(TxId(9), 9).unwrap().edit_log[..4], &(-66_i32).to_be_bytes());
    }

    #[test]
    fn records_that_do_not_frame_are_an_error_not_a_panic() {
        let mut cache = EditsCache::new(1000);
        cache.store(Bytes::from_static(b"junk"), TxId(1), TxId(5), LayoutVersion::CURRENT);
        assert_eq!(cache.retrieve(TxId(3), 1), Err(CacheMiss::Malformed { first: TxId(1) }));
    }
}
