use thiserror::Error;

use super::frame::{Frame, read_frame};
use super::op::{CHECKSUM_BYTES, OP_INVALID, OpPrefix, PREFIX_BYTES};
use super::window::Window;
use super::{HEADER_BYTES, HeaderFault, Position, ReadAt, Records, encode_header};
use crate::types::{LayoutVersion, TxId};

/// Copies consecutive transactions out of edits files, one file after the other.
///
/// Unlike [`scan`](super::scan()) it forgives nothing: an operation counts only if its checksum
/// is good, over the very bytes that were copied, and if it is the next transaction. So
/// whatever happens to a file while it is read, what comes out is what was written.
#[derive(Debug)]
pub struct EditsReader {
    next: TxId,
    max: u32,
    max_bytes: usize,
    layout_version: Option<LayoutVersion>,
    count: u32,
    log: Vec<u8>,
    full: bool,
}

/// Why a file gave less than it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditsFlaw<E> {
    /// It could not be read.
    #[error(transparent)]
    Read(E),
    /// There is no header to go by.
    #[error(transparent)]
    Header(HeaderFault),
    /// The operation is not there, or not whole.
    #[error("txid {missing} is not at byte {offset}")]
    Missing {
        /// The transaction.
        missing: TxId,
        /// Where it should be.
        offset: u64,
    },
}

/// A file on the way to the first transaction that is wanted of it.
struct Walk<'a, S: ReadAt + ?Sized> {
    window: Window<'a, S>,
    at: u64,
    txid: TxId,
}

impl EditsReader {
    /// Wants at most `max` transactions from `since` on, and no more bytes than this unless a
    /// single one has more.
    pub fn new(since: TxId, max: u32, max_bytes: usize) -> Self {
        let log = Vec::new();
        Self { next: since, max, max_bytes, layout_version: None, count: 0, log, full: false }
    }

    /// The transaction that comes next.
    pub fn next_txid(&self) -> TxId {
        self.next
    }

    /// Whether nothing more is wanted.
    pub fn is_full(&self) -> bool {
        self.full || self.count >= self.max
    }

    /// How many transactions, and the log: a header, then their operations. Empty if there are
    /// none.
    pub fn into_log(self) -> (u32, Vec<u8>) {
        (self.count, self.log)
    }

    /// Reads on in the segment that starts with `first`, up to the transaction `last` of it at
    /// most, beginning at `hint` if that is right. Answers where the next transaction is, or
    /// will be. What was read before a flaw stays.
    ///
    /// A segment of another layout version ends the log: a log has one header.
    pub fn read<S: ReadAt + ?Sized>(
        &mut self,
        source: &S,
        first: TxId,
        last: TxId,
        hint: Option<Position>,
    ) -> Result<Position, EditsFlaw<S::Error>> {
        let records = Records::open(source).map_err(EditsFlaw::Read)?;
        let records = records.map_err(EditsFlaw::Header)?;
        let version = records.layout_version();
        let hint = hint.filter(|hint| hint.segment_first == first && hint.txid <= self.next);
        let mut walk = Walk::new(source, first, records.offset(), hint);
        if self.layout_version.is_some_and(|own| own != version) {
            self.full = true;
        } else {
            self.layout_version = Some(version);
            walk.skip_to(self.next)?;
            self.copy(&mut walk, last)?;
        }
        Ok(Position { segment_first: first, offset: walk.at, txid: walk.txid })
    }

    fn copy<S: ReadAt + ?Sized>(
        &mut self,
        walk: &mut Walk<'_, S>,
        last: TxId,
    ) -> Result<(), EditsFlaw<S::Error>> {
        while self.next <= last && !self.is_full() {
            let size = walk.size()?;
            let len = self.log.len().max(HEADER_BYTES) + size;
            if self.count > 0 && len > self.max_bytes {
                self.full = true;
                return Ok(());
            }
            if self.count == 0 {
                let version = self.layout_version.unwrap_or(LayoutVersion::CURRENT);
                self.log = encode_header(version).to_vec();
            }
            if let Err(flaw) = walk.append(size, &mut self.log) {
                self.forget_header();
                return Err(flaw);
            }
            self.count += 1;
            self.next = self.next.next();
        }
        Ok(())
    }

    /// A log without transactions has no header.
    fn forget_header(&mut self) {
        if self.count == 0 {
            self.log.clear();
        }
    }
}

impl<'a, S: ReadAt + ?Sized> Walk<'a, S> {
    /// Begins at the hint if its transaction is there, else at the front.
    fn new(source: &'a S, first: TxId, first_op: u64, hint: Option<Position>) -> Self {
        let mut window = Window::new(source);
        let right = |hint: &Position| {
            first_op <= hint.offset
                && hint.offset < u64::MAX
                && matches!(read_frame(&mut window, hint.offset), Ok(Frame::Op { txid, .. })
                    if txid == hint.txid.0)
        };
        let (at, txid) = match hint.filter(right) {
            Some(hint) => (hint.offset, hint.txid),
            None => (first_op, first),
        };
        Self { window, at, txid }
    }

