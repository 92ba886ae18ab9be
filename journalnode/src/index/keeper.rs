use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use tracing::{info, warn};

use super::IndexState;
use super::entries::{Entries, Schema};
use super::shared::Shared;
use super::store::{self, MARK, StoreError};
use crate::editlog::Checkpoint;
use crate::types::{JournalId, TxId};

/// How long an index that cannot be opened or written is left alone.
const RETRY: Duration = Duration::from_secs(5);
/// How long a question may take before the store is closed without waiting for it.
const LAST_USER: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(1);
/// The store is a directory in the index directory, so that nothing is ever moved or removed
/// that an operator keeps beside it.
const STORE: &str = "rocksdb";
/// What the store becomes if it cannot be used. One is kept.
const ASIDE: &str = "rocksdb.bad";

type Checkpoints = Vec<(JournalId, BTreeMap<TxId, Checkpoint>)>;

/// Opens the store, notices when it breaks or vanishes, and begins a new one. Blocking.
#[derive(Debug)]
pub(super) struct Keeper {
    shared: Arc<Shared>,
    store: PathBuf,
    aside: PathBuf,
    retry_at: Instant,
    /// Logged already.
    told: Option<String>,
}

impl Keeper {
    pub(super) fn new(shared: Arc<Shared>, directory: &Path) -> Self {
        let (store, aside) = (directory.join(STORE), directory.join(ASIDE));
        Self { shared, store, aside, retry_at: Instant::now(), told: None }
    }

    /// The entries, opened now if they were not; `None` if there is no index now.
    pub(super) fn entries(&mut self) -> Option<Entries> {
        if let Some(entries) = self.shared.entries() {
            if self.is_there() {
                return Some(entries);
            }
            drop(entries);
            self.close();
            self.removed();
        }
        if Instant::now() >= self.retry_at {
            self.open();
        }
        self.shared.entries()
    }

    /// Takes that a question or a change failed.
    pub(super) fn failed(&mut self, error: &StoreError) {
        let is_there = self.is_there();
        self.close();
        match error {
            _ if !is_there => self.removed(),
            StoreError::Broken(why) => self.set_aside(why),
            StoreError::Failed(why) => self.off(why),
        }
    }

    /// Closes the store, once nobody uses it any more.
    pub(super) fn close(&self) {
        self.shared.forget_checkpoints();
        self.shared.generation.fetch_add(1, Relaxed);
        let Some(entries) = self.shared.replace_entries(None) else { return };
        let deadline = Instant::now() + LAST_USER;
        while !entries.is_last() && Instant::now() < deadline {
            std::thread::sleep(POLL);
        }
    }

    fn is_there(&self) -> bool {
        self.store.join(MARK).exists()
    }

    fn removed(&mut self) {
        warn!(
            "the index in {} was removed; it is built again from the edits",
            self.store.display()
        );
        self.shared.set_state(IndexState::Opening);
        self.retry_at = Instant::now();
    }

    fn open(&mut self) {
        match self.try_open() {
            Ok((entries, checkpoints)) => {
                self.told = None;
                // A journal may ask for them before it is followed: when it is loaded.
                for (journal, checkpoints) in checkpoints {
                    self.shared.set_checkpoints(&journal, checkpoints);
                }
                self.shared.replace_entries(Some(entries));
                self.shared.set_state(IndexState::Ready);
            }
            Err(StoreError::Failed(why)) => self.off(&why),
            Err(StoreError::Broken(why)) => self.set_aside(&why),
        }
    }

    fn try_open(&self) -> Result<(Entries, Checkpoints), StoreError> {
        make_private(&self.store)?;
        let entries = Entries::new(store::open(&self.store)?);
        match entries.schema()? {
            Schema::Ours => info!("index: {}", self.store.display()),
            Schema::Blank => {
                entries.write_schema()?;
                self.shared.counters.rebuilds.fetch_add(1, Relaxed);
                info!("index: {} is new, built from the edits", self.store.display());
            }
            Schema::Other => {
                return Err(StoreError::Broken("it is of another version".to_owned()));
            }
        }
        let journals = entries.journals()?.into_iter();
        let checkpoints = journals.map(|id| Ok((id.clone(), entries.checkpoints(&id)?)));
        let checkpoints = checkpoints.collect::<Result<_, StoreError>>()?;
        Ok((entries, checkpoints))
    }

