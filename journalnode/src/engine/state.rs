use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Contents, Effect, Outcome, SegmentDamage, SegmentFault, SegmentFiles, Tail};
use crate::engine::cache::EditsCache;
use crate::types::{Epoch, LayoutVersion, SegmentFile, StorageInfo, TxId};

/// All that a journal is, as far as it is durable. Changes only by [`State::commit`], after the
/// disk changed, so whoever reads it sees nothing that a crash could take back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// The journal's directory, for messages.
    pub directory: PathBuf,
    /// What must stay free for a new segment to start, in bytes.
    pub reserve_bytes: u64,
    /// The namespace; `None` if the journal is not formatted.
    pub info: Option<StorageInfo>,
    /// No request of a lower epoch is served, ever again.
    pub last_promised_epoch: Epoch,
    /// The epoch that last started a segment. Never above the promise.
    pub last_writer_epoch: Epoch,
    /// A lower bound of what a quorum acknowledged.
    pub committed_txid: Option<TxId>,
    /// Serial number of the writer's latest request, [`State::NO_SERIAL`] before the first.
    pub ipc_serial: i64,
    /// The segment being written.
    pub open: Option<OpenSegment>,
    /// First transaction of the segment that this process opened last.
    pub last_opened: Option<TxId>,
    /// The last transaction that readers may see. 0 in an empty journal.
    pub highest_written: TxId,
    /// The edits files of `current/`.
    pub segments: SegmentFiles,
    /// The newest batches; `None` unless `dfs.ha.tail-edits.in-progress` is on.
    pub cache: Option<EditsCache>,
    /// Segments that were closed because the disk failed, with what it reported.
    pub failed_segments: BTreeMap<TxId, String>,
    /// Finished segments that are not what they were. Not on disk: the next check finds out
    /// again.
    pub damaged_segments: BTreeMap<SegmentFile, SegmentDamage>,
    /// Set when a sync failed and the damage could not be confined to one segment: the journal
    /// serves no more changes until the process restarts.
    pub out_of_service: Option<String>,
    tails: BTreeMap<SegmentFile, Tail>,
}

/// The segment being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpenSegment {
    /// Its first transaction.
    pub first: TxId,
    /// From its header.
    pub layout_version: LayoutVersion,
    /// The last transaction written.
    pub last: Option<TxId>,
    /// The last transaction synced. Behind `last` only for what a quorum has already.
    pub last_synced: Option<TxId>,
}

impl OpenSegment {
    /// The transaction that must come next.
    pub fn next_txid(&self) -> TxId {
        self.last.map_or(self.first, TxId::next)
    }

    /// The last transaction written, or the one before the segment.
    pub fn written_up_to(&self) -> TxId {
        self.next_txid().previous()
    }
}

impl State {
    /// Lower than every serial number of a request.
    pub const NO_SERIAL: i64 = -1;

    /// The state of a journal whose directory was just read.
    pub fn new(
        directory: PathBuf,
        contents: Contents,
        reserve_bytes: u64,
        cache: Option<EditsCache>,
    ) -> Self {
        Self {
            directory,
            reserve_bytes,
            info: contents.info,
            last_promised_epoch: contents.last_promised_epoch,
            last_writer_epoch: contents.last_writer_epoch,
            committed_txid: contents.committed_txid,
            ipc_serial: Self::NO_SERIAL,
            open: None,
            last_opened: None,
            highest_written: TxId(0),
            segments: contents.segments.into(),
            cache,
            failed_segments: BTreeMap::new(),
            damaged_segments: BTreeMap::new(),
            out_of_service: None,
            tails: BTreeMap::new(),
        }
    }

    /// How a segment ends, if that is known without reading it.
    pub fn tail(&self, file: SegmentFile) -> Option<Tail> {
        match &self.open {
            Some(open) if file == SegmentFile::in_progress(open.first) => {
                Some(Tail { header: Some(open.layout_version), last: open.last })
            }
            _ => self.tails.get(&file).copied(),
        }
    }

    /// Remembers what a scan found, so that no file is read twice. Only the journal's owner
    /// may call it: nobody else knows that the file has not changed since.
    pub fn remember_tail(&mut self, file: SegmentFile, tail: Tail) {
        if self.segments.contains(&file) {
            self.tails.insert(file, tail);
        }
    }

