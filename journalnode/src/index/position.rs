use crate::types::TxId;

/// A place to start reading from: an operation that begins there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// First transaction of the segment.
    pub segment: TxId,
    /// The transaction that begins at the offset; at or before the one asked for.
    pub txid: TxId,
    /// Bytes from the beginning of the file.
    pub offset_bytes: u64,
}
