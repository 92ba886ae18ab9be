use std::net::SocketAddr;
use std::time::SystemTime;

use super::Journal;
use crate::engine::Effect;
use crate::index::{HistoryEvent, HistoryKind, Index};
use crate::types::SegmentFile;

/// What the history tells of an effect that became durable. Nobody waits for it to be written.
impl Journal {
    /// Has what happens here taken down from now on.
    pub(crate) fn take_down_in(&self, index: Index) {
        let _ = self.index.set(index);
    }

    /// Before the state changes: it says which segment is left.
    pub(super) fn take_down(&self, effect: &Effect, by: Option<SocketAddr>) {
        if self.index.get().is_none() {
            return;
        }
        let what = match effect {
            Effect::AbortSegment => {
                let open = self.state().open;
                open.map(|open| HistoryKind::SegmentLeft { first: open.first })
            }
            effect => kind_of(effect),
        };
        if let Some(what) = what {
            self.take_down_kind(what, by);
        }
    }

    pub(super) fn take_down_kind(&self, what: HistoryKind, by: Option<SocketAddr>) {
        let Some(index) = self.index.get() else { return };
        let (at, journal) = (SystemTime::now(), self.id.clone());
        let peer = by.map(|by| by.to_string());
        index.record(HistoryEvent { seq: 0, at, journal, what, peer });
    }
}

fn kind_of(effect: &Effect) -> Option<HistoryKind> {
    use HistoryKind as Kind;
    Some(match effect {
        Effect::PromiseEpoch(epoch) => Kind::Promised { epoch: *epoch },
        Effect::SetWriterEpoch(epoch) => Kind::WriterEpoch { epoch: *epoch },
        Effect::OpenSegment { first, .. } => Kind::SegmentStarted { first: *first },
        Effect::FinalizeSegment { first, last } => {
            Kind::SegmentFinalized { first: *first, last: *last }
        }
        Effect::WritePaxos(record) => Kind::RecoveryAccepted {
            epoch: record.accepted_in,
            first: record.segment.start,
            last: record.segment.end,
        },
        Effect::InstallSynced { first, last } => {
            Kind::SegmentFetched { first: *first, last: *last }
        }
        Effect::NoteDamaged { file: SegmentFile { first, last }, damage } => {
            let last = last.unwrap_or(*first);
            Kind::SegmentDamaged { first: *first, last, what: damage.what.clone() }
        }
        Effect::ReplaceDamaged { first, last, from } => {
            Kind::SegmentReplaced { first: *first, last: *last, from: from.clone() }
        }
        Effect::Rejoin(rejoin) => {
            Kind::Rejoined { epoch: rejoin.promised, segments: rejoin.segments.len() as u64 }
        }
        Effect::Purge { min_to_keep, .. } => Kind::Purged { min_to_keep: *min_to_keep },
        Effect::Discard { from } => Kind::Discarded { from: *from },
        Effect::Format { info, .. } => Kind::Formatted { cluster_id: info.cluster_id.clone() },
        effect => Kind::Upgrade { step: step(effect)?.to_owned() },
    })
}

fn step(effect: &Effect) -> Option<&'static str> {
    match effect {
        Effect::PreUpgrade => Some("prepared"),
        Effect::Upgrade(_) => Some("done"),
        Effect::FinalizeUpgrade => Some("finalized"),
        Effect::Rollback => Some("rolled back"),
        _ => None,
    }
}
