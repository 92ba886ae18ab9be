use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use thiserror::Error;
use tokio::sync::MutexGuard;
use tracing::{error, info, warn};

use super::journal::Owner;
use super::{HintsCell, Journal, JournalOptions, PassedJournal};
use crate::engine::cache::EditsCache;
use crate::engine::{Mismatch, OpenSegment, State};
use crate::fetch::SegmentFetcher;
use crate::storage::disk::Disk;
use crate::storage::{JournalStorage, PassedSegment, StorageError};

/// A journal that nobody changes as long as this lives.
#[derive(Debug)]
pub struct Still<'a> {
    journal: &'a Journal,
    owner: MutexGuard<'a, Owner>,
    passed: bool,
}

/// Why a journal does not change hands.
#[derive(Debug, Error)]
pub enum PassError {
    /// A disk, or a directory that is not what the process before knew.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Memory and directory disagree.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    /// No second descriptor of the lock.
    #[error("the lock cannot be shared: {0}")]
    Lock(#[from] io::Error),
    /// Another directory is configured for it.
    #[error("its directory {0} is not where the configuration says")]
    Elsewhere(std::path::PathBuf),
}

impl Journal {
    /// Waits for the change that is under way, and lets no other one begin.
    pub async fn hold_still(&self) -> Still<'_> {
        Still { journal: self, owner: self.owner.lock().await, passed: false }
    }

    /// Goes on with the journal of another process that holds it still, if its directory is what
    /// that process says. Changes nothing on disk, and is not served before it is
    /// [taken up](Self::take_up).
    pub fn resume(
        passed: PassedJournal,
        disk: Arc<dyn Disk>,
        fetcher: Arc<SegmentFetcher>,
        options: &JournalOptions,
        hints: Arc<HintsCell>,
    ) -> Result<Self, PassError> {
        let PassedJournal { id, directory, memory, segment, lock, .. } = passed;
        let (storage, contents) = JournalStorage::resume(
            Arc::clone(&disk),
            directory.clone(),
            options.storage,
            lock,
            segment.as_ref(),
        )?;
        let cache = options.cache_bytes.map(EditsCache::new);
        let mut state = State::new(directory.clone(), contents, options.reserve_bytes, cache);
        state.resume(&memory)?;
        if segment.map(|segment| (segment.first, segment.last, segment.layout_version))
            != memory.open.map(|open| (open.first, open.last, open.layout_version))
        {
            return Err(Mismatch("the open segment").into());
        }
        let mut journal = Self::unread(id, directory, disk, fetcher, options, hints);
        journal.state_mut().replace_with(state);
        *journal.owner.get_mut() = Owner::Serving(Box::new(storage));
        journal.out_of_step.store(passed.out_of_step, Relaxed);
        journal.writer_watch().resume(passed.left_whole, Instant::now());
        journal.tell_progress();
        Ok(journal)
    }

    /// The process before has let go: the lock is this process's own from now on.
    pub async fn take_up(&self) {
        if let Owner::Serving(storage) = &mut *self.owner.lock().await
            && let Err(error) = storage.take_up_lock()
        {
            warn!(journal = %self.id, "in_use.lock does not say who holds it: {error}");
        }
        info!(journal = %self.id, "taken over");
    }
}

impl Still<'_> {
    /// Syncs what was not synced, and says what another process must know to go on. `None` if
    /// there is nothing to go on with: its directory was not read, or its disk failed.
    pub fn pass(&mut self) -> Result<Option<PassedJournal>, PassError> {
        let Owner::Serving(storage) = &mut *self.owner else { return Ok(None) };
        let settled = self.journal.options.blocking.run(|| storage.settle());
        let place = match settled {
            Ok(place) => place,
            Err(failure) => return Err(self.failed(failure)),
        };
        if place.is_some() {
            self.journal.state_mut().note_settled();
        }
        let Some(memory) = self.journal.state().memory() else { return Ok(None) };
        if memory.open.is_some() != place.is_some() {
            return Err(Mismatch("the open segment").into());
        }
        let Some(lock) = storage.share_lock()? else { return Ok(None) };
        self.passed = true;
        Ok(Some(PassedJournal {
            id: self.journal.id.clone(),
            directory: self.journal.files.root().to_owned(),
            segment: memory.open.zip(place).map(passed_segment),
            memory,
            out_of_step: self.journal.out_of_step.load(Relaxed),
            left_whole: self.journal.writer_watch().left_whole(),
            lock,
        }))
    }

    /// Lets go of a journal that another process goes on with, without touching a file. One that
    /// was not [passed](Self::pass) is closed.
    pub fn leave(mut self) {
        let owner = std::mem::replace(&mut *self.owner, Owner::Closed);
        if let Owner::Serving(storage) = owner {
            if self.passed {
                storage.leave();
            } else {
                storage.close();
            }
        }
    }

    fn failed(&self, failure: StorageError) -> PassError {
        let reason = failure.to_string();
        error!(journal = %self.journal.id, "syncing for a hand-over failed: {reason}");
        self.journal.contain(&reason, &failure);
        self.journal.tell_progress();
        failure.into()
    }
}

fn passed_segment((open, place): (OpenSegment, (u64, u64, u64))) -> PassedSegment {
    let OpenSegment { first, layout_version, last, .. } = open;
    let (offset, len, last_batch) = place;
    PassedSegment { first, layout_version, last, offset, len, last_batch }
}
