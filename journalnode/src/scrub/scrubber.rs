use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::check::{Checked, Verdict, check};
use super::content::Content;
use super::known::Known;
use super::pace::Pace;
use super::remedy::Remedy;
use super::repair::Repair;
use super::{Finding, ScrubOptions, SegmentRecord};
use crate::engine::{self, SegmentDamage};
use crate::index::Index;
use crate::journal::Journal;
use crate::node::JournalNode;
use crate::types::{JournalId, SegmentFile};

/// How often it looks for segments that are due, at most.
const LOOK: Duration = Duration::from_secs(10);
/// How long a segment that could not be checked or replaced is left alone, if the syncer does
/// not say.
const RETRY: Duration = Duration::from_secs(120);
/// How long it waits for the index before it begins without.
const INDEX_PATIENCE: Duration = Duration::from_secs(30);

/// Checks the finished segments of every loaded journal, one after the other, again and again.
///
/// What it knows of a segment is in the index too, and outlives the process there. Without an
/// index every segment is due after a restart, and is judged by its checksums alone.
#[derive(Debug)]
pub struct Scrubber {
    pub(super) node: Arc<JournalNode>,
    pub(super) options: ScrubOptions,
    pub(super) pace: Arc<Pace>,
    /// For who asked for a check and does not want to wait.
    pub(super) unpaced: Arc<Pace>,
    /// Held while a segment is looked at: no two checks repair the same one.
    known: Mutex<BTreeMap<JournalId, Known>>,
    /// Held by who asked for a check.
    pub(super) requested: Semaphore,
    pub(super) stopping: CancellationToken,
}

impl Scrubber {
    /// A scrubber that does nothing before [`run`](Self::run).
    pub fn new(node: Arc<JournalNode>, options: ScrubOptions) -> Self {
        let pace = Arc::new(Pace::new(options.bandwidth));
        let unpaced = Arc::new(Pace::new(None));
        let (known, stopping) = Default::default();
        let requested = Semaphore::new(1);
        Self { node, options, pace, unpaced, known, requested, stopping }
    }

    /// How it checks by itself.
    pub fn options(&self) -> ScrubOptions {
        self.options
    }

    /// Checks what is due until [`stop`](Self::stop).
    pub async fn run(&self) {
        let Some(interval) = self.options.interval else { return };
        self.node.index().opened(INDEX_PATIENCE).await;
        loop {
            let journals = self.node.loaded();
            let is_loaded = |id: &JournalId| journals.iter().any(|journal| journal.id() == id);
            self.known.lock().await.retain(|id, _| is_loaded(id));
            for journal in journals {
                self.scrub(&journal, interval).await;
            }
            let looked = self.stopping.run_until_cancelled(sleep(interval.min(LOOK))).await;
            if looked.is_none() {
                return;
            }
        }
    }

    /// Ends [`run`](Self::run), in the middle of a segment if need be.
    pub fn stop(&self) {
        self.pace.stop();
        self.unpaced.stop();
        self.stopping.cancel();
    }