    /// Why a segment is not served, if it is not.
    pub fn withheld(&self, file: SegmentFile) -> Option<&SegmentDamage> {
        self.damaged_segments.get(&file).filter(|damage| damage.withheld)
    }

    /// The last transaction that this node knows to be committed and may serve. What is finished
    /// is committed: it was acknowledged by a quorum before, or a recovery decided it. Of the
    /// open segment it is what the writer told.
    pub fn committed_and_served(&self) -> Option<TxId> {
        let finished = self.segments.iter().rev().find_map(|file| file.last);
        let open = self.open.and_then(|open| open.last.min(self.committed_txid));
        finished.max(open)
    }

    /// How many transactions this node is behind what it knows to be committed.
    pub fn lag_txns(&self) -> i64 {
        let committed = TxId::to_java(self.committed_txid);
        if committed == 0 { 0 } else { committed.saturating_sub(self.highest_written.0).max(0) }
    }

    /// Takes over an effect that became durable.
    ///
    /// # Panics
    /// If the effect breaks an invariant of the acceptor: that is a bug, and going on could
    /// lose an acknowledged edit.
    pub fn commit(&mut self, effect: &Effect, outcome: Outcome) {
        match effect {
            Effect::NoteIpcSerial(serial) => self.ipc_serial = *serial,
            Effect::NoteHighestWritten(txid) => self.highest_written = *txid,
            Effect::PromiseEpoch(epoch) => self.promise(*epoch),
            Effect::SetWriterEpoch(epoch) => {
                assert!(*epoch <= self.last_promised_epoch, "writer epoch above the promise");
                self.last_writer_epoch = *epoch;
            }
            Effect::SetCommittedTxId(txid) => self.committed_txid = Some(*txid),
            Effect::OpenSegment { first, layout_version } => {
                self.open_segment(*first, *layout_version);
            }
            Effect::Append { first, last, records, sync } => {
                self.append(*first, *last, *sync);
                if let (Some(cache), Some(open)) = (&mut self.cache, &self.open) {
                    cache.store(records.clone(), *first, *last, open.layout_version);
                }
            }
            Effect::AbortSegment | Effect::CloseSegment => self.close_segment(),
            Effect::FinalizeSegment { first, last } => self.finalize_segment(*first, *last),
            Effect::MoveAsideEmpty(file) | Effect::MoveAsideStale(file) => self.forget(*file),
            Effect::InstallDownload { first, .. } => {
                self.forget(SegmentFile::in_progress(*first));
                self.segments.insert(SegmentFile::in_progress(*first));
                self.failed_segments.remove(first);
                self.forget_cached(*first);
            }
            Effect::InstallSynced { first, last } => {
                assert!(
                    self.segments.overlapping(*first, *last).is_none(),
                    "finalized segments overlap"
                );
                self.segments.insert(SegmentFile::finalized(*first, *last));
            }
            Effect::NoteDamaged { file, damage } => {
                self.damaged_segments.insert(*file, damage.clone());
            }
            Effect::NoteSound(file) => drop(self.damaged_segments.remove(file)),
            Effect::ReplaceDamaged { first, last, .. } => {
                let file = SegmentFile::finalized(*first, *last);
                let known = self.damaged_segments.remove(&file).is_some();
                assert!(known, "a segment was replaced that is not damaged");
                self.forget_tail(file);
            }
            Effect::DeletePaxos(_) | Effect::WritePaxos(_) | Effect::FinalizeUpgrade => {}
            Effect::Purge { .. } | Effect::PreUpgrade => {
                if let Outcome::Reloaded(contents) = outcome {
                    self.relist(contents.segments.into());
                }
            }
            Effect::Discard { from } => {
                if let Outcome::Reloaded(contents) = outcome {
                    self.relist(contents.segments.into());
                }
                self.cut_before(*from);
            }
            Effect::Format { .. } | Effect::Rejoin(_) => {
                if let Outcome::Reloaded(contents) = outcome {
                    self.reset(contents);
                }
            }
            Effect::Upgrade(_) => {
                if let Outcome::Reloaded(contents) = outcome {
                    self.exchange(contents);
                }
            }
            Effect::Rollback => {
                if let Outcome::Reloaded(contents) = outcome {
                    self.exchange(contents);
                    self.rewind();
                }
            }
        }
    }

