use crate::types::TxId;

/// Where a tail begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    /// With the next transaction that becomes committed.
    Next,
    /// With this one.
    At(TxId),
}

impl Begin {
    /// The first transaction wanted; `None` for the next one.
    pub(super) fn since(self) -> Option<TxId> {
        match self {
            Self::Next => None,
            Self::At(txid) => Some(txid),
        }
    }
}

/// What to say if a tail does not go on with the transaction that it should.
pub(super) fn skipped(wanted: TxId, found: TxId) -> Option<String> {
    (found > wanted).then(|| {
        format!("transactions {wanted} to {} are purged: going on with {found}", found.previous())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_said() {
        let said = skipped(TxId(1), TxId(21)).unwrap();
        assert_eq!(said, "transactions 1 to 20 are purged: going on with 21");
        assert_eq!(skipped(TxId(21), TxId(21)), None);
    }
}
