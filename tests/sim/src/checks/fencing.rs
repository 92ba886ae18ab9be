use journalnode::types::Epoch;

use crate::Violation;
use crate::ledger::Ledger;

const FENCING: &str = "a fenced writer gets no quorum";
const ONCE: &str = "an epoch has one writer";

/// What a writer asked for after a newer one had won its epoch must not have succeeded: a
/// majority had promised itself to the newer one before (`Journal.checkRequest`).
pub fn no_success_after_fencing(ledger: &Ledger, epoch: Epoch, asked_at: u64) -> Option<Violation> {
    let newer = ledger.opened.range(Epoch(epoch.0 + 1)..);
    let (by, _) = newer.into_iter().find(|(_, opened)| opened.at < asked_at)?;
    Some(Violation::new(FENCING, format!("epoch {epoch} succeeded after epoch {by} had won")))
}

/// Two majorities cannot have promised the same epoch to two writers (`Journal.newEpoch`).
pub fn epoch_is_won_once(ledger: &Ledger, epoch: Epoch) -> Option<Violation> {
    ledger.opened.get(&epoch).map(|_| Violation::new(ONCE, format!("epoch {epoch} won twice")))
}

#[cfg(test)]
mod tests {
    use journalnode::types::TxId;

    use super::*;
    use crate::ledger::Opened;

    #[test]
    fn only_what_was_asked_after_the_newer_writer_won_is_wrong() {
        let mut ledger = Ledger::default();
        ledger.opened.insert(Epoch(2), Opened { at: 10, next: TxId(5) });
        assert_eq!(no_success_after_fencing(&ledger, Epoch(1), 9), None);
        assert!(no_success_after_fencing(&ledger, Epoch(1), 11).is_some());
        assert_eq!(no_success_after_fencing(&ledger, Epoch(2), 11), None);
        assert!(epoch_is_won_once(&ledger, Epoch(2)).is_some());
    }
}
