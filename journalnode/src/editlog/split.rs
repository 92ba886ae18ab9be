use std::ops::Range;

use thiserror::Error;

use super::op::{OP_INVALID, OpPrefix, PREFIX_BYTES};
use crate::types::TxId;

/// One operation of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpFrame {
    /// Its transaction.
    pub txid: TxId,
    /// Where it is in the batch, in bytes.
    pub range: Range<usize>,
}

/// A batch that is not a sequence of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("no operation at byte {offset} of the records")]
pub struct MalformedRecords {
    /// Where reading stopped.
    pub offset: usize,
}

/// The operations of a batch, in order. Ends after an error.
#[derive(Clone, Debug)]
pub struct Split<'a> {
    records: &'a [u8],
    offset: usize,
}

/// Cuts a batch at its transaction boundaries, by the lengths alone: checksums are for files.
pub fn split(records: &[u8]) -> Split<'_> {
    Split { records, offset: 0 }
}

/// How many operations a batch has.
pub fn count(records: &[u8]) -> Result<usize, MalformedRecords> {
    split(records).try_fold(0, |count, op| op.map(|_| count + 1))
}

impl Iterator for Split<'_> {
    type Item = Result<OpFrame, MalformedRecords>;

    fn next(&mut self) -> Option<Self::Item> {
        let offset = self.offset;
        let rest = self.records.get(offset..).filter(|rest| !rest.is_empty())?;
        let frame =
            first_op(rest).map(|(txid, size)| OpFrame { txid, range: offset..offset + size });
        self.offset = frame.as_ref().map_or(self.records.len(), |frame| frame.range.end);
        Some(frame.ok_or(MalformedRecords { offset }))
    }
}

fn first_op(bytes: &[u8]) -> Option<(TxId, usize)> {
    let prefix = OpPrefix::read(bytes.first_chunk::<PREFIX_BYTES>()?);
    if prefix.opcode == OP_INVALID {
        return None;
    }
    let size = prefix.size_bytes().filter(|size| *size <= bytes.len())?;
    Some((TxId(prefix.txid), size))
}