    fn skip_to(&mut self, txid: TxId) -> Result<(), EditsFlaw<S::Error>> {
        while self.txid < txid {
            match read_frame(&mut self.window, self.at).map_err(EditsFlaw::Read)? {
                Frame::Op { txid, end, .. } if txid == self.txid.0 => self.step(end),
                _ => return Err(self.missing()),
            }
        }
        if self.txid == txid { Ok(()) } else { Err(self.missing()) }
    }

    /// The length of the next operation.
    fn size(&mut self) -> Result<usize, EditsFlaw<S::Error>> {
        let begin = self.window.bytes(self.at, PREFIX_BYTES).map_err(EditsFlaw::Read)?;
        let prefix = begin.first_chunk().map(OpPrefix::read);
        let prefix = prefix.filter(|prefix| prefix.opcode != OP_INVALID);
        let prefix = prefix.filter(|prefix| prefix.txid == self.txid.0);
        prefix.and_then(OpPrefix::size_bytes).ok_or_else(|| self.missing())
    }

    /// Appends the next operation, or nothing.
    fn append(&mut self, size: usize, log: &mut Vec<u8>) -> Result<(), EditsFlaw<S::Error>> {
        let start = log.len();
        let copied = self.copy(size, log);
        let good = copied.as_ref().is_ok_and(|()| self.is_next(&log[start..], size));
        if !good {
            log.truncate(start);
            copied?;
            return Err(self.missing());
        }
        self.step(self.at + size as u64);
        Ok(())
    }

    fn copy(&mut self, size: usize, log: &mut Vec<u8>) -> Result<(), EditsFlaw<S::Error>> {
        let (mut at, mut rest) = (self.at, size);
        while rest > 0 {
            let bytes = self.window.bytes(at, rest).map_err(EditsFlaw::Read)?;
            if bytes.is_empty() {
                return Err(self.missing());
            }
            log.extend_from_slice(bytes);
            at += bytes.len() as u64;
            rest -= bytes.len();
        }
        Ok(())
    }

    /// Judges what was copied: the file may have changed since its length was read.
    fn is_next(&self, op: &[u8], size: usize) -> bool {
        let Some(prefix) = op.first_chunk().map(OpPrefix::read) else { return false };
        let Some((counted, checksum)) = op.split_last_chunk::<CHECKSUM_BYTES>() else {
            return false;
        };
        prefix.opcode != OP_INVALID
            && prefix.size_bytes() == Some(size)
            && prefix.txid == self.txid.0
            && *checksum == crc32fast::hash(counted).to_be_bytes()
    }

    fn step(&mut self, end: u64) {
        self.at = end;
        self.txid = self.txid.next();
    }

