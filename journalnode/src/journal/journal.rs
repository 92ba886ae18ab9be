use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, MutexGuard, watch};
use tracing::error;

use super::in_flight::{InFlight, Running};
use super::positions::Positions;
use super::queue::Queue;
use super::seldom::Seldom;
use super::writer_watch::WriterWatch;
use super::{Blocking, HintsCell, JournalStatus, Progress};
use crate::engine::cache::EditsCache;
use crate::engine::{
    self, Answer, Contents, Decision, Effect, Facts, Failure, Fault, Outcome, Query, ScanTarget,
    SegmentFault, State,
};
use crate::fetch::{FetchError, SegmentFetcher};
use crate::index::Index;
use crate::metrics::{JournalMetrics, ScrubMetrics};
use crate::mutant;
use crate::storage::disk::Disk;
use crate::storage::{
    AppendFault, JournalFiles, JournalStorage, OpenedSegment, StorageError, StorageOptions,
};
use crate::sync::{Peers, SyncTrigger};
use crate::types::{JournalId, SegmentFile, TxId};

/// One journal: the log of one nameservice on this node.
///
/// Readers look at the state and at the files without waiting for anybody. Who wants a change
/// becomes the owner first; there is one at a time.
#[derive(Debug)]
pub struct Journal {
    pub(super) id: JournalId,
    disk: Arc<dyn Disk>,
    pub(super) files: JournalFiles,
    state: RwLock<State>,
    pub(super) owner: Mutex<Owner>,
    in_flight: InFlight,
    queue: Queue,
    pub(super) slow_turns: Seldom,
    pub(super) writer_watch: std::sync::Mutex<WriterWatch>,
    pub(super) metrics: JournalMetrics,
    pub(super) fetcher: Arc<SegmentFetcher>,
    pub(super) options: JournalOptions,
    sync_trigger: SyncTrigger,
    pub(super) peers: OnceLock<Arc<Peers>>,
    pub(super) scrub_metrics: ScrubMetrics,
    /// Takes down what happens here.
    pub(super) index: OnceLock<Index>,
    /// A writer goes on without this node.
    pub(super) out_of_step: AtomicBool,
    /// What a blank journal waits for.
    pub(super) rejoin: std::sync::Mutex<Option<String>>,
    pub(super) hints: Arc<HintsCell>,
    pub(super) positions: Positions,
    pub(super) progress: watch::Sender<Progress>,
}

/// What the owner of a journal has to work with.
#[derive(Debug)]
pub(super) enum Owner {
    /// The directory, locked.
    Serving(Box<JournalStorage>),
    /// Nothing: the directory must be read, for the first time or again.
    Unread,
    /// Nothing any more: the process is ending.
    Closed,
}

/// What journals of one node have in common.
#[derive(Clone, Debug)]
pub struct JournalOptions {
    /// How the files are written.
    pub storage: StorageOptions,
    /// What must stay free for a new segment to start, in bytes.
    pub reserve_bytes: u64,
    /// Size of the edits cache in bytes; `None` for no cache.
    pub cache_bytes: Option<usize>,
    /// How often standbys ask for edits.
    pub tail_period: Duration,
    /// Where calls that wait for a disk run.
    pub blocking: Blocking,
    /// After how long a silence of all writers a journal counts as idle.
    pub idle_after: Duration,
}

impl Journal {
    /// Reads a journal's directory, mends what a crash left half done, and finds the end of
    /// its log, with the help of `hints` once there are any. The directory need not exist.
    pub async fn load(
        id: JournalId,
        directory: PathBuf,
        disk: Arc<dyn Disk>,
        fetcher: Arc<SegmentFetcher>,
        options: &JournalOptions,
        hints: Arc<HintsCell>,
    ) -> Result<Self, Failure> {
        let journal = Self::unread(id, directory, disk, fetcher, options, hints);
        journal.change(|_, _| Decision::nothing()).await?;
        Ok(journal)
    }

