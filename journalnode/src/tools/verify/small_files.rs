use super::Problem;
use crate::types::{Epoch, TxId};

/// Reads an epoch file, as strictly as it is written (`PersistentLongFile`).
pub(super) fn epoch(content: &[u8]) -> Result<Epoch, Problem> {
    let text = String::from_utf8_lossy(content);
    let value = text.strip_suffix('\n').and_then(|digits| digits.parse::<i64>().ok());
    let value = value.filter(|value| *value >= 0 && text == format!("{value}\n"));
    value.map(Epoch).ok_or_else(|| Problem::EpochFile(text.into_owned()))
}

/// Reads `committed-txid` (`BestEffortLongFile`). An empty one holds none, as in Java.
pub(super) fn committed(content: &[u8]) -> Result<Option<TxId>, Problem> {
    if content.is_empty() {
        return Ok(None);
    }
    let bytes = content.try_into();
    let bytes = bytes.map_err(|_| Problem::CommittedFile(format!("{} bytes", content.len())))?;
    match TxId::from_java(i64::from_be_bytes(bytes)) {
        Some(negative) if negative < TxId(0) => Err(Problem::CommittedFile(negative.to_string())),
        txid => Ok(txid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jn_112_an_epoch_is_a_number_and_a_newline_and_nothing_else() {
        assert_eq!(epoch(b"3\n"), Ok(Epoch(3)));
        for bad in [&b"3"[..], b"", b"-1\n", b"+3\n", b"03\n", b"3\n\n", b"x\n", b" 3\n", b"\xff\n"]
        {
            assert!(epoch(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn jn_113_a_committed_transaction_is_eight_bytes_and_not_negative() {
        assert_eq!(committed(&8255_i64.to_be_bytes()), Ok(Some(TxId(8255))));
        assert_eq!(committed(&(-12345_i64).to_be_bytes()), Ok(None));
        assert_eq!(committed(b""), Ok(None));
        assert!(committed(&(-1_i64).to_be_bytes()).is_err());
        assert!(committed(b"1234567").is_err() && committed(b"123456789").is_err());
    }
}
