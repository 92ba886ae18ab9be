use journalnode::types::TxId;

use crate::Violation;
use crate::checks::{CommittedTxIds, NodeEpochs};
use crate::hosts::Node;

/// What is compared of one node from one look to the next.
#[derive(Debug, Default)]
pub(super) struct Watch {
    epochs: NodeEpochs,
    committed: CommittedTxIds,
    start: u64,
}

impl Watch {
    /// Looks at a node; `known` is the last transaction that clients know to be committed.
    pub(super) fn look(&mut self, node: &Node, known: Option<TxId>) -> Vec<Violation> {
        let Some(status) = node.status().filter(|status| status.is_formatted()) else {
            return Vec::new();
        };
        if self.start != node.starts.get() {
            self.committed = CommittedTxIds::default();
            self.start = node.starts.get();
        }
        let epochs = self.epochs.observe(status.last_promised_epoch, status.last_writer_epoch);
        let committed = self.committed.observe(status.committed_txid, known);
        let named = |violation: Violation| Violation {
            detail: format!("jn{}: {}", node.index + 1, violation.detail),
            ..violation
        };
        epochs.into_iter().chain(committed).map(named).collect()
    }
}
