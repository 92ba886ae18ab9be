use thiserror::Error;

use super::{HeaderFault, ReadAt, Record, Records};
use crate::types::TxId;

/// Why a file is not the finished segment that its name promises.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SegmentFlaw<E> {
    /// It could not be read.
    #[error(transparent)]
    Read(E),
    /// There is no header to go by.
    #[error(transparent)]
    Header(HeaderFault),
    /// An operation with a wrong length or checksum, or bytes that are none.
    #[error("damaged at byte {offset}, behind txid {behind}")]
    Damaged {
        /// Where the bad operation begins.
        offset: u64,
        /// The last good transaction before it.
        behind: TxId,
    },
    /// A transaction is missing, doubled or out of order.
    #[error("txid {found} at byte {offset} where {expected} belongs")]
    OutOfOrder {
        /// Where.
        offset: u64,
        /// What is there.
        found: TxId,
        /// What should be.
        expected: TxId,
    },
    /// It ends early, or goes on behind its end.
    #[error("it ends with txid {found}, not {expected}")]
    OtherEnd {
        /// The last transaction there is.
        found: TxId,
        /// What should be the last.
        expected: TxId,
    },
}

/// Where a whole segment ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Length of header and operations in bytes. Padding may follow: a segment that a recovery
    /// finished has it, one that its writer finished has not, and both are the same segment.
    pub content_bytes: u64,
    /// The first byte behind that is not the padding that Java writes.
    pub stray: Option<u64>,
}

/// Insists that a file holds the transactions `first..=last`, each once and in order, each
/// with a good checksum, and nothing else but padding. Unlike [`scan`](super::scan()) it
/// forgives nothing: what a peer sends is to be as good as what was written here.
pub fn verify<S: ReadAt + ?Sized>(
    source: &S,
    first: TxId,
    last: TxId,
) -> Result<Extent, SegmentFlaw<S::Error>> {
    let records = Records::open(source).map_err(SegmentFlaw::Read)?;
    let mut records = records.map_err(SegmentFlaw::Header)?;
    let mut expected = first;
    let mut extent = Extent { content_bytes: 0, stray: None };
    while let Some(record) = records.next_record().map_err(SegmentFlaw::Read)? {
        match record {
            Record::Op { offset, txid, .. } if TxId(txid) != expected || expected > last => {
                return Err(SegmentFlaw::OutOfOrder { offset, found: TxId(txid), expected });
            }
            Record::Op { .. } => expected = expected.next(),
            Record::Damage { offset, .. } => {
                return Err(SegmentFlaw::Damaged { offset, behind: expected.previous() });
            }
            Record::Padding { offset, stray, .. } => {
                extent = Extent { content_bytes: offset, stray }
            }
        }
    }
    match expected.previous() {
        end if end == last => Ok(extent),
        found => Err(SegmentFlaw::OtherEnd { found, expected: last }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editlog::{HEADER_BYTES, encode_header, encode_op};
    use crate::types::LayoutVersion;

    struct Memory(Vec<u8>);

    impl ReadAt for Memory {
        type Error = std::convert::Infallible;

        fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, Self::Error> {
            let rest = self.0.get(offset as usize..).unwrap_or_default();
            let len = rest.len().min(buffer.len());
            buffer[..len].copy_from_slice(&rest[..len]);
            Ok(len)
        }
    }

    fn segment(txids: impl IntoIterator<Item = i64>) -> Vec<u8> {
        let mut bytes = encode_header(LayoutVersion::CURRENT).to_vec();
        txids.into_iter().for_each(|txid| bytes.extend(encode_op(3, TxId(txid), b"body")));
        bytes
    }

    fn check(bytes: Vec<u8>) -> Result<(), SegmentFlaw<std::convert::Infallible>> {
        verify(&Memory(bytes), TxId(5), TxId(7)).map(|_| ())
    }

    #[test]
    fn a_whole_segment_is_good_with_and_without_padding() {
        assert_eq!(check(segment(5..=7)), Ok(()));
        assert_eq!(check([segment(5..=7), vec![0xff; 5000]].concat()), Ok(()));
    }

    #[test]
    fn short_long_doubled_and_shuffled_segments_are_not() {
        let (five, six) = (TxId(5), TxId(6));
        assert_eq!(
            check(segment(5..=6)),
            Err(SegmentFlaw::OtherEnd { found: six, expected: TxId(7) })
        );
        assert_eq!(
            check(segment([])),
            Err(SegmentFlaw::OtherEnd { found: TxId(4), expected: TxId(7) })
        );
        for wrong in [vec![5, 6, 7, 8], vec![5, 5, 6, 7], vec![5, 7], vec![6, 7], vec![5, 7, 6]] {
            assert!(
                matches!(check(segment(wrong.clone())), Err(SegmentFlaw::OutOfOrder { .. })),
                "{wrong:?}"
            );
        }
        assert!(five < six);
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let good = segment(5..=7);
        for bit in 0..good.len() * 8 {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            // Of the header only the version and the flags count; a version that can be
            // framed as well is as good.
            let header = bit / 8 < HEADER_BYTES;
            assert!(check(bytes).is_err() || header, "bit {bit}");
        }
    }
}
