use super::QuorumError;
use crate::types::{Epoch, TxId};

/// The epoch above every promise of a majority, so above every writer so far
/// (`QuorumJournalManager.createNewUniqueEpoch`).
pub fn next_epoch(promises: impl IntoIterator<Item = Epoch>) -> Result<Epoch, QuorumError> {
    let highest = promises.into_iter().max().unwrap_or_default().max(Epoch(0));
    let next = highest.0.checked_add(1).ok_or(QuorumError::EpochsExhausted(highest))?;
    Ok(Epoch(next))
}

/// The segment to recover, if any node has one.
pub fn newest_segment(answers: impl IntoIterator<Item = Option<TxId>>) -> Option<TxId> {
    answers.into_iter().flatten().max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_epoch_is_above_every_promise() {
        assert_eq!(next_epoch([Epoch(3), Epoch(7), Epoch(0)]), Ok(Epoch(8)));
        assert_eq!(next_epoch([Epoch(0), Epoch(0)]), Ok(Epoch(1)), "the first writer has 1");
        let last = Epoch(i64::MAX);
        assert_eq!(next_epoch([last]), Err(QuorumError::EpochsExhausted(last)));
    }

    #[test]
    fn the_newest_segment_is_recovered() {
        assert_eq!(newest_segment([None, Some(TxId(3)), Some(TxId(9))]), Some(TxId(9)));
        assert_eq!(newest_segment([None, None]), None);
    }
}
