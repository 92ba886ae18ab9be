use journalnode::types::{Epoch, TxId};

use crate::Violation;
use crate::ledger::Ledger;

const PROPERTY: &str = "a new writer goes on behind everything acknowledged";

/// A writer that won must go on behind everything that was acknowledged to older ones: a
/// majority has it, and a majority was recovered (`QuorumJournalManager.recoverUnclosedSegment`).
pub fn recovery_has_what_was_acknowledged(
    ledger: &Ledger,
    epoch: Epoch,
    next: TxId,
) -> Option<Violation> {
    let mut later = ledger.acknowledged.range(next..);
    let (txid, lost) = later.find(|(_, attempt)| attempt.epoch < epoch)?;
    Some(violation(epoch, next, *txid, lost.epoch))
}

/// The same for an acknowledgement that came late: a newer writer may have won meanwhile, and
/// then it must have found the transaction.
pub fn recovery_had_what_was_acknowledged(
    ledger: &Ledger,
    epoch: Epoch,
    txid: TxId,
) -> Option<Violation> {
    let mut newer = ledger.opened.range(Epoch(epoch.0 + 1)..);
    let (by, opened) = newer.find(|(_, opened)| opened.next <= txid)?;
    Some(violation(*by, opened.next, txid, epoch))
}

fn violation(epoch: Epoch, next: TxId, txid: TxId, acknowledged: Epoch) -> Violation {
    let detail = format!(
        "epoch {epoch} goes on with {next}, but {txid} was acknowledged to epoch {acknowledged}"
    );
    Violation::new(PROPERTY, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Attempt, Opened};

    #[test]
    fn an_acknowledged_transaction_behind_the_start_of_a_newer_writer_is_lost() {
        let mut ledger = Ledger::default();
        let attempt = Attempt { epoch: Epoch(1), bytes: "x".into() };
        ledger.acknowledged.insert(TxId(7), attempt);
        assert!(recovery_has_what_was_acknowledged(&ledger, Epoch(2), TxId(7)).is_some());
        assert_eq!(recovery_has_what_was_acknowledged(&ledger, Epoch(2), TxId(8)), None);
        ledger.opened.insert(Epoch(3), Opened { at: 1, next: TxId(8) });
        assert_eq!(recovery_had_what_was_acknowledged(&ledger, Epoch(2), TxId(7)), None);
        assert!(recovery_had_what_was_acknowledged(&ledger, Epoch(2), TxId(8)).is_some());
        assert_eq!(recovery_had_what_was_acknowledged(&ledger, Epoch(3), TxId(8)), None);
    }
}
