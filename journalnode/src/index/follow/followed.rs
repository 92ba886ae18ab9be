use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant, SystemTime};

use tracing::{debug, info};

use super::fault::Fault;
use super::seeds::seeds;
use super::walk::Walk;
use crate::editlog::Checkpoint;
use crate::index::HistoryEvent;
use crate::index::entries::{Entries, KnownJournal};
use crate::index::shared::Shared;
use crate::index::store::StoreError;
use crate::journal::{Glance, Journal};
use crate::scrub::{Pace, PacedFile, SegmentRecord};
use crate::types::{SegmentFile, TxId};

/// How long a finished segment that cannot be read is left alone. The scrub tells of it.
const RETRY: Duration = Duration::from_secs(600);

/// What the index has to work with.
#[derive(Clone, Copy)]
pub(super) struct Tools<'a> {
    pub(super) shared: &'a Shared,
    pub(super) entries: &'a Entries,
    pub(super) pace: &'a Pace,
}

/// One journal, and what the index has of it.
#[derive(Debug)]
pub(super) struct Followed {
    glance: Option<Glance>,
    indexed: BTreeSet<SegmentFile>,
    checkpoints: BTreeMap<TxId, Checkpoint>,
    newest: Option<SegmentFile>,
    /// Finished segments to be read, the next one last.
    missing: Vec<SegmentFile>,
    later: BTreeMap<SegmentFile, Instant>,
    /// How many segments there were when its history began with this index.
    seeded: Option<usize>,
}

impl Followed {
    /// Takes up a formatted journal where the index left it.
    pub(super) fn begin(
        tools: Tools<'_>,
        journal: &Journal,
        namespace: &KnownJournal,
        waiting: &[HistoryEvent],
    ) -> Result<Self, StoreError> {
        let (entries, id) = (tools.entries, journal.id());
        let known = entries.known(id)?;
        let mut seeded = None;
        if known.as_ref() != Some(namespace) {
            entries.forget_files(id)?;
            entries.write_known(id, namespace)?;
        }
        if known.is_none() {
            let segments = journal.finished_segments();
            entries.append_events(id, &seeds(journal, &segments, waiting))?;
            seeded = Some(segments.len()).filter(|count| *count > 0);
        }
        let checkpoints = entries.checkpoints(id)?;
        tools.shared.set_checkpoints(id, checkpoints.clone());
        Ok(Self {
            glance: None,
            indexed: entries.finished(id)?,
            checkpoints,
            newest: None,
            missing: Vec::new(),
            later: BTreeMap::new(),
            seeded,
        })
    }

    /// How many finished segments the index has.
    pub(super) fn indexed(&self) -> usize {
        self.indexed.len()
    }

    /// How many finished segments it has to read.
    pub(super) fn missing(&self) -> usize {
        self.missing.len()
    }

    /// From how many segments its history was begun, told once.
    pub(super) fn take_seeded(&mut self) -> Option<usize> {
        self.seeded.take()
    }

    pub(super) fn is_new(&self) -> bool {
        self.seeded.is_some()
    }

    /// Drops what is gone, lists what is missing, and reads on in what is being written.
    pub(super) fn look(&mut self, tools: Tools<'_>, journal: &Journal) -> Result<(), Fault> {
        let glance = journal.glance();
        if self.glance == Some(glance) {
            return Ok(());
        }
        let relisted = self.glance.is_none_or(|before| before.files != glance.files);
        let unfinished =
            if relisted { self.relist(tools, journal)? } else { glance.open.into_iter().collect() };
        for first in unfinished {
            match self.read_unfinished(tools, journal, first, glance.highest_written) {
                // It was finished in between, or the scrub will tell.
                Err(Fault::File(why)) => debug!(journal = %journal.id(), "not indexed: {why}"),
                read => read?,
            }
        }
        self.glance = Some(glance);
        Ok(())
    }

