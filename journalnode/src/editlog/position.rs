use crate::types::TxId;

/// Where a transaction is: a place from which a segment may be read. Only a hint: whoever uses
/// it looks whether that transaction is there, and starts at the front if not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// First transaction of its segment.
    pub segment_first: TxId,
    /// Where its operation begins in the segment's file, in bytes.
    pub offset: u64,
    /// The transaction.
    pub txid: TxId,
}