    /// What is known of a journal's segments; nobody else looks at one meanwhile.
    pub(super) async fn known_of(&self, journal: &Journal) -> MappedMutexGuard<'_, Known> {
        let id = journal.id();
        let mut known = self.known.lock().await;
        if !known.contains_key(id) {
            known.insert(id.clone(), self.remembered(id).await);
        }
        MutexGuard::map(known, |known| known.entry(id.clone()).or_default())
    }

    async fn scrub(&self, journal: &Arc<Journal>, interval: Duration) {
        let version = journal.segments_version();
        if self.known_of(journal).await.rests(version) {
            return;
        }
        let segments = journal.finished_segments();
        self.known_of(journal).await.forget_all_but(&segments);
        for &segment in &segments {
            if self.stopping.is_cancelled() {
                return;
            }
            let mut known = self.known_of(journal).await;
            if known.is_due(segment, interval) {
                self.look_at(journal, &mut known, segment, &self.pace).await;
            }
        }
        self.known_of(journal).await.rest(version, &segments, interval);
    }

    pub(super) async fn look_at(
        &self,
        journal: &Arc<Journal>,
        known: &mut Known,
        segment: SegmentFile,
        pace: &Arc<Pace>,
    ) -> Finding {
        let record = match known.good.get(&segment) {
            Some(record) => Some(record.clone()),
            None => self.index(journal, move |index, id| index.segment_record(id, segment)).await,
        };
        let checked = self.check_twice(journal, segment, record.as_ref(), pace).await;
        if !matches!(checked.verdict, Verdict::Stopped) {
            journal.scrub_metrics().checked(checked.bytes);
        }
        match checked.verdict {
            Verdict::Sound(found) => {
                self.note_sound(journal, segment).await;
                let record = found.clone();
                self.index(journal, move |index, id| index.put_segment_record(id, &record)).await;
                known.good.insert(segment, found);
                known.later.remove(&segment);
                Finding::Sound
            }
            Verdict::Damaged(damage, content) => {
                known.rest = None;
                let ours = content.as_ref().map(Content::identity);
                let repair = Repair { journal, segment, record: record.as_ref(), ours };
                let finding = self.heal(journal, repair, &damage).await;
                if finding.is_open() {
                    known.later.insert(segment, Instant::now() + pause(journal));
                } else {
                    self.index(journal, move |index, id| index.forget_segment(id, segment)).await;
                    known.good.remove(&segment);
                }
                finding
            }
            Verdict::Unknown(why) => {
                warn!(journal = %journal.id(), "{segment} could not be checked: {why}");
                known.rest = None;
                known.later.insert(segment, Instant::now() + pause(journal));
                Finding::Unknown(why)
            }
            Verdict::Stopped => Finding::Stopped,
        }
    }

    /// What earlier processes found of a journal's segments.
    async fn remembered(&self, journal: &JournalId) -> Known {
        let (index, id) = (self.node.index().clone(), journal.clone());
        let records = spawn_blocking(move || index.segment_records(&id)).await.unwrap_or_default();
        let named =
            |record: SegmentRecord| (SegmentFile::finalized(record.first, record.last), record);
        Known { good: records.into_iter().map(named).collect(), ..Known::default() }
    }

    /// Asks or tells the index, which may wait for its disk.
    async fn index<T: Default + Send + 'static>(
        &self,
        journal: &Journal,
        ask: impl FnOnce(&Index, &JournalId) -> T + Send + 'static,
    ) -> T {
        let (index, id) = (self.node.index().clone(), journal.id().clone());
        spawn_blocking(move || ask(&index, &id)).await.unwrap_or_default()
    }

    /// Bad memory or a bad cable shows once; what a disk has lost stays lost.
    async fn check_twice(
        &self,
        journal: &Arc<Journal>,
        segment: SegmentFile,
        record: Option<&SegmentRecord>,
        pace: &Arc<Pace>,
    ) -> Checked {
        let first = self.check(journal, segment, record, pace).await;
        match &first.verdict {
            Verdict::Damaged(damage, _) => {
                let second = self.check(journal, segment, record, pace).await;
                if matches!(second.verdict, Verdict::Sound(_)) {
                    warn!(journal = %journal.id(), "{segment} was read wrong once ({}): suspect \
                        this machine's memory, cables or controller", damage.what);
                }
                second
            }
            _ => first,
        }
    }

    async fn check(
        &self,
        journal: &Arc<Journal>,
        segment: SegmentFile,
        record: Option<&SegmentRecord>,
        pace: &Arc<Pace>,
    ) -> Checked {
        let (files, pace) = (journal.files().clone(), Arc::clone(pace));
        let record = record.cloned();
        let checked = spawn_blocking(move || check(&files, segment, record.as_ref(), &pace)).await;
        checked.unwrap_or_else(|panic| Checked {
            bytes: 0,
            verdict: Verdict::Unknown(format!("the check ended badly: {panic}")),
        })
    }

    async fn heal(
        &self,
        journal: &Arc<Journal>,
        repair: Repair<'_>,
        damage: &SegmentDamage,
    ) -> Finding {
        let segment = repair.segment;
        let damaged = |not_healed| Finding::Damaged { what: damage.what.clone(), not_healed };
        match journal.change(|state, _| engine::note_damaged(state, segment, damage)).await {
            Ok(true) => {}
            Ok(false) => return Finding::Gone,
            Err(failure) => {
                error!(journal = %journal.id(), "damaged {segment} was not marked: {failure}");
                return damaged(Some(failure.to_string()));
            }
        }
        match self.stopping.run_until_cancelled(repair.run()).await {
            Some(Remedy::Healed) => {
                journal.scrub_metrics().healed();
                damaged(None)
            }
            Some(Remedy::NotNeeded) => {
                info!(journal = %journal.id(), "{segment} is what a peer has too");
                self.note_sound(journal, segment).await;
                Finding::NotRecorded
            }
            Some(Remedy::Kept(why)) => {
                error!(journal = %journal.id(), segment = segment.first.0,
                    "damaged {segment} stays: {why}; it is tried again");
                damaged(Some(why.to_string()))
            }
            None => damaged(Some("the process is ending".to_owned())),
        }
    }

    async fn note_sound(&self, journal: &Arc<Journal>, segment: SegmentFile) {
        if let Err(failure) = journal.change(|state, _| engine::note_sound(state, segment)).await {
            warn!(journal = %journal.id(), "{segment} is good, but stays marked: {failure}");
        }
    }
}

fn pause(journal: &Journal) -> Duration {
    journal.peers().map_or(RETRY, |peers| peers.interval)
}
