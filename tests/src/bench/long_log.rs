use std::fs;
use std::path::Path;

use anyhow::Result;
use journalnode::editlog::{encode_header, encode_op};
use journalnode::types::{LayoutVersion, SegmentFile, TxId};

/// `OP_START_LOG_SEGMENT`: the operation without a body. Who only frames operations does not
/// mind one.
const OP_CODE: u8 = 24;

/// A log whose operations all look alike.
#[derive(Debug, Clone, Copy)]
pub struct LongLog {
    /// Of each segment.
    pub txns_per_segment: u64,
    /// Of each operation, without what frames it.
    pub body_bytes: usize,
}

impl LongLog {
    /// Operations as a writer sends them.
    pub fn records(self, first: u64, count: u64) -> Vec<u8> {
        let body = vec![0; self.body_bytes];
        let op = |txid| encode_op(OP_CODE, TxId(txid as i64), &body);
        (first..first + count).flat_map(op).collect()
    }

    /// Writes finished segments as a JournalNode leaves them.
    pub fn fill(self, current: &Path, segments: u64) -> Result<()> {
        for index in 0..segments {
            let first = index * self.txns_per_segment + 1;
            let last = first + self.txns_per_segment - 1;
            let name = SegmentFile::finalized(TxId(first as i64), TxId(last as i64)).to_string();
            let header = encode_header(LayoutVersion::CURRENT);
            let records = self.records(first, self.txns_per_segment);
            fs::write(current.join(name), [&header[..], &records].concat())?;
        }
        Ok(())
    }
}
