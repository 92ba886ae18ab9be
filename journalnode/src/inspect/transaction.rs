use hadoop_proto::inspect::v1;

use crate::quorum::engine::Op;
use crate::types::TxId;

/// `OP_START_LOG_SEGMENT`: the first operation of every segment.
const START_LOG_SEGMENT: u8 = 24;
const CHECKSUM_BYTES: usize = 4;

/// Describes operations one after the other, and keeps in mind which segment they are in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Describer {
    segment: Option<TxId>,
}

impl Describer {
    /// Begins inside a segment, if that is known.
    pub fn within(segment: Option<TxId>) -> Self {
        Self { segment }
    }

    /// The next operation.
    pub fn describe(&mut self, op: &Op, with_bytes: bool) -> v1::Transaction {
        let opcode = op.bytes.first().copied().unwrap_or_default();
        if opcode == START_LOG_SEGMENT {
            self.segment = Some(op.txid);
        }
        let checksum = op.bytes.last_chunk::<CHECKSUM_BYTES>().copied().unwrap_or_default();
        v1::Transaction {
            txid: op.txid.0,
            opcode: u32::from(opcode),
            length_bytes: op.bytes.len() as u32,
            checksum: u32::from_be_bytes(checksum),
            segment: self.segment.map(|first| first.0),
            operation: if with_bytes { op.bytes.clone() } else { Default::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editlog::encode_op;

    fn op(code: u8, txid: i64) -> Op {
        Op { txid: TxId(txid), bytes: encode_op(code, TxId(txid), b"body").into() }
    }

    #[test]
    fn an_operation_is_what_the_file_says_and_belongs_to_the_last_start() {
        let mut describer = Describer::within(Some(TxId(3)));
        let told = describer.describe(&op(3, 7), false);
        let bytes = op(3, 7).bytes;
        assert_eq!((told.txid, told.opcode, told.segment), (7, 3, Some(3)));
        assert_eq!(told.length_bytes as usize, bytes.len());
        let content = bytes.len() - CHECKSUM_BYTES;
        assert_eq!(told.checksum, crc32fast::hash(&bytes[..content]));
        assert!(told.operation.is_empty());
        assert_eq!(describer.describe(&op(24, 8), true).segment, Some(8));
        assert_eq!(describer.describe(&op(3, 9), true).operation, op(3, 9).bytes);
        assert_eq!(Describer::default().describe(&op(3, 9), false).segment, None);
    }
}