    /// A journal whose directory was not looked at yet.
    pub(super) fn unread(
        id: JournalId,
        directory: PathBuf,
        disk: Arc<dyn Disk>,
        fetcher: Arc<SegmentFetcher>,
        options: &JournalOptions,
        hints: Arc<HintsCell>,
    ) -> Self {
        Self {
            id,
            files: JournalFiles::new(Arc::clone(&disk), directory.clone()),
            disk,
            state: RwLock::new(State::new(directory, Contents::default(), 0, None)),
            owner: Mutex::new(Owner::Unread),
            in_flight: InFlight::default(),
            queue: Queue::default(),
            slow_turns: Seldom::default(),
            writer_watch: std::sync::Mutex::new(WriterWatch::new(Instant::now())),
            metrics: JournalMetrics::default(),
            fetcher,
            options: options.clone(),
            sync_trigger: SyncTrigger::default(),
            peers: OnceLock::new(),
            scrub_metrics: ScrubMetrics::default(),
            index: OnceLock::new(),
            out_of_step: AtomicBool::new(false),
            rejoin: std::sync::Mutex::default(),
            hints,
            positions: Positions::default(),
            progress: watch::Sender::default(),
        }
    }

    /// The journal's name.
    pub fn id(&self) -> &JournalId {
        &self.id
    }

    /// What it counts and times.
    pub fn metrics(&self) -> &JournalMetrics {
        &self.metrics
    }

    /// Whether its syncer was started.
    pub(crate) fn sync_trigger(&self) -> &SyncTrigger {
        &self.sync_trigger
    }

    /// Its files, to be read, and the place where the syncer puts what it fetches.
    pub(crate) fn files(&self) -> &JournalFiles {
        &self.files
    }

    /// Fetches a finished segment of a peer into `edits.sync/`, verified and synced.
    pub(crate) async fn fetch_finalized(
        &self,
        fetcher: &SegmentFetcher,
        segment: SegmentFile,
        url: &str,
    ) -> Result<(), FetchError> {
        fetcher.fetch_finalized(&self.files, segment, url, self.options.blocking).await
    }

    /// The effect that the disk has not finished, if there is one.
    pub fn running(&self) -> Option<Running> {
        self.in_flight.now()
    }

    /// Since when the oldest of the requests waits that wait for their turn.
    pub fn queued_since(&self) -> Option<Instant> {
        self.queue.oldest()
    }

    /// How it is now.
    pub fn status(&self) -> JournalStatus {
        let status = JournalStatus::of(&self.id, &self.state());
        let rejoin = if status.is_formatted() { None } else { self.rejoin_progress() };
        JournalStatus {
            rejoin,
            out_of_step: self.out_of_step.load(Relaxed),
            running: self.running(),
            queued_since: self.queued_since(),
            standing: self.standing(),
            writer: self.writer(),
            last_write: self.metrics.last_write(),
            ..status
        }
    }

    /// Makes a change that this node decided by itself; see [`change_for`](Self::change_for).
    pub async fn change<R>(
        &self,
        decide: impl Fn(&State, &Facts) -> Decision<R>,
    ) -> Result<R, Failure> {
        self.change_for(None, decide).await
    }

    /// Answers a request that may change the journal: decide, make durable, commit, reply.
    /// `by` is who asks, for the log.
    ///
    /// If an effect fails, those before it stay and the caller gets the failure.
    pub async fn change_for<R>(
        &self,
        by: Option<SocketAddr>,
        decide: impl Fn(&State, &Facts) -> Decision<R>,
    ) -> Result<R, Failure> {
        let asked = Instant::now();
        let mut owner = self.turn().await;
        let waited = asked.elapsed();
        if matches!(*owner, Owner::Unread) {
            self.read_directory(&mut owner).await?;
        }
        let answer = self.act(&mut owner, by, decide).await;
        self.note_turn(by, waited, asked);
        answer
    }

