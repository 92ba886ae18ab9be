use std::collections::{BTreeMap, BTreeSet};

use prost::Message;

use super::entries::decode;
use super::stored_checkpoint::StoredCheckpoint;
use super::stored_record::StoredRecord;
use super::{Entries, FinishedSegment};
use crate::editlog::{Checkpoint, Position};
use crate::index::key::{self, Keys};
use crate::index::store::{Batch, StoreError};
use crate::scrub::SegmentRecord;
use crate::types::{JournalId, SegmentFile, TxId};

const LOWEST: TxId = TxId(i64::MIN);
const HIGHEST: TxId = TxId(i64::MAX);

/// What is noted of segments.
impl Entries {
    /// The newest position at or before a transaction.
    pub(in crate::index) fn position(
        &self,
        journal: &JournalId,
        txid: TxId,
    ) -> Result<Option<Position>, StoreError> {
        let keys = Keys::of(journal);
        let newest = self.0.last(&keys.first_position(), &keys.position(txid, HIGHEST))?;
        let Some((segment, _)) = newest.and_then(|(key, _)| key::position(&key)) else {
            return Ok(None);
        };
        self.position_in(journal, segment, txid)
    }

    /// The newest position of a segment at or before a transaction.
    pub(in crate::index) fn position_in(
        &self,
        journal: &JournalId,
        segment: TxId,
        txid: TxId,
    ) -> Result<Option<Position>, StoreError> {
        let keys = Keys::of(journal);
        let found = self.0.last(&keys.position(segment, LOWEST), &keys.position(segment, txid))?;
        Ok(found.and_then(|(key, offset)| {
            let (segment_first, txid) = key::position(&key)?;
            let offset = u64::from_be_bytes(offset.try_into().ok()?);
            Some(Position { segment_first, offset, txid })
        }))
    }

    /// Notes positions, and how far their segment in progress was read.
    pub(in crate::index) fn write_positions(
        &self,
        journal: &JournalId,
        positions: &[Position],
        checkpoint: Option<(TxId, Checkpoint)>,
    ) -> Result<(), StoreError> {
        let (keys, mut batch) = (Keys::of(journal), Batch::default());
        for position in positions {
            let key = keys.position(position.segment_first, position.txid);
            batch.put(key, position.offset.to_be_bytes().to_vec());
        }
        if let Some((first, checkpoint)) = checkpoint {
            let stored = StoredCheckpoint::from(checkpoint);
            batch.put(keys.checkpoint(first), stored.encode_to_vec());
        }
        self.0.write(batch)
    }

    /// How far each segment in progress was read, by its first transaction.
    pub(in crate::index) fn checkpoints(
        &self,
        journal: &JournalId,
    ) -> Result<BTreeMap<TxId, Checkpoint>, StoreError> {
        let (from, to) = Keys::of(journal).checkpoints();
        let pairs = self.0.range(&from, &to, usize::MAX)?;
        let read = |(key, value): (Vec<u8>, Vec<u8>)| {
            let checkpoint = decode::<StoredCheckpoint>(&value)?.into();
            Ok(key::last_txid(&key).map(|first| (first, checkpoint)))
        };
        pairs.into_iter().filter_map(|pair| read(pair).transpose()).collect()
    }

    /// Forgets a segment in progress; its positions too, unless it was finished.
    pub(in crate::index) fn forget_unfinished(
        &self,
        journal: &JournalId,
        first: TxId,
        finished: bool,
    ) -> Result<(), StoreError> {
        let (keys, mut batch) = (Keys::of(journal), Batch::default());
        batch.remove(keys.checkpoint(first));
        if !finished {
            let (from, to) = keys.positions_of(first);
            batch.remove_range(from, to);
        }
        self.0.write(batch)
    }

    /// The finished segments whose positions are all there.
    pub(in crate::index) fn finished(
        &self,
        journal: &JournalId,
    ) -> Result<BTreeSet<SegmentFile>, StoreError> {
        let (from, to) = Keys::of(journal).segments();
        let pairs = self.0.range(&from, &to, usize::MAX)?;
        Ok(pairs.iter().filter_map(|(key, _)| key::finished(key)).collect())
    }

    /// Notes that a finished segment was read, and what it is if that was not known yet.
    pub(in crate::index) fn write_finished(
        &self,
        journal: &JournalId,
        segment: FinishedSegment,
        record: &SegmentRecord,
    ) -> Result<(), StoreError> {
        let (keys, mut batch) = (Keys::of(journal), Batch::default());
        let file = SegmentFile::finalized(record.first, record.last);
        batch.put(keys.segment(file), segment.encode_to_vec());
        if self.0.value(&keys.record(file))?.is_none() {
            batch.put(keys.record(file), StoredRecord::of(record).encode_to_vec());
        }
        self.0.write(batch)
    }

    /// Forgets all that was noted of finished segments.
    pub(in crate::index) fn forget_finished(
        &self,
        journal: &JournalId,
        files: &[SegmentFile],
    ) -> Result<(), StoreError> {
        let (keys, mut batch) = (Keys::of(journal), Batch::default());
        for file in files {
            batch.remove(keys.segment(*file));
            batch.remove(keys.record(*file));
            let (from, to) = keys.positions_of(file.first);
            batch.remove_range(from, to);
        }
        self.0.write(batch)
    }

