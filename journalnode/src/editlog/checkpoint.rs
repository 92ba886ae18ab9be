use crate::types::{LayoutVersion, TxId};

/// How far an edits file was read and found good: every operation up to `offset` had a good
/// checksum, and the last of them had the highest transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The offset behind the last good operation, in bytes.
    pub offset: u64,
    /// The transaction of that operation.
    pub last: TxId,
    /// Where that operation begins, in bytes.
    pub last_op_offset: u64,
    /// The version in the header.
    pub header: LayoutVersion,
}