    async fn turn(&self) -> MutexGuard<'_, Owner> {
        if let Ok(owner) = self.owner.try_lock() {
            return owner;
        }
        let _place = self.queue.join();
        self.owner.lock().await
    }

    async fn act<R>(
        &self,
        owner: &mut Owner,
        by: Option<SocketAddr>,
        decide: impl Fn(&State, &Facts) -> Decision<R>,
    ) -> Result<R, Failure> {
        let (effects, answer) = self.decide(decide, true).await;
        self.perform(owner, by, &effects)?;
        answer
    }

    /// Lets the engine decide, finding out what it asks for. Only the owner knows that a file
    /// stays as it was found, and only what the owner waits for keeps others waiting.
    async fn decide<R>(
        &self,
        decide: impl Fn(&State, &Facts) -> Decision<R>,
        is_owner: bool,
    ) -> (Vec<Effect>, Result<R, Failure>) {
        let mut facts = Facts::default();
        loop {
            let decision = decide(&self.state(), &facts);
            match decision {
                Decision::Act { effects, answer } => return (effects, answer),
                Decision::Ask(query) => {
                    let name = query.of_disk().filter(|_| is_owner);
                    let running = name.map(|name| self.in_flight.begin(name));
                    let answer = self.find_out(&query).await;
                    drop(running);
                    if is_owner {
                        self.remember(&query, &answer);
                    }
                    facts.learn(query, answer);
                }
            }
        }
    }

    /// Reads the directory, mends what a crash left half done, and finds the end of the log.
    /// On failure the next request tries again.
    async fn read_directory(&self, owner: &mut Owner) -> Result<(), Failure> {
        let JournalOptions { storage, reserve_bytes, cache_bytes, blocking, .. } =
            self.options.clone();
        let directory = self.files.root().to_owned();
        let (disk, root) = (Arc::clone(&self.disk), directory.clone());
        let running = self.in_flight.begin("reading the directory");
        let (storage, contents) = blocking
            .run(|| JournalStorage::open(disk, root, storage))
            .map_err(|error| fault(&error))?;
        drop(running);
        let cache = cache_bytes.map(EditsCache::new);
        self.state_mut().replace_with(State::new(directory, contents, reserve_bytes, cache));
        *owner = Owner::Serving(Box::new(storage));
        let loaded = self.act(owner, None, engine::load).await;
        if loaded.is_err() {
            *owner = Owner::Unread;
        }
        self.tell_progress();
        loaded
    }

    /// Answers a request that changes nothing, without waiting for the owner.
    pub async fn read<R>(
        &self,
        decide: impl Fn(&State, &Facts) -> Decision<R>,
    ) -> Result<R, Failure> {
        self.decide(decide, false).await.1
    }

    /// Lets the change that is under way finish, then gives the directory back. The segment
    /// that is open stays in progress, for the next writer to recover.
    pub async fn close(&self) {
        let owner = std::mem::replace(&mut *self.owner.lock().await, Owner::Closed);
        if let Owner::Serving(storage) = owner {
            self.options.blocking.run(|| storage.close());
        }
    }

    /// Opens the edits file that starts with this transaction, to be served as it is now.
    pub fn open_segment(
        &self,
        first: TxId,
        in_progress_ok: bool,
    ) -> Result<Option<OpenedSegment>, Failure> {
        let Some(file) = self.served(first, in_progress_ok) else { return Ok(None) };
        self.sound(file)?;
        let open = |file| self.options.blocking.run(|| self.files.open_segment(file));
        let opened = match (open(file), self.served(first, in_progress_ok)) {
            // It was finalized in between.
            (Err(_), Some(renamed)) if renamed != file => open(renamed),
            (opened, _) => opened,
        };
        opened.map(Some).map_err(|error| fault(&error).into())
    }

    /// A finalized file is more than its left-over twin in progress, which sorts before it.
    fn served(&self, first: TxId, in_progress_ok: bool) -> Option<SegmentFile> {
        let from = SegmentFile::in_progress(first);
        let state = self.state();
        let same_start = state.segments.range(from..).take_while(|file| file.first == first);
        same_start.filter(|file| in_progress_ok || !file.is_in_progress()).last().copied()
    }

    /// Makes the effects durable one by one, each visible as soon as it is.
    fn perform(
        &self,
        owner: &mut Owner,
        by: Option<SocketAddr>,
        effects: &[Effect],
    ) -> Result<(), Failure> {
        if !effects.iter().any(Effect::is_durable) {
            effects.iter().for_each(|effect| self.commit(effect, by, Outcome::Done));
            return Ok(());
        }
        let Owner::Serving(storage) = owner else { return Err(closed().into()) };
        let _panic = OutOfServiceOnPanic(self);
        let done = self.options.blocking.run(|| {
            for effect in effects {
                let _running = self.in_flight.begin(effect.name());
                if mutant::is("serve-from-the-cache-before-durable") {
                    self.commit(effect, by, Outcome::Done);
                    storage.apply(effect).map_err(|error| (effect, error))?;
                    continue;
                }
                match storage.apply(effect) {
                    Ok(outcome) => self.commit(effect, by, outcome),
                    Err(error) => return Err((effect, error)),
                }
            }
            Ok(())
        });
        done.map_err(|(effect, error)| {
            if effect.replaces_directory() && !error.is_refusal() {
                *owner = Owner::Unread;
            }
            self.failed(effect, &error)
        })
    }

    fn commit(&self, effect: &Effect, by: Option<SocketAddr>, outcome: Outcome) {
        self.count(effect, &outcome);
        self.note(effect, by);
        self.take_down(effect, by);
        self.note_step(effect);
        self.state_mut().commit(effect, outcome);
        self.tell_progress();
    }

    /// Contains the damage of an effect that failed: to the segment if possible, else to the
    /// journal. The process and the other journals go on.
    fn failed(&self, effect: &Effect, error: &StorageError) -> Failure {
        let reason = error.to_string();
        error!(journal = %self.id, "{} failed: {reason}", effect.name());
        self.contain(&reason, error);
        self.tell_progress();
        fault(error).into()
    }

    pub(super) fn contain(&self, reason: &str, error: &StorageError) {
        let mut state = self.state_mut();
        match error.append_fault() {
            Some(AppendFault { tail_restored, still_open, .. }) => {
                state.segment_failed(reason, SegmentFault { tail_restored, still_open });
            }
            None => {
                if error.is_sync_failure() {
                    state.out_of_service = Some(reason.to_owned());
                }
                // The directory may have changed before the failure: believe what is there.
                if let Ok(segments) = self.files.segments() {
                    state.relist(segments.into());
                }
            }
        }
    }

    fn remember(&self, query: &Query, answer: &Result<Answer, Fault>) {
        if let (Query::Scan(ScanTarget::Segment(file)), Ok(Answer::Tail(tail))) = (query, answer) {
            self.state_mut().remember_tail(*file, *tail);
        }
    }

    /// A panic while the state was locked has taken the journal out of service.
    pub(super) fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A panic between the disk and the memory is a broken invariant: nobody can say what this
/// journal holds until it is loaded anew.
struct OutOfServiceOnPanic<'a>(&'a Journal);

impl Drop for OutOfServiceOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let reason = "a bug of this JournalNode, see its log".to_owned();
            self.0.state_mut().out_of_service.get_or_insert(reason);
        }
    }
}

fn closed() -> Fault {
    let message = "the journal is closed, this JournalNode is shutting down".to_owned();
    Fault { java_class: "java.io.IOException", message }
}

pub(super) fn fault(error: &StorageError) -> Fault {
    Fault { java_class: error.java_class(), message: error.to_string() }
}
