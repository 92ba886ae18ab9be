use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prost::Message;

use super::{HistoryEvent, HistoryKind};
use crate::types::{Epoch, JournalId, TxId};

/// A [`HistoryEvent`] as it is stored. Each kind uses the fields it needs.
#[derive(Clone, PartialEq, Message)]
pub(in crate::index) struct StoredEvent {
    #[prost(uint64, tag = "1")]
    at_ms: u64,
    #[prost(uint32, tag = "2")]
    kind: u32,
    #[prost(string, optional, tag = "3")]
    peer: Option<String>,
    #[prost(sint64, tag = "4")]
    epoch: i64,
    #[prost(sint64, tag = "5")]
    first: i64,
    #[prost(sint64, tag = "6")]
    last: i64,
    #[prost(uint64, tag = "7")]
    count: u64,
    #[prost(string, tag = "8")]
    text: String,
}

impl StoredEvent {
    pub(in crate::index) fn of(event: &HistoryEvent) -> Self {
        let at = event.at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let at_ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
        let stored = Self { at_ms, peer: event.peer.clone(), ..Self::default() };
        stored.with(event.what.clone())
    }

    fn with(self, what: HistoryKind) -> Self {
        use HistoryKind as K;
        match what {
            K::Formatted { cluster_id: text } => Self { kind: 1, text, ..self },
            K::Promised { epoch } => Self { kind: 2, epoch: epoch.0, ..self },
            K::WriterEpoch { epoch } => Self { kind: 3, epoch: epoch.0, ..self },
            K::SegmentStarted { first } => Self { kind: 4, first: first.0, ..self },
            K::SegmentLeft { first } => Self { kind: 5, first: first.0, ..self },
            K::SegmentFinalized { first, last } => self.segment(6, first, last),
            K::RecoveryAccepted { epoch, first, last } => {
                Self { epoch: epoch.0, ..self.segment(7, first, last) }
            }
            K::SegmentFetched { first, last } => self.segment(8, first, last),
            K::SegmentDamaged { first, last, what: text } => {
                Self { text, ..self.segment(9, first, last) }
            }
            K::SegmentReplaced { first, last, from: text } => {
                Self { text, ..self.segment(10, first, last) }
            }
            K::Rejoined { epoch, segments: count } => {
                Self { kind: 11, epoch: epoch.0, count, ..self }
            }
            K::Purged { min_to_keep } => Self { kind: 12, first: min_to_keep.0, ..self },
            K::Discarded { from } => Self { kind: 13, first: from.0, ..self },
            K::Upgrade { step: text } => Self { kind: 14, text, ..self },
            K::OutOfStep => Self { kind: 15, ..self },
            K::InStep => Self { kind: 16, ..self },
            K::IndexRebuilt { segments: count } => Self { kind: 17, count, ..self },
        }
    }

    fn segment(self, kind: u32, first: TxId, last: TxId) -> Self {
        Self { kind, first: first.0, last: last.0, ..self }
    }

    /// The event again; `None` for a kind that only a newer build has.
    pub(in crate::index) fn event(self, seq: u64, journal: &JournalId) -> Option<HistoryEvent> {
        let at = UNIX_EPOCH.checked_add(Duration::from_millis(self.at_ms));
        let at = at.unwrap_or(SystemTime::UNIX_EPOCH);
        let (peer, what) = (self.peer.clone(), self.what()?);
        Some(HistoryEvent { seq, at, journal: journal.clone(), what, peer })
    }

    fn what(self) -> Option<HistoryKind> {
        use HistoryKind as K;
        let (epoch, first, last) = (Epoch(self.epoch), TxId(self.first), TxId(self.last));
        let Self { kind, count, text, .. } = self;
        Some(match kind {
            1 => K::Formatted { cluster_id: text },
            2 => K::Promised { epoch },
            3 => K::WriterEpoch { epoch },
            4 => K::SegmentStarted { first },
            5 => K::SegmentLeft { first },
            6 => K::SegmentFinalized { first, last },
            7 => K::RecoveryAccepted { epoch, first, last },
            8 => K::SegmentFetched { first, last },
            9 => K::SegmentDamaged { first, last, what: text },
            10 => K::SegmentReplaced { first, last, from: text },
            11 => K::Rejoined { epoch, segments: count },
            12 => K::Purged { min_to_keep: first },
            13 => K::Discarded { from: first },
            14 => K::Upgrade { step: text },
            15 => K::OutOfStep,
            16 => K::InStep,
            17 => K::IndexRebuilt { segments: count },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_event_comes_back_as_it_was() {
        use HistoryKind as K;
        let (epoch, first, last) = (Epoch(3), TxId(5), TxId(9));
        let text = || "said so".to_owned();
        let kinds = [
            K::Formatted { cluster_id: text() },
            K::Promised { epoch },
            K::WriterEpoch { epoch },
            K::SegmentStarted { first },
            K::SegmentLeft { first },
            K::SegmentFinalized { first, last },
            K::RecoveryAccepted { epoch, first, last },
            K::SegmentFetched { first, last },
            K::SegmentDamaged { first, last, what: text() },
            K::SegmentReplaced { first, last, from: text() },
            K::Rejoined { epoch, segments: 4 },
            K::Purged { min_to_keep: first },
            K::Discarded { from: first },
            K::Upgrade { step: text() },
            K::OutOfStep,
            K::InStep,
            K::IndexRebuilt { segments: 7 },
        ];
        let journal = JournalId::new("j").unwrap();
        for (what, peer) in kinds.into_iter().flat_map(|k| [(k.clone(), None), (k, Some(text()))]) {
            let at = UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
            let event = HistoryEvent { seq: 8, at, journal: journal.clone(), what, peer };
            let bytes = StoredEvent::of(&event).encode_to_vec();
            let stored = StoredEvent::decode(bytes.as_slice()).unwrap();
            assert_eq!(stored.event(8, &journal), Some(event));
        }
    }

    #[test]
    fn a_kind_of_a_newer_build_is_passed_over() {
        let stored = StoredEvent { kind: 99, ..StoredEvent::default() };
        assert_eq!(stored.event(1, &JournalId::new("j").unwrap()), None);
    }
}
