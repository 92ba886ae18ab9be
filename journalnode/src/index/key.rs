use crate::types::{JournalId, SegmentFile, TxId};

/// Rises with every change of a key or a value that an older build would misread.
pub(super) const SCHEMA: u32 = 1;
/// Where [`SCHEMA`] is kept.
pub(super) const SCHEMA_KEY: &[u8] = b"\0schema";

const JOURNAL: u8 = 1;

/// What a key of a journal stands for. All numbers in keys are big-endian, so that the order of
/// the bytes is the order of the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// That the journal was followed before.
    Known = 0,
    /// Segment and transaction: where it is.
    Position = 1,
    /// A segment in progress: how far it was read.
    Checkpoint = 2,
    /// A finished segment whose positions are all there.
    Segment = 3,
    /// A finished segment: what the scrub knows of it.
    Record = 4,
    /// One thing that happened.
    Event = 5,
}

/// The keys of one journal.
#[derive(Clone, Debug)]
pub(super) struct Keys(Vec<u8>);

/// A range of keys, without its end.
pub(super) type KeyRange = (Vec<u8>, Vec<u8>);

impl Keys {
    pub(super) fn of(journal: &JournalId) -> Self {
        let name = journal.as_str().as_bytes();
        // An id has at most 255 bytes.
        let len = u8::try_from(name.len()).unwrap_or(u8::MAX);
        Self([&[JOURNAL, len], name].concat())
    }

    pub(super) fn known(&self) -> Vec<u8> {
        self.kind(Kind::Known)
    }

    pub(super) fn position(&self, segment: TxId, txid: TxId) -> Vec<u8> {
        self.numbers(Kind::Position, &[ordered(segment), ordered(txid)])
    }

    pub(super) fn first_position(&self) -> Vec<u8> {
        self.kind(Kind::Position)
    }

    pub(super) fn positions_of(&self, segment: TxId) -> KeyRange {
        between(&self.numbers(Kind::Position, &[ordered(segment)]))
    }

    pub(super) fn checkpoint(&self, first: TxId) -> Vec<u8> {
        self.numbers(Kind::Checkpoint, &[ordered(first)])
    }

    pub(super) fn checkpoints(&self) -> KeyRange {
        between(&self.kind(Kind::Checkpoint))
    }

    pub(super) fn segment(&self, file: SegmentFile) -> Vec<u8> {
        self.file(Kind::Segment, file)
    }

    pub(super) fn segments(&self) -> KeyRange {
        between(&self.kind(Kind::Segment))
    }

    pub(super) fn record(&self, file: SegmentFile) -> Vec<u8> {
        self.file(Kind::Record, file)
    }

    pub(super) fn records(&self) -> KeyRange {
        between(&self.kind(Kind::Record))
    }

    /// All but the history.
    pub(super) fn files(&self) -> KeyRange {
        (self.kind(Kind::Known), self.kind(Kind::Event))
    }

    pub(super) fn event(&self, seq: u64) -> Vec<u8> {
        self.numbers(Kind::Event, &[seq])
    }

    pub(super) fn events(&self) -> KeyRange {
        between(&self.kind(Kind::Event))
    }

    fn kind(&self, kind: Kind) -> Vec<u8> {
        [self.0.as_slice(), &[kind as u8]].concat()
    }

    fn numbers(&self, kind: Kind, numbers: &[u64]) -> Vec<u8> {
        let mut key = self.kind(kind);
        numbers.iter().for_each(|number| key.extend(number.to_be_bytes()));
        key
    }

    fn file(&self, kind: Kind, file: SegmentFile) -> Vec<u8> {
        self.numbers(kind, &[ordered(file.first), ordered(file.last.unwrap_or(file.first))])
    }
}

/// Where the keys of all journals are.
pub(super) fn journals() -> KeyRange {
    between(&[JOURNAL])
}