    /// Takes over that the open segment could not be written. What was not synced is gone
    /// from it: a quorum has that, and recovery brings it back.
    pub fn segment_failed(&mut self, reason: &str, fault: SegmentFault) {
        if let Some(open) = &mut self.open {
            open.last = open.last_synced;
            self.highest_written = self.highest_written.min(open.written_up_to());
            if !fault.still_open {
                self.failed_segments.insert(open.first, reason.to_owned());
                self.close_segment();
            }
        }
        if !fault.tail_restored {
            self.out_of_service.get_or_insert_with(|| reason.to_owned());
        }
    }

    /// Replaces the list of edits files; what was known of files that are gone is forgotten,
    /// and of files in progress: a segment that failed to start has truncated its file.
    pub fn relist(&mut self, segments: SegmentFiles) {
        self.segments.replace(segments);
        let Self { tails, segments, failed_segments, damaged_segments, .. } = self;
        damaged_segments.retain(|file, _| segments.contains(file));
        tails.retain(|file, _| !file.is_in_progress() && segments.contains(file));
        failed_segments.retain(|first, _| segments.contains(&SegmentFile::in_progress(*first)));
    }

    fn promise(&mut self, epoch: Epoch) {
        assert!(epoch >= self.last_promised_epoch, "a promise went down");
        if epoch > self.last_promised_epoch {
            self.ipc_serial = Self::NO_SERIAL;
        }
        self.last_promised_epoch = epoch;
    }

    fn open_segment(&mut self, first: TxId, layout_version: LayoutVersion) {
        assert!(self.open.is_none(), "two segments open");
        self.forget(SegmentFile::in_progress(first));
        self.segments.insert(SegmentFile::in_progress(first));
        self.failed_segments.remove(&first);
        self.cut_before(first);
        self.last_opened = Some(first);
        self.open = Some(OpenSegment { first, layout_version, last: None, last_synced: None });
    }

    fn append(&mut self, first: TxId, last: TxId, sync: bool) {
        let Some(open) = &mut self.open else { unreachable!("append without a segment") };
        assert!(first == open.next_txid() && last >= first, "a gap in the log");
        open.last = Some(last);
        if sync {
            open.last_synced = Some(last);
        }
        self.highest_written = last;
    }

    fn close_segment(&mut self) {
        if let Some(open) = self.open.take() {
            let tail = Tail { header: Some(open.layout_version), last: open.last };
            self.remember_tail(SegmentFile::in_progress(open.first), tail);
        }
    }

    fn finalize_segment(&mut self, first: TxId, last: TxId) {
        let tail = self.tails.get(&SegmentFile::in_progress(first)).copied();
        self.forget(SegmentFile::in_progress(first));
        self.failed_segments.remove(&first);
        let file = SegmentFile::finalized(first, last);
        assert!(self.segments.overlapping(first, last).is_none(), "finalized segments overlap");
        self.segments.insert(file);
        if let Some(tail) = tail {
            self.tails.insert(file, tail);
        }
    }

    fn forget(&mut self, file: SegmentFile) {
        self.segments.remove(&file);
        self.damaged_segments.remove(&file);
        self.forget_tail(file);
    }

    pub(super) fn forget_tail(&mut self, file: SegmentFile) {
        self.tails.remove(&file);
    }

    /// What the log held from here on is gone; readers must not get it any more.
    fn cut_before(&mut self, txid: TxId) {
        self.highest_written = self.highest_written.min(txid.previous());
        self.forget_cached(txid);
    }

    fn forget_cached(&mut self, from: TxId) {
        if let Some(cache) = &mut self.cache {
            cache.forget_from(from);
        }
    }

    /// After a rollback readers may have what is finalized; more shows with the next recovery.
    fn rewind(&mut self) {
        self.highest_written =
            self.segments.iter().filter_map(|file| file.last).max().unwrap_or(TxId(0));
        self.cache = self.cache.as_ref().map(EditsCache::emptied);
    }

