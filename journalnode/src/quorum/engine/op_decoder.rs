use bytes::{Bytes, BytesMut};
use thiserror::Error;

use super::Op;
use crate::editlog::{HEADER_BYTES, Header, MAX_OP_BYTES, MIN_OP_BYTES, OP_INVALID, read_header};
use crate::types::{LayoutVersion, TxId};

/// Opcode and checksum, which the length field does not count.
const UNCOUNTED_BYTES: i64 = 5;
const CHECKSUM_BYTES: usize = 4;

/// Cuts an edit log into operations as its bytes come in, and checks each (`FSEditLogOp.Reader`).
///
/// Holds no more than one operation and what was fed last.
#[derive(Debug, Default)]
pub struct OpDecoder {
    buffer: BytesMut,
    header_read: bool,
    ended: bool,
}

/// Bytes that are no edit log. What came before them is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadOp {
    /// It begins with no header, or with one we cannot read.
    #[error("the edit log has no header of a layout we know")]
    Header,
    /// A length that no operation has.
    #[error("an operation of {0} bytes")]
    Length(i64),
    /// The bytes are not those that were written.
    #[error("transaction {0} has a bad checksum")]
    Checksum(TxId),
}

impl OpDecoder {
    /// Adds bytes behind those before.
    pub fn feed(&mut self, bytes: &[u8]) {
        if !self.ended {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The next operation; `None` if more bytes are needed, or the log ended.
    pub fn next_op(&mut self) -> Result<Option<Op>, BadOp> {
        if !self.header_read && !self.skip_header()? {
            return Ok(None);
        }
        if self.buffer.first() == Some(&OP_INVALID) {
            self.ended = true;
            self.buffer.clear();
        }
        let Some(length) = self.buffer.get(1..).and_then(|rest| rest.first_chunk::<4>()) else {
            return Ok(None);
        };
        let total = i64::from(i32::from_be_bytes(*length)) + UNCOUNTED_BYTES;
        let size = usize::try_from(total).ok();
        let size = size.filter(|size| (MIN_OP_BYTES..=MAX_OP_BYTES).contains(size));
        let size = size.ok_or(BadOp::Length(total))?;
        if self.buffer.len() < size {
            return Ok(None);
        }
        check(self.buffer.split_to(size).freeze()).map(Some)
    }

    /// Whether it stopped between two operations, so that nothing is missing of the last one.
    pub fn is_at_boundary(&self) -> bool {
        self.header_read && self.buffer.is_empty()
    }

    fn skip_header(&mut self) -> Result<bool, BadOp> {
        let Some(begin) = self.buffer.get(..HEADER_BYTES) else { return Ok(false) };
        match read_header(begin) {
            Header::Intact { layout_version, .. }
                if layout_version.supports(LayoutVersion::EDITLOG_LENGTH) => {}
            _ => return Err(BadOp::Header),
        }
        let _ = self.buffer.split_to(HEADER_BYTES);
        self.header_read = true;
        Ok(true)
    }
}

fn check(bytes: Bytes) -> Result<Op, BadOp> {
    let (content, checksum) = bytes.split_at(bytes.len() - CHECKSUM_BYTES);
    let txid = content.get(5..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default();
    let txid = TxId(i64::from_be_bytes(txid));
    match crc32fast::hash(content).to_be_bytes() == checksum {
        true => Ok(Op { txid, bytes }),
        false => Err(BadOp::Checksum(txid)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::editlog::{encode_header, encode_op};

    fn log(transactions: i64) -> Vec<u8> {
        let ops = (1..=transactions).flat_map(|txid| encode_op(3, TxId(txid), b"body"));
        encode_header(LayoutVersion::CURRENT).into_iter().chain(ops).collect()
    }

    fn decode(pieces: &[&[u8]]) -> (Vec<i64>, Result<bool, BadOp>) {
        let mut decoder = OpDecoder::default();
        let mut txids = Vec::new();
        for piece in pieces {
            decoder.feed(piece);
            loop {
                match decoder.next_op() {
                    Ok(Some(op)) => txids.push(op.txid.0),
                    Ok(None) => break,
                    Err(bad) => return (txids, Err(bad)),
                }
            }
        }
        (txids, Ok(decoder.is_at_boundary()))
    }

    #[test]
    fn padding_ends_the_log() {
        let padded = [log(2), vec![0xFF; 100]].concat();
        assert_eq!(decode(&[&padded]), (vec![1, 2], Ok(true)));
    }

    #[test]
    fn a_flipped_bit_is_found() {
        let mut bytes = log(2);
        let at = bytes.len() - 6;
        bytes[at] ^= 1;
        assert_eq!(decode(&[&bytes]), (vec![1], Err(BadOp::Checksum(TxId(2)))));
    }

    #[test]
    fn impossible_lengths_and_headers_are_refused() {
        let mut bytes = log(1);
        bytes[9] = 0x7F;
        assert!(matches!(decode(&[&bytes]), (_, Err(BadOp::Length(_)))));
        assert_eq!(decode(&[&[0; 8]]).1, Err(BadOp::Header));
        assert_eq!(decode(&[&log(1)[..20]]).1, Ok(false), "cut inside an operation");
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(at in 0_usize..100, other in 0_usize..100) {
            let bytes = log(4);
            let (a, b) = (at.min(other), at.max(other).min(bytes.len()));
            let a = a.min(b);
            let decoded = decode(&[&bytes[..a], &bytes[a..b], &bytes[b..]]);
            prop_assert_eq!(decoded, (vec![1, 2, 3, 4], Ok(true)));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&[&log(1), &bytes]);
            let _ = decode(&[&bytes]);
        }
    }
}