/// The journal of a key, and where the keys of the next one begin.
pub(super) fn journal(key: &[u8]) -> Option<(JournalId, Vec<u8>)> {
    let (len, rest) = key.get(1..)?.split_first()?;
    let name = rest.get(..usize::from(*len))?;
    let id = JournalId::new(std::str::from_utf8(name).ok()?).ok()?;
    let (_, next) = between(&Keys::of(&id).0);
    Some((id, next))
}

/// The finished segment of a key of [`Keys::segment`] or [`Keys::record`].
pub(super) fn finished(key: &[u8]) -> Option<SegmentFile> {
    let (rest, last) = split_txid(key)?;
    let (_, first) = split_txid(rest)?;
    Some(SegmentFile::finalized(first, last))
}

/// The segment and the transaction of a key of [`Keys::position`].
pub(super) fn position(key: &[u8]) -> Option<(TxId, TxId)> {
    let (rest, txid) = split_txid(key)?;
    Some((split_txid(rest)?.1, txid))
}

/// The last number of a key as a transaction.
pub(super) fn last_txid(key: &[u8]) -> Option<TxId> {
    split_txid(key).map(|(_, txid)| txid)
}

/// The last number of a key.
pub(super) fn last_number(key: &[u8]) -> Option<u64> {
    key.last_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

fn split_txid(key: &[u8]) -> Option<(&[u8], TxId)> {
    let (rest, number) = key.split_last_chunk()?;
    Some((rest, TxId((u64::from_be_bytes(*number) ^ SIGN) as i64)))
}

/// Signed numbers in the order of their bytes.
fn ordered(txid: TxId) -> u64 {
    txid.0 as u64 ^ SIGN
}

const SIGN: u64 = 1 << 63;

/// Everything that starts with a prefix that does not end with 0xFF alone.
fn between(prefix: &[u8]) -> KeyRange {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            break;
        }
    }
    (prefix.to_vec(), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(name: &str) -> Keys {
        Keys::of(&JournalId::new(name).unwrap())
    }

    #[test]
    fn transactions_sort_as_numbers_do() {
        let keys = keys("j");
        let txids = [i64::MIN, -5, 0, 1, 255, 256, i64::MAX];
        let encoded = txids.map(|txid| keys.position(TxId(1), TxId(txid)));
        assert!(encoded.is_sorted());
        for (key, txid) in encoded.iter().zip(txids) {
            assert_eq!(position(key), Some((TxId(1), TxId(txid))));
        }
    }

    #[test]
    fn no_journal_has_a_key_of_another() {
        let (short, long) = (keys("j"), keys("j\u{1}"));
        for (from, to) in [short.segments(), short.events(), short.positions_of(TxId(-1))] {
            let other = long.segment(SegmentFile::finalized(TxId(1), TxId(2)));
            assert!(!(from..to).contains(&other));
        }
    }

    #[test]
    fn a_range_holds_its_kind_and_no_other() {
        let keys = keys("j");
        let file = SegmentFile::finalized(TxId(1), TxId(i64::MAX));
        let (from, to) = keys.segments();
        assert!((from.clone()..to.clone()).contains(&keys.segment(file)));
        assert!(!(from..to).contains(&keys.record(file)));
        assert_eq!(finished(&keys.segment(file)), Some(file));
        let (from, to) = keys.positions_of(TxId(-1));
        assert!((from.clone()..to.clone()).contains(&keys.position(TxId(-1), TxId(9))));
        assert!(!(from..to).contains(&keys.position(TxId(0), TxId(0))));
    }

    #[test]
    fn a_key_tells_its_journal() {
        let id = JournalId::new("nsd1907").unwrap();
        let key = Keys::of(&id).position(TxId(1), TxId(2));
        let (found, next) = journal(&key).unwrap();
        assert_eq!(found, id);
        assert!(next > key && !next.starts_with(&Keys::of(&id).0));
        assert_eq!((journal(&[1]), journal(&[1, 9, b'x'])), (None, None));
    }

    #[test]
    fn a_key_that_is_too_short_is_none() {
        assert_eq!((finished(b"123"), last_number(b"1234567")), (None, None));
        assert_eq!((position(b"123456789"), last_txid(b"")), (None, None));
    }
}
