use super::fault::Fault;
use crate::editlog::{Checkpoint, Position, Record, Records};
use crate::index::entries::FinishedSegment;
use crate::index::store::StoreError;
use crate::scrub::{Digest, PacedFile, ReadStop};
use crate::types::TxId;

/// How far apart positions are, in bytes: what must be read at most to find a transaction.
const SPACING_BYTES: u64 = 64 << 10;
/// Positions that are in memory at a time.
const BATCH: usize = 1024;

/// The operations of one edits file, each in its place, up to the first that is not.
pub(super) struct Walk<'a> {
    file: &'a PacedFile<'a>,
    records: Records<'a, PacedFile<'a>>,
    first: TxId,
    at: Option<Checkpoint>,
    /// Where the last position is.
    kept: Option<u64>,
    found: Vec<Position>,
}

impl<'a> Walk<'a> {
    /// `None` for a file whose operations cannot be told apart.
    pub(super) fn begin(file: &'a PacedFile<'a>, first: TxId) -> Result<Option<Self>, ReadStop> {
        let records = Records::open(file)?.ok();
        let found = Vec::new();
        Ok(records.map(|records| Self { file, records, first, at: None, kept: None, found }))
    }

    /// Goes on where another walk ended, if the file is still what it was there.
    pub(super) fn resume(
        &mut self,
        checkpoint: Checkpoint,
        kept: Option<Position>,
    ) -> Result<bool, ReadStop> {
        let begin = self.records.offset();
        let usual = checkpoint.header == self.records.layout_version()
            && checkpoint.last_op_offset >= begin;
        self.records.seek(checkpoint.last_op_offset.max(begin));
        let there = usual
            && matches!(self.records.next_record()?, Some(Record::Op { offset, len_bytes, txid, .. })
                if txid == checkpoint.last.0 && offset + len_bytes == checkpoint.offset);
        if there {
            (self.at, self.kept) = (Some(checkpoint), kept.map(|position| position.offset));
        } else {
            self.records.seek(begin);
        }
        Ok(there)
    }

    /// Reads on up to a transaction. `keep` gets what was found, and how far the file is good.
    pub(super) fn read(
        &mut self,
        through: TxId,
        mut keep: impl FnMut(&[Position], Checkpoint) -> Result<(), StoreError>,
    ) -> Result<(), Fault> {
        let before = self.at;
        while self.expected() <= through {
            match self.records.next_record()? {
                Some(Record::Op { offset, len_bytes, txid, .. })
                    if TxId(txid) == self.expected() =>
                {
                    self.take(offset, len_bytes);
                }
                _ => break,
            }
            if let (true, Some(at)) = (self.found.len() >= BATCH, self.at) {
                keep(&std::mem::take(&mut self.found), at)?;
            }
        }
        match self.at {
            Some(at) if self.at != before => Ok(keep(&std::mem::take(&mut self.found), at)?),
            _ => Ok(()),
        }
    }

    /// What the file is as a finished segment, and its digest; `None` if it does not end with
    /// this transaction and padding.
    pub(super) fn finish(
        mut self,
        last: TxId,
    ) -> Result<Option<(FinishedSegment, Digest)>, ReadStop> {
        if self.expected() != last.next() {
            return Ok(None);
        }
        let Some(Record::Padding { offset, .. }) = self.records.next_record()? else {
            return Ok(None);
        };
        let len_bytes = self.file.bytes_read();
        let segment = FinishedSegment { content_bytes: offset, len_bytes };
        Ok(self.file.digest().map(|digest| (segment, digest)))
    }

    fn expected(&self) -> TxId {
        self.at.map_or(self.first, |at| at.last.next())
    }