    /// Returns the segments in progress.
    fn relist(&mut self, tools: Tools<'_>, journal: &Journal) -> Result<Vec<TxId>, StoreError> {
        let (id, segments) = (journal.id(), journal.segments());
        let unfinished = segments.iter().filter(|file| file.is_in_progress());
        let unfinished: Vec<TxId> = unfinished.map(|file| file.first).collect();
        let finished = segments.into_iter().filter(|file| !file.is_in_progress());
        let finished: BTreeSet<SegmentFile> = finished.collect();
        let gone: Vec<_> = self.indexed.difference(&finished).copied().collect();
        if !gone.is_empty() {
            tools.entries.forget_finished(id, &gone)?;
            self.indexed.retain(|file| finished.contains(file));
        }
        let ended = self.checkpoints.keys().filter(|first| !unfinished.contains(first));
        for first in ended.copied().collect::<Vec<_>>() {
            let begins = |file: &SegmentFile| file.first == first;
            let is_finished = finished.range(SegmentFile::in_progress(first)..).next();
            tools.entries.forget_unfinished(id, first, is_finished.is_some_and(begins))?;
            self.checkpoints.remove(&first);
            tools.shared.forget_checkpoint(id, first);
        }
        let now = Instant::now();
        self.later.retain(|file, until| finished.contains(file) && *until > now);
        let missing = finished.difference(&self.indexed);
        self.missing = missing.filter(|file| !self.later.contains_key(file)).copied().collect();
        self.newest = finished.last().copied();
        Ok(unfinished)
    }

    fn read_unfinished(
        &mut self,
        tools: Tools<'_>,
        journal: &Journal,
        first: TxId,
        through: TxId,
    ) -> Result<(), Fault> {
        let (id, entries) = (journal.id(), tools.entries);
        let opened = journal.files().open_segment(SegmentFile::in_progress(first))?;
        let file = PacedFile::cached(opened.file.as_ref(), tools.pace);
        let Some(mut walk) = Walk::begin(&file, first)? else { return Ok(()) };
        if let Some(checkpoint) = self.checkpoints.get(&first).copied() {
            let kept = entries.position_in(id, first, checkpoint.last)?;
            if !walk.resume(checkpoint, kept)? {
                info!(journal = %id, segment = first.0, "the segment in progress is another one \
                    than before; it is read from its begin");
                self.checkpoints.remove(&first);
                tools.shared.forget_checkpoint(id, first);
                entries.forget_unfinished(id, first, false)?;
            }
        }
        walk.read(through, |positions, at| {
            entries.write_positions(id, positions, Some((first, at)))?;
            self.checkpoints.insert(first, at);
            tools.shared.set_checkpoint(id, first, at);
            Ok(())
        })
    }

    /// Reads one finished segment, the newest that is missing.
    pub(super) fn index_next(&mut self, tools: Tools<'_>, journal: &Journal) -> Result<(), Fault> {
        let Some(file) = self.missing.last().copied() else { return Ok(()) };
        let done = match self.read_finished(tools, journal, file) {
            Err(Fault::File(why)) => {
                debug!(journal = %journal.id(), "{file} is not indexed: {why}");
                false
            }
            done => done?,
        };
        self.missing.pop();
        if done {
            self.indexed.insert(file);
        } else {
            self.later.insert(file, Instant::now() + RETRY);
        }
        Ok(())
    }

    /// False if it is not what its name says.
    fn read_finished(
        &self,
        tools: Tools<'_>,
        journal: &Journal,
        segment: SegmentFile,
    ) -> Result<bool, Fault> {
        let (id, entries) = (journal.id(), tools.entries);
        let last = segment.last.unwrap_or(segment.first);
        let opened = journal.files().open_segment(segment)?;
        // The newest one is what standbys are about to read.
        let file = if Some(segment) == self.newest {
            PacedFile::cached(opened.file.as_ref(), tools.pace)
        } else {
            PacedFile::new(opened.file.as_ref(), tools.pace)
        };
        let Some(mut walk) = Walk::begin(&file, segment.first)? else { return Ok(false) };
        walk.read(last, |positions, _| entries.write_positions(id, positions, None))?;
        let Some((finished, digest)) = walk.finish(last)? else { return Ok(false) };
        let len_bytes = finished.len_bytes;
        // The scrub has not seen it yet: it may have come from the page cache.
        let checked_at = SystemTime::UNIX_EPOCH;
        let record = SegmentRecord { first: segment.first, last, len_bytes, digest, checked_at };
        entries.write_finished(id, finished, &record)?;
        Ok(true)
    }
}
