use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use thiserror::Error;
use tokio::sync::OnceCell;
use tracing::{info, warn};

use super::{DirectoryError, EditsDirectories};
use crate::engine::Failure;
use crate::fetch::SegmentFetcher;
use crate::index::Index;
use crate::journal::{
    Blocking, Hints, HintsCell, Journal, JournalOptions, PassError, PassedJournal, Signs, Standing,
};
use crate::storage::disk::Disk;
use crate::sync::Syncers;
use crate::types::{BadJournalId, JournalId};

/// Journals that are in memory at most.
const MAX_JOURNALS: usize = 4096;
/// Any name can be asked for: with this many in memory, those that hold nothing are forgotten.
const MANY_JOURNALS: usize = 64;

/// All journals of this process.
#[derive(Debug)]
pub struct JournalNode {
    directories: EditsDirectories,
    disk: Arc<dyn Disk>,
    fetcher: Arc<SegmentFetcher>,
    options: JournalOptions,
    syncers: Option<Arc<Syncers>>,
    index: Index,
    hints: Arc<HintsCell>,
    journals: Mutex<BTreeMap<JournalId, Arc<OnceCell<Arc<Journal>>>>>,
    started: Instant,
    /// Another process goes on: no journal is loaded any more.
    left: AtomicBool,
}

