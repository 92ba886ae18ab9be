use std::collections::BTreeMap;

use crate::engine::fixture::{Directory, Log, Sim};
use crate::engine::{Effect, Journal};
use crate::types::{Epoch, SegmentFile, TxId};

/// What the node owes its writers, kept apart from the node.
#[derive(Debug, Default)]
pub(super) struct Oracle {
    acknowledged: BTreeMap<TxId, Acknowledged>,
    finalized: BTreeMap<SegmentFile, Log>,
    promised: Epoch,
    writer: Epoch,
}

#[derive(Clone, Copy, Debug)]
struct Acknowledged {
    segment: TxId,
    epoch: Epoch,
    mark: u8,
}

impl Oracle {
    /// A batch was acknowledged. What a quorum has already may be lost by a crash.
    pub(super) fn acknowledge(&mut self, request: &Journal, committed: Option<TxId>) {
        let (segment, epoch) = (request.segment, request.info.epoch);
        let last = TxId(request.first.0 + i64::from(request.count) - 1);
        for txid in request.first.0..=last.0 {
            let mark = epoch.0 as u8;
            self.acknowledged.insert(TxId(txid), Acknowledged { segment, epoch, mark });
            if committed.is_some_and(|committed| last <= committed) {
                self.acknowledged.remove(&TxId(txid));
            }
        }
    }

    /// An effect became durable: these are the only ones that may take edits away.
    pub(super) fn saw(&mut self, effect: &Effect, before: &Directory, after: &Directory) {
        match effect {
            Effect::WritePaxos(record) => {
                let segment = record.segment;
                let own = before.edits.get(&SegmentFile::in_progress(segment.start));
                // An equal length is replaced too if a later writer may have overtaken it; a
                // crash before the installation leaves the download.
                if after.downloads.contains_key(&(segment.start, record.accepted_in))
                    || own.is_none_or(|own| own.last() != Some(segment.end))
                {
                    self.replaced(segment.start, record.accepted_in);
                }
            }
            Effect::InstallDownload { first, epoch } => self.replaced(*first, *epoch),
            // Whoever starts a later segment has finished this one elsewhere.
            Effect::MoveAsideStale(file) => self.replaced(file.first, before.promised),
            Effect::OpenSegment { first, .. } => {
                self.acknowledged.retain(|txid, owed| *txid > *first || owed.segment != *first);
            }
            Effect::Purge { min_to_keep, .. } => {
                self.acknowledged.retain(|_, owed| owed.segment >= *min_to_keep);
                self.finalized.retain(|file, _| file.last >= Some(*min_to_keep));
            }
            _ => {}
        }
    }

    fn replaced(&mut self, segment: TxId, accepted_in: Epoch) {
        let gone = |owed: &Acknowledged| owed.segment == segment;
        for owed in self.acknowledged.values().filter(|owed| gone(owed)) {
            assert!(accepted_in >= owed.epoch, "{owed:?} replaced by an older recovery");
        }
        self.acknowledged.retain(|_, owed| !gone(owed));
    }

    /// Every property that one look at the node can tell.
    pub(super) fn check(&mut self, sim: &Sim) {
        self.epochs_never_go_down(&sim.directory);
        self.nothing_acknowledged_is_lost(&sim.directory);
        self.finalized_segments_never_change(&sim.directory);
        finalized_ranges_are_disjoint(&sim.directory);
        memory_tells_what_the_disk_holds(sim);
    }

    fn epochs_never_go_down(&mut self, directory: &Directory) {
        assert!(directory.promised >= self.promised, "the promise went down");
        assert!(directory.writer >= self.writer, "the writer epoch went down");
        assert!(directory.writer <= directory.promised, "the writer epoch is above the promise");
        (self.promised, self.writer) = (directory.promised, directory.writer);
    }

    fn nothing_acknowledged_is_lost(&self, directory: &Directory) {
        for (txid, owed) in &self.acknowledged {
            let held = directory.edits.values().any(|log| log.mark_of(*txid) == Some(owed.mark));
            assert!(held, "acknowledged transaction {txid} is lost: {owed:?}");
        }
    }

    fn finalized_segments_never_change(&mut self, directory: &Directory) {
        for (file, log) in &self.finalized {
            assert_eq!(directory.edits.get(file), Some(log), "{file} changed");
        }
        let finalized = directory.edits.iter().filter(|(file, _)| !file.is_in_progress());
        self.finalized = finalized.map(|(file, log)| (*file, log.clone())).collect();
    }
}

fn finalized_ranges_are_disjoint(directory: &Directory) {
    let finalized: Vec<_> =
        directory.edits.keys().filter_map(|file| Some((file.first, file.last?))).collect();
    for pair in finalized.windows(2) {
        assert!(pair[0].1 < pair[1].0, "finalized segments overlap: {pair:?}");
    }
    for (file, log) in &directory.edits {
        assert!(file.last.is_none() || file.last == log.last(), "{file} is misnamed");
    }
}

fn memory_tells_what_the_disk_holds(sim: &Sim) {
    let (state, contents) = (&sim.state, sim.directory.contents());
    assert_eq!(state.info, contents.info);
    assert_eq!(state.last_promised_epoch, contents.last_promised_epoch);
    assert_eq!(state.last_writer_epoch, contents.last_writer_epoch);
    assert_eq!(state.committed_txid, contents.committed_txid);
    assert_eq!(*state.segments, contents.segments);
    for (file, log) in &sim.directory.edits {
        assert!(state.tail(*file).is_none_or(|tail| tail == log.tail()), "{file} ends elsewhere");
    }
    if let Some(open) = &state.open {
        let log = &sim.directory.edits[&SegmentFile::in_progress(open.first)];
        let next = log.last().map_or(open.first, TxId::next);
        assert_eq!(open.next_txid(), next, "next txid is not last + 1");
    }
}
