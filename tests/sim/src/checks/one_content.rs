use bytes::Bytes;
use journalnode::types::TxId;

use crate::Violation;
use crate::ledger::Ledger;

const PROPERTY: &str = "a committed transaction has one content";

/// What is known to be committed as these bytes was never known to be committed as others.
pub fn one_content(ledger: &Ledger, txid: TxId, bytes: &Bytes) -> Option<Violation> {
    let acknowledged = ledger.acknowledged.get(&txid).map(|attempt| &attempt.bytes);
    let known = acknowledged.into_iter().chain(ledger.read.get(&txid));
    let differs = known.into_iter().any(|before| before != bytes);
    differs.then(|| Violation::new(PROPERTY, format!("{txid} is committed with two contents")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bytes_for_what_was_read_are_wrong() {
        let mut ledger = Ledger::default();
        ledger.read.insert(TxId(1), "a".into());
        assert_eq!(one_content(&ledger, TxId(1), &"a".into()), None);
        assert!(one_content(&ledger, TxId(1), &"b".into()).is_some());
        assert_eq!(one_content(&ledger, TxId(2), &"b".into()), None);
    }
}
