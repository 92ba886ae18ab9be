use journalnode::types::TxId;

use crate::Violation;

const GROWS: &str = "what a node knows to be committed never shrinks";
const KNOWN: &str = "what a node knows to be committed is committed";

/// What one process told to be committed. The file that remembers it is not synced, as Java's
/// is not: the next process may know less.
#[derive(Clone, Copy, Debug, Default)]
pub struct CommittedTxIds {
    last: Option<TxId>,
}

impl CommittedTxIds {
    /// Compares with what it tells now; `known` is the last that some client knows of.
    pub fn observe(&mut self, told: Option<TxId>, known: Option<TxId>) -> Option<Violation> {
        let before = std::mem::replace(&mut self.last, told);
        if told < before {
            return Some(Violation::new(GROWS, format!("from {before:?} to {told:?}")));
        }
        let detail = || format!("{told:?} of a node, {known:?} of all clients");
        (told > known).then(|| Violation::new(KNOWN, detail()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_may_neither_shrink_nor_run_ahead() {
        let mut node = CommittedTxIds::default();
        assert_eq!(node.observe(None, None), None);
        assert_eq!(node.observe(Some(TxId(3)), Some(TxId(3))), None);
        assert!(node.observe(Some(TxId(2)), Some(TxId(3))).is_some());
        assert!(node.observe(Some(TxId(4)), Some(TxId(3))).is_some());
    }
}
