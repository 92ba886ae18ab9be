use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use tokio::sync::watch;

use super::counters::Counters;
use super::entries::Entries;
use super::{HistoryEvent, IndexError, IndexOptions, IndexState};
use crate::editlog::Checkpoint;
use crate::types::{JournalId, TxId};

/// Events that wait to be written, at most.
const MAX_WAITING: usize = 4096;

/// What those who ask the index and those who fill it have in common. No lock is held while
/// the disk is waited for.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: IndexOptions,
    pub(super) counters: Counters,
    /// Rises when what followers remember of the index is no longer so.
    pub(super) generation: AtomicU64,
    state: watch::Sender<IndexState>,
    entries: RwLock<Option<Entries>>,
    /// In memory too, because the owner of a journal asks for them.
    checkpoints: RwLock<BTreeMap<JournalId, BTreeMap<TxId, Checkpoint>>>,
    waiting: Mutex<Vec<HistoryEvent>>,
}

impl Shared {
    pub(super) fn new(options: IndexOptions) -> Self {
        let state = match options.directory {
            Some(_) => IndexState::Opening,
            None => IndexState::Off("dfs.journalnode.index.dir is off".to_owned()),
        };
        Self {
            options,
            counters: Counters::default(),
            generation: AtomicU64::new(0),
            state: watch::Sender::new(state),
            entries: RwLock::default(),
            checkpoints: RwLock::default(),
            waiting: Mutex::default(),
        }
    }

    pub(super) fn state(&self) -> IndexState {
        self.state.borrow().clone()
    }

    pub(super) fn states(&self) -> watch::Receiver<IndexState> {
        self.state.subscribe()
    }

    pub(super) fn set_state(&self, state: IndexState) {
        self.state.send_if_modified(|now| {
            let differs = *now != state;
            *now = state;
            differs
        });
    }

    /// The entries, for as long as one question takes.
    pub(super) fn entries(&self) -> Option<Entries> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn available(&self) -> Result<Entries, IndexError> {
        self.entries().ok_or_else(|| {
            IndexError::Unavailable(match self.state() {
                IndexState::Off(why) => why,
                other => format!("it is {}", other.name()),
            })
        })
    }

    /// Replaces the entries; what was there is returned, for its last user to close it.
    pub(super) fn replace_entries(&self, entries: Option<Entries>) -> Option<Entries> {
        let mut now = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut now, entries)
    }

    pub(super) fn checkpoint(&self, journal: &JournalId, first: TxId) -> Option<Checkpoint> {
        let all = self.checkpoints.read().unwrap_or_else(PoisonError::into_inner);
        all.get(journal)?.get(&first).copied()
    }

    pub(super) fn set_checkpoints(&self, journal: &JournalId, now: BTreeMap<TxId, Checkpoint>) {
        let mut all = self.checkpoints.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(journal.clone(), now);
    }

    pub(super) fn set_checkpoint(&self, journal: &JournalId, first: TxId, now: Checkpoint) {
        let mut all = self.checkpoints.write().unwrap_or_else(PoisonError::into_inner);
        all.entry(journal.clone()).or_default().insert(first, now);
    }

    pub(super) fn forget_checkpoint(&self, journal: &JournalId, first: TxId) {
        let mut all = self.checkpoints.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_journal) = all.get_mut(journal) {
            of_journal.remove(&first);
        }
    }

    pub(super) fn forget_checkpoints(&self) {
        self.checkpoints.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// False if there is no room.
    pub(super) fn queue(&self, event: HistoryEvent) -> bool {
        let mut waiting = self.waiting();
        let room = waiting.len() < MAX_WAITING;
        if room {
            waiting.push(event);
        }
        room
    }

    pub(super) fn take_queued(&self) -> Vec<HistoryEvent> {
        std::mem::take(&mut *self.waiting())
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<HistoryEvent>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
