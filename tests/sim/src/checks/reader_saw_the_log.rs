use std::collections::BTreeMap;

use bytes::Bytes;
use journalnode::types::TxId;

use crate::Violation;
use crate::ledger::Ledger;

const PROPERTY: &str = "a reader sees nothing that is not in the log in the end";

/// What a standby was told to be committed is in the final log with the same bytes: it has
/// applied it, and cannot take it back (HDFS-17710).
pub fn reader_saw_the_log(ledger: &Ledger, log: &BTreeMap<TxId, Bytes>) -> Option<Violation> {
    let (txid, _) = ledger.read.iter().find(|(txid, bytes)| log.get(txid) != Some(bytes))?;
    Some(Violation::new(PROPERTY, format!("{txid} was read, and is not in the log so")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_and_is_gone_is_found() {
        let mut ledger = Ledger::default();
        ledger.read.insert(TxId(1), "a".into());
        let log = BTreeMap::from([(TxId(1), Bytes::from("a"))]);
        assert_eq!(reader_saw_the_log(&ledger, &log), None);
        assert!(reader_saw_the_log(&ledger, &BTreeMap::new()).is_some());
    }
}