/// A journal that cannot be had.
#[derive(Debug, Error)]
pub enum NodeError {
    /// Its name is no name.
    #[error(transparent)]
    BadId(#[from] BadJournalId),
    /// Its directory cannot be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// Too many names were asked for.
    #[error("{MAX_JOURNALS} journals are loaded, no further one can be")]
    TooMany,
    /// Another process has the journals.
    #[error("this JournalNode is being replaced by its successor")]
    Left,
    /// It could not be loaded, or it refused, or its disk failed.
    #[error(transparent)]
    Journal(#[from] Failure),
}

impl JournalNode {
    /// A node with no journal loaded.
    pub fn new(
        directories: EditsDirectories,
        disk: Arc<dyn Disk>,
        fetcher: Arc<SegmentFetcher>,
        options: JournalOptions,
    ) -> Self {
        Self {
            directories,
            disk,
            fetcher,
            options,
            syncers: None,
            index: Index::off(),
            hints: Arc::default(),
            journals: Mutex::default(),
            started: Instant::now(),
            left: AtomicBool::new(false),
        }
    }

    /// A node whose journals are kept in step with their peers.
    #[must_use]
    pub fn with_syncers(self, syncers: Arc<Syncers>) -> Self {
        Self { syncers: Some(syncers), ..self }
    }

    /// A node whose journals are followed by an index, and use what it remembers.
    #[must_use]
    pub fn with_index(self, index: Index) -> Self {
        self.set_hints(Arc::new(index.clone()));
        Self { index, ..self }
    }

    /// The index of its journals.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Tells the journals, loaded or not, who remembers something of their segments. Only the
    /// first one counts.
    pub fn set_hints(&self, hints: Arc<dyn Hints>) {
        let _ = self.hints.set(hints);
    }

    /// The journal of this name, loaded now if this is the first request for it
    /// (`JournalNode.getOrCreateJournal`). A failure to load is not remembered.
    pub async fn journal(
        &self,
        name: &str,
        nameservice: Option<&str>,
    ) -> Result<Arc<Journal>, NodeError> {
        let id = JournalId::new(name)?;
        let journal = match self.loaded_journal(&id) {
            Some(journal) => journal,
            None => {
                let base = self.directories.base(nameservice)?.to_owned();
                self.load(id, base).await?
            }
        };
        Ok(self.touched(journal, nameservice))
    }

    /// As [`journal`](Self::journal), for callers that cannot say which nameservice they
    /// mean: a journal that exists is found in whichever edits directory it is.
    pub async fn journal_anywhere(&self, name: &str) -> Result<Arc<Journal>, NodeError> {
        let id = JournalId::new(name)?;
        if let Some(journal) = self.loaded_journal(&id) {
            return Ok(journal);
        }
        let base = match self.directories.existing(&id) {
            Some(base) => base.to_owned(),
            None => self.directories.base(None)?.to_owned(),
        };
        let journal = self.load(id, base).await?;
        Ok(self.touched(journal, None))
    }

    /// The journals loaded so far, by name.
    pub fn loaded(&self) -> Vec<Arc<Journal>> {
        let journals = self.journals.lock().unwrap_or_else(PoisonError::into_inner);
        journals.values().filter_map(|cell| cell.get().cloned()).collect()
    }

    /// How a journal stands that has a writer, but that nobody asked for yet.
    pub fn standing_of_untouched(&self) -> Standing {
        let signs = Signs {
            had_writer: true,
            segment_open: false,
            left_whole: false,
            left_out: false,
            silent_for: self.started.elapsed(),
        };
        Standing::of(signs, self.options.idle_after)
    }

    /// Gives up the segments that are being fetched, and fetches no more: a peer that hangs
    /// must not keep a journal from being closed.
    pub fn stop_fetching(&self) {
        self.fetcher.stop();
    }

    /// Ends the syncers, then closes every journal, each after the change that it is making.
    pub async fn close(&self) {
        if let Some(syncers) = &self.syncers {
            syncers.stop().await;
        }
        for journal in self.loaded() {
            if journal.sync_trigger().is_running()
                && let Err(error) = journal.files().remove_sync_dir()
            {
                warn!(journal = %journal.id(), "edits.sync was not removed: {error}");
            }
            journal.close().await;
        }
    }

    /// Goes on with a journal of another process, which holds it still. It is not served before
    /// it is [taken up](Journal::take_up).
    pub fn resume(&self, passed: PassedJournal) -> Result<(), PassError> {
        let id = passed.id.clone();
        if !self.directories.adopts(&passed.directory, &id) {
            return Err(PassError::Elsewhere(passed.directory));
        }
        let (disk, fetcher) = (Arc::clone(&self.disk), Arc::clone(&self.fetcher));
        let hints = Arc::clone(&self.hints);
        let journal = Journal::resume(passed, disk, fetcher, &self.options, hints)?;
        journal.take_down_in(self.index.clone());
        let cell = Arc::new(OnceCell::new_with(Some(Arc::new(journal))));
        let mut journals = self.journals.lock().unwrap_or_else(PoisonError::into_inner);
        journals.insert(id, cell);
        Ok(())
    }

    /// Loads no journal from now on: another process does. Or again, if that came to nothing.
    pub fn set_left(&self, left: bool) {
        self.left.store(left, Relaxed);
    }

    /// Where calls that wait for a disk run.
    pub fn blocking(&self) -> Blocking {
        self.options.blocking
    }

    /// The edits directories.
    pub fn directories(&self) -> &EditsDirectories {
        &self.directories
    }

    fn touched(&self, journal: Arc<Journal>, nameservice: Option<&str>) -> Arc<Journal> {
        if let Some(syncers) = &self.syncers {
            syncers.touched(&journal, nameservice);
        }
        journal
    }

    fn loaded_journal(&self, id: &JournalId) -> Option<Arc<Journal>> {
        let journals = self.journals.lock().unwrap_or_else(PoisonError::into_inner);
        journals.get(id)?.get().cloned()
    }

    async fn load(&self, id: JournalId, base: PathBuf) -> Result<Arc<Journal>, NodeError> {
        if self.left.load(Relaxed) {
            return Err(NodeError::Left);
        }
        let cell = self.cell(&id)?;
        let journal = cell.get_or_try_init(|| self.load_from(id, base)).await?;
        Ok(Arc::clone(journal))
    }

    async fn load_from(&self, id: JournalId, base: PathBuf) -> Result<Arc<Journal>, Failure> {
        let directory = base.join(id.as_str());
        info!(journal = %id, "loading journal from {}", directory.display());
        let (disk, fetcher) = (Arc::clone(&self.disk), Arc::clone(&self.fetcher));
        let hints = Arc::clone(&self.hints);
        let journal = Journal::load(id, directory, disk, fetcher, &self.options, hints).await?;
        journal.served_since(self.started);
        journal.take_down_in(self.index.clone());
        Ok(Arc::new(journal))
    }

    /// The place of a journal, shared by all who wait for it to load.
    fn cell(&self, id: &JournalId) -> Result<Arc<OnceCell<Arc<Journal>>>, NodeError> {
        let mut journals = self.journals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = journals.get(id) {
            return Ok(Arc::clone(cell));
        }
        if journals.len() >= MANY_JOURNALS {
            journals.retain(|_, cell| holds_something(cell));
        }
        if journals.len() >= MAX_JOURNALS {
            return Err(NodeError::TooMany);
        }
        Ok(Arc::clone(journals.entry(id.clone()).or_default()))
    }
}

/// A journal that is formatted, or that somebody uses right now.
fn holds_something(cell: &Arc<OnceCell<Arc<Journal>>>) -> bool {
    match cell.get() {
        Some(journal) => Arc::strong_count(journal) > 1 || journal.status().is_formatted(),
        None => Arc::strong_count(cell) > 1,
    }
}
