use std::collections::BTreeMap;

use bytes::Bytes;
use journalnode::types::TxId;

use crate::Violation;

const SAME: &str = "all replicas are the same";
const WHOLE: &str = "the log has no gap";

/// After everything is healed, all replicas have the same finished segments, byte for byte, and
/// these are the log from its first transaction on. Gives that log back. `replicas` are the
/// finished segments by first transaction, each cut into its transactions.
pub fn replicas_agree(
    replicas: &[BTreeMap<TxId, Vec<(TxId, Bytes)>>],
) -> Result<BTreeMap<TxId, Bytes>, Violation> {
    let Some((one, others)) = replicas.split_first() else { return Ok(BTreeMap::new()) };
    for (number, other) in others.iter().enumerate() {
        let segments = one.keys().chain(other.keys());
        if let Some(first) = segments.into_iter().find(|first| one.get(first) != other.get(first)) {
            let detail = format!("node 1 and {} differ in segment {first}", number + 2);
            return Err(Violation::new(SAME, detail));
        }
    }
    let mut expected = TxId(1);
    for (txid, _) in one.values().flatten() {
        if *txid != expected {
            return Err(Violation::new(WHOLE, format!("{txid} follows where {expected} should")));
        }
        expected = expected.next();
    }
    Ok(one.values().flatten().cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replica(segments: &[(i64, &[(i64, &'static str)])]) -> BTreeMap<TxId, Vec<(TxId, Bytes)>> {
        let op = |(txid, bytes): &(i64, &'static str)| (TxId(*txid), Bytes::from(*bytes));
        let segment = |(first, ops): &(i64, &[(i64, &'static str)])| {
            (TxId(*first), ops.iter().map(op).collect())
        };
        segments.iter().map(segment).collect()
    }

    #[test]
    fn a_byte_or_a_segment_that_differs_is_found() {
        let one = replica(&[(1, &[(1, "a"), (2, "b")]), (3, &[(3, "c")])]);
        assert_eq!(replicas_agree(&[one.clone(), one.clone()]).unwrap().len(), 3);
        let other = replica(&[(1, &[(1, "a"), (2, "x")]), (3, &[(3, "c")])]);
        assert!(replicas_agree(&[one.clone(), other]).is_err());
        let shorter = replica(&[(1, &[(1, "a"), (2, "b")])]);
        assert!(replicas_agree(&[one, shorter]).is_err());
    }

    #[test]
    fn a_gap_is_found() {
        let gap = replica(&[(1, &[(1, "a")]), (3, &[(3, "c")])]);
        assert!(replicas_agree(&[gap.clone(), gap]).is_err());
    }
}