    /// The next look begins a new one.
    fn set_aside(&mut self, why: &str) {
        let (store, aside) = (self.store.display(), self.aside.display());
        let moved = match fs::remove_dir_all(&self.aside) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => fs::rename(&self.store, &self.aside),
        };
        match moved {
            Ok(()) => {
                warn!(
                    "the index in {store} cannot be used: {why}; it was moved to {aside}, and a \
                    new one is built from the edits. {aside} can be removed"
                );
                self.retry_at = Instant::now();
                self.shared.set_state(IndexState::Opening);
            }
            Err(error) => {
                self.off(&format!("{why}; it could not be moved to {aside}: {error}"));
            }
        }
    }

    fn off(&mut self, why: &str) {
        self.retry_at = Instant::now() + RETRY;
        self.shared.set_state(IndexState::Off(why.to_owned()));
        if self.told.as_deref() != Some(why) {
            warn!(
                "no index: {why}. Journals are served without it, slower after a restart; make \
                {} writable, or set dfs.journalnode.index.dir to another directory, or to off. It \
                is tried again every {RETRY:?}",
                self.store.display()
            );
            self.told = Some(why.to_owned());
        }
    }
}

fn make_private(directory: &Path) -> Result<(), StoreError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(directory);
    made.map_err(|error| StoreError::Failed(format!("{}: {error}", directory.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Index;
    use crate::index::{IndexOptions, IndexStatus};

    fn keeper(directory: &Path) -> (Index, Keeper) {
        let options = IndexOptions { directory: Some(directory.to_owned()), bandwidth: None };
        let index = Index::new(options);
        let keeper = Keeper::new(Arc::clone(&index.0), directory);
        (index, keeper)
    }

    fn rebuilds(index: &Index) -> (IndexState, u64) {
        let IndexStatus { state, rebuilds, .. } = index.status();
        (state, rebuilds)
    }

    #[test]
    fn a_removed_index_is_begun_anew() {
        let directory = tempfile::tempdir().unwrap();
        let (index, mut keeper) = keeper(&directory.path().join("index"));
        assert_eq!(rebuilds(&index), (IndexState::Opening, 0));
        assert!(keeper.entries().is_some());
        assert_eq!(rebuilds(&index), (IndexState::Ready, 1));
        fs::remove_dir_all(directory.path().join("index")).unwrap();
        assert!(keeper.entries().is_some());
        assert_eq!(rebuilds(&index), (IndexState::Ready, 2));
        assert!(keeper.entries().is_some());
        assert_eq!(rebuilds(&index), (IndexState::Ready, 2));
    }

    #[test]
    fn a_directory_that_cannot_be_made_leaves_no_index_and_a_reason() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let (index, mut keeper) = keeper(&file.path().join("index"));
        assert!(keeper.entries().is_none());
        let IndexState::Off(why) = index.status().state else { panic!() };
        assert!(why.contains("Not a directory"), "{why}");
    }

    #[cfg(feature = "rocksdb")]
    #[test]
    fn a_broken_index_is_moved_aside_and_one_of_them_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        for round in 1..=2 {
            let (index, mut keeper) = keeper(directory.path());
            assert!(keeper.entries().is_some());
            keeper.close();
            fs::write(directory.path().join(STORE).join(MARK), "broken").unwrap();
            assert!(keeper.entries().is_none());
            assert!(keeper.entries().is_some());
            assert_eq!(rebuilds(&index), (IndexState::Ready, if round == 1 { 2 } else { 1 }));
            keeper.close();
            let aside = fs::read(directory.path().join(ASIDE).join(MARK)).unwrap();
            assert_eq!(aside, b"broken");
        }
    }

    #[cfg(feature = "rocksdb")]
    #[test]
    fn an_index_of_another_process_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let (_first, mut holder) = keeper(directory.path());
        assert!(holder.entries().is_some());
        let (second, mut other) = keeper(directory.path());
        assert!(other.entries().is_none());
        assert!(matches!(second.status().state, IndexState::Off(_)));
        assert!(holder.entries().is_some());
        assert!(!directory.path().join(ASIDE).exists());
    }
}
