use std::collections::BTreeMap;

use bytes::Bytes;
use journalnode::types::{Epoch, TxId};

/// A transaction as somebody tried to write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The writer's epoch.
    pub epoch: Epoch,
    /// The whole operation.
    pub bytes: Bytes,
}

/// A writer that won an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// When, in the order of events.
    pub at: u64,
    /// The transaction that it was told to go on with.
    pub next: TxId,
}

/// What clients know: what they asked for and what they were told. A failed write may be in the
/// log or not.
#[derive(Debug, Default)]
pub struct Ledger {
    events: u64,
    /// Every attempt, by transaction.
    pub attempts: BTreeMap<TxId, Vec<Attempt>>,
    /// What was acknowledged to its writer.
    pub acknowledged: BTreeMap<TxId, Attempt>,
    /// Every writer that won its epoch.
    pub opened: BTreeMap<Epoch, Opened>,
    /// What a reader was told to be committed.
    pub read: BTreeMap<TxId, Bytes>,
}

impl Ledger {
    /// The number of the event that happens now.
    pub fn tick(&mut self) -> u64 {
        self.events += 1;
        self.events
    }

    /// The last transaction that some client knows to be committed.
    pub fn committed(&self) -> Option<TxId> {
        let acknowledged = self.acknowledged.last_key_value().map(|(txid, _)| *txid);
        let recovered = self.opened.values().map(|opened| opened.next.previous());
        acknowledged.into_iter().chain(recovered).max()
    }
}
