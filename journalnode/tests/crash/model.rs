use std::collections::{BTreeMap, BTreeSet};

use journalnode::engine::Effect;
use journalnode::storage::Contents;
use journalnode::types::{Epoch, PaxosRecord, StorageInfo, TxId};

use crate::script::Step;

/// What must be on the disk, going by the acknowledged steps alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) info: Option<StorageInfo>,
    pub(crate) promised: Epoch,
    pub(crate) writer: Epoch,
    /// By first transaction of a segment, the last one that must be found in it.
    pub(crate) durable: BTreeMap<TxId, TxId>,
    /// By first transaction, the last one that was written, synced or not.
    written: BTreeMap<TxId, TxId>,
    open: Option<TxId>,
    pub(crate) finalized: BTreeSet<(TxId, TxId)>,
    pub(crate) paxos: BTreeMap<TxId, PaxosRecord>,
    before_upgrade: Option<StorageInfo>,
    pub(crate) is_upgrading: bool,
}

impl Model {
    pub(crate) fn acknowledge(&mut self, step: &Step) {
        match step {
            Step::Apply(effect) => self.apply(effect),
            Step::Download { .. } | Step::Synced { .. } | Step::Copy { .. } => {}
        }
    }

    fn apply(&mut self, effect: &Effect) {
        match effect {
            Effect::PromiseEpoch(epoch) => self.promised = *epoch,
            Effect::SetWriterEpoch(epoch) => self.writer = *epoch,
            Effect::OpenSegment { first, .. } => {
                self.open = Some(*first);
                self.durable.remove(first);
                self.written.remove(first);
            }
            Effect::Append { last, sync, .. } => {
                let segment = self.open.expect("a segment is open");
                self.written.insert(segment, *last);
                if *sync {
                    self.durable.insert(segment, *last);
                }
            }
            Effect::AbortSegment | Effect::CloseSegment => {
                self.durable.append(&mut self.written.clone());
                self.open = None;
            }
            Effect::FinalizeSegment { first, last } => {
                self.finalized.insert((*first, *last));
            }
            Effect::DeletePaxos(first) => {
                self.paxos.remove(first);
            }
            Effect::WritePaxos(record) => {
                self.paxos.insert(record.segment.start, *record);
                // The download that the record commits to takes the segment's place.
                self.durable.insert(record.segment.start, record.segment.end);
                self.written.insert(record.segment.start, record.segment.end);
            }
            Effect::Purge { min_to_keep, .. } => {
                self.forget(|first, last| last >= min_to_keep || first >= min_to_keep)
            }
            Effect::Discard { from } => self.forget(|first, _| first < from),
            Effect::Format { info, .. } => {
                *self = Self { info: Some(info.clone()), ..Self::default() }
            }
            Effect::InstallSynced { first, last } => {
                self.finalized.insert((*first, *last));
                self.durable.insert(*first, *last);
                self.written.insert(*first, *last);
            }
            Effect::Rejoin(rejoin) => {
                *self = Self {
                    info: Some(rejoin.namespace.clone()),
                    promised: rejoin.promised,
                    ..Self::default()
                };
                let files = rejoin.segments.iter();
                self.finalized = files.filter_map(|file| Some((file.first, file.last?))).collect();
                self.durable = self.finalized.iter().copied().collect();
            }
            Effect::PreUpgrade => {
                self.before_upgrade = self.info.clone();
                self.is_upgrading = true;
            }
            Effect::Upgrade(info) => {
                self.info = Some(info.clone());
                self.is_upgrading = false;
            }
            Effect::Rollback => self.info = self.before_upgrade.take(),
            _ => {}
        }
    }

    /// After a restart nothing is in doubt: what was found is what counts from now on.
    pub(crate) fn adopt(
        &mut self,
        found: &Contents,
        after: &Self,
        paxos: impl Fn(TxId) -> Option<PaxosRecord>,
    ) {
        self.is_upgrading = false;
        self.durable.retain(|first, _| after.durable.contains_key(first));
        self.finalized = found.segments.iter().filter_map(|f| Some((f.first, f.last?))).collect();
        let keys: BTreeSet<_> = self.paxos.keys().chain(after.paxos.keys()).copied().collect();
        self.paxos = keys.into_iter().filter_map(|key| Some((key, paxos(key)?))).collect();
    }

    fn forget(&mut self, keep: impl Fn(&TxId, &TxId) -> bool) {
        self.durable.retain(|first, last| keep(first, last));
        self.finalized.retain(|(first, last)| keep(first, last));
        self.written.retain(|first, last| keep(first, last));
    }
}
