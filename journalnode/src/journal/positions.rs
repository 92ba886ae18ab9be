use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::editlog::Position;
use crate::types::TxId;

/// How many places are remembered: one for each reader that follows the log from the files.
const MAX_POSITIONS: usize = 32;

/// Where answers from the files ended, so that who reads on need not read a segment from its
/// begin each time. The newest last.
#[derive(Debug, Default)]
pub(super) struct Positions(Mutex<VecDeque<Position>>);

impl Positions {
    /// Remembers where the next transaction is.
    pub(super) fn remember(&self, position: Position) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|other| *other != position);
        if known.len() >= MAX_POSITIONS {
            known.pop_front();
        }
        known.push_back(position);
    }

    /// The place nearest to a transaction, at or before it, in the segment that starts with
    /// `first`.
    pub(super) fn nearest(&self, first: TxId, txid: TxId) -> Option<Position> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = |known: &&Position| known.segment_first == first && known.txid <= txid;
        known.iter().filter(here).max_by_key(|known| known.txid).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(segment_first: i64, txid: i64) -> Position {
        Position { segment_first: TxId(segment_first), offset: txid as u64 * 20, txid: TxId(txid) }
    }

    #[test]
    fn the_nearest_one_before_is_found_and_the_oldest_are_forgotten() {
        let positions = Positions::default();
        assert_eq!(positions.nearest(TxId(1), TxId(9)), None);
        for txid in [5, 9, 12] {
            positions.remember(position(1, txid));
        }
        assert_eq!(positions.nearest(TxId(1), TxId(11)), Some(position(1, 9)));
        assert_eq!(positions.nearest(TxId(1), TxId(9)), Some(position(1, 9)));
        assert_eq!(positions.nearest(TxId(1), TxId(4)), None);
        assert_eq!(positions.nearest(TxId(2), TxId(11)), None);
        for txid in 0..MAX_POSITIONS as i64 {
            positions.remember(position(100, 100 + txid));
        }
        assert_eq!(positions.nearest(TxId(1), TxId(11)), None);
    }
}