    /// After `format`: nothing of before is true any more.
    fn reset(&mut self, contents: Contents) {
        let cache = self.cache.as_ref().map(EditsCache::emptied);
        let directory = self.directory.clone();
        self.replace_with(Self::new(directory, contents, self.reserve_bytes, cache));
    }

    /// Becomes another state, whose segments count as a change of these.
    pub fn replace_with(&mut self, fresh: Self) {
        let mut segments = std::mem::take(&mut self.segments);
        segments.replace(fresh.segments);
        *self = Self { segments, ..fresh };
    }

    /// After an upgrade or a rollback: other files, but the promises given meanwhile hold.
    fn exchange(&mut self, contents: Contents) {
        self.info = contents.info;
        self.last_promised_epoch = self.last_promised_epoch.max(contents.last_promised_epoch);
        self.last_writer_epoch = self.last_writer_epoch.max(contents.last_writer_epoch);
        self.committed_txid = contents.committed_txid;
        self.tails.clear();
        self.damaged_segments.clear();
        self.relist(contents.segments.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, cut_back, file, namespace, records, storage, tail};

    fn commit(state: &mut State, effect: &Effect) {
        state.commit(effect, Outcome::Done);
    }

    fn append(first: i64, last: i64, sync: bool) -> Effect {
        let records = records(first..=last, 1);
        Effect::Append { first: TxId(first), last: TxId(last), records, sync }
    }

    #[test]
    #[should_panic(expected = "a promise went down")]
    fn a_promise_never_goes_down() {
        commit(&mut Given::formatted().promised(3).state(), &Effect::PromiseEpoch(Epoch(2)));
    }

    #[test]
    fn jn_047_only_a_higher_promise_forgets_the_serial() {
        for (epoch, serial) in [(3, 9), (4, State::NO_SERIAL)] {
            let mut state = Given::formatted().promised(3).serial(9).state();
            commit(&mut state, &Effect::PromiseEpoch(Epoch(epoch)));
            assert_eq!(state, Given::formatted().promised(epoch).serial(serial).state());
        }
    }

    #[test]
    #[should_panic(expected = "writer epoch above the promise")]
    fn the_writer_epoch_never_passes_the_promise() {
        commit(&mut Given::formatted().promised(3).state(), &Effect::SetWriterEpoch(Epoch(4)));
    }

    #[test]
    #[should_panic(expected = "a gap in the log")]
    fn the_next_txid_is_the_last_plus_one() {
        commit(&mut Given::written_by(1).open(1, 5).state(), &append(7, 7, true));
    }

    #[test]
    #[should_panic(expected = "finalized segments overlap")]
    fn finalized_ranges_are_disjoint() {
        let mut state = Given::written_by(1).files([file(5, 9), file(1, None)]).state();
        commit(&mut state, &Effect::FinalizeSegment { first: TxId(1), last: TxId(5) });
    }

    #[test]
    #[should_panic(expected = "two segments open")]
    fn one_segment_is_open() {
        let (first, layout_version) = (TxId(6), LayoutVersion::CURRENT);
        let mut state = Given::written_by(1).open(1, 5).state();
        commit(&mut state, &Effect::OpenSegment { first, layout_version });
    }

    #[test]
    fn jn_074_a_later_sync_covers_what_was_not_waited_for() {
        let mut state = Given::written_by(1).open(1, None).state();
        let synced = |state: &State| state.open.unwrap().last_synced;
        commit(&mut state, &append(1, 2, false));
        assert_eq!((synced(&state), state.highest_written), (None, TxId(2)));
        commit(&mut state, &append(3, 4, true));
        assert_eq!((synced(&state), state.highest_written), (Some(TxId(4)), TxId(4)));
    }

    #[test]
    fn a_failed_segment_ends_where_it_was_synced_and_is_not_the_end_of_the_journal() {
        let mut state = Given::written_by(1).open(1, 5).state();
        commit(&mut state, &append(6, 7, false));
        state.segment_failed("EIO", cut_back());
        let expected = Given::written_by(1).open(1, 5).with(|state| {
            state.open = None;
            state.failed_segments.insert(TxId(1), "EIO".into());
            state.remember_tail(file(1, None), tail(5));
        });
        assert_eq!(state, expected.state());
        commit(
            &mut state,
            &Effect::OpenSegment { first: TxId(6), layout_version: LayoutVersion::CURRENT },
        );
        assert_eq!(state.failed_segments.len(), 1, "the old file is still not to be written");
    }

    #[test]
    fn jn_075_a_batch_that_never_reached_the_file_may_come_again() {
        let mut state = Given::written_by(1).open(1, 5).state();
        commit(&mut state, &append(6, 7, false));
        let fault = SegmentFault { tail_restored: true, still_open: true };
        state.segment_failed("ENOSPC", fault);
        assert_eq!(state, Given::written_by(1).open(1, 5).state());
    }

    #[test]
    fn a_tail_that_was_not_restored_takes_the_journal_out_of_service_for_good() {
        let mut state = Given::written_by(1).open(1, 5).state();
        let lost = SegmentFault { tail_restored: false, still_open: false };
        state.segment_failed("EIO", lost);
        state.segment_failed("later", lost);
        assert_eq!(state.out_of_service.as_deref(), Some("EIO"));
        assert_eq!(state.open, None);
    }

    #[test]
    fn after_a_failure_no_file_in_progress_is_believed_to_be_what_it_was() {
        let (one, open) = (file(1, 4), file(5, None));
        let given = || Given::written_by(1).known(one, tail(4));
        let mut state = given().known(open, tail(5)).state();
        state.relist([one, open].into());
        assert_eq!(state, given().files([open]).state());
    }

    #[test]
    fn nothing_is_remembered_of_files_that_are_gone() {
        let mut state = Given::written_by(1).known(file(1, None), tail(5)).state();
        state.failed_segments.insert(TxId(1), "EIO".into());
        let contents = Contents { segments: [file(6, None)].into(), ..Contents::default() };
        let purge = Effect::Purge { min_to_keep: TxId(6), last_opened: None };
        state.commit(&purge, Outcome::Reloaded(contents));
        assert_eq!(state, Given::written_by(1).files([file(6, None)]).state());
        state.remember_tail(file(1, None), tail(5));
        assert_eq!(state.tail(file(1, None)), None);
    }

    #[test]
    fn an_installed_download_is_scanned_before_it_is_believed() {
        let mut state = Given::written_by(1).known(file(1, None), tail(5)).cached(1, 5).state();
        commit(&mut state, &Effect::InstallDownload { first: TxId(1), epoch: Epoch(1) });
        assert_eq!(state.tail(file(1, None)), None);
        let cache = state.cache.unwrap();
        assert_eq!(cache.size_bytes(), 0, "the cache may hold another writer's edits");
    }

    #[test]
    fn jn_055_formatting_forgets_everything() {
        let given = Given::written_by(3).serial(9).committed(5).open(1, 5).cached(1, 5);
        let mut state = given.state();
        let contents = Contents { info: Some(namespace()), ..Contents::default() };
        let format = Effect::Format { info: namespace(), force: true };
        state.commit(&format, Outcome::Reloaded(contents));
        let emptied = Given::formatted().cached(1, 5).with(|state| {
            state.cache = state.cache.as_ref().map(EditsCache::emptied);
        });
        assert_eq!(state, emptied.state());
    }

    #[test]
    fn jn_106_an_upgrade_keeps_log_and_epochs() {
        let given = || Given::written_by(2).promised(3).committed(9).files([file(1, 9)]).highest(9);
        let mut state = given().state();
        let contents = Contents {
            info: Some(storage(-68, 77)),
            last_promised_epoch: Epoch(1),
            committed_txid: Some(TxId(9)),
            segments: [file(1, 9)].into(),
            ..Contents::default()
        };
        state.commit(&Effect::Upgrade(storage(-68, 77)), Outcome::Reloaded(contents));
        let upgraded = given().with(|state| state.info = Some(storage(-68, 77)));
        assert_eq!(state, upgraded.state());
    }

    #[test]
    fn lag_counts_what_is_committed_and_not_here() {
        for (committed, highest, lag) in [(9, 4, 5), (4, 9, 0), (0, 0, 0)] {
            let state = Given::written_by(1).committed(committed).highest(highest).state();
            assert_eq!(state.lag_txns(), lag);
        }
        assert_eq!(Given::formatted().state().lag_txns(), 0);
    }
}
