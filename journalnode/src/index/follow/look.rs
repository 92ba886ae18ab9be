use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant, SystemTime};

use tracing::warn;

use super::fault::Fault;
use super::followed::{Followed, Tools};
use super::rebuild::Rebuild;
use super::seeds::event;
use crate::index::entries::{Entries, KnownJournal};
use crate::index::keeper::Keeper;
use crate::index::shared::Shared;
use crate::index::store::StoreError;
use crate::index::{HistoryEvent, HistoryKind, IndexState};
use crate::journal::Journal;
use crate::node::JournalNode;
use crate::scrub::Pace;
use crate::types::JournalId;

/// How long finished segments are read before everything else is looked at again.
const TURN: Duration = Duration::from_secs(1);

/// Looks at all journals, again and again. Blocking.
#[derive(Debug)]
pub(super) struct Look {
    node: Arc<JournalNode>,
    shared: Arc<Shared>,
    pace: Arc<Pace>,
    keeper: Keeper,
    generation: u64,
    followed: BTreeMap<JournalId, Followed>,
    rebuild: Option<Rebuild>,
}

impl Look {
    pub(super) fn new(
        node: Arc<JournalNode>,
        shared: Arc<Shared>,
        pace: Arc<Pace>,
        directory: &Path,
    ) -> Self {
        let keeper = Keeper::new(Arc::clone(&shared), directory);
        let (followed, rebuild) = (BTreeMap::new(), None);
        Self { node, shared, pace, keeper, generation: 0, followed, rebuild }
    }

    /// Looks once. Whether there is more to do at once.
    pub(super) fn look(&mut self) -> bool {
        let Some(entries) = self.keeper.entries() else { return false };
        let looked = self.follow(&entries);
        drop(entries);
        match looked {
            Ok(more) => more,
            Err(Fault::Store(error)) => {
                self.keeper.failed(&error);
                false
            }
            Err(Fault::File(_) | Fault::Stopped) => false,
        }
    }

    /// Writes what waits, and gives the store back.
    pub(super) fn close(self) {
        if let Some(entries) = self.shared.entries()
            && let Err(error) = self.write(&entries, &self.shared.take_queued())
        {
            warn!("the last events of the history were not written: {error}");
        }
        self.keeper.close();
    }

    fn follow(&mut self, entries: &Entries) -> Result<bool, Fault> {
        let generation = self.shared.generation.load(Relaxed);
        if std::mem::replace(&mut self.generation, generation) != generation {
            self.followed.clear();
        }
        let journals = self.node.loaded();
        self.followed.retain(|id, _| journals.iter().any(|journal| journal.id() == id));
        self.look_at_all(entries, &journals)?;
        self.index_finished(entries, &journals)?;
        self.publish(entries, &journals)?;
        Ok(self.missing() > 0)
    }

    /// Takes up the journals that are new here before their events are written: a history
    /// begins with what was before them.
    fn look_at_all(&mut self, entries: &Entries, journals: &[Arc<Journal>]) -> Result<(), Fault> {
        let waiting = self.shared.take_queued();
        let taken_up =
            journals.iter().try_for_each(|journal| self.take_up(entries, journal, &waiting));
        let written = taken_up.and_then(|()| self.write(entries, &waiting));
        if let Err(error) = written {
            self.shared.counters.events_dropped.fetch_add(waiting.len() as u64, Relaxed);
            return Err(error.into());
        }
        let tools = Tools { shared: &self.shared, entries, pace: &self.pace };
        for journal in journals {
            if let Some(followed) = self.followed.get_mut(journal.id()) {
                followed.look(tools, journal)?;
            }
        }
        Ok(())
    }

    fn take_up(
        &mut self,
        entries: &Entries,
        journal: &Journal,
        waiting: &[HistoryEvent],
    ) -> Result<(), StoreError> {
        let formatted = |event: &HistoryEvent| {
            event.journal == *journal.id() && matches!(event.what, HistoryKind::Formatted { .. })
        };
        if waiting.iter().any(formatted) {
            // Files of the same names may be others now.
            self.followed.remove(journal.id());
            entries.forget_files_if_known(journal.id())?;
        }
        let Some(namespace) = journal.namespace() else { return Ok(()) };
        if !self.followed.contains_key(journal.id()) {
            let tools = Tools { shared: &self.shared, entries, pace: &self.pace };
            let namespace = KnownJournal::of(&namespace);
            let followed = Followed::begin(tools, journal, &namespace, waiting)?;
            self.followed.insert(journal.id().clone(), followed);
        }
        Ok(())
    }

    fn write(&self, entries: &Entries, waiting: &[HistoryEvent]) -> Result<(), StoreError> {
        let mut by_journal = BTreeMap::<&JournalId, Vec<HistoryEvent>>::new();
        for event in waiting {
            by_journal.entry(&event.journal).or_default().push(event.clone());
        }
        by_journal.iter().try_for_each(|(id, events)| entries.append_events(id, events))
    }

    fn index_finished(
        &mut self,
        entries: &Entries,
        journals: &[Arc<Journal>],
    ) -> Result<(), Fault> {
        let deadline = Instant::now() + TURN;
        let is_new = self.followed.values().any(Followed::is_new);
        let mut missing = self.missing();
        if self.rebuild.is_none() && Rebuild::is_worth(missing, is_new) {
            self.rebuild = Some(Rebuild::begin(missing));
        }
        while missing > 0 && Instant::now() < deadline {
            let next = journals.iter().find(|journal| {
                self.followed.get(journal.id()).is_some_and(|followed| followed.missing() > 0)
            });
            let Some(journal) = next else { break };
            self.tell(missing);
            let tools = Tools { shared: &self.shared, entries, pace: &self.pace };
            if let Some(followed) = self.followed.get_mut(journal.id()) {
                followed.index_next(tools, journal)?;
            }
            if let Some(rebuild) = &mut self.rebuild {
                rebuild.read_one();
            }
            missing = self.missing();
        }
        Ok(())
    }

    fn publish(&mut self, entries: &Entries, journals: &[Arc<Journal>]) -> Result<(), Fault> {
        let indexed = self.followed.values().map(|followed| followed.indexed() as u64).sum();
        self.shared.counters.segments.store(indexed, Relaxed);
        let missing = self.missing();
        if missing == 0 {
            if let Some(rebuild) = self.rebuild.take() {
                rebuild.end();
            }
            for journal in journals {
                let followed = self.followed.get_mut(journal.id());
                let Some(segments) = followed.and_then(Followed::take_seeded) else { continue };
                let what = HistoryKind::IndexRebuilt { segments: segments as u64 };
                let built = event(journal, SystemTime::now(), what);
                entries.append_events(journal.id(), &[built])?;
            }
        }
        self.tell(missing);
        Ok(())
    }

    fn tell(&mut self, missing: u64) {
        let rebuilding = self.rebuild.as_mut().map(|rebuild| rebuild.state(missing));
        self.shared.set_state(rebuilding.unwrap_or(IndexState::Ready));
    }

    fn missing(&self) -> u64 {
        self.followed.values().map(|followed| followed.missing() as u64).sum()
    }
}
