use crate::engine::ManifestEntry;
use crate::types::{Epoch, StorageInfo, TxId};

/// What one formatted peer says of itself to a node that lost its directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Testimony {
    /// Which of the peers.
    pub peer: usize,
    /// Its namespace.
    pub namespace: StorageInfo,
    /// The highest epoch it promised.
    pub promised: Epoch,
    /// What it knows to be committed.
    pub committed_txid: Option<TxId>,
    /// Its segments, the one in progress included.
    pub logs: Vec<ManifestEntry>,
    /// Where it serves them.
    pub url: String,
}
