use std::sync::Arc;

use super::SegmentRecord;
use super::choice::{Candidate, Choice, Identity, choose};
use super::content::Content;
use super::remedy::{Kept, Remedy};
use crate::editlog;
use crate::engine;
use crate::journal::Journal;
use crate::storage::JournalFiles;
use crate::sync::{Peers, segment_url};
use crate::types::{SegmentFile, StorageInfo};

/// Replaces a damaged segment by the copy of a peer, if the peers leave no doubt which is right.
pub(super) struct Repair<'a> {
    pub(super) journal: &'a Arc<Journal>,
    pub(super) segment: SegmentFile,
    /// What was known of it while it was good.
    pub(super) record: Option<&'a SegmentRecord>,
    /// What it says now, if it can be read to its end.
    pub(super) ours: Option<Identity>,
}

impl Repair<'_> {
    pub(super) async fn run(&self) -> Remedy {
        let Some(peers) = self.journal.peers().cloned() else { return Remedy::Kept(Kept::Alone) };
        let Some(info) = self.journal.status().info else {
            return Remedy::Kept(Kept::Failed("the journal is not formatted".to_owned()));
        };
        if let Err(error) = self.files().create_sync_dir() {
            return Remedy::Kept(Kept::Failed(error.to_string()));
        }
        let remedy = self.with_copies(&peers, &info).await;
        match self.files().remove_copies(self.segment, peers.all.len()) {
            Ok(()) => remedy,
            Err(error) => {
                tracing::warn!(journal = %self.journal.id(), "copies of {} were not removed: \
                    {error}", self.segment);
                remedy
            }
        }
    }

    async fn with_copies(&self, peers: &Peers, info: &StorageInfo) -> Remedy {
        let (mut candidates, mut said) = (Vec::new(), Vec::new());
        for index in 0..peers.all.len() {
            match self.candidate(peers, index, info).await {
                Ok(candidate) => candidates.push(candidate),
                Err(why) => said.push(why),
            }
        }
        match choose(peers.nodes, self.record.is_some(), self.ours, &candidates) {
            Choice::Take(peer) => self.take(peers, peer).await,
            Choice::Ours => Remedy::NotNeeded,
            Choice::Nobody => Remedy::Kept(Kept::NoCopy(said)),
            Choice::Disagreement => Remedy::Kept(Kept::Disagreement),
        }
    }

    /// One peer's copy, here and verified; or what was wrong with it.
    async fn candidate(
        &self,
        peers: &Peers,
        index: usize,
        info: &StorageInfo,
    ) -> Result<Candidate, String> {
        let peer = peers.all.get(index).ok_or("it is gone")?;
        let target = peer.target();
        let said = |why: String| format!("{target}: {why}");
        let (manifest, from_url) =
            peer.manifest(false).await.map_err(|error| said(error.to_string()))?;
        let has = |log: &engine::ManifestEntry| {
            log.start == self.segment.first && log.end == self.segment.last && !log.in_progress
        };
        if !manifest.logs.iter().any(has) {
            return Err(said("does not have it".to_owned()));
        }
        let url = from_url.and_then(|from| {
            segment_url(&from, &target.host, self.journal.id().as_str(), self.segment.first, info)
        });
        let url = url.ok_or_else(|| said("does not say where it serves segments".to_owned()))?;
        let fetched = self.journal.fetch_copy(&peers.fetcher, self.segment, index, &url).await;
        fetched.map_err(|error| said(error.to_string()))?;
        let read = self.journal.blocking().run(|| self.read_copy(index)).map_err(said)?;
        let recorded = self.record.is_some_and(|record| read.is_recorded_as(record));
        Ok(Candidate { peer: index, identity: read.identity(), recorded })
    }

    fn read_copy(&self, peer: usize) -> Result<Content, String> {
        let opened = self.files().open_copy(self.segment, peer).map_err(|e| e.to_string())?;
        let (first, last) = (self.segment.first, self.segment.last.unwrap_or(self.segment.first));
        let extent =
            editlog::verify(opened.file.as_ref(), first, last).map_err(|flaw| flaw.to_string())?;
        Content::read(opened.file.as_ref(), extent.content_bytes).map_err(|e| e.to_string())
    }

    async fn take(&self, peers: &Peers, peer: usize) -> Remedy {
        let from = peers.all.get(peer).map(|peer| peer.target().to_string()).unwrap_or_default();
        let chosen = self.files().choose_copy(self.segment, peer);
        if let Err(error) = chosen {
            return Remedy::Kept(Kept::Failed(error.to_string()));
        }
        let replace = |state: &engine::State, _: &engine::Facts| {
            engine::replace_damaged(state, self.segment, &from)
        };
        match self.journal.change(replace).await {
            Ok(()) => Remedy::Healed,
            Err(failure) => Remedy::Kept(Kept::Failed(failure.to_string())),
        }
    }

    fn files(&self) -> &JournalFiles {
        self.journal.files()
    }
}
