use std::fmt;

/// What Java writes where there is no transaction (`HdfsServerConstants.INVALID_TXID`).
const NONE_ON_THE_WIRE: i64 = -12345;

/// The number of one transaction of an edit log, 1 for the first.
///
/// Signed as in Java, whose comparisons decide what a peer gets to see. "No transaction" is
/// `Option::None` in here and -12345 only at the wire and on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TxId(pub i64);

impl TxId {
    /// Reads a protobuf `uint64` field.
    pub fn from_wire(value: u64) -> Option<Self> {
        Self::from_java(value as i64)
    }

    /// Reads a Java `long`.
    pub fn from_java(value: i64) -> Option<Self> {
        (value != NONE_ON_THE_WIRE).then_some(Self(value))
    }

    /// Writes a protobuf `uint64` field.
    pub fn to_wire(txid: Option<Self>) -> u64 {
        Self::to_java(txid) as u64
    }

    /// Writes a Java `long`.
    pub fn to_java(txid: Option<Self>) -> i64 {
        txid.map_or(NONE_ON_THE_WIRE, |txid| txid.0)
    }

    /// The transaction after this one. Saturates: no log gets that long, hostile input does.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The transaction before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl fmt::Display for TxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_txid_is_minus_12345_on_the_wire() {
        assert_eq!(TxId::to_wire(None), (-12345_i64) as u64);
        assert_eq!(TxId::from_wire((-12345_i64) as u64), None);
        assert_eq!(TxId::from_wire(7), Some(TxId(7)));
    }

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(TxId(i64::MAX).next(), TxId(i64::MAX));
        assert_eq!(TxId(i64::MIN).previous(), TxId(i64::MIN));
    }
}
