use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::{error, info, warn};

use super::rejoin::Rejoining;
use super::{Peer, Peers, SyncOptions, missing, segment_url};
use crate::engine::{self, Failure, Refusal};
use crate::journal::Journal;
use crate::types::{SegmentFile, StorageInfo};

/// How often a blank node looks whether it can rejoin, at least: nobody writes to it meanwhile.
const REJOIN_POLL: Duration = Duration::from_secs(10);

/// Keeps one journal in step with its peers. Ends when the journal is forgotten.
pub(super) struct Syncer {
    pub(super) journal: Weak<Journal>,
    pub(super) peers: Arc<Peers>,
    pub(super) options: SyncOptions,
}

impl Syncer {
    pub(super) async fn run(self) {
        let started = Instant::now();
        let mut next = 0;
        let mut rejoining = Rejoining::default();
        let mut has_directory = false;
        loop {
            let Some(journal) = self.journal.upgrade() else { return };
            if !journal.status().is_formatted() && self.options.rejoin {
                self.try_rejoin(&journal, &mut rejoining, started).await;
            }
            let formatted = journal.status().is_formatted();
            if formatted {
                if !has_directory && !create_sync_dir(&journal) {
                    return;
                }
                has_directory = true;
                self.sync_with(&journal, next).await;
                next = (next + 1) % self.peers.all.len();
            }
            drop(journal);
            sleep(self.pause(formatted)).await;
        }
    }

    fn pause(&self, formatted: bool) -> Duration {
        let interval = self.options.interval;
        if formatted || !self.options.rejoin { interval } else { interval.min(REJOIN_POLL) }
    }

    async fn try_rejoin(
        &self,
        journal: &Arc<Journal>,
        rejoining: &mut Rejoining,
        started: Instant,
    ) {
        if started.elapsed() >= self.options.settle {
            rejoining.attempt(self, journal).await;
        } else {
            rejoining.settling(journal, self.options.settle);
        }
    }

    /// One round with one peer (`JournalNodeSyncer.syncWithJournalAtIndex`).
    async fn sync_with(&self, journal: &Arc<Journal>, index: usize) {
        let Some(peer) = self.peers.all.get(index) else { return };
        let ours = journal.read(|state, facts| engine::manifest(state, facts, FIRST, false)).await;
        let ours = match ours {
            Ok(manifest) => manifest.logs,
            Err(failure) => {
                error!(journal = %journal.id(), "cannot list the segments here: {failure}");
                return;
            }
        };
        let (theirs, from_url) = match peer.manifest(false).await {
            Ok(answer) => answer,
            Err(error) => return peer.note(Some(&error)),
        };
        peer.note(None);
        let (Some(url), Some(info)) = (from_url, journal.status().info) else { return };
        for segment in missing(&ours, &theirs.logs) {
            if !self.take(journal, peer, &url, &info, segment).await {
                return;
            }
        }
    }

    /// Whether to go on with the next segment. Java fetches first and then finds out that it
    /// may not install; here it is asked before, and again after.
    async fn take(
        &self,
        journal: &Arc<Journal>,
        peer: &Peer,
        from_url: &str,
        info: &StorageInfo,
        segment: SegmentFile,
    ) -> bool {
        let (first, last) = (segment.first, segment.last.unwrap_or(segment.first));
        match journal.read(|state, _| engine::install_synced(state, first, last)).await {
            Ok(()) => {}
            Err(Failure::Refused(Refusal::SyncedIsHere { .. })) => return true,
            Err(_) => return false,
        }
        let host = &peer.target().host;
        let Some(url) = segment_url(from_url, host, journal.id().as_str(), first, info) else {
            warn!(journal = %journal.id(), peer = %peer.target(), "serves segments at {from_url:?}");
            return false;
        };
        self.fetch_and_install(journal, &url, segment).await
    }

    async fn fetch_and_install(
        &self,
        journal: &Arc<Journal>,
        url: &str,
        segment: SegmentFile,
    ) -> bool {
        let id = journal.id();
        info!(journal = %id, "fetching missing {segment} from {url}");
        if let Err(error) = journal.fetch_finalized(&self.peers.fetcher, segment, url).await {
            error!(journal = %id, "missing {segment} was not fetched: {error}");
            return false;
        }
        let (first, last) = (segment.first, segment.last.unwrap_or(segment.first));
        match journal.change(|state, _| engine::install_synced(state, first, last)).await {
            Ok(()) => {
                journal.metrics().edit_log_synced();
                true
            }
            Err(failure) => {
                warn!(journal = %id, "fetched {segment} was not installed: {failure}");
                if let Err(error) = journal.files().remove_synced(segment) {
                    warn!(journal = %id, "fetched {segment} was not removed: {error}");
                }
                false
            }
        }
    }
}

/// All segments, from the first on.
const FIRST: crate::types::TxId = crate::types::TxId(0);

fn create_sync_dir(journal: &Journal) -> bool {
    let created = journal.files().create_sync_dir();
    if let Err(error) = &created {
        error!(journal = %journal.id(), "cannot create edits.sync, missing segments will not be \
            fetched: {error}");
    }
    created.is_ok()
}
