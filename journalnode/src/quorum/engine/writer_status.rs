use super::{NodeStatus, Phase};
use crate::types::{Epoch, TxId};

/// A writer from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriterStatus {
    /// Where it is.
    pub phase: Phase,
    /// Its epoch, once a majority promised.
    pub epoch: Option<Epoch>,
    /// First transaction of the open segment.
    pub segment: Option<TxId>,
    /// The transaction that must come next, if the log says.
    pub next_txid: Option<TxId>,
    /// The last transaction that a majority acknowledged to this writer.
    pub committed: Option<TxId>,
    /// Each node.
    pub nodes: Vec<NodeStatus>,
}
