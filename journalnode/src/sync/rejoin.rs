use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use hadoop_ipc::client::ClientError;
use tracing::{info, warn};

use super::namespace_probe::namespace_of_refusal;
use super::syncer::Syncer;
use super::{Agreement, Goal, NotYet, Peer, Testimony, agreed, segment_url};
use crate::engine::{self, Rejoin};
use crate::fetch::SegmentFetcher;
use crate::journal::Journal;
use crate::types::{JournalId, LayoutVersion, SegmentFile, StorageInfo, TxId};

/// A blank node on its way back into the quorum. It is not formatted before the end, so that
/// every writer is refused meanwhile; a restart begins anew.
#[derive(Default)]
pub(super) struct Rejoining {
    goal: Option<Goal>,
    fetched: BTreeSet<SegmentFile>,
    /// What was last said about it, not to be said again.
    said: String,
}

impl Rejoining {
    pub(super) fn settling(&mut self, journal: &Journal, settle: Duration) {
        self.say(journal, format!("not formatted; looking for a majority of peers in {settle:?}"));
    }

    pub(super) async fn attempt(&mut self, syncer: &Syncer, journal: &Arc<Journal>) {
        let asked = syncer.peers.all.iter().enumerate();
        let answers =
            asked.map(|(index, peer)| ask(index, peer, journal.id(), &syncer.peers.fetcher));
        let testimonies: Vec<_> = join_all(answers).await.into_iter().flatten().collect();
        let agreement = match agreed(syncer.peers.nodes, &testimonies) {
            Ok(agreement) => agreement,
            Err(not_yet) => return self.wait(journal, &not_yet),
        };
        let goal = self.goal.get_or_insert_with(|| Goal::of(&agreement)).clone();
        if !self.fetch(syncer, journal, &agreement, &testimonies).await {
            return;
        }
        match goal.reached(&agreement) {
            Ok(rejoin) => self.rejoin(journal, &rejoin).await,
            Err(not_yet) => self.wait(journal, &not_yet),
        }
    }

    /// Fetches what is not here yet, from whoever has it.
    async fn fetch(
        &mut self,
        syncer: &Syncer,
        journal: &Arc<Journal>,
        agreement: &Agreement,
        testimonies: &[Testimony],
    ) -> bool {
        let id = journal.id();
        if let Err(error) = journal.files().create_sync_dir() {
            self.say(journal, format!("cannot create edits.sync: {error}"));
            return false;
        }
        let total = agreement.segments.len();
        for (done, segment) in agreement.segments.iter().enumerate() {
            journal.metrics().back_filled(done as u64, total as u64);
            if self.fetched.contains(segment) {
                continue;
            }
            info!(journal = %id, "back-filling {segment}, {done} of {total} segments are here");
            journal.note_rejoin(format!("back-filling {segment}"));
            if !fetch_from_any(syncer, journal, agreement, testimonies, *segment).await {
                journal.note_rejoin(format!("no peer could send {segment}, see the log"));
                return false;
            }
            self.fetched.insert(*segment);
        }
        journal.metrics().back_filled(total as u64, total as u64);
        true
    }

    async fn rejoin(&mut self, journal: &Arc<Journal>, rejoin: &Rejoin) {
        if let Err(failure) = journal.change(|state, _| engine::rejoin(state, rejoin)).await {
            // Somebody may have emptied edits.sync: believe nothing that was fetched.
            self.fetched.clear();
            return self.say(journal, format!("could not rejoin: {failure}"));
        }
        rejoin.segments.iter().for_each(|_| journal.metrics().edit_log_synced());
        // They have their names in current/ now.
        if let Err(error) = journal.files().remove_sync_dir() {
            warn!(journal = %journal.id(), "edits.sync was not removed: {error}");
        }
        *self = Self::default();
    }

    fn wait(&mut self, journal: &Journal, why: &NotYet) {
        self.say(journal, format!("not formatted, cannot rejoin yet: {why}"));
    }

    fn say(&mut self, journal: &Journal, text: String) {
        journal.note_rejoin(text.clone());
        if text != self.said {
            info!(journal = %journal.id(), "{text}");
            self.said = text;
        }
    }
}

async fn fetch_from_any(
    syncer: &Syncer,
    journal: &Arc<Journal>,
    agreement: &Agreement,
    testimonies: &[Testimony],
    segment: SegmentFile,
) -> bool {
    let has = |peer: &&Testimony| {
        peer.logs
            .iter()
            .any(|log| !log.in_progress && (log.start, log.end) == (segment.first, segment.last))
    };
    for testimony in testimonies.iter().filter(has) {
        let Some(peer) = syncer.peers.all.get(testimony.peer) else { continue };
        let (id, host) = (journal.id(), &peer.target().host);
        let namespace = &agreement.namespace;
        let Some(url) = segment_url(&testimony.url, host, id.as_str(), segment.first, namespace)
        else {
            continue;
        };
        match journal.fetch_finalized(&syncer.peers.fetcher, segment, &url).await {
            Ok(()) => return true,
            Err(error) => warn!(journal = %id, "{segment} was not fetched: {error}"),
        }
    }
    false
}

/// What a peer says of itself; `None` if it does not, or is not formatted.
async fn ask(
    index: usize,
    peer: &Peer,
    id: &JournalId,
    fetcher: &SegmentFetcher,
) -> Option<Testimony> {
    match testify(index, peer, id, fetcher).await {
        Ok(testimony) => {
            peer.note(None);
            testimony
        }
        Err(error) => {
            peer.note(Some(&error));
            None
        }
    }
}

async fn testify(
    index: usize,
    peer: &Peer,
    id: &JournalId,
    fetcher: &SegmentFetcher,
) -> Result<Option<Testimony>, ClientError> {
    let (manifest, url) = peer.manifest(true).await?;
    let Some(url) = url else { return Ok(None) };
    let namespace = ask_namespace(peer, id, fetcher, &url).await?;
    let promised = peer.promised().await?;
    Ok(namespace.map(|namespace| Testimony {
        peer: index,
        namespace,
        promised,
        committed_txid: manifest.committed_txid,
        logs: manifest.logs,
        url,
    }))
}

pub(super) async fn ask_namespace(
    peer: &Peer,
    id: &JournalId,
    fetcher: &SegmentFetcher,
    url: &str,
) -> Result<Option<StorageInfo>, ClientError> {
    match peer.namespace().await? {
        Some(namespace) => Ok(Some(namespace)),
        None => probe(peer, id, fetcher, url).await,
    }
}

/// Asks a peer of Hadoop 3.4 for a segment as if from another namespace: its refusal says
/// which one it is of.
async fn probe(
    peer: &Peer,
    id: &JournalId,
    fetcher: &SegmentFetcher,
    url: &str,
) -> Result<Option<StorageInfo>, ClientError> {
    let c_time = peer.c_time().await?;
    let layout_version = LayoutVersion::CURRENT;
    let nobody = StorageInfo { layout_version, namespace_id: 0, cluster_id: "?".into(), c_time };
    let url = segment_url(url, &peer.target().host, id.as_str(), TxId(1), &nobody);
    let Some(url) = url else { return Ok(None) };
    let page = fetcher.refusal_page(&url).await.unwrap_or_default();
    Ok(namespace_of_refusal(&page).map(|(namespace_id, cluster_id)| StorageInfo {
        namespace_id,
        cluster_id,
        ..nobody
    }))
}
