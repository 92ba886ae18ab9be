use prost::Message;

use super::Entries;
use super::entries::decode;
use crate::index::history::{HistoryEvent, HistoryQuery, StoredEvent};
use crate::index::key::{Keys, last_number};
use crate::index::store::{Batch, StoreError};
use crate::types::JournalId;

/// Events that are kept of a journal. At three per roll, every two minutes, that is a month and
/// a half.
pub(in crate::index) const MAX_EVENTS: u64 = 100_000;
/// How many more there may be before the oldest are dropped, all at once.
const SLACK: u64 = 1_000;

/// The history of journals.
impl Entries {
    /// Adds events of one journal and numbers them; drops its oldest ones.
    pub(in crate::index) fn append_events(
        &self,
        journal: &JournalId,
        events: &[HistoryEvent],
    ) -> Result<(), StoreError> {
        let (keys, mut batch) = (Keys::of(journal), Batch::default());
        let (from, to) = keys.events();
        let first = self.next_seq(&keys)?;
        for (seq, event) in (first..).zip(events) {
            batch.put(keys.event(seq), StoredEvent::of(event).encode_to_vec());
        }
        let next = first + events.len() as u64;
        let oldest = self.0.range(&from, &to, 1)?;
        let oldest = oldest.first().and_then(|(key, _)| last_number(key)).unwrap_or(first);
        if next - oldest > MAX_EVENTS + SLACK {
            batch.remove_range(from, keys.event(next - MAX_EVENTS));
        }
        self.0.write(batch)
    }

    /// A part of a history, newest last.
    pub(in crate::index) fn events(
        &self,
        journal: &JournalId,
        query: HistoryQuery,
    ) -> Result<Vec<HistoryEvent>, StoreError> {
        let keys = Keys::of(journal);
        let from = match query.after {
            Some(after) => after.saturating_add(1),
            None => self.next_seq(&keys)?.saturating_sub(query.limit as u64),
        };
        let pairs = self.0.range(&keys.event(from), &keys.events().1, query.limit)?;
        let read = |(key, value): (Vec<u8>, Vec<u8>)| {
            let stored = decode::<StoredEvent>(&value)?;
            Ok(last_number(&key).and_then(|seq| stored.event(seq, journal)))
        };
        pairs.into_iter().filter_map(|pair| read(pair).transpose()).collect()
    }

    /// Numbers begin with 1.
    fn next_seq(&self, keys: &Keys) -> Result<u64, StoreError> {
        let (from, to) = keys.events();
        let last = self.0.last(&from, &to)?;
        Ok(last.and_then(|(key, _)| last_number(&key)).unwrap_or_default() + 1)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::index::history::HistoryKind;
    use crate::index::store::MemoryStore;
    use crate::types::Epoch;

    fn entries() -> Entries {
        Entries::new(Arc::new(MemoryStore::default()))
    }

    fn journal() -> JournalId {
        JournalId::new("j").unwrap()
    }

    fn promises(epochs: impl IntoIterator<Item = i64>) -> Vec<HistoryEvent> {
        let event = |epoch| HistoryEvent {
            seq: 0,
            at: UNIX_EPOCH,
            journal: journal(),
            what: HistoryKind::Promised { epoch: Epoch(epoch) },
            peer: None,
        };
        epochs.into_iter().map(event).collect()
    }

    fn seqs(entries: &Entries, after: Option<u64>, limit: usize) -> Vec<u64> {
        let events = entries.events(&journal(), HistoryQuery { after, limit }).unwrap();
        events.iter().map(|event| event.seq).collect()
    }

    #[test]
    fn events_are_numbered_and_read_from_either_end() {
        let entries = entries();
        assert_eq!(seqs(&entries, None, 5), [] as [u64; 0]);
        entries.append_events(&journal(), &promises(1..=2)).unwrap();
        entries.append_events(&journal(), &promises(3..=4)).unwrap();
        assert_eq!(seqs(&entries, None, 3), [2, 3, 4]);
        assert_eq!(seqs(&entries, Some(0), 2), [1, 2]);
        assert_eq!(seqs(&entries, Some(2), 9), [3, 4]);
        assert_eq!(seqs(&entries, Some(u64::MAX), 9), [] as [u64; 0]);
        let last = entries.events(&journal(), HistoryQuery { after: Some(3), limit: 1 }).unwrap();
        assert_eq!(last[0].what, HistoryKind::Promised { epoch: Epoch(4) });
    }

    #[test]
    fn the_oldest_events_are_dropped() {
        let entries = entries();
        let all = MAX_EVENTS + SLACK;
        entries.append_events(&journal(), &promises(1..=all as i64)).unwrap();
        assert_eq!(seqs(&entries, Some(0), 1), [1]);
        entries.append_events(&journal(), &promises([1])).unwrap();
        assert_eq!(seqs(&entries, Some(0), 1), [all + 2 - MAX_EVENTS]);
        assert_eq!(seqs(&entries, None, 1), [all + 1]);
        assert_eq!(seqs(&entries, Some(0), usize::MAX).len() as u64, MAX_EVENTS);
    }
}
