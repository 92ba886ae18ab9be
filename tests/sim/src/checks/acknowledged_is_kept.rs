use std::collections::BTreeMap;

use bytes::Bytes;
use journalnode::types::TxId;

use crate::Violation;
use crate::ledger::Ledger;

const KEPT: &str = "what was acknowledged is in the log";
const WRITTEN: &str = "what is in the log was written by somebody";

/// Every acknowledged transaction is in the final log with the bytes that were acknowledged, and
/// nothing is in it that nobody tried to write.
pub fn acknowledged_is_kept(ledger: &Ledger, log: &BTreeMap<TxId, Bytes>) -> Option<Violation> {
    for (txid, attempt) in &ledger.acknowledged {
        match log.get(txid) {
            Some(bytes) if *bytes == attempt.bytes => {}
            Some(_) => {
                let detail = format!("{txid} of epoch {} has other bytes", attempt.epoch);
                return Some(Violation::new(KEPT, detail));
            }
            None => {
                let detail = format!("{txid} of epoch {} is missing", attempt.epoch);
                return Some(Violation::new(KEPT, detail));
            }
        }
    }
    let attempted = |txid: &TxId, bytes: &Bytes| {
        let attempts = ledger.attempts.get(txid);
        attempts.is_some_and(|all| all.iter().any(|attempt| attempt.bytes == *bytes))
    };
    let foreign = log.iter().find(|(txid, bytes)| !attempted(txid, bytes));
    foreign.map(|(txid, _)| Violation::new(WRITTEN, format!("{txid} was never written so")))
}

#[cfg(test)]
mod tests {
    use journalnode::types::Epoch;

    use super::*;
    use crate::ledger::Attempt;

    fn log(bytes: &'static str) -> BTreeMap<TxId, Bytes> {
        BTreeMap::from([(TxId(1), bytes.into())])
    }

    #[test]
    fn a_missing_a_changed_and_an_invented_transaction_are_found() {
        let mut ledger = Ledger::default();
        let attempt = Attempt { epoch: Epoch(1), bytes: "a".into() };
        ledger.attempts.insert(TxId(1), vec![attempt.clone()]);
        assert_eq!(acknowledged_is_kept(&ledger, &log("a")), None);
        assert!(acknowledged_is_kept(&ledger, &log("b")).is_some());
        ledger.acknowledged.insert(TxId(1), attempt);
        assert!(acknowledged_is_kept(&ledger, &BTreeMap::new()).is_some());
        assert!(acknowledged_is_kept(&ledger, &log("b")).is_some());
    }
}
