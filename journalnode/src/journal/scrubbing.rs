use std::sync::{Arc, PoisonError};

use super::{Blocking, Journal};
use crate::engine::{Failure, Refusal};
use crate::fetch::{FetchError, SegmentFetcher};
use crate::metrics::ScrubMetrics;
use crate::sync::{Peers, RejoinProgress};
use crate::types::SegmentFile;

/// What the scrub and the way back of a blank node need of a journal.
impl Journal {
    /// Its finished segments, oldest first.
    pub fn finished_segments(&self) -> Vec<SegmentFile> {
        let state = self.state();
        state.segments.iter().filter(|file| !file.is_in_progress()).copied().collect()
    }

    /// Grows whenever a segment comes or goes.
    pub(crate) fn segments_version(&self) -> u64 {
        self.state().segments.version()
    }

    /// What its scrub counts.
    pub fn scrub_metrics(&self) -> &ScrubMetrics {
        &self.scrub_metrics
    }

    /// Where calls that wait for a disk run.
    pub(crate) fn blocking(&self) -> Blocking {
        self.options.blocking
    }

    /// Who the other nodes are, now that it is known.
    pub(crate) fn meet(&self, peers: Arc<Peers>) {
        let _ = self.peers.set(peers);
    }

    /// The other nodes; `None` if none is configured, or syncing is off.
    pub(crate) fn peers(&self) -> Option<&Arc<Peers>> {
        self.peers.get()
    }

    /// Fetches a peer's copy of a damaged segment beside those of other peers, verified and
    /// synced.
    pub(crate) async fn fetch_copy(
        &self,
        fetcher: &SegmentFetcher,
        segment: SegmentFile,
        peer: usize,
        url: &str,
    ) -> Result<(), FetchError> {
        fetcher.fetch_copy(&self.files, segment, peer, url, self.options.blocking).await
    }

    /// Refuses what nobody could read to its end: a reader gets it from another node, and a
    /// peer that does not check what it fetches does not get it at all.
    pub(super) fn sound(&self, file: SegmentFile) -> Result<(), Failure> {
        match self.state().withheld(file) {
            Some(damage) => {
                Err(Refusal::SegmentDamaged { segment: file, what: damage.what.clone() }.into())
            }
            None => Ok(()),
        }
    }

    /// What a blank journal waits for.
    pub(crate) fn note_rejoin(&self, waiting_for: String) {
        *self.rejoin.lock().unwrap_or_else(PoisonError::into_inner) = Some(waiting_for);
    }

    pub(super) fn rejoin_progress(&self) -> Option<RejoinProgress> {
        let waiting_for = self.rejoin.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let [segments, needed] = self.metrics.back_fill();
        Some(RejoinProgress { waiting_for, segments, needed })
    }
}