    fn missing(&self) -> EditsFlaw<S::Error> {
        EditsFlaw::Missing { missing: self.txid, offset: self.at }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::editlog::{encode_op, split};

    const OP_BYTES: usize = 21;
    const MANY: usize = 1 << 20;

    fn ops(txids: impl IntoIterator<Item = i64>) -> Vec<u8> {
        txids.into_iter().flat_map(|txid| encode_op(3, TxId(txid), b"body")).collect()
    }

    fn segment(txids: impl IntoIterator<Item = i64>) -> Vec<u8> {
        log(&ops(txids))
    }

    fn log(ops: &[u8]) -> Vec<u8> {
        [&encode_header(LayoutVersion::CURRENT)[..], ops].concat()
    }

    fn at(segment_first: i64, offset: usize, txid: i64) -> Position {
        Position { segment_first: TxId(segment_first), offset: offset as u64, txid: TxId(txid) }
    }

    fn read(
        reader: &mut EditsReader,
        file: &[u8],
        range: (i64, i64),
        hint: Option<Position>,
    ) -> Result<Position, EditsFlaw<std::convert::Infallible>> {
        reader.read(file, TxId(range.0), TxId(range.1), hint)
    }

    #[test]
    fn transactions_are_cut_at_both_ends_behind_a_header() {
        let file = [segment(5..=9), vec![OP_INVALID; 100]].concat();
        for (since, max, last, expected) in
            [(5, 9, 9, 5..=9), (6, 3, 9, 6..=8), (9, 1, 9, 9..=9), (5, 9, 7, 5..=7)]
        {
            let mut reader = EditsReader::new(TxId(since), max, MANY);
            read(&mut reader, &file, (5, last), None).unwrap();
            let count = expected.clone().count() as u32;
            assert_eq!(reader.into_log(), (count, segment(expected)));
        }
    }

    #[test]
    fn a_position_is_where_the_next_read_goes_on() {
        let file = segment(5..=9);
        let mut reader = EditsReader::new(TxId(6), 2, MANY);
        let next = read(&mut reader, &file, (5, 9), None).unwrap();
        assert_eq!(next, at(5, 8 + 3 * OP_BYTES, 8));
        // What is in front is not looked at any more.
        let mut rotten = file.clone();
        rotten[10] ^= 1;
        let mut reader = EditsReader::new(TxId(9), 2, MANY);
        read(&mut reader, &rotten, (5, 9), Some(next)).unwrap();
        assert_eq!(reader.into_log(), (1, segment([9])));
    }

    #[test]
    fn a_wrong_position_is_not_followed() {
        let file = segment(5..=9);
        let inside = at(5, 8 + OP_BYTES + 1, 6);
        for wrong in [inside, at(5, 8, 6), at(5, 9999, 6), at(4, 8, 5), at(5, 3, 6), at(5, 92, 9)] {
            let mut reader = EditsReader::new(TxId(7), 9, MANY);
            read(&mut reader, &file, (5, 9), Some(wrong)).unwrap();
            assert_eq!(reader.into_log(), (3, segment(7..=9)), "{wrong:?}");
        }
    }

    #[test]
    fn segments_follow_each_other_while_their_layout_is_the_same() {
        let mut reader = EditsReader::new(TxId(2), 9, MANY);
        read(&mut reader, &segment(1..=3), (1, 3), None).unwrap();
        assert!(!reader.is_full() && reader.next_txid() == TxId(4));
        read(&mut reader, &segment(4..=5), (4, 5), None).unwrap();
        let older = [&encode_header(LayoutVersion(-66))[..], &ops(6..=7)].concat();
        read(&mut reader, &older, (6, 7), None).unwrap();
        assert!(reader.is_full());
        assert_eq!(reader.into_log(), (4, segment(2..=5)));
        let mut reader = EditsReader::new(TxId(6), 9, MANY);
        read(&mut reader, &older, (6, 7), None).unwrap();
        assert_eq!(reader.into_log(), (2, older));
    }

    #[test]
    fn bytes_are_bounded_but_one_transaction_always_fits() {
        let file = segment(1..=5);
        for (max_bytes, count) in [(0, 1), (8 + OP_BYTES * 2, 2), (8 + OP_BYTES * 3 - 1, 2)] {
            let mut reader = EditsReader::new(TxId(1), 9, max_bytes);
            read(&mut reader, &file, (1, 5), None).unwrap();
            assert!(reader.is_full());
            assert_eq!(reader.into_log(), (count, segment(1..=i64::from(count))));
        }
    }

    #[test]
    fn a_transaction_longer_than_the_window_is_whole() {
        let long = encode_op(3, TxId(2), &vec![7; 700_000]);
        let file = log(&[ops([1]), long.clone(), ops([3])].concat());
        let mut reader = EditsReader::new(TxId(2), 9, MANY);
        read(&mut reader, &file, (1, 3), None).unwrap();
        assert_eq!(reader.into_log(), (2, log(&[long, ops([3])].concat())));
    }

    #[test]
    fn what_is_good_before_a_flaw_counts_and_nothing_else_does() {
        let mut file = segment(1..=5);
        file[8 + 2 * OP_BYTES + 15] ^= 1;
        for (since, count) in [(1, 2), (3, 0), (4, 0)] {
            let mut reader = EditsReader::new(TxId(since), 9, MANY);
            let flaw = read(&mut reader, &file, (1, 5), None).unwrap_err();
            let offset = 8 + 2 * OP_BYTES as u64;
            assert_eq!(flaw, EditsFlaw::Missing { missing: TxId(3), offset });
            let good = if count > 0 { segment(1..=2) } else { Vec::new() };
            assert_eq!(reader.into_log(), (count, good));
        }
        for shuffled in [vec![1, 3, 2], vec![2, 3], vec![1, 1, 2], vec![]] {
            let mut reader = EditsReader::new(TxId(2), 9, MANY);
            assert!(read(&mut reader, &segment(shuffled), (1, 3), None).is_err());
            assert_eq!(reader.into_log(), (0, Vec::new()));
        }
        let mut reader = EditsReader::new(TxId(2), 9, MANY);
        let flaw = read(&mut reader, &[0xff; 64], (1, 3), None).unwrap_err();
        assert_eq!(flaw, EditsFlaw::Header(HeaderFault::Corrupt));
    }

    proptest! {
        /// Whatever the damage and the hint: what comes out is what was written.
        #[test]
        fn no_damage_gets_through(
            noise in proptest::collection::vec((8..150_usize, any::<u8>()), 0..5),
            since in 1..8_i64,
            max in 1..9_u32,
            hint in (0..200_usize, 1..8_i64),
        ) {
            let mut file = [segment(1..=6), vec![OP_INVALID; 20]].concat();
            for (at, byte) in noise {
                file[at % 154] = byte;
            }
            file[..8].copy_from_slice(&encode_header(LayoutVersion::CURRENT));
            let mut reader = EditsReader::new(TxId(since), max, MANY);
            let _ = read(&mut reader, &file, (1, 6), Some(at(1, hint.0, hint.1)));
            let (count, log) = reader.into_log();
            prop_assert!(count <= max);
            let end = since + i64::from(count);
            let expected = if count > 0 { segment(since..end) } else { Vec::new() };
            prop_assert_eq!(&log, &expected);
            let framed = log.get(8..).map_or(0, |ops| split(ops).filter(Result::is_ok).count());
            prop_assert_eq!(framed, count as usize);
        }
    }
}
