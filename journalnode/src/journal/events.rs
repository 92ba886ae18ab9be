use std::net::SocketAddr;
use std::time::Duration;

use tracing::field::display;
use tracing::{error, info, warn};

use super::Journal;
use crate::engine::{Effect, Outcome, SegmentDamage};
use crate::types::SegmentFile;

/// A sync slower than this is logged: the writer's patience ends at 20 seconds.
const SLOW_SYNC: Duration = Duration::from_secs(1);

/// What the log and the metrics tell of an effect that became durable.
impl Journal {
    pub(super) fn count(&self, effect: &Effect, outcome: &Outcome) {
        let (Effect::Append { first, last, records, sync }, Outcome::Synced(took)) =
            (effect, outcome)
        else {
            return;
        };
        let txns = (last.0 - first.0 + 1) as u64;
        self.metrics.batch_written(txns, records.len() as u64, !sync, *took);
        if *took > SLOW_SYNC {
            warn!(journal = %self.id, txid = first.0, took_ms = took.as_millis() as u64,
                "slow disk: writing and syncing {txns} transactions took {took:?}");
        }
    }

    /// The log line of a change that happens once in a while. `peer` is who asked for it.
    pub(super) fn note(&self, effect: &Effect, by: Option<SocketAddr>) {
        let (journal, peer) = (&self.id, by.map(display));
        match effect {
            Effect::PromiseEpoch(epoch) => info!(%journal, epoch = epoch.0, peer, "promised epoch"),
            Effect::SetWriterEpoch(epoch) => info!(%journal, epoch = epoch.0, peer, "writer epoch"),
            Effect::OpenSegment { first, .. } => {
                info!(%journal, segment = first.0, peer, "segment started")
            }
            Effect::AbortSegment => warn!(%journal, "segment left in progress"),
            Effect::FinalizeSegment { first, last } => {
                info!(%journal, segment = first.0, txid = last.0, "segment finalized");
            }
            Effect::WritePaxos(record) => info!(%journal, segment = record.segment.start.0,
                epoch = record.accepted_in.0, peer, "recovery accepted: {}", record.segment),
            Effect::MoveAsideEmpty(file) => {
                warn!(%journal, "{file} has no transactions, moved aside")
            }
            Effect::MoveAsideStale(file) => warn!(%journal, "{file} was left in progress by an \
                older writer and is finished elsewhere, moved aside"),
            Effect::InstallDownload { first, .. } => {
                info!(%journal, segment = first.0, "downloaded segment put in place");
            }
            Effect::InstallSynced { first, last } => {
                info!(%journal, segment = first.0, txid = last.0, "segment of a peer installed");
            }
            Effect::NoteDamaged { file, damage } => self.note_damage(*file, damage),
            Effect::NoteSound(file) => info!(%journal, "{file} is as it should be after all"),
            Effect::ReplaceDamaged { first, last, from } => info!(%journal, segment = first.0,
                txid = last.0, peer = %from, "damaged segment replaced by the copy of {from}; \
                the bad file is kept as edits_…-….corrupt beside it"),
            Effect::Rejoin(rejoin) => info!(%journal, epoch = rejoin.promised.0,
                "rejoined cluster {} with {} segments", rejoin.namespace.cluster_id,
                rejoin.segments.len()),
            Effect::Purge { min_to_keep, .. } => {
                info!(%journal, txid = min_to_keep.0, "purged older edits")
            }
            Effect::Format { info, .. } => {
                info!(%journal, "formatted for cluster {}", info.cluster_id)
            }
            Effect::Discard { from } => {
                warn!(%journal, txid = from.0, "discarded segments from here on")
            }
            Effect::PreUpgrade
            | Effect::Upgrade(_)
            | Effect::FinalizeUpgrade
            | Effect::Rollback => {
                info!(%journal, "{effect:?} done");
            }
            _ => {}
        }
    }

    fn note_damage(&self, file: SegmentFile, damage: &SegmentDamage) {
        let path = self.files.root().join("current").join(file.to_string());
        let served =
            if damage.withheld { "not served until it is replaced" } else { "still served" };
        error!(journal = %self.id, segment = file.first.0, "damaged segment {}: {}; {served}",
            path.display(), damage.what);
    }
}