    pub(in crate::index) fn record(
        &self,
        journal: &JournalId,
        file: SegmentFile,
    ) -> Result<Option<SegmentRecord>, StoreError> {
        let stored = self.message::<StoredRecord>(&Keys::of(journal).record(file))?;
        Ok(stored.and_then(|stored| stored.record(file)))
    }

    pub(in crate::index) fn records(
        &self,
        journal: &JournalId,
    ) -> Result<Vec<SegmentRecord>, StoreError> {
        let (from, to) = Keys::of(journal).records();
        let pairs = self.0.range(&from, &to, usize::MAX)?;
        let read = |(key, value): (Vec<u8>, Vec<u8>)| {
            let stored = decode::<StoredRecord>(&value)?;
            Ok(key::finished(&key).and_then(|file| stored.record(file)))
        };
        pairs.into_iter().filter_map(|pair| read(pair).transpose()).collect()
    }

    pub(in crate::index) fn write_record(
        &self,
        journal: &JournalId,
        record: &SegmentRecord,
    ) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        let file = SegmentFile::finalized(record.first, record.last);
        let key = Keys::of(journal).record(file);
        batch.put(key, StoredRecord::of(record).encode_to_vec());
        self.0.write(batch)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::index::store::MemoryStore;
    use crate::scrub::Digest;
    use crate::types::LayoutVersion;

    fn journal() -> JournalId {
        JournalId::new("j").unwrap()
    }

    fn entries() -> Entries {
        Entries::new(Arc::new(MemoryStore::default()))
    }

    fn at(segment: i64, txid: i64, offset: u64) -> Position {
        Position { segment_first: TxId(segment), txid: TxId(txid), offset }
    }

    fn record(first: i64, last: i64) -> SegmentRecord {
        SegmentRecord {
            first: TxId(first),
            last: TxId(last),
            len_bytes: 99,
            digest: Digest([7; 16]),
            checked_at: UNIX_EPOCH + Duration::from_millis(1234),
        }
    }

    #[test]
    fn the_newest_position_is_that_of_the_segment_with_the_transaction() {
        let (entries, journal) = (entries(), journal());
        let positions = [at(1, 1, 8), at(1, 50, 70_000), at(101, 101, 8), at(101, 150, 66_000)];
        entries.write_positions(&journal, &positions, None).unwrap();
        let found = |txid| entries.position(&journal, TxId(txid)).unwrap();
        assert_eq!(found(0), None);
        for (txid, expected) in [(1, 0), (49, 0), (50, 1), (100, 1), (101, 2), (149, 2), (999, 3)] {
            assert_eq!(found(txid), Some(positions[expected]), "txid {txid}");
        }
        assert_eq!(entries.position(&JournalId::new("k").unwrap(), TxId(50)), Ok(None));
    }

    #[test]
    fn a_segment_that_is_finished_keeps_its_positions() {
        let (entries, journal) = (entries(), journal());
        let header = LayoutVersion::CURRENT;
        let checkpoint = Checkpoint { offset: 9, last: TxId(7), last_op_offset: 8, header };
        let noted = Some((TxId(1), checkpoint));
        entries.write_positions(&journal, &[at(1, 1, 8)], noted).unwrap();
        assert_eq!(entries.checkpoints(&journal).unwrap()[&TxId(1)], checkpoint);
        entries.forget_unfinished(&journal, TxId(1), true).unwrap();
        assert!(entries.checkpoints(&journal).unwrap().is_empty());
        assert_eq!(entries.position(&journal, TxId(5)).unwrap(), Some(at(1, 1, 8)));
        entries.forget_unfinished(&journal, TxId(1), false).unwrap();
        assert_eq!(entries.position(&journal, TxId(5)).unwrap(), None);
    }

    #[test]
    fn what_the_scrub_knows_is_not_replaced_by_what_the_index_read() {
        let (entries, journal) = (entries(), journal());
        let segment = FinishedSegment { content_bytes: 90, len_bytes: 99 };
        let file = SegmentFile::finalized(TxId(1), TxId(9));
        entries.write_record(&journal, &record(1, 9)).unwrap();
        let other = SegmentRecord { digest: Digest([8; 16]), ..record(1, 9) };
        entries.write_finished(&journal, segment, &other).unwrap();
        assert_eq!(entries.record(&journal, file).unwrap(), Some(record(1, 9)));
        assert_eq!(entries.records(&journal).unwrap(), [record(1, 9)]);
        assert_eq!(entries.finished(&journal).unwrap(), BTreeSet::from([file]));
        entries.forget_finished(&journal, &[file]).unwrap();
        assert_eq!(entries.record(&journal, file).unwrap(), None);
        assert!(entries.finished(&journal).unwrap().is_empty());
        entries.write_finished(&journal, segment, &other).unwrap();
        assert_eq!(entries.record(&journal, file).unwrap(), Some(other));
    }
}
