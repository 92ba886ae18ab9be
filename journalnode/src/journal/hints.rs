use std::fmt::Debug;

use crate::editlog::{Checkpoint, Position};
use crate::types::{JournalId, TxId};

/// What saves reading an edits file from its begin. Both answers may be out of date; neither may
/// be waited for.
pub trait Hints: Debug + Send + Sync {
    /// Newest position at or before a transaction from which a scan of its segment may start.
    fn position(&self, journal: &JournalId, txid: TxId) -> Option<Position>;
    /// How far the segment in progress that starts with `first` was read and found good.
    fn checkpoint(&self, journal: &JournalId, first: TxId) -> Option<Checkpoint>;
}