    fn take(&mut self, offset: u64, len_bytes: u64) {
        let txid = self.expected();
        if self.kept.is_none_or(|kept| offset >= kept + SPACING_BYTES) {
            self.kept = Some(offset);
            self.found.push(Position { segment_first: self.first, offset, txid });
        }
        let header = self.records.layout_version();
        let end = offset + len_bytes;
        self.at = Some(Checkpoint { offset: end, last: txid, last_op_offset: offset, header });
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::editlog::{OP_INVALID, encode_header, encode_op};
    use crate::scrub::Pace;
    use crate::storage::disk::faulty::FaultyDisk;
    use crate::storage::disk::{Disk, DiskFile, OpenMode};
    use crate::types::LayoutVersion;

    const OP_BYTES: u64 = 1017;

    fn file(content: &[u8]) -> Box<dyn DiskFile> {
        let disk = FaultyDisk::new(1);
        disk.create_dir_all(Path::new("/j")).unwrap();
        let mode = OpenMode::Truncate { sync_on_write: false };
        disk.open(Path::new("/j/f"), mode).unwrap().write_all_at(content, 0).unwrap();
        disk.open(Path::new("/j/f"), OpenMode::Read).unwrap()
    }

    fn segment(txids: impl IntoIterator<Item = i64>) -> Vec<u8> {
        let mut content = encode_header(LayoutVersion::CURRENT).to_vec();
        txids.into_iter().for_each(|txid| content.extend(encode_op(3, TxId(txid), &[7; 1000])));
        content
    }

    fn behind(txid: i64) -> Checkpoint {
        let last_op_offset = 8 + (txid as u64 - 1) * OP_BYTES;
        let (offset, header) = (last_op_offset + OP_BYTES, LayoutVersion::CURRENT);
        Checkpoint { offset, last: TxId(txid), last_op_offset, header }
    }

    /// Walks up to `through` and returns the positions and the last checkpoint.
    fn walk(
        content: &[u8],
        from: Option<Checkpoint>,
        through: i64,
    ) -> (Vec<Position>, Option<Checkpoint>, bool) {
        let (file, pace) = (file(content), Pace::new(None));
        let paced = PacedFile::cached(file.as_ref(), &pace);
        let mut walk = Walk::begin(&paced, TxId(1)).unwrap().unwrap();
        let resumed = from.is_some_and(|from| walk.resume(from, None).unwrap());
        let (mut all, mut end) = (Vec::new(), None);
        let keep = |positions: &[Position], at| {
            all.extend_from_slice(positions);
            end = Some(at);
            Ok(())
        };
        walk.read(TxId(through), keep).unwrap();
        (all, end, resumed)
    }

    #[test]
    fn positions_are_sparse_and_where_operations_begin() {
        let (positions, end, _) = walk(&segment(1..=200), None, 200);
        assert_eq!(end, Some(behind(200)));
        let txids: Vec<_> = positions.iter().map(|position| position.txid.0).collect();
        assert_eq!(txids, [1, 66, 131, 196]);
        for position in positions {
            assert_eq!(position.offset, behind(position.txid.0).last_op_offset);
        }
    }

    #[test]
    fn a_walk_ends_where_readers_may_not_go() {
        assert_eq!(walk(&segment(1..=9), None, 5).1, Some(behind(5)));
        assert_eq!(walk(&segment(1..=9), None, 0).1, None);
    }

    #[test]
    fn a_walk_ends_before_damage_gaps_and_padding() {
        let mut damaged = segment(1..=9);
        damaged[behind(4).offset as usize + 20] ^= 1;
        assert_eq!(walk(&damaged, None, 9).1, Some(behind(4)));
        assert_eq!(walk(&segment([1, 2, 4]), None, 9).1, Some(behind(2)));
        let padded = [segment(1..=3), vec![OP_INVALID; 4000]].concat();
        assert_eq!(walk(&padded, None, 9).1, Some(behind(3)));
    }

    #[test]
    fn a_walk_goes_on_where_the_last_one_ended() {
        let (positions, end, resumed) = walk(&segment(1..=9), Some(behind(6)), 9);
        assert_eq!((end, resumed), (Some(behind(9)), true));
        assert_eq!(positions[0].txid, TxId(7));
    }

    #[test]
    fn a_file_that_was_replaced_is_walked_from_its_begin() {
        let mut other = segment(1..=4);
        other.extend(encode_op(3, TxId(5), b"another"));
        for wrong in [behind(5), Checkpoint { header: LayoutVersion(-66), ..behind(4) }] {
            let (positions, end, resumed) = walk(&other, Some(wrong), 4);
            assert_eq!((end, resumed), (Some(behind(4)), false));
            assert_eq!(positions[0].txid, TxId(1));
        }
    }

    #[test]
    fn only_a_whole_segment_is_finished() {
        let finished = |content: &[u8], last: i64| {
            let (file, pace) = (file(content), Pace::new(None));
            let paced = PacedFile::cached(file.as_ref(), &pace);
            let mut walk = Walk::begin(&paced, TxId(1)).unwrap().unwrap();
            walk.read(TxId(last), |_, _| Ok(())).unwrap();
            walk.finish(TxId(last)).unwrap().map(|(segment, _)| segment)
        };
        let good = segment(1..=3);
        let content_bytes = good.len() as u64;
        let whole = FinishedSegment { content_bytes, len_bytes: content_bytes };
        assert_eq!(finished(&good, 3), Some(whole));
        let padded = [good.clone(), vec![OP_INVALID; 500_000]].concat();
        let with_padding = FinishedSegment { len_bytes: content_bytes + 500_000, ..whole };
        assert_eq!(finished(&padded, 3), Some(with_padding));
        assert_eq!((finished(&good, 2), finished(&good, 4)), (None, None));
    }
}
