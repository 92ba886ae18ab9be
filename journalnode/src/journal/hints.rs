use std::fmt::Debug;
use std::sync::{Arc, OnceLock};

use crate::editlog::{Checkpoint, Position};
use crate::types::{JournalId, TxId};

/// The hints of a node, given to its journals once somebody has them.
pub type HintsCell = OnceLock<Arc<dyn Hints>>;

/// What somebody remembers of the segments, so that less of them must be read. Nothing depends
/// on it: a hint that is missing costs time, and a wrong one is noticed where it is used.
///
/// Asked on the way of requests: it must answer from memory, or nearly so.
pub trait Hints: Debug + Send + Sync {
    /// The newest known place at or before a transaction from which its segment may be read.
    fn position(&self, journal: &JournalId, txid: TxId) -> Option<Position>;

    /// How far the segment in progress that starts with `first` was read and found good.
    fn checkpoint(&self, journal: &JournalId, first: TxId) -> Option<Checkpoint>;
}
