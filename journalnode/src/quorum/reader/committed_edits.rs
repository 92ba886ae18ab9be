use bytes::Bytes;

use crate::quorum::engine::Op;
use crate::types::TxId;

/// Transactions that no recovery can take back, in order and without gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommittedEdits {
    ops: Vec<Op>,
}

impl CommittedEdits {
    pub(super) fn new(ops: Vec<Op>) -> Self {
        Self { ops }
    }

    /// Each operation with its transaction; empty if there is nothing new.
    pub fn ops(&self) -> impl ExactSizeIterator<Item = (TxId, &Bytes)> {
        self.ops.iter().map(|op| (op.txid, &op.bytes))
    }

    /// The last transaction; `None` if there is nothing new.
    pub fn last(&self) -> Option<TxId> {
        self.ops.last().map(|op| op.txid)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Whether there is nothing new.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }
}
